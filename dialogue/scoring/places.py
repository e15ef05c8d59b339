"""Match items of minutes with those of the reference by where they were said.

People word an item in many ways, so that its words say little about whether it was found
(:mod:`dialogue.scoring.matching`). By place, an item is found if it was said where the reference has one: their
evidence shares more than :data:`SHARED` seconds. Items match one to one, as many as possible; among the assignments
with as many pairs, the one that shares most time is chosen (:func:`scipy.optimize.linear_sum_assignment`).
"""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.core.transcript import Transcript
from dialogue.minutes.document import Evidence, MinutesError

SHARED = 0.3  # seconds; neighbours that speak at once share less
VERSION = "shared-0.3s/1"  # version of the rule; scores of different versions are not comparable

Span = tuple[float, float]  # seconds
Place = str | int | Span  # id of an utterance, its position from 0, or times


def match_places(wanted: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]) -> list[tuple[int, int]]:
    """Return the positions of the items that match, in the order of ``wanted``.

    Args:
        wanted, found: spans of each item.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not wanted or not found:
        return []
    shared = np.array([[_shared(one, other) for other in found] for one in wanted])  # (wanted, found), seconds
    weight = np.where(shared > SHARED, 1 + shared / (1 + shared.sum()), 0)  # one pair more outweighs all time
    return [
        (int(r), int(c)) for r, c in zip(*linear_sum_assignment(weight, maximize=True), strict=True) if weight[r, c]
    ]


def spans(places: Sequence[Place], transcript: Transcript) -> list[Span]:
    """Return when the given utterances or times were said.

    Raises:
        MinutesError: the transcript has no such utterance.
    """
    known = {u.id: (u.start, u.end) for u in transcript.utterances}
    by_position = dict(enumerate(known.values()))
    found = []
    for place in places:
        span = (
            place
            if isinstance(place, tuple)
            else known.get(place)
            if isinstance(place, str)
            else by_position.get(place)
        )
        if span is None:
            raise MinutesError(f"evidence: no utterance {place!r} in {transcript.recording}. Accepted: {_some(known)}.")
        found.append(span)
    return found


def cited(evidence: Sequence[Evidence]) -> list[Span]:
    """Return the times of evidence."""
    return [(proof.start, proof.end) for proof in evidence]


def _shared(one: Sequence[Span], other: Sequence[Span]) -> float:
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def _some(known: dict[str, Span]) -> str:
    return f"{next(iter(known))} to {next(reversed(known))}, or positions from 0" if known else "none"
