"""Scores of the minutes of one meeting: what they found, whether it was said, and how good their summary is.

Every score is a :class:`~dialogue.scoring.rate.Rate` of errors, so that scores add up over meetings and can be
resampled like word error rates; tables show ``1 - rate``, the share that is right. Only ``PLAIN`` scores are neither
good nor bad.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogue.core.transcript import Transcript
from dialogue.french.names import spelling
from dialogue.french.source import Source
from dialogue.french.text import language_of, normalised
from dialogue.minutes.document import SCHEMA, Minutes, MinutesError
from dialogue.scoring import evidence
from dialogue.scoring.evidence import Fault
from dialogue.scoring.matching import Pair, match
from dialogue.scoring.rate import Rate
from dialogue.scoring.summaries import compare, supported, words

LISTS = {"decisions": "decisions", "actions": "actions", "open_questions": "open questions"}


def by_list(lists: Mapping[str, str], precision: str, recall: str) -> dict[str, str]:
    """Return the titles of the scores of each list, given the titles of the lists and of the parts."""
    parts = {"precision": precision, "recall": recall, "f1": "F1"}
    return {f"{name}_{part}": f"{title}, {shown}" for name, title in lists.items() for part, shown in parts.items()}


TITLES = {
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
SECTIONS = frozenset({"date", "summary", *LISTS, "next_meeting"})
DATED = re.compile(r"\d{4}-")
Statement = tuple[str, str]  # text; owner and due date of an action, else empty


@dataclass(frozen=True, slots=True)
class Reference:
    """Minutes that people wrote, and which sections they wrote.

    About an absent section nothing is known; an empty section says that there is none.
    """

    minutes: Minutes
    sections: frozenset[str]

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Reference:
        """Read ``dialogue/minutes/1``, or the plain object of :mod:`dialogue.learning.tasks.sections`.

        In the latter, dates are ISO 8601 or as people wrote them.

        Raises:
            MinutesError: a field is not accepted; the message names it.
        """
        if value.get("schema") == SCHEMA:
            ours = Minutes.from_dict(value)
            return cls(ours, SECTIONS if ours.meeting.date else SECTIONS - {"date"})
        actions = value.get("actions", [])
        if not isinstance(actions, list) or not all(isinstance(a, Mapping) and "what" in a for a in actions):
            raise MinutesError(f"actions: found {actions!r:.80}. Accepted: a list of objects with what, owner, due.")
        listed = {name: value.get(name, []) for name in ("decisions", "open_questions")}
        for name, found in listed.items():
            if not isinstance(found, list):
                raise MinutesError(f"{name}: found {type(found).__name__}. Accepted: a list.")
        following = value.get("next_meeting")
        whole = {
            "schema": SCHEMA,
            "meeting": {"id": "reference", "date": value.get("date")},
            "provenance": {"transcript_sha256": "", "engine": "people", "language": "fr"},
            "summary": {"text": value.get("summary") or ""},
            "decisions": [
                {"id": f"d{n}", "text": text, "status": "decided"} for n, text in enumerate(listed["decisions"])
            ],
            "actions": [
                {"id": f"a{n}", "what": a["what"], "owner": a.get("owner"), "due_iso": a.get("due")}
                for n, a in enumerate(actions)
            ],
            "open_questions": [{"text": text} for text in listed["open_questions"]],
            "next_meeting": {"raw": following, "iso": following} if following else None,
        }
        return cls(
            Minutes.from_dict(whole), SECTIONS & {k for k, v in value.items() if v is not None or k == "next_meeting"}
        )


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
    """

    rates: Mapping[str, Rate]
    summaries: Mapping[str, Mapping[str, Rate]]
    pairs: Mapping[str, Sequence[Pair]] = field(default_factory=dict)
    texts: Mapping[str, tuple[Sequence[Statement], Sequence[Statement]]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()


def score(
    minutes: Minutes,
    transcript: Transcript,
    *,
    reference: Reference | None = None,
    summaries: Sequence[str] = (),
    systems: Mapping[str, str] = {},
    said: Transcript | None = None,
    known: Sequence[str] = (),
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
    if reference:
        wanted = reference.minutes
        for name in LISTS:
            if name in reference.sections:
                lists[name] = _statements(wanted, name), _statements(minutes, name)
                pairs[name] = match([text for text, _ in lists[name][0]], [text for text, _ in lists[name][1]])
                rates |= _found(name, pairs[name])
        rates |= _dates(minutes, reference, pairs.get("actions", []))
        if "summary" in reference.sections:
            people.append(wanted.summary.text)
    people = [text for text in people if text.strip()]
    rows = compare({"minutes": minutes.summary.text, **systems}, people, transcript.text, spoken)
    return ScoredMinutes(rates, rows, pairs, lists, broken)


def _statements(minutes: Minutes, name: str) -> list[Statement]:
    """Return the statements of one list. A proposal, rejected or not, is no decision."""
    if name == "decisions":
        return [(d.text, "") for d in minutes.decisions if d.status == "decided"]
    if name == "open_questions":
        return [(q.text, "") for q in minutes.open_questions]
    return [(a.what, f"{a.owner or '-'}, {a.due_iso or a.due_raw or '-'}") for a in minutes.actions]


def _found(name: str, pairs: Sequence[Pair]) -> dict[str, Rate]:
    count = {kind: sum(p.kind == kind for p in pairs) for kind in ("matched", "missed", "extra")}
    matched, missed, extra = count.values()
    return {
        f"{name}_precision": Rate(extra, matched + extra, {"extra": extra}),
        f"{name}_recall": Rate(missed, matched + missed, {"missed": missed}),
        f"{name}_f1": Rate(missed + extra, 2 * matched + missed + extra, {"missed": missed, "extra": extra}),
    }


def _dates(minutes: Minutes, reference: Reference, pairs: Sequence[Pair]) -> dict[str, Rate]:
    """Score owners and dates of matched actions, the next meeting, and the date of this one."""
    wanted, rates = reference.minutes, dict[str, Rate]()
    matched = [
        (wanted.actions[p.reference], minutes.actions[p.found])
        for p in pairs
        if p.kind == "matched" and p.reference is not None and p.found is not None
    ]
    if "actions" in reference.sections:
        owners = [(a.owner, b.owner, _same_person(a.owner, b.owner)) for a, b in matched]
        dues = [(a.due_iso or a.due_raw, b.due_iso or b.due_raw) for a, b in matched]
        rates["owner"] = _attributed(owners)
        rates["due"] = _attributed([(a, b, _same_date(a, b)) for a, b in dues])
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
