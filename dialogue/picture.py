"""Figures of matplotlib to files, SVG or PNG by the file's ending: written beside and renamed, with a title, the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from dialogue.formats import save_text

DPI = 150
UNSAID = dict.fromkeys(("Creator", "Date", "Format", "Type"))


class PictureError(ValueError):
    """A file that no picture is written to; the message says which are."""


def kind(path: Path) -> str:
    """``svg`` or ``png``.

    Raises:
        PictureError: another ending.
    """
    found = path.suffix.removeprefix(".").lower()
    if found not in ("svg", "png"):
        raise PictureError(f"{path}: a picture of kind {found or 'none'!r}. Accepted: .svg, .png.")
    return found


def save(figure: Any, path: Path, title: str) -> None:
    """Write a figure.

    Args:
        title: what the picture shows, in words: screen readers read it in SVG.

    Raises:
        PictureError: as :func:`kind`.
    """
    if kind(path) == "svg":
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={**UNSAID, "Title": title})
        save_text(path, file.getvalue())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    figure.savefig(part, format="png", dpi=DPI, metadata={"Title": title, "Software": None})
    part.replace(path)
