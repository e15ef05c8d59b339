"""Fill a LinTO ``.docx`` template: ``{{field}}``, ``{{field: hint}}``, and ``{{output}}`` for the whole document.

Fields are those of :mod:`dialogue.minutes.documents.fields`. A table row that holds ``{{actions.porteur}}`` is repeated
for each action, and removed if there is none. A placeholder may be split over runs, and occur in tables, headers,
footers and text boxes; its replacement is formatted like its first character.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue.minutes.document import Minutes
from dialogue.minutes.documents import docx as word_file
from dialogue.minutes.documents import fields
from dialogue.minutes.documents.fields import Rows
from dialogue.minutes.documents.headings import LABELS
from dialogue.minutes.documents.outline import Document, DocumentError, Heading, plain

PLACEHOLDER = re.compile(r"\{\{\s*([^{}:]+?)\s*(?::[^}]*)?\}\}")


def fill(path: Path, minutes: Minutes, document: Document, language: str) -> bytes:
    """Return the bytes of a template filled with the minutes.

    Args:
        document: content of ``{{output}}``; its title becomes a heading unless the template shows the title itself.
        language: language of labels such as "no owner".

    Raises:
        DocumentError: the file is not a DOCX, ``{{output}}`` is not in the body, or placeholders are unknown (all are
            listed).
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml.ns import qn
    from docx.parts.story import StoryPart

    try:
        word = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DocumentError(f"{path}: not a DOCX ({error}).") from error
    values = fields.values(minutes, LABELS[language])
    lists = fields.rows(minutes, LABELS[language])
    for name, rows in lists.items():  # a column used outside a table: one item per line
        for column in rows.columns:
            values[f"{name}.{column}"] = "\n".join(item[column] for item in rows.items)
    values["output"] = ""

    stories = [part.element for part in word.part.package.iter_parts() if isinstance(part, StoryPart)]
    used = {story: {n for p in story.iter(qn("w:p")) for n in _names(p)} for story in stories}
    everything = set().union(*used.values())
    if unknown := sorted(everything - set(map(fields.canonical, values))):
        raise DocumentError(
            f"{path}: unknown {', '.join('{{' + name + '}}' for name in unknown)}. "
            f"Accepted: {', '.join(sorted(values))}; in French: {', '.join(sorted(fields.ALIASES))}."
        )
    if any("output" in names for story, names in used.items() if story is not word.element):
        raise DocumentError(f"{path}: {{{{output}}}} is in a header or a footer. Accepted: in the body.")

    for story in stories:
        for row in list(story.iter(qn("w:tr"))):
            _repeat(row, lists)
        for paragraph in list(story.iter(qn("w:p"))):
            output = "output" in _names(paragraph)
            _substitute(paragraph, values)
            if output:
                _insert(word, paragraph, document if "title" in everything else _titled(document))
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _pieces(paragraph: Any) -> list[Any]:
    """Return the elements that hold a paragraph's text, without those of text boxes anchored in it."""
    from docx.oxml.ns import qn

    return [t for t in paragraph.iter(qn("w:t")) if next(t.iterancestors(qn("w:p"))) is paragraph]


def _found(pieces: list[Any]) -> list[re.Match[str]]:
    return list(PLACEHOLDER.finditer("".join(piece.text or "" for piece in pieces)))


def _names(paragraph: Any) -> set[str]:
    return {fields.canonical(found[1]) for found in _found(_pieces(paragraph))}


def _substitute(paragraph: Any, values: Mapping[str, str]) -> None:
    """Replace the placeholders of a paragraph that have a value; inserted text is not searched again."""
    pieces = _pieces(paragraph)
    changed = []
    for found in reversed(_found(pieces)):
        value = values.get(fields.canonical(found[1]))
        if value is None:
            continue
        at = 0
        for piece in pieces:
            text = piece.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(text))
            if start < end:
                piece.text = text[:start] + value + text[end:]
                value = ""
                changed.append(piece)
            at += len(text)
    for piece in dict.fromkeys(changed):
        _break_lines(piece)


def _break_lines(piece: Any) -> None:
    """Turn line breaks into elements, and preserve spaces at the ends."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    first, *rest = (piece.text or "").split("\n")
    piece.text = first
    piece.set(qn("xml:space"), "preserve")
    for line in reversed(rest):
        following = copy.copy(piece)
        following.text = line
        piece.addnext(following)
        piece.addnext(OxmlElement("w:br"))


def _repeat(row: Any, lists: Mapping[str, Rows]) -> None:
    """Repeat a row that names columns of a list, once for each item."""
    from docx.oxml.ns import qn

    names = {name.partition(".")[0] for p in row.iter(qn("w:p")) for name in _names(p) if "." in name}
    for name in sorted(names)[:1]:
        for item in lists[name].items:
            values = {name: "", **{f"{name}.{column}": text for column, text in item.items()}}
            filled = copy.deepcopy(row)
            for paragraph in filled.iter(qn("w:p")):
                _substitute(paragraph, values)
            row.addprevious(filled)
        row.getparent().remove(row)


def _insert(word: Any, paragraph: Any, document: Document) -> None:
    """Insert the document's blocks after a paragraph, which is removed if it is then empty."""
    from docx.oxml.ns import qn

    body = word.element.body
    before = set(body)
    for block in document.blocks:
        word_file.add(word, block, document)
    anchor = paragraph
    for element in [e for e in body if e not in before]:
        anchor.addnext(element)
        anchor = element
    kept = (qn("w:sectPr"), qn("w:drawing"), qn("w:pict"))
    if not any(t.text for t in _pieces(paragraph)) and not any(True for _ in paragraph.iter(*kept)):
        paragraph.getparent().remove(paragraph)


def _titled(document: Document) -> Document:
    """Return the document with its title as a heading above the others."""
    below = tuple(replace(b, level=b.level + 1) if isinstance(b, Heading) else b for b in document.blocks)
    return replace(document, blocks=(Heading(1, (plain(document.title),)), *below))
