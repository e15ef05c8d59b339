"""HTML elements of the report's pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from markupsafe import Markup

from dialogue.core.files import save_text
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.figures import Figure
from dialogue.pages import shell


def write_page(path: Path, title: str, body: str, say: Language) -> None:
    """Write a page, completely or not at all; ``body`` is HTML, ``title`` is text."""
    page = shell.render("report.html", language=say.code, title=title, style="report.css", body=Markup(body))
    save_text(path, page)


def table(rows: Sequence[Sequence[str]], last: bool = False) -> str:
    """Return a table of plain texts, header first.

    The first column names the row; the other columns, except the last one if ``last``, hold numbers.
    """
    return table_of_html([[escape(cell) for cell in row] for row in rows], last)


def table_of_html(rows: Sequence[Sequence[str]], last: bool = False) -> str:
    """Return the same table from cells that are HTML."""
    kinds = ["", *[" class=number"] * (len(rows[0]) - 1)]
    if last:
        kinds[-1] = ""
    head, *body = rows
    cells = "".join(f"<th scope=col{kind}>{cell}</th>" for kind, cell in zip(kinds, head, strict=True))
    lines = "".join(
        f"<tr><th scope=row>{row[0]}</th>"
        f"{''.join(f'<td{kind}>{cell}</td>' for kind, cell in zip(kinds[1:], row[1:], strict=True))}</tr>\n"
        for row in body
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def figure(made: Figure, say: Language) -> str:
    """Return a plot with its sentence and its table."""
    rows = f"<details><summary>{say('table')}</summary>{table(made.rows)}</details>" if made.rows else ""
    return (
        f"<figure><figcaption><h3>{escape(made.title)}</h3><p>{escape(made.reading)}</p></figcaption>"
        f"{made.drawing}{rows}</figure>"
    )


def facts(rows: Sequence[tuple[str, str]]) -> str:
    """Return a list of names and values, from plain texts."""
    return f"<dl class=facts>{''.join(f'<dt>{escape(k)}</dt><dd>{escape(v)}</dd>' for k, v in rows)}</dl>"
