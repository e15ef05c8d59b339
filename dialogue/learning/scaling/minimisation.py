"""Minimise Huber's loss on the residuals of the logarithms."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialogue.learning.scaling.law import Quantity, Vector
from dialogue.learning.scaling.points import Points

STEEPEST = 5.0  # largest exponent
SMALLEST = 14.0  # a coefficient is at least exp(-SMALLEST) times the smallest response
STARTS = 4


@dataclass(frozen=True)
class Tie:
    """A squared penalty that pulls a quantity towards a value."""

    quantity: Quantity
    value: float
    weight: float


@dataclass(frozen=True, eq=False)
class Minimum:
    """``vector`` (see :class:`~dialogue.learning.scaling.law.Law`) and its loss, without the penalty."""

    vector: Vector
    cost: float


def minimise(points: Points, start: Vector, threshold: float, tie: Tie | None = None) -> Minimum:
    """Return the local minimum from ``start`` of the sum of ``r^2 / 2``, linear from ``|r| = threshold`` on."""
    from scipy.optimize import least_squares

    def residuals(vector: Vector) -> Vector:
        of_points = points.residuals(vector)
        if tie is None:
            return of_points
        return np.append(of_points, tie.weight * (tie.quantity.at(vector)[0] - tie.value))

    def jacobian(vector: Vector) -> NDArray[np.float64]:
        of_points = points.law.log_value(vector, points.logs)[1]
        return of_points if tie is None else np.vstack([of_points, tie.weight * tie.quantity.at(vector)[1]])

    def loss(squares: Vector) -> NDArray[np.float64]:
        rows = huber(squares)
        if tie is not None:
            rows[:, -1] = squares[-1], 1, 0
        return rows

    low, high = bounds(points)
    found = least_squares(
        residuals,
        np.clip(start, low + 1e-6, high - 1e-6),
        jacobian,
        bounds=(low, high),
        loss=loss,
        f_scale=threshold,
        x_scale="jac",
        ftol=1e-12,
        xtol=1e-12,
        gtol=1e-15,
        max_nfev=1000,
    )
    squares = (points.residuals(found.x) / threshold) ** 2
    return Minimum(found.x, float(threshold**2 * huber(squares)[0].sum() / 2))


def huber(squares: Vector) -> NDArray[np.float64]:
    """Return ``(3, residual)`` for squared residuals: loss and two derivatives, as scipy expects."""
    far = np.maximum(squares, 1.0)  # 1 where the loss is quadratic
    return np.array(
        [np.where(squares <= 1, squares, 2 * far**0.5 - 1), far**-0.5, np.where(squares <= 1, 0, -(far**-1.5) / 2)]
    )


def bounds(points: Points) -> tuple[Vector, Vector]:
    """Return the lowest and highest vectors."""
    coefficients, exponents = len(points.law.terms), len(points.law.powers)
    smallest, largest = points.log_values.min() - SMALLEST, points.log_values.max() + 3
    low = [smallest] * coefficients + [0.0] * exponents
    return np.array(low), np.array([largest] * coefficients + [STEEPEST] * exponents)


def starts(points: Points) -> list[Vector]:
    """Return starts: for given exponents a law is linear, so a grid with non-negative least squares is cheap."""
    from scipy.optimize import nnls

    law, found = points.law, []
    grid = np.geomspace(0.02, 2.0, 12 if len(law.powers) == 1 else 8)
    for exponents in itertools.product(grid, repeat=len(law.powers)):
        unit = np.zeros(len(law.terms))
        lines = np.tile(unit, (len(points), 1))
        for exponent, (term, variable) in zip(exponents, law.powers, strict=True):
            lines[:, term] -= exponent * points.logs[:, variable]
        shares = np.exp(lines - points.log_values[:, None])  # relative residuals
        coefficients, _ = nnls(shares, np.ones(len(points)))
        smallest = 1e-3 * np.exp(points.log_values.min())  # not 0, where the minimisation could not leave it
        vector = np.concatenate([np.log(np.maximum(coefficients, smallest)), exponents])
        found.append((float(np.abs(points.residuals(vector)).sum()), vector))
    return [vector for _, vector in sorted(found, key=lambda f: f[0])[:STARTS]]
