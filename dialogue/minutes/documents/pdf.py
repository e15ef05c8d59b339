"""Write PDF with Typst: tagged and bookmarked, fonts embedded (PDF/UA-1, and PDF/A-2a if the date is known)."""

from __future__ import annotations

import datetime
import functools
import json
from importlib import resources
from typing import Any

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text


def render(document: Document) -> bytes:
    """Return the same bytes for the same document. System fonts are used only for characters not in embedded fonts."""
    import typst

    date = _date(document.date)
    blocks = [_block(block, document) for block in document.blocks]
    data = {"title": document.title, "language": document.language, "date": date, "blocks": blocks}
    compiled: Any = functools.partial(
        typst.compile,
        resources.files("dialogue.minutes.documents").joinpath("minutes.typ").read_bytes(),
        sys_inputs={"document": json.dumps(data)},
        timestamp=datetime.datetime(**date, tzinfo=datetime.timezone.utc) if date else None,
    )
    standards = ["ua-1", "a-2a"] if date else ["ua-1"]  # PDF/A needs a date
    try:
        return compiled(ignore_system_fonts=True, pdf_standards=standards)
    except typst.TypstError as error:
        if "could not be displayed with font" not in str(error):
            raise
    return compiled()  # without the standards, because both forbid a missing character


def _date(iso: str | None) -> dict[str, int] | None:
    """Return year, month and day, or ``None`` if the date is less precise."""
    try:
        day = datetime.date.fromisoformat((iso or "")[:10])
    except ValueError:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}


def _block(block: Block, document: Document) -> dict[str, Any]:
    match block:
        case Heading(level, text):
            return {"type": "heading", "level": level, "text": _text(text, document)}
        case Paragraph(text, kind):
            return {"type": "paragraph", "kind": kind, "text": _text(text, document)}
        case List(items, ordered):
            return {"type": "list", "ordered": ordered, "items": [_text(item, document) for item in items]}
        case Table(head, rows):
            return {
                "type": "table",
                "head": [_text(cell, document) for cell in head],
                "rows": [[_text(cell, document) for cell in row] for row in rows],
            }


def _text(text: Text, document: Document) -> list[dict[str, Any]]:
    return [{"text": span.text, "kind": span.kind, "target": document.target(span)} for span in text]
