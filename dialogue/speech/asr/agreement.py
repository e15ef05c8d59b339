"""Two decodings of the same speech as one: where they differ, the surer word counts (after ROVER: Fiscus 1997).

The same weights make other errors when the windows begin elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dialogue.core.transcript import Word
from dialogue.french.text import fold

Pair = tuple[Word | None, Word | None]  # what each decoding has at one place

ABSENT = 0.7  # probability of there being no word, where only one decoding has one
NEAR = 0.25  # seconds by which the times of one word may differ between decodings
FAR = 1.0  # seconds between two words that cannot be at one place
ALONE = 0.8  # cost of a word without a counterpart; a pair of different words costs 1


def surer(one: Sequence[Word], other: Sequence[Word]) -> list[Word]:
    """Return the words of which either decoding is surer.

    Args:
        one, other: words with times, in order; where both are as sure, the first counts.
    """
    pairs = [pair for part in _islands(one, other) for pair in _aligned(*part)]
    return [word for pair in pairs if (word := max(pair, key=_probability)) is not None]


def _islands(one: Sequence[Word], other: Sequence[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Yield the words of both decodings between the pauses that they have in common."""
    everything = sorted([(*_times(w), 0, w) for w in one] + [(*_times(w), 1, w) for w in other], key=lambda e: e[:3])
    latest, island = float("-inf"), 0
    places = []
    for start, end, number, word in everything:
        island += start - NEAR > latest
        latest = max(latest, end + NEAR)
        places.append((island, number, word))
    for _, group in groupby(places, key=lambda place: place[0]):
        found: tuple[list[Word], list[Word]] = ([], [])
        for _, number, word in group:
            found[number].append(word)
        yield found


def _aligned(one: Sequence[Word], other: Sequence[Word]) -> list[Pair]:
    """Pair words by the least edits; those that are far apart in time are never paired."""
    cost = [[ALONE * j for j in range(len(other) + 1)]]
    for i, first in enumerate(one):
        row = [ALONE * (i + 1)]
        for j, second in enumerate(other):
            row.append(min(cost[i][j] + _difference(first, second), cost[i][j + 1] + ALONE, row[j] + ALONE))
        cost.append(row)
    found: list[Pair] = []
    i, j = len(one), len(other)
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _difference(one[i - 1], other[j - 1]):
            i, j = i - 1, j - 1
            found.append((one[i], other[j]))
        elif i and (not j or cost[i][j] == cost[i - 1][j] + ALONE):
            i -= 1
            found.append((one[i], None))
        else:
            j -= 1
            found.append((None, other[j]))
    return found[::-1]


def _difference(one: Word, other: Word) -> float:
    return float(_key(one) != _key(other)) + 2 * (abs(sum(_times(one)) - sum(_times(other))) / 2 > FAR)


def _probability(word: Word | None) -> float:
    return ABSENT if word is None or word.probability is None else word.probability


def _key(word: Word) -> str:
    return fold(word.text).strip(' .,;:!?…«»"()-') or word.text


def _times(word: Word) -> tuple[float, float]:
    start = word.start or 0.0
    return start, start if word.end is None else word.end
