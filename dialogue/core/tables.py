"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]], text: Iterable[int] = (0,)) -> str:
    """A Markdown table, a line a row.

    Args:
        text: numbers of the columns that hold text, from 0; the others are aligned to the right, as numbers are.
    """
    columns = set(text)
    rule = ["---" if n in columns else "---:" for n in range(len(heads))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))
