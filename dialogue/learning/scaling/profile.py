"""Intervals from the profile of the loss: the values of a quantity that still allow nearly as good a fit.

This is the profile likelihood interval (Bates and Watts 1988, chapter 6), with Student's t because the noise is
estimated too. With Huber's loss, the rise of the loss is divided by E[psi^2] / E[psi'], as in the likelihood-ratio type
test of Schrader and Hettmansperger (1980). Here the threshold of the loss is twice the noise, not 1e-3. This has nearly
the efficiency of least squares without outliers, and a few points suffice to estimate the noise, but not the density at
0 that intervals would need with a small threshold.

A bootstrap of the residuals would give intervals that are too narrow: with few points, residuals are smaller than the
noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dialogue.learning.scaling.law import Quantity, Vector
from dialogue.learning.scaling.minimisation import Tie, minimise
from dialogue.learning.scaling.points import Points

LEAST_NOISE = 1e-6  # noise of a logarithm when numbers are written with seven digits
FARTHEST = 2.0**12  # standard errors up to which a limit is searched
ROUNDS = 8


@dataclass(frozen=True, eq=False)
class Profile:
    """The fit from which intervals are computed.

    Attributes:
        vector: ``(parameter,)``.
        cost: loss of the vector.
        threshold: threshold of Huber's loss.
        noise: standard deviation of a residual.
        covariance: ``(parameter, parameter)``, used only for step sizes.
    """

    points: Points
    vector: Vector
    cost: float
    threshold: float
    noise: float
    covariance: NDArray[np.float64]

    def interval(self, quantity: Quantity, level: float) -> tuple[float | None, float | None]:
        """Return ``(low, high)`` of the quantity (of its logarithm if ``log``); ``None`` on a side without a limit."""
        from scipy.stats import t

        limit = float(t.ppf((1 + level) / 2, len(self.points) - len(self.vector)))
        return self._edge(quantity, -1, limit), self._edge(quantity, 1, limit)

    def _edge(self, quantity: Quantity, side: int, limit: float) -> float | None:
        from scipy.optimize import brentq

        middle, slope = quantity.at(self.vector)
        step = min(float(np.sqrt(slope @ self.covariance @ slope)), 1.0)  # may be infinite
        weight = 10 * self.noise / step

        @cache
        def reached(steps: float) -> tuple[float, float]:
            """Return the quantity when pulled away by ``steps``, and how far beyond the limit it is.

            Whatever the weight, the minimum of loss plus penalty also minimises the loss among all vectors with the
            same quantity, so it is on the profile.
            """
            tie = Tie(quantity, middle + side * steps * step, weight)
            found = minimise(self.points, self.vector, self.threshold, tie)
            rise = max(0.0, found.cost - self.cost)
            return quantity.at(found.vector)[0], float(np.sqrt(2 * rise) / self.noise) - limit

        steps = 2.0
        while reached(steps)[1] < 0:
            steps *= 2
            if steps > FARTHEST:
                return None
        return reached(float(brentq(lambda s: reached(s)[1] if s else -limit, 0.0, steps, rtol=1e-3)))[0]


def profile(points: Points, start: Vector) -> Profile | None:
    """Fit with a threshold of twice the noise, from a robust fit; ``None`` without more points than parameters."""
    freedom = len(points) - len(start)
    if freedom < 1:
        return None
    residuals = np.sort(np.abs(points.residuals(start)))
    # Nearly as many residuals as parameters are about 0, whatever the noise.
    noise = max(float(np.median(residuals[len(start) - 1 :])) / 0.6745, LEAST_NOISE)
    vector = start
    for _ in range(ROUNDS):  # after a single round the noise may be too low by chance, and intervals too narrow
        threshold = 2 * noise
        found = minimise(points, vector, threshold)
        vector, before = found.vector, noise
        far = np.abs(points.residuals(vector))
        inside = max(float((far < threshold).mean()), 1 / len(points))
        spread = float(np.sum(np.minimum(far, threshold) ** 2)) / freedom / inside
        noise = max(spread**0.5, LEAST_NOISE)
        if abs(noise / before - 1) < 1e-3:
            break
    slopes = points.law.log_value(found.vector, points.logs)[1]
    covariance = (np.linalg.pinv(slopes.T @ slopes) * noise**2).astype(np.float64)
    return Profile(points, found.vector, found.cost, threshold, noise, covariance)
