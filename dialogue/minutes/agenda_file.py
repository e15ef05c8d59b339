"""Read the agenda of a meeting from a file: one item per line, a list, or the programme of an invitation."""

from __future__ import annotations

import re
from pathlib import Path

CLOCK = r"\d{1,2}\s?(?:[h:]\s?\d{2}|h)(?!\w)"
TIMED = re.compile(rf"^{CLOCK}(?:\s*(?:[-–]|à|to)\s*{CLOCK})?\s*(?:[-–:.]\s*)?(?=\S)")
BULLET = re.compile(r"^(?:[-*•–]|\d+[.)])\s+")
HEADING = re.compile(r"^(?:#+\s*)?(?:ordre du jour|agenda|programme)\b[^\n]{0,40}$", re.IGNORECASE)
UNDERLINE = re.compile(r"^[=*_-]{3,}$")


def read_agenda(path: Path) -> list[str]:
    """Return the items of an agenda, without their bullets, numbers and times.

    If several lines begin with a time (``10h30 WP1: finetuning``), they are the items, because an invitation contains
    much else. Otherwise the items are the lines under a heading "ordre du jour", "agenda" or "programme"; failing that,
    the items of a list; failing that, all lines that are not Markdown headings.

    Raises:
        ValueError: the file is not UTF-8, or has no item.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: byte {error.start} is not UTF-8. Accepted: text or Markdown in UTF-8.") from error
    found = [item for line in _items(lines) if (item := _clean(line))]
    if not found:
        raise ValueError(f"{path}: no agenda item found. Accepted: text or Markdown, one item per line.")
    return found


def _items(lines: list[str]) -> list[str]:
    timed = [line for line in lines if TIMED.match(BULLET.sub("", line))]
    if len(timed) > 1:
        return timed
    heading = next((n for n, line in enumerate(lines) if HEADING.match(line)), None)
    if heading is not None and (under := _under(lines[heading + 1 :])):
        return under
    listed = [line for line in lines if BULLET.match(line)]
    return listed or [line for line in lines if line and not line.startswith("#") and not UNDERLINE.match(line)]


def _under(lines: list[str]) -> list[str]:
    """Return the first paragraph or list under a heading; blank lines inside a list do not end it."""
    found: list[str] = []
    for line in lines:
        if not line or UNDERLINE.match(line):
            if found and not BULLET.match(found[-1]):
                break
        elif line.startswith("#") or (found and BULLET.match(found[-1]) and not BULLET.match(line)):
            break
        else:
            found.append(line)
    return found


def _clean(line: str) -> str:
    return TIMED.sub("", BULLET.sub("", line)).strip(" *_#")
