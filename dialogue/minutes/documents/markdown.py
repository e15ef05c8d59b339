"""Write GitHub-flavoured Markdown; tasks are a list with checkboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text, clean


def render(document: Document) -> str:
    lines = [f"# {escape(document.title)}"]
    for block in document.blocks:
        lines += ["", *_lines(block, document)]
    return "\n".join(lines) + "\n"


def _lines(block: Block, document: Document) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * (level + 1)} {_text(text, document)}"
        case Paragraph(text, kind):
            if kind == "note":
                yield from ("---", "")
            yield _text(text, document)
        case List(items, ordered, done):
            boxes = [f"[{'x' if d else ' '}] " for d in done] or [""] * len(items)
            for number, (item, box) in enumerate(zip(items, boxes, strict=True), 1):
                yield f"{f'{number}.' if ordered else '-'} {box}{_text(item, document)}"
        case Table(head, rows):
            yield _row([_text(cell, document) for cell in head])
            yield _row(["---"] * len(head))
            for row in rows:
                yield _row([_text(cell, document) for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: Text, document: Document) -> str:
    written = ""
    for span in text:
        marks = {"strong": "**", "emphasis": "*"}.get(span.kind, "") if span.text.strip() else ""
        words = span.text if span.kind == "citation" else escape(span.text)
        if target := document.target(span):
            words = f"[{escape(span.text)}](<{target}>)"
        written += f"{marks}{words}{marks}"
    return written


def escape(text: str) -> str:
    """Return text that Markdown shows literally: no markup, HTML or formulas, on one line."""
    marked = re.sub(r"([\\`*_\[\]<>#|~$]|&(?=#?\w+;))", r"\\\1", clean(text))
    return re.sub(r"^(\s*\d*)(?=[-+=]|(?<=\d)[.)])", r"\1\\", marked)  # these would start a list or underline a title
