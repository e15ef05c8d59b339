"""Is one system better than another? Paired bootstrap of the difference of two rates (Bisani and Ney 2004).

Both systems are drawn at the same positions, so the difficulty of a recording cancels out. The units drawn must be
nearly independent: recordings, or blocks of adjacent speech when there are few (see :mod:`dialogue.scoring.blocks`).

Percentile intervals are too narrow when few units are drawn; here they are expanded as Hesterberg (2015) proposes.
With skewed differences and unequal lengths (as simulated in the tests, 2000 runs), a 95 % interval contained the true
value in 92 % of the runs with 5 units and in 93 to 95 % with 6 to 50; a plain interval did so in 83 % with 5 and in
90 % with 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.scoring import bootstrap
from dialogue.scoring.bootstrap import FEWEST
from dialogue.scoring.rate import Rate


@dataclass(frozen=True, slots=True)
class Difference:
    """The second system's rate minus the first's: below zero, the second has fewer errors.

    Attributes:
        first, second: summed rates.
        interval: 95 % interval of the difference; ``None`` with fewer than ``FEWEST`` units.
        improvement: share of the draws in which the second is better (Bisani and Ney's probability of improvement);
            ties count half.
        units: number of units that have something to score.
    """

    first: Rate
    second: Rate
    interval: tuple[float, float] | None
    improvement: float | None
    units: int

    @property
    def value(self) -> float | None:
        """The difference of the rates; ``None`` when the reference is empty."""
        if self.first.value is None or self.second.value is None:
            return None
        return self.second.value - self.first.value

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` (the second system), or ``same`` if the interval contains zero or is ``None``."""
        if self.interval is None:
            return "same"
        low, high = self.interval
        return "better" if high < 0 else "worse" if low > 0 else "same"


def difference(first: Sequence[Rate], second: Sequence[Rate]) -> Difference:
    """Compare two systems on the same units: one rate per unit, in the same order, with the reference's lengths."""
    total = sum(first, Rate(0, 0)), sum(second, Rate(0, 0))
    units = sum(rate.length > 0 for rate in first)
    if units < FEWEST:
        return Difference(*total, None, None, units)
    draws = bootstrap.resample(second) - bootstrap.resample(first)  # the same seed, so the same positions
    bounds = bootstrap.quantiles(draws, expanded(bootstrap.CONFIDENCE, units))
    improvement = float((draws < 0).mean() + (draws == 0).mean() / 2)
    return Difference(*total, bounds, improvement, units)


def interval(rates: Sequence[Rate]) -> tuple[float, float] | None:
    """Return the expanded 95 % interval of a summed rate; ``None`` with fewer than ``FEWEST`` units to score."""
    units = sum(rate.length > 0 for rate in rates)
    return bootstrap.interval(rates, expanded(bootstrap.CONFIDENCE, units)) if units >= FEWEST else None


def expanded(confidence: float, units: int) -> float:
    """Return the confidence whose percentile interval is as wide as one of Student's t (Hesterberg 2015)."""
    from scipy.stats import norm, t

    reach = (units / (units - 1)) ** 0.5 * t.ppf((1 + confidence) / 2, units - 1)
    return float(2 * norm.cdf(reach) - 1)
