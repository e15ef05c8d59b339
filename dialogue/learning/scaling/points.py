"""Measured points: sizes and the response at each, from a table or from arrays."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dialogue.learning.scaling.law import LAWS, Law, ScalingError, Vector

FEWEST_SIZES, FEWEST_DECADES = 5, 1.5  # minimum to extrapolate beyond the range
SHOWN = 5  # maximum number of bad rows in a message
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a law.

    Attributes:
        law: law to fit.
        rows: sizes in the order of ``law.variables``, then the response; all above 0.

    Raises:
        ScalingError: a value is not above 0, or there are too few points to fit the law at all.
    """

    law: Law
    rows: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if problem := _problem(self.law, row):
                raise ScalingError(f"point {number}: {problem}")
        needed = len(self.law.parameters)
        if len(self.rows) < needed:
            raise ScalingError(
                f"{len(self.rows)} points. {self.law.formula} has {needed} parameters and needs as many points; "
                f"{needed + 2} or more for useful intervals."
            )
        for name, column in zip(self.law.variables, zip(*self.rows, strict=True), strict=False):
            if (different := len(set(column))) < 3:
                raise ScalingError(
                    f"{name} has {different} different value{'s' if different > 1 else ''}. At least 3 are needed to "
                    f"fit {self.law.formula}, and {FEWEST_SIZES} to extrapolate."
                )
        if len({row[-1] for row in self.rows}) == 1:
            raise ScalingError(f"{self.law.response} is {self.rows[0][-1]:g} at every point: nothing to fit.")

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """``(point, variable)`` sizes."""
        return np.array(self.rows, dtype=float)[:, :-1]

    @cached_property
    def log_values(self) -> Vector:
        """``(point,)`` logarithms of the responses."""
        return np.log(np.array(self.rows, dtype=float)[:, -1])

    @cached_property
    def origin(self) -> Vector:
        """``(variable,)`` mean logarithm of the sizes, relative to which parameters are less correlated."""
        return np.log(self.sizes).mean(axis=0)

    @cached_property
    def logs(self) -> NDArray[np.float64]:
        """``(point, variable)`` logarithms of the sizes, relative to ``origin``."""
        return np.log(self.sizes) - self.origin

    def residuals(self, vector: Vector) -> Vector:
        """Return the ``(point,)`` logarithm of the law over the response."""
        return self.law.log_value(vector, self.logs)[0] - self.log_values

    @cached_property
    def too_few(self) -> str | None:
        """Why the points do not suffice to extrapolate, and what would be needed."""
        for name, column in zip(self.law.variables, self.sizes.T, strict=True):
            sizes, decades = len(set(column)), math.log10(column.max() / column.min())
            if sizes < FEWEST_SIZES or decades < FEWEST_DECADES - 1e-9:
                return (
                    f"cannot extrapolate: {name} has {sizes} sizes over {decades:.2g} decades. Needed: at least "
                    f"{FEWEST_SIZES} sizes over {FEWEST_DECADES} decades, e.g. from {column.min():g} to "
                    f"{column.min() * 10**FEWEST_DECADES:.3g}."
                )
        if len(self) < (needed := len(self.law.parameters) + 2):
            return f"cannot extrapolate: {len(self)} points. Needed: at least {needed}."
        return None

    def beyond(self, sizes: Sequence[float]) -> float:
        """Return the factor by which sizes are above the largest or below the smallest; 1 is inside the range."""
        ratios = [
            max(size / column.max(), column.min() / size) for size, column in zip(sizes, self.sizes.T, strict=True)
        ]
        return max(1.0, *ratios)


def read(path: Path) -> Points:
    """Read points from a CSV file with a header ``x,y`` or ``n,d,loss`` (parameters, tokens); case does not matter.

    Raises:
        ScalingError: lines are not accepted; the message names them.
    """
    return parsed(path, parse)


def parsed(path: Path, parse: Callable[[str], Parsed]) -> Parsed:
    """Return what ``parse`` makes of a UTF-8 file; the messages of errors begin with the path."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScalingError(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error
    except ScalingError as error:
        raise ScalingError(f"{path}: {error}") from error


def parse(text: str) -> Points:
    """Parse CSV text; see :func:`read`."""
    names, lines = columns(text, [law.columns for law in LAWS])
    law = next(law for law in LAWS if law.columns == names)
    rows, problems = [], []
    for number, cells in lines:
        rows.append(tuple(_number(cell) for cell in cells))
        if problem := _problem(law, rows[-1], cells):
            problems.append(f"line {number}: {problem}")
    if problems:
        more = f" And {len(problems) - SHOWN} lines more." if len(problems) > SHOWN else ""
        raise ScalingError(" ".join(problems[:SHOWN]) + more)
    return Points(law, tuple(rows))


def columns(
    text: str, accepted: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[int, list[str | None]]]]:
    """Return the columns of a CSV text with a header: which of the accepted sets, then line numbers and cells.

    Raises:
        ScalingError: the header has none of the sets, or the text is not CSV.
    """
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = {name.strip().lower(): name for name in table.fieldnames or ()}
        names = next((names for names in accepted if set(names) <= set(header)), None)
        if names is None:
            found = ", ".join(map(repr, table.fieldnames or ())) or "none"
            raise ScalingError(
                f"columns {found}. Accepted, separated by commas: {' or '.join(map(','.join, accepted))}."
            )
        return names, [(table.line_num, [row[header[name]] for name in names]) for row in table]
    except csv.Error as error:
        raise ScalingError(f"not CSV: {error}.") from error


def _number(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return math.nan


def _problem(law: Law, row: Sequence[float], found: Iterable[object] = ()) -> str | None:
    """Return what is wrong with a row, or ``None``; ``found`` is the row as it was written."""
    for name, value, cell in zip(law.columns, row, list(found) or row, strict=True):
        if not (0 < value < math.inf):
            return f"{name} is {'missing' if cell is None else repr(cell)}. Accepted: numbers above 0."
    return None
