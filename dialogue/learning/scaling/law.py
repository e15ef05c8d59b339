"""The laws, as sums of power terms.

The logarithm of the response is a log-sum-exp of lines in the logarithms of the sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialogue.core.errors import DialogueError

Vector = NDArray[np.float64]


class ScalingError(DialogueError, ValueError):
    """Raised for points that cannot be fitted, or do not suffice for a question; the message says what is needed."""


@dataclass(frozen=True)
class Term:
    """``coefficient * size ** -exponent``, or a constant; all three values are at least 0."""

    coefficient: str
    exponent: str = ""
    variable: int = 0


@dataclass(frozen=True)
class Law:
    """A response that falls with one or more sizes.

    A *vector* holds the logarithms of the coefficients in the order of ``terms``, then the exponents: ``(parameter,)``.
    """

    name: str
    formula: str
    variables: tuple[str, ...]
    response: str
    terms: tuple[Term, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a table of points."""
        return (*self.variables, self.response)

    @property
    def powers(self) -> tuple[tuple[int, int], ...]:
        """``(term, variable)`` of each exponent."""
        return tuple((i, term.variable) for i, term in enumerate(self.terms) if term.exponent)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of a vector."""
        return (*(t.coefficient for t in self.terms), *(t.exponent for t in self.terms if t.exponent))

    def at(self, sizes: Sequence[float]) -> str:
        """Return sizes as text; a response after them is ignored."""
        return ", ".join(f"{name} = {size:g}" for name, size in zip(self.variables, sizes, strict=False))

    def log_value(self, vector: Vector, logs: NDArray[np.float64]) -> tuple[Vector, NDArray[np.float64]]:
        """Return the logarithm of the response, and its derivatives.

        Args:
            vector: ``(parameter,)``.
            logs: ``(point, variable)`` logarithms of the sizes.

        Returns:
            ``(point,)`` and ``(point, parameter)``.
        """
        lines = np.tile(vector[: len(self.terms)], (len(logs), 1))
        for exponent, (term, variable) in zip(vector[len(self.terms) :], self.powers, strict=True):
            lines[:, term] -= exponent * logs[:, variable]
        value = np.logaddexp.reduce(lines, axis=1)
        shares = np.exp(lines - value[:, None])
        slopes = [-shares[:, term] * logs[:, variable] for term, variable in self.powers]
        return value, np.column_stack([shares, *slopes])


POWER = Law("power", "y = a x^-g + b", ("x",), "y", (Term("a", "g"), Term("b")))
CHINCHILLA = Law(
    "chinchilla",
    "L = E + A/N^alpha + B/D^beta",
    ("n", "d"),
    "loss",
    (Term("E"), Term("A", "alpha", 0), Term("B", "beta", 1)),
)
LAWS = (POWER, CHINCHILLA)


@dataclass(frozen=True)
class Quantity:
    """A number, at least 0, that is a function of a vector.

    Attributes:
        at: vector -> value, derivatives ``(parameter,)``.
        log: the value is the number's logarithm.
    """

    at: Callable[[Vector], tuple[float, Vector]]
    log: bool = False

    def natural(self, value: float) -> float:
        return float(np.exp(value)) if self.log else float(value)


def quantities(law: Law, origin: Vector) -> dict[str, Quantity]:
    """Return each parameter, for logarithms of the sizes relative to ``origin`` ``(variable,)``."""
    rows = np.eye(len(law.parameters))
    for exponent, (term, variable) in enumerate(law.powers, len(law.terms)):
        rows[term, exponent] = origin[variable]  # log c = log c' + exponent * origin

    def linear(row: Vector) -> Callable[[Vector], tuple[float, Vector]]:
        return lambda vector: (float(row @ vector), row)

    return {
        name: Quantity(linear(row), log=i < len(law.terms))
        for i, (name, row) in enumerate(zip(law.parameters, rows, strict=True))
    }


def response(law: Law, sizes: Sequence[float], origin: Vector) -> Quantity:
    """Return the response at ``(variable,)`` sizes."""
    logs = np.log(np.array([sizes], dtype=float)) - origin

    def at(vector: Vector) -> tuple[float, Vector]:
        (value,), (slope,) = law.log_value(vector, logs)
        return float(value), slope

    return Quantity(at, log=True)


def gain(law: Law, sizes: Sequence[float], more: Sequence[float], origin: Vector) -> Quantity:
    """Return by how much the response at ``more`` is below that at ``sizes``."""
    here, there = response(law, sizes, origin), response(law, more, origin)

    def at(vector: Vector) -> tuple[float, Vector]:
        (first, slope), (second, other) = here.at(vector), there.at(vector)
        return float(np.exp(first) - np.exp(second)), np.exp(first) * slope - np.exp(second) * other

    return Quantity(at)


def optimal_exponent() -> Quantity:
    """Return beta / (alpha + beta) of ``CHINCHILLA``: with C = 6 N D, the best N grows as compute C to this power."""
    alpha, beta = (CHINCHILLA.parameters.index(name) for name in ("alpha", "beta"))

    def at(vector: Vector) -> tuple[float, Vector]:
        a, b = vector[alpha], vector[beta]
        slope = np.zeros(len(vector))
        slope[alpha], slope[beta] = -b / (a + b) ** 2, a / (a + b) ** 2
        return float(b / (a + b)), slope

    return Quantity(at)
