"""Several decodings of the same speech, voted word by word (ROVER: Fiscus 1997).

The same weights make other errors when the windows begin elsewhere. The decodings are aligned by words and times into
slots; in each slot, the words that are the same are one candidate, and so is the absence of a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dialogue.core.transcript import Word
from dialogue.french.text import fold

Slot = tuple[Word | None, ...]  # what each decoding has at one place

SHARE = 0.2  # weight of the number of decodings that agree, beside the highest probability among them
ABSENT = 0.8  # probability of a decoding without a word
NEAR = 0.25  # seconds by which the times of one word may differ between decodings
FAR = 1.0  # seconds between two words that cannot be the same place


def vote(decodings: Sequence[Sequence[Word]]) -> list[Word]:
    """Return the words with the most support.

    Args:
        decodings: the words of each, with times, in order.
    """
    chosen = []
    for part in _islands(decodings):
        slots: list[Slot] = [(word,) for word in part[0]]
        for number, words in enumerate(part[1:], start=1):
            slots = _aligned(slots, words, number)
        chosen += [word for slot in slots if (word := _winner(slot)) is not None]
    return chosen


def _islands(decodings: Sequence[Sequence[Word]]) -> Iterator[list[list[Word]]]:
    """Yield the words of each decoding between pauses that all have in common."""
    everything = sorted(
        ((word, number) for number, words in enumerate(decodings) for word in words), key=lambda pair: _times(pair[0])
    )
    latest, island = float("-inf"), 0
    places = []
    for word, number in everything:
        start, end = _times(word)
        island += start - NEAR > latest
        latest = max(latest, end + NEAR) if start - NEAR <= latest else end + NEAR
        places.append((island, number, word))
    for _, group in groupby(places, key=lambda place: place[0]):
        found: list[list[Word]] = [[] for _ in decodings]
        for _, number, word in group:
            found[number].append(word)
        yield found


def _aligned(slots: Sequence[Slot], words: Sequence[Word], number: int) -> list[Slot]:
    """Add a decoding's words to the slots of the ``number`` decodings before it, by the least edits."""
    known = [{_key(word) for word in slot if word is not None} for slot in slots]
    middles = [_middle(next(word for word in slot if word is not None)) for slot in slots]
    rows = [[float(j) for j in range(len(words) + 1)]]
    for i in range(len(slots)):
        row = [i + 1.0]
        for j, word in enumerate(words):
            same = (_key(word) not in known[i]) + 2.0 * (abs(_middle(word) - middles[i]) > FAR)
            row.append(min(rows[i][j] + same, rows[i][j + 1] + 0.8, row[j] + 0.8))
        rows.append(row)
    found: list[Slot] = []
    i, j = len(slots), len(words)
    while i or j:
        if i and (not j or rows[i][j] == rows[i - 1][j] + (0.8 if j else 1.0)):
            i -= 1
            found.append((*slots[i], None))
        elif j and (not i or rows[i][j] == rows[i][j - 1] + (0.8 if i else 1.0)):
            j -= 1
            found.append((*[None] * number, words[j]))
        else:
            i, j = i - 1, j - 1
            found.append((*slots[i], words[j]))
    return found[::-1]


def _winner(slot: Slot) -> Word | None:
    """Return the candidate with the best mean of agreement and probability; the first decoding's if two are equal."""
    votes: dict[str, list[Word | None]] = {}
    for word in slot:
        votes.setdefault(_key(word) if word is not None else "", []).append(word)

    def support(words: list[Word | None]) -> float:
        return SHARE * len(words) / len(slot) + (1 - SHARE) * max(map(_probability, words))

    best = max(votes.values(), key=support)
    return max(best, key=_probability)


def _probability(word: Word | None) -> float:
    return ABSENT if word is None or word.probability is None else word.probability


def _key(word: Word) -> str:
    return fold(word.text).strip(' .,;:!?…«»"()-') or word.text


def _times(word: Word) -> tuple[float, float]:
    start = word.start or 0.0
    return start, start if word.end is None else word.end


def _middle(word: Word) -> float:
    return sum(_times(word)) / 2
