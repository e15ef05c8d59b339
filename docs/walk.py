"""Draw ``docs/walk.svg``: the wings of the library in order, their imports, and the path of a recording through them.

    python -m docs.walk

Everything except the short descriptions is read from the source, with the functions of ``tests/test_layers.py`` that
check the order.
"""

from __future__ import annotations

import pathlib
from collections import Counter

from dialogue.core import plots
from tests.test_layers import ENTRIES, ROOT, SOURCES, WINGS, ours, wing

PICTURE = ROOT / "docs/walk.svg"
WHAT = {
    "core": "transcript, sound, files, models, options",
    "french": "words, sentences, dates, numbers, names",
    "formats": "a transcript format a file",
    "corpus": "cards, preparation, splits, validation",
    "speech": "recognition, diarization, attribution",
    "llm": "language models, one engine a file",
    "minutes": "rules, models, checks, documents",
    "scoring": "metrics, without files",
    "corrections": "a log of what people change",
    "learning": "tasks, continual finetuning, quantisation",
    "answers": "questions and next turns",
    "plan": "the data management plan",
    "pages": "the page of a meeting",
    "workflow": "stages and their runner",
    "library": "many meetings",
    "privacy": "pseudonymisation, erasure",
    "experiments": "scores and reports of runs",
    "server": "HTTP for our own pages",
    "gateway": "HTTP for clients of others",
    "demo": "the application for people",
    "cli": "one verb a file",
}
STOPS = {  # what becomes of a recording, in the order of the wings
    "core": "audio",
    "speech": "who said what, when:\nthe transcript",
    "minutes": "minutes with evidence,\ndocuments",
    "scoring": "scores",
    "pages": "a page that plays the sound",
    "experiments": "RESULTS.md, plots",
}
FEWEST = 3  # imports below which no arrow is drawn
WIDTHS = ((3, 0.8), (8, 1.6), (20, 2.8))  # (number of imports, width of the arrow in points)
PATH, INK, ARROW, PAPER = "#c2410c", "#1f2937", "#64748b", "#f8fafc"


def wings() -> list[str]:
    """Wings that have code, in order."""
    found = {wing(p) for p in SOURCES if p not in ENTRIES}
    return [name for name in WINGS if name in found]


def imports() -> Counter[tuple[str, str]]:
    """(importing wing, imported wing) -> number of pairs of files."""
    pairs = ((wing(p), wing(q)) for p in SOURCES if p not in ENTRIES for q in ours(p) - ENTRIES)
    return Counter((a, b) for a, b in pairs if a != b)


def draw(path: pathlib.Path = PICTURE) -> None:
    """Write the picture."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path

    found, arrows = wings(), imports()
    with matplotlib.rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}):
        figure = Figure(figsize=(8.6, 0.48 * len(found) + 0.7))
        axes = figure.add_axes((0, 0, 1, 1), xlim=(-2.7, 5.9), ylim=(len(found) + 0.1, -0.95))
        axes.axis("off")
        row = dict(zip(found, range(len(found)), strict=True))
        ends = row["core"], row["experiments"]
        axes.plot([-0.35, -0.35], ends, color=PATH, linewidth=4, solid_capstyle="round")
        axes.text(-0.35, -0.6, "a recording", color=PATH, ha="center", weight="bold")
        for name, y in row.items():
            edge = PATH if name in STOPS else ARROW
            box = FancyBboxPatch(
                (0, y - 0.36), 4, 0.72, "round,pad=0,rounding_size=0.1", facecolor=PAPER, edgecolor=edge
            )
            axes.add_patch(box)
            axes.text(0.12, y + 0.02, name, color=INK, va="bottom", weight="bold")
            axes.text(0.12, y + 0.07, WHAT[name], color=INK, va="top", size=8)
            if name in STOPS:
                axes.plot([-0.35, 0], [y, y], color=PATH, linewidth=2, solid_capstyle="butt")
                axes.plot(-0.35, y, "o", color="white", markeredgecolor=PATH, markeredgewidth=2.5, markersize=9)
                axes.text(-0.6, y, STOPS[name], color=PATH, ha="right", va="center")
        for (above, below), count in sorted(arrows.items()):
            if count >= FEWEST and below != "core" and above != "cli":
                width = max(w for least, w in WIDTHS if count >= least)
                far = 4.25 + 0.19 * (row[above] - row[below])
                start, end = row[above] - 0.14, row[below] + 0.14
                curve = Path([(4.02, start), (far, start), (far, end), (4.02, end)], [Path.MOVETO] + [Path.CURVE4] * 3)
                arc = FancyArrowPatch(
                    path=curve, arrowstyle="-|>,head_length=3.5,head_width=2", linewidth=width, color=ARROW
                )
                axes.add_patch(arc)
        note = "Arrows: a wing imports another, three times or more.\nNot drawn: imports of core, and those by cli."
        axes.text(5.85, -0.62, note, color=ARROW, ha="right", va="center", size=8)
        plots.save(figure, path, "The wings of the library, what they import, and the path of a recording through them")


if __name__ == "__main__":
    draw()
