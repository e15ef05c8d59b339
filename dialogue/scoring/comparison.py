"""Is one system better than another? Paired bootstrap of the difference of two rates (Bisani and Ney 2004).

Both systems are drawn at the same places, so what makes a recording hard for both cancels out. What is drawn must be
nearly independent: recordings, or, when they are few, blocks of adjacent speech (see :mod:`dialogue.scoring.blocks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.scoring import bootstrap
from dialogue.scoring.rate import Rate


@dataclass(frozen=True, slots=True)
class Difference:
    """The second system's rate minus the first's: below zero, the second has fewer errors.

    Attributes:
        first, second: summed rates.
        interval: 95 % interval of the difference; ``None`` when fewer than two units have something to score.
        improvement: share of the draws in which the second is better (Bisani and Ney's probability of improvement), equal
            ones counted half.
        units: how many that could be drawn.
    """

    first: Rate
    second: Rate
    interval: tuple[float, float] | None
    improvement: float | None
    units: int

    @property
    def value(self) -> float | None:
        """``None`` when the reference is empty."""
        if self.first.value is None or self.second.value is None:
            return None
        return self.second.value - self.first.value

    @property
    def verdict(self) -> str:
        """``better``, ``worse`` (the second), or ``same``: they cannot be told apart."""
        if self.interval is None:
            return "same"
        low, high = self.interval
        return "better" if high < 0 else "worse" if low > 0 else "same"


def difference(first: Sequence[Rate], second: Sequence[Rate]) -> Difference:
    """Compare two systems on the same units, one rate each, in the same order; lengths are the reference's."""
    total = sum(first, Rate(0, 0)), sum(second, Rate(0, 0))
    units = sum(rate.length > 0 for rate in first)
    if units < 2:
        return Difference(*total, None, None, units)
    draws = bootstrap.resample(second) - bootstrap.resample(first)  # the same seed: the same places
    return Difference(
        *total, bootstrap.quantiles(draws), float((draws < 0).mean() + (draws == 0).mean() / 2), units
    )
