"""Plot runs (SVG or PNG): each R, forgetting against plasticity with the Pareto front, and every column over time.

Colours are those of Okabe and Ito (2008), which colour-blind people can distinguish; each method also has its own
marker.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dialogue.core import plots
from dialogue.learning.continual.averages import MethodSummary, summarise
from dialogue.learning.continual.heatmaps import ACROSS, draw_maps, maps_of, short, usual_order
from dialogue.learning.continual.runs import ComparedRun

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = "osD^vPX*<>hp"

Style = dict[str, Any]


def draw(runs: Sequence[ComparedRun], path: Path) -> None:
    """Write the picture.

    Raises:
        PictureError: the path ends in neither ``.svg`` nor ``.png``.
    """
    plots.kind(path)  # raises before anything is drawn
    summaries = summarise(runs)
    maps = maps_of(runs)
    columns, rows = max(3, min(ACROSS, len(maps))), -(-len(maps) // ACROSS)
    names = runs[0].matrix.names
    across = 2 if len(names) in (2, 4) else min(3, len(names))
    down = -(-len(names) // across)
    labels = [s.method for s in summaries]
    wide = max(9.0, columns * (0.9 + 0.5 * len(names)))
    across_legend = max(1, int(wide * 12 / (max(map(len, labels), default=0) + 6)))
    heights = [
        0.5 + rows * (1.0 + 0.28 * (len(names) + 1)),
        max(3.4, 0.5 + 1.9 * down),
        0.25 + 0.22 * -(-len(labels) // across_legend),
    ]
    if not summaries:  # no run is finished, so there are no means
        del heights[1:]
    with plots.figure(wide, sum(heights), **{"font.size": 9, "axes.titlesize": 9}) as figure:
        parts: Any = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)
        above, *rest = parts.ravel()
        draw_maps(above, maps, rows, columns)
        if rest:
            middle, below = rest
            left, right = middle.subfigures(1, 2, width_ratios=[1, 1.5])
            styles = {label: _style(number) for number, label in enumerate(labels)}
            _front(left.subplots(), summaries, styles)
            _curves(right, right.subplots(down, across, squeeze=False, sharex=True).ravel(), summaries, styles)
            _legend(below, styles, across_legend)
        plots.save(figure, path, f"Forgetting and plasticity: {', '.join(labels) or 'no run is finished'}")


def _front(axes: Any, summaries: Sequence[MethodSummary], styles: dict[str, Style]) -> None:
    axes.set_xlabel("plasticity: bits per byte when learned\n(left is better)")
    axes.set_ylabel("forgetting, bits per byte (down is better)")
    means = [(s, s.figures["plasticity"], s.figures["forgetting"]) for s in summaries]
    known = [(s, x[0], x[1], y[0], y[1]) for s, x, y in means if x[0] is not None and y[0] is not None]
    if not known:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, "one task: nothing to forget", ha="center", transform=axes.transAxes)
        return
    places = sorted((x, y) for _, x, _, y, _ in known)
    best = [p for p in places if not any(q[0] <= p[0] and q[1] <= p[1] and q != p for q in places)]
    axes.step(*zip(*best, strict=True), where="post", color="grey", linewidth=1, linestyle="--", zorder=1)
    numbers = _numbers(styles)
    for s, x, across, y, along in known:
        style = {**styles[s.method], "linestyle": ""}
        if len(s.runs) > 1:
            each = [(f["plasticity"], f["forgetting"]) for f in (r.matrix.metrics() for r in s.runs)]
            axes.plot(*zip(*each, strict=True), **style, markersize=3, alpha=0.4, zorder=2)
        bars: Style = {"xerr": across, "yerr": along, "capsize": 2, "elinewidth": 1}
        axes.errorbar([x], [y], **style, **bars, markersize=8, zorder=3)
        if s.method in numbers:
            axes.annotate(numbers[s.method], (x, y), xytext=(5, 3), textcoords="offset points", fontsize=8, zorder=4)
    axes.margins(0.15)
    several = any(len(s.runs) > 1 for s in summaries)
    axes.set_title(
        "large: mean of a method's runs, bars: standard deviation\n" * several
        + ("dashed: no method is better in both" if len(known) > 1 else "")
    )


def _curves(figure: Any, cells: Any, summaries: Sequence[MethodSummary], styles: dict[str, Style]) -> None:
    for axes in cells:
        axes.set_axis_off()
    order = usual_order(summaries)
    figure.suptitle(f"bits per byte on each, after each task (down is better)\norder: {', '.join(order)}", fontsize=9)
    names = summaries[0].runs[0].matrix.names
    shown = [(s.method, [r for r in s.runs if r.order == order]) for s in summaries]
    for number, (axes, name) in enumerate(zip(cells, names, strict=False)):
        axes.set_axis_on()
        for label, same in shown:
            if same:
                lines = [[r.matrix.cell(i, name) for i in range(len(order) + 1)] for r in same]
                values = [sum(each) / len(each) for each in zip(*lines, strict=True)]
                axes.plot(range(len(values)), values, **styles[label], markersize=4, linewidth=1.2)
        if name in order:
            axes.axvline(order.index(name) + 1, color="grey", linewidth=0.8, linestyle=":", zorder=0)
        axes.set_title(name)
        axes.set_xticks(range(len(order) + 1), ["start", *(short(t) for t in order)], rotation=30, ha="right")
        # with shared axes, only the lowest plot of a column has labels
        axes.tick_params(labelbottom=number + cells[0].get_gridspec().ncols >= len(names))


def _legend(figure: Any, styles: dict[str, Style], columns: int) -> None:
    from matplotlib.lines import Line2D

    numbers = _numbers(styles)
    handles = [
        Line2D([], [], label=f"{numbers.get(label, '')} {label}".strip(), markersize=6, **style)
        for label, style in styles.items()
    ]
    figure.legend(handles=handles, loc="center", ncols=columns, frameon=False)


def _numbers(styles: dict[str, Style]) -> dict[str, str]:
    """Return the number of each method, beside its point and in the legend; none if the colours suffice."""
    return {label: str(n) for n, label in enumerate(styles, 1)} if len(styles) > len(COLOURS) else {}


def _style(number: int) -> Style:
    dashes = ("-", "--", ":")[number // len(COLOURS) % 3]
    return {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)], "linestyle": dashes}
