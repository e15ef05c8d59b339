"""Calibration of probabilities: reliability diagram, expected calibration error, and Brier score.

See Naeini et al. 2015 and Brier 1950. Of the words with probability 0.8, four in five should be right. A word is right
if it is aligned with the same word of the reference, whoever said it; an inserted word is wrong; a deleted word has no
probability. Items of minutes are right by place (:mod:`dialogue.scoring.places`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript
from dialogue.scoring.scored_words import words_in_time
from dialogue.scoring.wer import Alignment

BINS = 10

Outcome = tuple[float, bool]  # probability of a word or an item, whether it is right


@dataclass(frozen=True, slots=True)
class Bin:
    """The words or items whose probability is in ``[low, high)``; the last bin includes ``high``.

    Attributes:
        low, high: bounds of the probabilities.
        count: how many there are.
        probability: mean probability.
        correct: share that is right.
    """

    low: float
    high: float
    count: int
    probability: float
    correct: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities agree with the share that is right.

    Attributes:
        bins: the bins that are not empty, in order.
        error: expected calibration error: the mean of ``|correct - probability|`` of the bins, by what they hold.
        brier: mean of ``(correct - probability)^2`` of single words or items; 0.25 for a probability of 0.5 throughout.
        probability, correct: mean probability, and share that is right.
        count: number of words or items.
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    probability: float
    correct: float
    count: int


def outcomes(alignment: Alignment, hypothesis: Transcript) -> list[Outcome]:
    """Return each word of the normalised hypothesis that has a probability, with whether it is right."""
    words = [word for word, _ in words_in_time(hypothesis)]  # the same order as in the alignment
    return [
        (probability, said is not None and alignment.reference[said][0] == alignment.hypothesis[heard][0])
        for said, heard in alignment.pairs
        if heard is not None and (probability := words[heard].probability) is not None
    ]


def calibrate(found: Sequence[Outcome], bins: int = BINS) -> Calibration | None:
    """Compute the calibration in bins of equal width over [0, 1]; ``None`` if nothing has a probability."""
    if not found:
        return None
    held: list[list[Outcome]] = [[] for _ in range(bins)]
    for probability, correct in found:
        held[min(int(probability * bins), bins - 1)].append((probability, correct))
    made = tuple(
        Bin(place / bins, (place + 1) / bins, len(inside), *_means(inside))
        for place, inside in enumerate(held)
        if inside
    )
    error = sum(b.count * abs(b.correct - b.probability) for b in made) / len(found)
    brier = sum((correct - probability) ** 2 for probability, correct in found) / len(found)
    return Calibration(made, error, brier, *_means(found), count=len(found))


def _means(found: Sequence[Outcome]) -> tuple[float, float]:
    return sum(p for p, _ in found) / len(found), sum(c for _, c in found) / len(found)
