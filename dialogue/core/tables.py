"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]], text: Iterable[int] = (0,)) -> str:
    """A Markdown table, a line a row.

    Args:
        text: numbers of the columns that hold text, from 0; the others are aligned to the right, as numbers are.
    """
    columns = set(text)
    rule = ["---" if n in columns else "---:" for n in range(len(heads))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))


def measured(found: Mapping[str, Any] | None, form: str = ".3f", scale: float = 1) -> str:
    """Return a value and its interval as text, ``0.123 (0.100 to 0.150)``; ``-`` if there is no value.

    Args:
        found: ``value`` and, if it is known, ``interval``.
        form: how numbers are written.
        scale: factor, 100 for per cent.
    """
    if found is None or found["value"] is None:
        return "-"
    value, *bounds = (f"{scale * v:{form}}" for v in (found["value"], *(found.get("interval") or ())))
    return value + (f" ({' to '.join(bounds)})" if bounds else "")
