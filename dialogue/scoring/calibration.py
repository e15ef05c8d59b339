"""Calibration of the recogniser's probabilities: reliability diagram and expected calibration error.

See Naeini et al. 2015. Of the words with probability 0.8, four in five should be right. Right means aligned with the
same word of the reference, whoever said it; an inserted word is wrong; a deleted word has no probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript
from dialogue.scoring.scored_words import words_in_time
from dialogue.scoring.wer import Alignment

BINS = 10

Outcome = tuple[float, bool]  # probability of a word, whether it is right


@dataclass(frozen=True, slots=True)
class Bin:
    """The words whose probability is in ``[low, high)``; the last bin includes ``high``.

    Attributes:
        low, high: bounds of the probabilities.
        words: number of words.
        probability: mean probability.
        correct: share of the words that are right.
    """

    low: float
    high: float
    words: int
    probability: float
    correct: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities agree with the share of words that are right.

    Attributes:
        bins: the bins that hold words, in order.
        error: expected calibration error: the mean over words of ``|correct - probability|`` of their bin.
        probability, correct: mean probability and share of right words, over all words.
        words: number of words.
    """

    bins: tuple[Bin, ...]
    error: float
    probability: float
    correct: float
    words: int


def outcomes(alignment: Alignment, hypothesis: Transcript) -> list[Outcome]:
    """Return each word of the normalised hypothesis that has a probability, with whether it is right."""
    words = [word for word, _ in words_in_time(hypothesis)]  # the same order as in the alignment
    return [
        (probability, said is not None and alignment.reference[said][0] == alignment.hypothesis[heard][0])
        for said, heard in alignment.pairs
        if heard is not None and (probability := words[heard].probability) is not None
    ]


def calibrate(found: Sequence[Outcome], bins: int = BINS) -> Calibration | None:
    """Compute the calibration in bins of equal width over [0, 1]; ``None`` when no word has a probability."""
    if not found:
        return None
    held: list[list[Outcome]] = [[] for _ in range(bins)]
    for probability, correct in found:
        held[min(int(probability * bins), bins - 1)].append((probability, correct))
    made = tuple(
        Bin(place / bins, (place + 1) / bins, len(words), *_means(words)) for place, words in enumerate(held) if words
    )
    error = sum(b.words * abs(b.correct - b.probability) for b in made) / len(found)
    return Calibration(made, error, *_means(found), words=len(found))


def _means(found: Sequence[Outcome]) -> tuple[float, float]:
    return sum(p for p, _ in found) / len(found), sum(c for _, c in found) / len(found)
