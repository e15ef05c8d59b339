"""Draw each R as a heat map, all with the same colour scale."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

from dialogue.learning.continual.averages import MethodSummary, summarise
from dialogue.learning.continual.runs import ComparedRun

MAPS = 12  # number of runs above which there is one map per method
ACROSS = 4  # maps per row
SHORT = 9  # maximum characters of a task's name at a tick


def maps_of(runs: Sequence[ComparedRun]) -> list[tuple[str, ComparedRun, list[list[float]]]]:
    """Return (title, run with the names of rows and columns, values) per run, or per method if there are many runs.

    Those of the methods are of one order, where they can be.
    """
    summaries = summarise(runs)
    if len(runs) <= MAPS or not summaries:
        done = {r.name: f" ({len(r.matrix.rows) - 1} of {len(r.order)} tasks)" * (not r.finished) for r in runs}
        return [(r.name + done[r.name], r, r.matrix.values()) for r in runs[:MAPS]]
    found = []
    order = usual_order(summaries)
    for summary in summaries[:MAPS]:  # further methods are in the other plots and in the table
        same = _of_one_order(summary, order)
        found.append(
            (
                f"{summary.method}, mean of {len(same)} run{'s' * (len(same) > 1)}",
                same[0],
                _mean([r.matrix.values() for r in same]),
            )
        )
    return found


def usual_order(summaries: Sequence[MethodSummary]) -> tuple[str, ...]:
    """Return the order of most runs: rows of R have the same meaning only within one order."""
    [(order, _)] = Counter(r.order for s in summaries for r in s.runs).most_common(1)
    return order


def _of_one_order(summary: MethodSummary, order: tuple[str, ...]) -> list[ComparedRun]:
    """Return the runs in that order, or in the usual one of a method that has none."""
    own = order if any(r.order == order for r in summary.runs) else usual_order([summary])
    return [r for r in summary.runs if r.order == own]


def _mean(values: Sequence[Sequence[Sequence[float]]]) -> list[list[float]]:
    import numpy as np

    return np.mean(np.array(values), axis=0).tolist()


def draw_maps(figure: Any, maps: Sequence[tuple[str, ComparedRun, list[list[float]]]], rows: int, columns: int) -> None:
    figure.suptitle(
        "bits per byte on each column, after each task (lighter is better; framed: just learned)", fontsize=9
    )
    everything = [v for _, _, values in maps for row in values for v in row]
    low, high = min(everything), max(everything)
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, (title, run, values) in zip(cells, maps, strict=False):
        _heat(axes, run, values, low, high)
        axes.set_title("\n".join(textwrap.wrap(title, 10 + 6 * len(run.matrix.names))))
    for axes in cells[len(maps) :]:
        axes.set_axis_off()


def _heat(axes: Any, run: ComparedRun, values: list[list[float]], low: float, high: float) -> None:
    from matplotlib.patches import Rectangle

    names = run.matrix.names
    axes.imshow(values, cmap="cividis_r", aspect="auto", vmin=low, vmax=high if high > low else low + 1)
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            colour = "white" if value > (low + high) / 2 else "black"
            axes.text(j, i, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=8)
            if i and names[j] == run.order[i - 1]:
                axes.add_patch(
                    Rectangle((j - 0.47, i - 0.45), 0.94, 0.9, fill=False, edgecolor="#d55e00", linewidth=1.5)
                )
    axes.set_xticks(range(len(names)), [short(n) for n in names], rotation=30, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(values)), ["start", *(short(t) for t in run.order)][: len(values)])
    axes.tick_params(length=0)


def short(name: str) -> str:
    """Shorten a task's name to fit a tick."""
    return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"
