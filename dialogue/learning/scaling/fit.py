"""Fit a law with Huber's loss on the residuals of the logarithms (Hoffmann et al. 2022), from several starts.

The threshold of the loss, 1e-3, is that of the same paper: a residual beyond a tenth of a percent counts linearly and
not quadratically, so outliers have little weight. Intervals come from :mod:`dialogue.learning.scaling.profile`.

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
from dialogue.learning.scaling.trend import ADVICE, Trend, trend

THRESHOLD = 1e-3
LEVEL = 0.95
CHECKED = 8.0  # factor beyond the points up to which the coverage of intervals was measured
OUTLIER = 8.0  # residual of an outlier, in multiples of the noise


@dataclass(frozen=True)
class Estimate:
    """A number and its interval; ``None`` with too few points, or as the upper end if no limit was found."""

    value: float
    interval: tuple[float, float | None] | None


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted law.

    Attributes:
        vector: ``(parameter,)``, see :class:`~dialogue.learning.scaling.law.Law`; logarithms of sizes are relative to
            ``points.origin``.
        objective: sum of the Huber losses.
        profile: source of the intervals; ``None`` unless there are more points than parameters.
        level: confidence level of the intervals.
    """

    points: Points
    vector: Vector
    objective: float
    profile: Profile | None
    level: float = LEVEL

    @cached_property
    def parameters(self) -> dict[str, Estimate]:
        """Parameters by name."""
        named = quantities(self.points.law, self.points.origin)
        return {name: self.estimate(quantity) for name, quantity in named.items()}

    @cached_property
    def derived(self) -> dict[str, Estimate]:
        """Quantities derived from the parameters."""
        if self.points.law is not CHINCHILLA:
            return {}
        return {"compute_optimal_exponent": self.estimate(optimal_exponent())}

    def predict(self, sizes: Sequence[float]) -> Estimate:
        """Predict the response of the law at some sizes; a new run would also have noise.

        Args:
            sizes: sizes in the order of ``law.variables``.

        Raises:
            ScalingError: the response does not fall, or the sizes are beyond the range of the points, and there are too
                few points to extrapolate.
        """
        self._check(sizes)
        return self.estimate(response(self.points.law, sizes, self.points.origin))

    def gain(self, sizes: Sequence[float], more: Sequence[float]) -> Estimate:
        """Estimate by how much the response at ``more`` is below that at ``sizes``; see :meth:`predict`."""
        self._check(sizes)
        self._check(more)
        return self.estimate(gain(self.points.law, sizes, more, self.points.origin))

    def estimate(self, quantity: Quantity) -> Estimate:
        """Estimate any quantity. The interval always includes the value, though they use different thresholds."""
        value = quantity.natural(quantity.at(self.vector)[0])
        if self.profile is None:
            return Estimate(value, None)
        low, high = (
            None if edge is None else quantity.natural(edge) for edge in self.profile.interval(quantity, self.level)
        )
        return Estimate(value, (min(low or 0.0, value), None if high is None else max(high, value)))

    @cached_property
    def trend(self) -> Trend:
        """Whether the response falls, as a law can, rises, or is flat; only a law that falls predicts anything."""
        return trend(self.points)

    @cached_property
    def no_law(self) -> str | None:
        """Why nothing is predicted, and what to do about it; ``None`` if the response falls."""
        law = self.points.law
        if self.trend == "falls":
            return None
        return ADVICE[self.trend].format(x=", ".join(law.variables), y=law.response, formula=law.formula)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Warnings that concern the parameters."""
        points, law = self.points, self.points.law
        if self.no_law:
            return (self.no_law,)
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
        if self.no_law:
            raise ScalingError(self.no_law)
        if self.points.too_few and self.points.beyond(sizes) > 1:
            raise ScalingError(f"{self.points.law.at(sizes)} is beyond the points: {self.points.too_few}")


def fit(points: Points, level: float = LEVEL) -> Fit:
    """Fit the law of the points.

    Args:
        level: confidence level of the intervals.
    """
    best = min((minimise(points, start, THRESHOLD) for start in starts(points)), key=lambda m: m.cost)
    return Fit(points, best.vector, best.cost, profile(points, best.vector), level)
