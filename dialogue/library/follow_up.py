"""Follow what was promised and decided: what is open across all meetings, and what later meetings say of it.

Later meetings are searched for sentences that share most of the content words of a task or a decision. Only a sentence
that itself says that the work is done, or the decision given up, is reported as such, and always quoted with its time;
all others are later mentions, which a reader judges. Nothing is closed by this: that is a correction of the minutes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dialogue.french.text import cue, fold
from dialogue.library.catalogue import ITEMS, SHIFT, LibraryError
from dialogue.library.meetings import Library, MeetingEntry, page_of
from dialogue.library.owners import owned
from dialogue.library.stems import content_stems, stems

SHARED, FEWEST = 0.6, 2  # share of the content words that a later sentence must have, and how many at least
MENTIONS = 3  # later mentions that are shown of each
SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
DONE = cue(
    "c'est fait",
    "est faite?",
    "(?:a|ont) ete (?:bien )?(?:faite?s?|envoyee?s?|terminee?s?|finie?s?|reglee?s?|recue?s?|livree?s?|signee?s?)",
    "(?:est|sont) (?:bien |maintenant |enfin )?(?:terminee?s?|finie?s?|reglee?s?|livree?s?|partie?s?|pretes?|prets?)",
    "(?:j'ai|on a|nous avons|il a|elle a) (?:bien |deja |enfin )?"
    "(?:fait|envoye|termine|fini|regle|commande|reserve|ecrit|prepare|rendu|livre|signe|appele|achete|publie|redige)",
)
REVERSED = cue(
    "on (?:revient|est revenus?|est revenu) sur",
    "(?:est|sont|a ete|ont ete) (?:finalement )?(?:annulee?s?|abandonnee?s?|retiree?s?|remise?s? en cause)",
    "on (?:annule|abandonne|renonce|laisse tomber)",
    "on ne (?:fait|fera|garde|prend|retient) (?:finalement )?(?:plus|pas)",
    "finalement (?:on|nous|c'est|ce sera)",
)
UNDONE = cue("pas", "jamais", "pas encore", "n'est pas", "n'a pas", "si", "quand", "des que", "faut", "doit", "va")


@dataclass(frozen=True)
class LaterMention:
    """A sentence of a later meeting about a task or a decision.

    Attributes:
        says: ``done``, ``reversed``, or ``mentioned`` if it says neither.
        start: seconds.
        link: address of the page, which plays from there.
    """

    meeting: str
    date: str | None
    start: float | None
    speaker: str | None
    quote: str
    says: Literal["done", "reversed", "mentioned"]
    link: str | None = None


@dataclass(frozen=True)
class FollowedItem:
    """A task or a decision of the minutes of a meeting, and what was said of it later.

    Attributes:
        who: owner of the task, if known.
        due: ISO 8601 date, or as it was said.
        status: of the minutes: open, done, decided, proposed, rejected.
    """

    kind: Literal["action", "decision"]
    meeting: MeetingEntry
    what: str
    who: str | None
    due: str | None
    status: str
    start: float | None
    link: str | None
    later: tuple[LaterMention, ...] = ()

    def overdue(self, today: str) -> bool:
        """Tell whether an open task had to be done before a day (``YYYY-MM-DD``)."""
        day = self.due if self.due and re.fullmatch(r"\d{4}-\d\d-\d\d.*", self.due) else None
        return self.status == "open" and day is not None and day[:10] < today


def follow(
    library: Library,
    kind: Literal["action", "decision"] = "action",
    *,
    who: str | None = None,
    done: bool = False,
    count: int = 50,
) -> list[FollowedItem]:
    """Return the tasks or the decisions of all meetings, the latest meetings first, and what was said of them later.

    Args:
        who: only tasks of this person, as :func:`dialogue.library.search.search` compares words.
        done: with the tasks that the minutes say are done.
        count: the most.

    Raises:
        LibraryError: another kind.
    """
    if kind not in ("action", "decision"):
        raise LibraryError(f"kind: found {kind!r}. Accepted: action, decision.")
    condition, values = owned(library.user)
    wanted = "" if done else "AND coalesce(status, '') NOT IN ('done', 'rejected')"
    with library.reading() as database:
        rows = database.execute(
            f"""SELECT passages.* FROM passages JOIN meetings ON number = passages.id >> {SHIFT}
            WHERE kind = ? AND kind <> 'words' AND {condition} {wanted}
            ORDER BY coalesce(date, added) DESC, passages.id""",
            [kind, *values],
        ).fetchall()
    entries = {entry.id: entry for entry in library.list()}
    with library.reading() as database:
        ids = dict(database.execute("SELECT number, id FROM meetings").fetchall())
    found = []
    for row in rows:
        entry = entries.get(ids.get(row["id"] >> SHIFT, ""))
        if entry is None or (who and not set(stems(who)) <= set(stems(row["speaker"] or ""))):
            continue
        link = page_of(library.folder, entry.id, row["start"])
        later = tuple(_later(library, entry, row["text"]))
        found.append(
            FollowedItem(
                kind, entry, row["text"], row["speaker"], row["due"], row["status"] or "", row["start"], link, later
            )
        )
        if len(found) == count:
            break
    return found


def _later(library: Library, entry: MeetingEntry, what: str) -> list[LaterMention]:
    """Return what the meetings after one say about a task, what is said to be done or reversed first."""
    asked = set(content_stems(what))
    if len(asked) < FEWEST:
        return []
    condition, values = owned(library.user)
    match = " OR ".join(f'"{word}"' for word in sorted(asked))
    with library.reading() as database:
        rows = database.execute(
            f"""SELECT meetings.id AS meeting, date, start, speaker, text FROM
                (SELECT rowid AS place, rank AS worth FROM words WHERE words MATCH ? AND (rowid & {ITEMS}) = 0
                 AND (rowid >> {SHIFT}) IN (SELECT number FROM meetings WHERE {condition} AND id <> ?
                    AND coalesce(date, added) > coalesce(?, ?, '9999')) ORDER BY rank LIMIT 50)
            JOIN passages ON passages.id = place JOIN meetings ON number = place >> {SHIFT} ORDER BY worth""",
            [match, *values, entry.id, entry.date, entry.added],
        ).fetchall()
    found = []
    for row in rows:
        for sentence, says in _about(asked, row["text"]):
            link = page_of(library.folder, row["meeting"], row["start"])
            found.append(LaterMention(row["meeting"], row["date"], row["start"], row["speaker"], sentence, says, link))
    return sorted(found, key=lambda mention: mention.says == "mentioned")[:MENTIONS]


def _about(asked: set[str], text: str) -> Sequence[tuple[str, Literal["done", "reversed", "mentioned"]]]:
    """Return the sentences about a task, with what each says of it."""
    found: list[tuple[str, Literal["done", "reversed", "mentioned"]]] = []
    for sentence in (" ".join(part.split()) for part in SENTENCE.findall(text)):
        shared = asked & set(content_stems(sentence))
        if len(shared) < max(FEWEST, SHARED * len(asked)):
            continue
        folded = fold(sentence)
        asks = sentence.endswith("?")
        if REVERSED.search(folded) and not asks:
            found.append((sentence, "reversed"))
        elif DONE.search(folded) and not UNDONE.search(folded) and not asks:
            found.append((sentence, "done"))
        else:
            found.append((sentence, "mentioned"))
    return found
