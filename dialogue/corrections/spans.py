"""Arithmetic of spans of time: lists of (start, end) in seconds, sorted by start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[float, float]
LEAST = 1e-3  # seconds that a span without length counts


def length(spans: Sequence[Span]) -> float:
    """Return the seconds of spans."""
    return sum(max(end - start, LEAST) for start, end in spans)


def shared(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Return the seconds that two lists have in common."""
    seconds, a, b = 0.0, 0, 0
    while a < len(one) and b < len(other):
        start = max(one[a][0], other[b][0])
        end = min(max(last, first + LEAST) for first, last in (one[a], other[b]))
        seconds += max(0.0, end - start)
        if one[a][1] <= other[b][1]:
            a += 1
        else:
            b += 1
    return seconds


def likeness(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Return how much two lists have in common, from 0 to 1 for equal ones (Dice's coefficient)."""
    both = length(one) + length(other)
    return 2 * shared(one, other) / both if both else 1.0


def united(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, with those that overlap or touch joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """Return what is left of spans."""
    left = list(spans)
    for start, end in others:
        cut = [((s, min(e, start)), (max(s, end), e)) for s, e in left]
        left = [(s, e) for parts in cut for s, e in parts if s < e]
    return left
