"""matplotlib plots as inline SVG: text stays text, the ink has the page's colour, and there is no style of its own.

The page's policy allows only one style sheet, so matplotlib's ``style`` attributes are converted to plain attributes.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from dialogue.experiments.report.captions import Language

Shown = TypeVar("Shown")
WIDTH = 4.2  # inches: nine-point text stays readable on a telephone
INK = "#101112"  # placeholder for the colour of the page's text, light or dark
# Okabe and Ito's colours: distinguishable by everybody, clear on white and on black
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"
MOST = 30  # maximum rows in a drawing; the table has all of them
LONGEST = 26  # maximum characters of a label


def draw(paint: Callable[[Any], None], title: str, say: Language, height: float = 2.6) -> str:
    """Let ``paint`` draw on axes of ``WIDTH`` by ``height`` inches; returns the ``<svg>`` element."""
    import matplotlib
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": title,  # ids differ between the drawings of a page, but are reproducible
        "font.size": 9.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "legend.frameon": False,
        "legend.columnspacing": 1.2,
        "legend.handlelength": 1.2,
        "legend.fontsize": 9,
        **dict.fromkeys(
            ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color", "grid.color"),
            INK,
        ),
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", "−").replace(".", say("decimal")))
        paint(axes)
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    return _inline(file.getvalue(), title)


def shorten(label: str) -> str:
    """Shorten a label to leave room for the drawing; the table below it has the full label."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST // 2]}…{label[-LONGEST // 2 + 1 :]}"


def draw_rows(
    shown: Mapping[str, Shown], paint: Callable[[Any, list[Shown]], None], title: str, say: Language, above: float = 0
) -> str:
    """Let ``paint`` draw the first ``MOST`` values on axes with a row for each, and ``above`` inches for a legend."""
    drawn = dict(list(shown.items())[:MOST])

    def whole(axes: Any) -> None:
        lie(axes, list(drawn))
        paint(axes, list(drawn.values()))

    return draw(whole, title, say, 0.8 + 0.26 * len(drawn) + above)


def lie(axes: Any, labels: Sequence[str]) -> None:
    """Set up axes with labelled rows from top to bottom."""
    axes.set_yticks(range(len(labels)), [shorten(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", alpha=0.2)


def _inline(svg: str, title: str) -> str:
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor").replace("xlink:href", "href")
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.S)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # nothing refers to these ids, and other drawings have the same ones
    svg = re.sub(r'style="([^"]*)"', lambda found: _attributes(found[1]), svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box is not None
    head = f'<svg {box[0]} role="img" aria-label="{html.escape(title)}">'
    return re.sub(r"\s*\n\s*", " ", re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)).strip()


def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return " ".join(f'{name.strip()}="{value.strip()}"' for name, value in pairs if name.strip() != "font-family")
