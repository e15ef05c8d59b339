"""Write PDF with Typst: tagged and bookmarked, fonts embedded (PDF/UA-1, and PDF/A-2a if the date is known)."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
from importlib import resources
from typing import Any

from dialogue.minutes.documents.outline import Block, Document, Span


def render(document: Document) -> bytes:
    """Return the same bytes for the same document. System fonts are used only for characters not in embedded fonts."""
    import typst

    date = _date(document.date)
    data = {"title": document.title, "language": document.language, "date": date, "blocks": document.blocks}
    compiled: Any = functools.partial(
        typst.compile,
        resources.files("dialogue.minutes.documents").joinpath("minutes.typ").read_bytes(),
        sys_inputs={"document": json.dumps(data, default=lambda part: _plain(part, document))},
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


def _plain(part: Block | Span, document: Document) -> dict[str, Any]:
    """Return a block or a span as a dictionary: its fields, with the name of its type or the target of a citation."""
    values = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    if isinstance(part, Span):
        return {**values, "target": document.target(part)}
    return {**values, "type": type(part).__name__.lower()}
