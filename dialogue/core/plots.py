"""Save matplotlib figures as SVG or PNG, by the file's extension: atomically, with a title, and reproducibly."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.files import save_bytes, save_text

DPI = 150
UNSAID = dict.fromkeys(("Creator", "Date", "Format", "Type"))
# matplotlib names clip paths, markers and images by a hash over all digits of their coordinates.
DIGITS = re.compile(r"\d+\.\d{4,}")
NAMED = re.compile(r'\bid="([A-Za-z]+[0-9a-f]{10})"')


class PictureError(DialogueError, ValueError):
    """A file name that no picture can be written to; the message says what is accepted."""


def kind(path: Path) -> str:
    """Return ``svg`` or ``png``.

    Raises:
        PictureError: the extension is another one.
    """
    found = path.suffix.removeprefix(".").lower()
    if found not in ("svg", "png"):
        raise PictureError(f"{path}: a picture of kind {found or 'none'!r}. Accepted: .svg, .png.")
    return found


@contextlib.contextmanager
def figure(width: float, height: float, **settings: Any) -> Iterator[Any]:
    """Yield an empty figure to draw and save in a block.

    Args:
        width, height: inches.
        settings: further settings of matplotlib.
    """
    import matplotlib
    from matplotlib.figure import Figure

    plain: Any = {"svg.fonttype": "none", "axes.spines.top": False, "axes.spines.right": False, **settings}
    with matplotlib.rc_context(plain):
        yield Figure(figsize=(width, height), layout="constrained")


def save(figure: Any, path: Path, title: str) -> None:
    """Write a figure.

    Args:
        title: what the picture shows, in words; screen readers read it in SVG.

    Raises:
        PictureError: as for :func:`kind`.
    """
    if kind(path) == "svg":
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={**UNSAID, "Title": title})
        save_text(path, _settled(file.getvalue()))
        return
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI, metadata={"Title": title, "Software": None})
    save_bytes(path, png.getvalue())


def _settled(svg: str) -> str:
    """Round coordinates to a thousandth of a point and number the ids.

    The last digits from the constraint solver vary between runs.
    """
    numbers = {name: f"id{i}" for i, name in enumerate(dict.fromkeys(NAMED.findall(svg)))}

    def tag(found: re.Match[str]) -> str:
        rounded = DIGITS.sub(lambda n: f"{float(n[0]):.3f}", found[0])
        return re.sub(r"[A-Za-z]+[0-9a-f]{10}\b", lambda name: numbers.get(name[0], name[0]), rounded)

    return re.sub(r"<[^>]*>", tag, svg)
