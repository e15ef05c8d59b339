"""Answer a question from all meetings of a user, with the meetings and the times where the answer was said.

The index finds the meetings in which most of the question's rarer words were said; each is then asked as
:func:`dialogue.answers.ask` asks one, and those that answer are quoted, the fullest answer first. If none does, it was
not said, whatever a model may know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.answers import ask
from dialogue.answers.ask import NOT_SAID, Answer, as_text
from dialogue.answers.respond import ReplyError
from dialogue.answers.retrieval import answered, passages
from dialogue.core.transcript import TranscriptError
from dialogue.library.catalogue import SHIFT
from dialogue.library.meetings import Library, MeetingEntry
from dialogue.library.owners import owned
from dialogue.library.stems import content_stems

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel

CANDIDATES = 8  # meetings that are read
ANSWERS = 3  # meetings that are cited
PLACES = 2000  # places with a word of the question that tell which meetings to read
NOWHERE = {"fr": "Ce n'est dit dans aucune réunion.", "en": "It is not said in any meeting."}


@dataclass(frozen=True)
class MeetingAnswer:
    """What one meeting answers."""

    meeting: MeetingEntry
    answer: Answer


def ask_all(
    library: Library,
    question: str,
    *,
    model: LanguageModel | None = None,
    language: str = "fr",
    on_text: Callable[[str], None] | None = None,
) -> list[MeetingAnswer]:
    """Return what the meetings answer, the fullest answer first; nothing if it was not said.

    Args:
        model, language, on_text: as for :func:`dialogue.answers.ask`.

    Raises:
        ReplyError: an empty question, or another language.
    """
    if language not in NOT_SAID:
        raise ReplyError(f"language: found {language!r}. Accepted: {', '.join(NOT_SAID)}.")
    if not question.strip():
        raise ReplyError("question: found nothing. Accepted: a question about the meetings.")
    read = []
    for id in candidates(library, question):
        try:
            transcript = library.transcript(id)
        except TranscriptError:  # listed with its problem
            continue
        found = passages(transcript, question)
        if answered(found):
            best = max(found[:3], key=lambda p: (p.expected, p.share, p.score))
            read.append(((best.expected, best.share, best.score), id, transcript))
    read.sort(key=lambda each: each[0], reverse=True)
    given = [
        MeetingAnswer(library.get(id), ask(transcript, question, model=model, language=language, on_text=on_text))
        for _, id, transcript in read[:ANSWERS]
    ]
    return [each for each in given if each.answer.said]


def candidates(library: Library, question: str, count: int = CANDIDATES) -> list[str]:
    """Return the meetings in which the question's words were said, those with more of the rarer ones first."""
    asked = dict.fromkeys(content_stems(question))
    if not asked:
        return []
    condition, values = owned(library.user)
    worth: dict[str, float] = {}
    with library.reading() as database:
        for word in asked:
            rows = database.execute(
                f"""SELECT id, places, (SELECT count(*) FROM meetings WHERE {condition}) AS known FROM
                    (SELECT rowid >> {SHIFT} AS number, count(*) AS places FROM
                        (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT {PLACES})
                     GROUP BY 1)
                JOIN meetings USING (number) WHERE {condition}""",
                [*values, f'"{word}"', *values],
            ).fetchall()
            for id, places, known in rows:
                rarity = (known - len(rows) + 0.5) / (len(rows) + 0.5)
                worth[id] = worth.get(id, 0.0) + (1 + max(0.0, rarity)) ** 0.5 * places / (places + 2)
    return sorted(worth, key=lambda id: -worth[id])[:count]


def as_shown(library: Library, given: list[MeetingAnswer], language: str = "fr") -> str:
    """Return answers as text for a reader: meeting and date, then what was said there, and when."""
    if not given:
        return NOWHERE[language]
    parts = []
    for each in given:
        known = each.meeting
        name = " · ".join(filter(None, [known.title or known.id, known.date, known.id if known.title else None]))
        start = each.answer.evidence[0].start if each.answer.evidence else None
        link = library.page(known.id, start)
        parts.append("\n".join([name, as_text(each.answer, language), *([link] if link else [])]))
    return "\n\n".join(parts)
