"""Read minutes that a person rewrote in Markdown, so that they can be written in the other formats.

What :mod:`~dialogue.minutes.documents.markdown` writes is read back, and what editors write besides. Links keep their
text only, and HTML is text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Span, Table, Text

HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
ITEM = re.compile(r"\s*(?:(?P<number>\d{1,9})[.)]|[-*+])\s+(?:\[(?P<box>[ xX])\]\s+)?(?P<text>.*)$")
BULLET, ORDERED = re.compile(r"\s*[-*+]\s"), re.compile(r"\s*\d{1,9}[.)]\s")
ROW = re.compile(r"\s*\|(.*)\|\s*$")
SEPARATOR = re.compile(r"[\s|:-]+$")
INLINE = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|(?P<stars>\*\*|__)(?=\S)(?P<strong>(?:\\.|.){1,2000}?)(?<=\S)(?P=stars)"
    r"|(?<![\w*])(?P<star>[*_])(?=\S)(?P<emphasis>(?:\\.|[^\\]){1,2000}?)(?<=\S)(?P=star)(?![\w*])"
    r"|!?\[(?P<link>(?:\\.|[^\[\]\\]){0,500})\]\((?:<[^<>]{0,2000}>|[^\s()]{0,2000})\)"
    r"|(?P<citation>\[(?:\d+(?::\d\d){1,2}|(?:tour|turn) \d+)\])"
    r"|`(?P<code>[^`]{1,2000})`"
)


def document(text: str, language: str, title: str = "") -> Document:
    """Return Markdown as a title and blocks.

    Args:
        language: of the text, ISO 639-1.
        title: of the document, if its first block is no heading of the first level.
    """
    blocks = list(_blocks(text))
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and first.level == 0:
        title, blocks = "".join(span.text for span in first.text), blocks[1:]
    shown = [Heading(max(1, b.level), b.text) if isinstance(b, Heading) else b for b in blocks]
    return Document(title, language, tuple(shown))


def _blocks(text: str) -> Iterator[Block]:
    lines = [line for line in text.splitlines() if not re.match(r"\s*(```|~~~)", line)]
    place, note = 0, False
    while place < len(lines):
        line = lines[place]
        end = place + 1
        if found := HEADING.match(line):
            yield Heading(len(found[1]) - 1, inline(found[2]))
        elif RULE.match(line):
            note = True
        elif ROW.match(line) and end < len(lines) and "-" in lines[end] and SEPARATOR.match(lines[end]):
            end = _while(lines, end + 1, ROW.match)
            yield _table(lines[place], lines[place + 2 : end])
        elif found := ITEM.match(line):
            ordered = found["number"] is not None
            end = _while(lines, end, ORDERED.match if ordered else BULLET.match)
            yield _list(lines[place:end], ordered)
        elif line.strip():
            end = _while(lines, end, lambda row: bool(row.strip()) and not _begins(row))
            words = " ".join(re.sub(r"^\s*>\s?", "", each).strip() for each in lines[place:end])
            yield Paragraph(inline(words), "note" if note else "body")
        place = end


def _while(lines: list[str], place: int, holds: Callable[[str], object]) -> int:
    while place < len(lines) and holds(lines[place]):
        place += 1
    return place


def _begins(line: str) -> bool:
    return any(pattern.match(line) for pattern in (HEADING, RULE, ITEM, ROW))


def _list(lines: list[str], ordered: bool) -> List:
    found = [match for match in map(ITEM.match, lines) if match]
    boxes = tuple((match["box"] or " ") in "xX" for match in found)
    done = boxes if any(match["box"] for match in found) else ()
    return List(tuple(inline(match["text"]) for match in found), ordered, done)


def _table(head: str, rows: list[str]) -> Table:
    titles = _cells(head)
    width = len(titles)
    filled = [(*_cells(row), *[()] * width)[:width] for row in rows]
    return Table(titles, tuple(filled))


def _cells(row: str) -> tuple[Text, ...]:
    match = ROW.match(row)
    return tuple(inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", match[1] if match else ""))


def inline(text: str, kind: Literal["plain", "strong", "emphasis"] = "plain") -> Text:
    """Return a line of Markdown as spans; what is within strong or emphasised words is of that kind alone."""
    spans: list[Span] = []
    place = 0
    for match in INLINE.finditer(text):
        spans.append(Span(text[place : match.start()], kind))
        place = match.end()
        if match["strong"] is not None:
            spans += inline(match["strong"], "strong")
        elif match["emphasis"] is not None:
            spans += inline(match["emphasis"], "emphasis" if kind == "plain" else kind)
        elif match["citation"] is not None:
            spans.append(Span(match["citation"], "citation"))
        elif match["link"] is not None:
            spans += inline(match["link"], kind)
        else:
            spans.append(Span(match["literal"] or match["code"], kind))
    spans.append(Span(text[place:], kind))
    return tuple(span for span in spans if span.text)
