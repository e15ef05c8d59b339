"""Write PDF with Typst: tagged and bookmarked, fonts embedded (PDF/UA-1, and PDF/A-2a if the date is known)."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import logging
import unicodedata
from collections.abc import Iterator
from importlib import resources
from typing import Any

from dialogue.minutes.documents.outline import Block, Document, Paragraph, Span, plain

log = logging.getLogger("dialogue")

SCRIPTS = {  # first word of a character's Unicode name -> script in English and in French
    "CJK": ("Chinese", "chinois"),
    "HIRAGANA": ("Japanese", "japonais"),
    "KATAKANA": ("Japanese", "japonais"),
    "HANGUL": ("Korean", "coréen"),
    "ARABIC": ("Arabic", "arabe"),
    "HEBREW": ("Hebrew", "hébreu"),
    "THAI": ("Thai", "thaï"),
    "SYMBOL": ("emoji or symbols", "émojis ou symboles"),
}
NOTE = {
    "en": "No font of this document holds these characters, which are shown as empty boxes: {}. It is therefore not "
    "marked as accessible (PDF/UA). The HTML, DOCX and ODT versions hold them.",
    "fr": "Aucune police de ce document ne contient ces caractères, qui apparaissent comme des cases vides : {}. Il "
    "n'est donc pas déclaré accessible (PDF/UA). Les versions HTML, DOCX et ODT les contiennent.",
}


def render(document: Document) -> bytes:
    """Return the same bytes for the same document, if embedded fonts hold its characters.

    Otherwise fonts of the system are used. Characters that these lack too are said in a paragraph at the beginning and
    in the log, and the document follows no standard, since both forbid a missing character.
    """
    compiled = _compiler(document)
    standards = ["ua-1", "a-2a"] if _date(document.date) else ["ua-1"]  # PDF/A needs a date
    for embedded_only in (True, False):
        written = _compiled(compiled, ignore_system_fonts=embedded_only, pdf_standards=standards)
        if written is not None:
            return written
    scripts = sorted(set(_missing(document)))
    names = [SCRIPTS.get(script, (script.capitalize(), script.lower())) for script in scripts]
    log.warning(
        "PDF: no font holds these characters, shown as empty boxes: %s. It is not marked as accessible (PDF/UA). "
        "Install a font that holds them (e.g. Noto), or write .html, .docx or .odt.",
        ", ".join(dict.fromkeys(english for english, _ in names)) or "unknown",
    )
    french = document.language == "fr"
    said = ", ".join(dict.fromkeys(name[french] for name in names))
    note = Paragraph((plain(NOTE["fr" if french else "en"].format(said)),), "warning")
    written = _compiler(dataclasses.replace(document, blocks=(note, *document.blocks)))()
    assert isinstance(written, bytes)
    return written


def _compiler(document: Document) -> Any:
    """Return a function that compiles a document, with options of ``typst.compile``."""
    import typst

    date = _date(document.date)
    data = {"title": document.title, "language": document.language, "date": date, "blocks": document.blocks}
    return functools.partial(
        typst.compile,
        resources.files("dialogue.minutes.documents").joinpath("minutes.typ").read_bytes(),
        sys_inputs={"document": json.dumps(data, default=lambda part: _plain(part, document))},
        timestamp=datetime.datetime(**date, tzinfo=datetime.timezone.utc) if date else None,
    )


def _compiled(compiled: Any, **options: Any) -> bytes | None:
    """Return the bytes of a document, or ``None`` if a font lacks one of its characters."""
    import typst

    try:
        written: bytes = compiled(**options)
    except typst.TypstError as error:
        if "could not be displayed with font" not in str(error):
            raise
        return None
    return written


def _missing(document: Document) -> Iterator[str]:
    """Yield the scripts of a document that no font holds, by the first word of their Unicode names."""
    found: dict[str, set[str]] = {}
    for character in json.dumps([document.title, document.blocks], default=_fields, ensure_ascii=False):
        if not character.isascii() and (script := _script(character)) not in ("LATIN", None):
            found.setdefault(str(script), set()).add(character)
    for script, characters in found.items():
        one = Document("x", "en", (Paragraph((plain(" ".join(sorted(characters))),)),))
        if _compiled(_compiler(one), pdf_standards=["ua-1"]) is None:
            yield script


def _script(character: str) -> str | None:
    """Return the first word of a character's name, ``SYMBOL`` for pictures, nothing for marks that are not shown."""
    category = unicodedata.category(character)
    if category == "Cn" and "\U0001f000" <= character <= "\U0001faff":  # newer than this Python's Unicode
        return "SYMBOL"
    if category[0] in "CZ" or category == "Mn":
        return None
    return unicodedata.name(character, "SYMBOL").split()[0] if category[0] in "LN" else "SYMBOL"


def _date(iso: str | None) -> dict[str, int] | None:
    """Return year, month and day, or ``None`` if the date is less precise."""
    try:
        day = datetime.date.fromisoformat((iso or "")[:10])
    except ValueError:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}


def _fields(part: Block | Span) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}


def _plain(part: Block | Span, document: Document) -> dict[str, Any]:
    """Return a block or a span as a dictionary: its fields, with the name of its type or the target of a citation."""
    if isinstance(part, Span):
        return {**_fields(part), "target": document.target(part)}
    return {**_fields(part), "type": type(part).__name__.lower()}
