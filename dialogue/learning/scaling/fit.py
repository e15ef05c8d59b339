"""Fit of a law: Huber's loss on the residuals of the logarithms (Hoffmann et al. 2022), from several starts.

The threshold of the loss, 1e-3, is theirs: a residual beyond a tenth of a percent counts by its size and not by its square, so
that outliers hardly count. Intervals are those of :mod:`dialogue.learning.scaling.profile`.

The matrices are small: on a machine with many processors, OPENBLAS_NUM_THREADS=1 is faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dialogue.learning.scaling.law import (
    CHINCHILLA,
    Quantity,
    ScalingError,
    Vector,
    gain,
    optimal_exponent,
    quantities,
    response,
)
from dialogue.learning.scaling.minimisation import STEEPEST, minimise, starts
from dialogue.learning.scaling.points import Points
from dialogue.learning.scaling.profile import Profile, profile

THRESHOLD = 1e-3
LEVEL = 0.95
CHECKED = 8.0  # times the range of the points: as far as the coverage of intervals was measured
OUTLIER = 8.0  # times the noise


@dataclass(frozen=True)
class Estimate:
    """A number and its interval: ``None`` where there are too few points for one, or above, where no limit was found."""

    value: float
    interval: tuple[float, float | None] | None


@dataclass(frozen=True, eq=False)
class Fit:
    """A law that was fitted.

    Attributes:
        vector: ``(parameter,)``, see :class:`~dialogue.learning.scaling.law.Law`; sizes are counted from ``points.origin``.
        objective: sum of the Huber losses.
        profile: what intervals come from; ``None`` without more points than parameters.
        level: of the intervals.
    """

    points: Points
    vector: Vector
    objective: float
    profile: Profile | None
    level: float = LEVEL

    @cached_property
    def parameters(self) -> dict[str, Estimate]:
        """By name."""
        named = quantities(self.points.law, self.points.origin)
        return {name: self.estimate(quantity) for name, quantity in named.items()}

    @cached_property
    def derived(self) -> dict[str, Estimate]:
        """What follows from the parameters."""
        if self.points.law is not CHINCHILLA:
            return {}
        return {"compute_optimal_exponent": self.estimate(optimal_exponent())}

    def predict(self, sizes: Sequence[float]) -> Estimate:
        """The response that the law has at some sizes; a new run there has noise besides.

        Args:
            sizes: in the order of ``law.variables``.

        Raises:
            ScalingError: beyond the range of the points, when they are too few to go there.
        """
        self._check(sizes)
        return self.estimate(response(self.points.law, sizes, self.points.origin))

    def gain(self, sizes: Sequence[float], more: Sequence[float]) -> Estimate:
        """By how much the response at ``more`` is below that at ``sizes``; see :meth:`predict`."""
        self._check(sizes)
        self._check(more)
        return self.estimate(gain(self.points.law, sizes, more, self.points.origin))

    def estimate(self, quantity: Quantity) -> Estimate:
        """Any quantity. The interval never excludes the value, though the two come from different thresholds."""
        value = quantity.natural(quantity.at(self.vector)[0])
        if self.profile is None:
            return Estimate(value, None)
        low, high = (
            None if edge is None else quantity.natural(edge) for edge in self.profile.interval(quantity, self.level)
        )
        return Estimate(value, (min(low or 0.0, value), None if high is None else max(high, value)))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the parameters must know."""
        points, law = self.points, self.points.law
        found = [points.too_few] if points.too_few else []
        if self.profile is None:
            found.append(f"no intervals: {len(points)} points, and as many parameters.")
        for name, estimate in self.parameters.items():
            if estimate.interval and estimate.interval[0] == 0:
                found.append(f"{name} cannot be told from 0.")
            if name in law.parameters[len(law.terms) :] and estimate.value > 0.99 * STEEPEST:
                found.append(f"{name} is at its bound, {STEEPEST:g}: this is not the law of these points.")
        if self.profile is not None:
            far = -points.residuals(self.profile.vector)
            for row, residual in zip(points.rows, far, strict=True):
                if abs(residual) > OUTLIER * self.profile.noise:
                    side = "above" if residual > 0 else "below"
                    percent = 100 * abs(np.expm1(residual))
                    found.append(f"outlier: at {law.at(row)} {law.response} is {percent:.2g} % {side} the law.")
        return tuple(found)

    def _check(self, sizes: Sequence[float]) -> None:
        names = self.points.law.variables
        if len(sizes) != len(names) or not all(0 < size < np.inf for size in sizes):
            raise ScalingError(
                f"found {','.join(f'{s:g}' for s in sizes)}. Accepted: {','.join(names)}, numbers above 0."
            )
        if self.points.too_few and self.points.beyond(sizes) > 1:
            raise ScalingError(f"{self.points.law.at(sizes)} is beyond the points: {self.points.too_few}")


def fit(points: Points, level: float = LEVEL) -> Fit:
    """Fit the law of the points.

    Args:
        level: of the intervals.
    """
    best = min((minimise(points, start, THRESHOLD) for start in starts(points)), key=lambda m: m.cost)
    return Fit(points, best.vector, best.cost, profile(points, best.vector), level)
