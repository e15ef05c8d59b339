"""Scores of the minutes of one meeting: what they found, whether it was said, and how good their summary is.

Every score is a :class:`~dialogue.scoring.rate.Rate` of errors, so that scores add up over meetings and can be
resampled like word error rates; tables show ``1 - rate``, the share that is right. Only ``PLAIN`` scores are neither
good nor bad.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialogue.core.transcript import Transcript
from dialogue.french.names import spelling
from dialogue.french.source import Source
from dialogue.french.text import language_of, normalised
from dialogue.minutes.document import Minutes
from dialogue.scoring import evidence
from dialogue.scoring.evidence import Fault
from dialogue.scoring.matching import Pair, found_and_missed, match
from dialogue.scoring.minutes_reference import ITEMS, LISTS, Reference
from dialogue.scoring.placed_scores import PlacedScores, found_items, score_places
from dialogue.scoring.rate import Rate
from dialogue.scoring.summaries import compare, supported, words


def by_list(lists: Mapping[str, str], precision: str, recall: str) -> dict[str, str]:
    """Return the titles of the scores of each list, given the titles of the lists and of the parts."""
    parts = {"precision": precision, "recall": recall, "f1": "F1"}
    return {f"{name}_{part}": f"{title}, {shown}" for name, title in lists.items() for part, shown in parts.items()}


TITLES = {
    **by_list({f"{name}_place": f"{title} by place" for name, title in ITEMS.items()}, "precision", "recall"),
    **by_list({"items_place": "all of these by place"}, "precision", "recall"),
    "owner_place": "owner of an action matched by place",
    "due_place": "due date of an action matched by place",
    "not_decided": "not decided, and not shown",
    "nothing": "nothing decided, and nothing shown",
    **by_list(LISTS, "precision", "recall"),
    "owner": "owner of a matched action",
    "due": "due date of a matched action",
    "next_meeting": "next meeting",
    "date": "date of the meeting",
    "evidence": "evidence holds",
    "names": "names in the transcript",
    "numbers": "numbers in the transcript",
    "names_said": "names really said",
    "numbers_said": "numbers really said",
    "coverage": "parts of the meeting cited",
    "read": "words read by the writer",
    "language": "language",
    "compression": "words of minutes / words said",
}
PLAIN = ("compression", "words")  # neither good nor bad, shown as they are
DATED = re.compile(r"\d{4}-")
Statement = tuple[str, str]  # text; owner and due date of an action, else empty


@dataclass(frozen=True)
class ScoredMinutes:
    """The scores of one meeting.

    Attributes:
        rates: score -> rate of errors; the scores are those of ``TITLES``.
        summaries: ``minutes``, ``first words``, ``people`` and other systems -> ROUGE (a mean, so its length is 1),
            names, numbers, words.
        pairs: list -> its statements, paired with those of the reference.
        texts: list -> the statements of the reference and of the minutes that ``pairs`` refers to, each with owner and
            due date.
        faults: items whose evidence does not hold.
        placed: scores by place, if the reference says where each item was said; ``pairs`` are then by place, too.
    """

    rates: Mapping[str, Rate]
    summaries: Mapping[str, Mapping[str, Rate]]
    pairs: Mapping[str, Sequence[Pair]] = field(default_factory=dict)
    texts: Mapping[str, tuple[Sequence[Statement], Sequence[Statement]]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    placed: PlacedScores | None = None


def score(
    minutes: Minutes,
    transcript: Transcript,
    *,
    reference: Reference | None = None,
    summaries: Sequence[str] = (),
    systems: Mapping[str, str] = {},
    said: Transcript | None = None,
    known: Sequence[str] = (),
    by_place: bool = True,
) -> ScoredMinutes:
    """Score the minutes of one meeting.

    Args:
        transcript: transcript from which the minutes were written.
        reference: minutes written by people.
        summaries: summaries written by people.
        systems: name -> another text to compare with the summaries.
        said: the reference transcript, if ``transcript`` was recognised: a name invented by the recogniser is only in
            the latter.
        known: title, participants, agenda: names that need not be said.
        by_place: score by place, too, if the reference says where each item was said.

    Raises:
        MinutesError: the reference cites an utterance that does not exist.
    """
    stated = evidence.items(minutes)
    broken = evidence.faults(stated, transcript)
    source, spoken = _source(transcript, known), _source(said or transcript, known)
    texts = [item.text for item in stated]
    written, heard = words(" ".join(texts)), words(transcript.text)
    language = language_of(" ".join(texts))
    rates = {
        "evidence": evidence.validity(stated, broken),
        **supported(texts, source),
        **({f"{name}_said": rate for name, rate in supported(texts, spoken).items()} if said else {}),
        "coverage": evidence.coverage(minutes, stated, transcript),
        "read": Rate((1 - minutes.provenance.coverage) * heard, heard),
        "language": Rate(language not in (None, minutes.meeting.language), language is not None),
        "compression": Rate(written, heard),
    }
    pairs: dict[str, list[Pair]] = {}
    lists: dict[str, tuple[list[Statement], list[Statement]]] = {}
    people = [*summaries]
    placed = None
    if reference:
        wanted = reference.minutes
        for name in LISTS:
            if name in reference.sections:
                lists[name] = _statements(wanted, name), _statements(minutes, name)
                pairs[name] = match([text for text, _ in lists[name][0]], [text for text, _ in lists[name][1]])
                rates |= found_and_missed(name, pairs[name])
        rates |= _tasks(minutes, reference, pairs.get("actions", []), "")
        rates |= _dates(minutes, reference)
        if {"decisions", "actions"} <= reference.sections and not (reference.items["decisions"] or wanted.actions):
            shown = found_items(minutes)
            rates["nothing"] = Rate(bool(shown["decisions"] or shown["actions"]), 1)
        if by_place and reference.placed:
            placed = score_places(minutes, reference, said or transcript)
            rates |= {**placed.rates, **_tasks(minutes, reference, placed.pairs.get("actions", []), "_place")}
            pairs |= {name: [*placed.pairs[name]] for name in pairs}
        if "summary" in reference.sections:
            people.append(wanted.summary.text)
    people = [text for text in people if text.strip()]
    rows = compare({"minutes": minutes.summary.text, **systems}, people, transcript.text, spoken)
    return ScoredMinutes(rates, rows, pairs, lists, broken, placed)


def _statements(minutes: Minutes, name: str) -> list[Statement]:
    """Return the statements of one list. A proposal, rejected or not, is no decision."""
    if name == "decisions":
        return [(d.text, "") for d in minutes.decisions if d.status == "decided"]
    if name == "open_questions":
        return [(q.text, "") for q in minutes.open_questions]
    return [(a.what, f"{a.owner or '-'}, {a.due_iso or a.due_raw or '-'}") for a in minutes.actions]


def _tasks(minutes: Minutes, reference: Reference, pairs: Sequence[Pair], how: str) -> dict[str, Rate]:
    """Score owners and dates of matched actions."""
    if "actions" not in reference.sections:
        return {}
    matched = [
        (reference.minutes.actions[p.reference], minutes.actions[p.found])
        for p in pairs
        if p.kind == "matched" and p.reference is not None and p.found is not None
    ]
    owners = [(a.owner, b.owner, _same_person(a.owner, b.owner)) for a, b in matched]
    dues = [(a.due_iso or a.due_raw, b.due_iso or b.due_raw) for a, b in matched]
    return {
        f"owner{how}": _attributed(owners),
        f"due{how}": _attributed([(a, b, _same_date(a, b)) for a, b in dues]),
    }


def _dates(minutes: Minutes, reference: Reference) -> dict[str, Rate]:
    """Score the next meeting, and the date of this one."""
    wanted, rates = reference.minutes, dict[str, Rate]()
    if "next_meeting" in reference.sections:
        one, other = _following(wanted), _following(minutes)
        rates["next_meeting"] = _attributed([(one, other, _same_date(one, other))])
    if "date" in reference.sections:
        one, other = wanted.meeting.date, minutes.meeting.date
        rates["date"] = _attributed([(one, other, _same_date(one, other))])
    return rates


def _following(minutes: Minutes) -> str | None:
    return (minutes.next_meeting.iso or minutes.next_meeting.raw) if minutes.next_meeting else None


def _attributed(compared: Sequence[tuple[str | None, str | None, bool]]) -> Rate:
    """Count three errors separately: missing, invented (the reference has none), wrong."""
    wrong = [(one, other) for one, other, same in compared if not same]
    left_out = sum(other is None for _, other in wrong)
    invented = sum(one is None for one, _ in wrong)
    parts = {"left_out": left_out, "invented": invented, "wrong": len(wrong) - left_out - invented}
    return Rate(len(wrong), len(compared), parts)


def _same_person(one: str | None, other: str | None) -> bool:
    """Return whether two names are one person: ``Julien`` is ``Julien Petit``, also slightly misspelt."""
    if one is None or other is None:
        return one is other
    return bool(spelling(one, [other]) or spelling(other, [one]))


def _same_date(wanted: str | None, found: str | None) -> bool:
    """Return whether the date found is the wanted one and at least as precise.

    2023-11-09T10:00 is 2023-11-09, but not the other way round. Dates in words are compared as words.
    """
    if wanted is None or found is None:
        return wanted is found
    if DATED.match(wanted):
        return found.startswith(wanted)
    return normalised(wanted) == normalised(found)


def _source(transcript: Transcript, known: Sequence[str]) -> Source:
    return Source("\n".join([transcript.text, *(s.name or "" for s in transcript.speakers), *known]))
