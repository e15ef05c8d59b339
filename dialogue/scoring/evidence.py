"""Check the evidence of minutes against the transcript, whatever the minutes say about their own evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dialogue.core.transcript import TOLERANCE, Transcript
from dialogue.french.text import normalised
from dialogue.minutes.document import Evidence, Minutes
from dialogue.scoring.rate import Rate

BLOCK = 300.0  # seconds; length of a part where the minutes do not divide the meeting into topics
FAULTS = ("no citation", "unknown utterance", "quote not said", "times wrong")
Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in minutes, outside ``to_verify``."""

    kind: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """An item whose evidence does not hold, and the first reason: one of :data:`FAULTS`."""

    kind: str
    text: str
    reason: str


def items(minutes: Minutes) -> list[Statement]:
    """Return the statements: summary, points, decisions, actions, open questions, next meeting."""
    following = minutes.next_meeting
    found = [
        Statement("summary", minutes.summary.text, minutes.summary.evidence),
        *(Statement("point", p.text, p.evidence) for t in minutes.topics for p in t.points),
        *(Statement("decision", d.text, d.evidence) for d in minutes.decisions),
        *(
            Statement("action", a.what, (*a.evidence, *([a.owner_evidence] if a.owner_evidence else ())))
            for a in minutes.actions
        ),
        *(Statement("open question", q.text, q.evidence) for q in minutes.open_questions),
        *([Statement("next meeting", following.raw, following.evidence)] if following else ()),
    ]
    return [item for item in found if item.text.strip()]


def faults(stated: Sequence[Statement], transcript: Transcript) -> list[Fault]:
    """Return the items that cite nothing, or whose citations do not all hold.

    A citation holds when its utterances exist, their words in order contain its quotation (ignoring case, accents and
    punctuation), and its times lie within those of the utterances.
    """
    place = {u.id: n for n, u in enumerate(transcript.utterances)}
    found = []
    for item in stated:
        reasons = [r for e in item.evidence if (r := _fault(e, transcript, place))]
        if reasons or not item.evidence:
            found.append(Fault(item.kind, item.text, reasons[0] if reasons else FAULTS[0]))
    return found


def _fault(citation: Evidence, transcript: Transcript, place: dict[str, int]) -> str | None:
    if not citation.utterance_ids or any(i not in place for i in citation.utterance_ids):
        return "unknown utterance"
    cited = [transcript.utterances[n] for n in sorted({place[i] for i in citation.utterance_ids})]
    quote = normalised(citation.quote)
    if not quote or f" {quote} " not in f" {normalised(' '.join(u.text for u in cited))} ":
        return "quote not said"
    begin, end = min(u.start for u in cited) - TOLERANCE, max(u.end for u in cited) + TOLERANCE
    return None if begin <= citation.start <= citation.end <= end else "times wrong"


def validity(stated: Sequence[Statement], broken: Sequence[Fault]) -> Rate:
    """Return the items whose evidence does not hold, over all items."""
    return Rate(len(broken), len(stated), {reason: sum(f.reason == reason for f in broken) for reason in FAULTS})


def coverage(minutes: Minutes, stated: Sequence[Statement], transcript: Transcript) -> Rate:
    """Return the parts of the meeting in which nothing is cited, over all parts in which somebody speaks.

    Parts are the topics of the minutes, or blocks of five minutes if there are fewer than two topics: a meeting with a
    single topic would always be covered.
    """
    cited = {i for item in stated for e in item.evidence for i in e.utterance_ids}
    spoken = [(u.start, u.end, u.id in cited) for u in transcript if u.text.strip()]
    topics = [(t.start, t.end) for t in minutes.agenda]
    end = max((e for _, e, _ in spoken), default=0.0)
    parts = topics if len(topics) > 1 else list(_blocks(end))
    silent = covered = 0
    for start, stop in parts:
        inside = [was for begin, until, was in spoken if start <= (begin + until) / 2 < stop]
        silent += not inside
        covered += any(inside)
    return Rate(len(parts) - silent - covered, len(parts) - silent)


def _blocks(end: float) -> Iterator[tuple[float, float]]:
    count = int(end // BLOCK) + 1
    return pairwise(n * BLOCK for n in range(count + 1))
