"""Runs side by side: a table, JSON, and plots. Forgetting never stands without plasticity."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.continual.loop import MATRIX
from dialogue.continual.matrix import Matrix, bits_per_byte, metrics
from dialogue.continual.stream import ContinualError
from dialogue.formats import save_text

SAMPLES = 2000  # of the bootstrap over documents
COLUMNS = ("average", "forgetting", "plasticity", "backward_transfer", "forward_transfer", "drift")


@dataclass(frozen=True)
class Run:
    """A run and the intervals of its figures.

    Attributes:
        intervals: figure -> 95 % interval over documents (recordings), the same draws for all runs of the same test data.
    """

    exp: Path
    matrix: Matrix
    intervals: dict[str, tuple[float, float]]

    @property
    def name(self) -> str:
        return self.exp.name


def read(exps: Sequence[Path]) -> list[Run]:
    """Runs of folders; of a folder that holds none, those of its sub-folders.

    Raises:
        ContinualError: no run there; runs of other tasks.
    """
    found = []
    for exp in exps:
        inside = [exp] if (exp / MATRIX).exists() else sorted(p.parent for p in exp.glob(f"*/{MATRIX}"))
        if not inside:
            raise ContinualError(f"{exp}: no run. Make one: dialogue continual train CONFIG --exp {exp}.")
        found += [(path, Matrix.load(path / MATRIX)) for path in inside]
    tests = [{name: sorted(cell) for name, cell in m.rows[0].items()} for _, m in found]
    for (path, _), other in zip(found, tests, strict=True):
        if other != tests[0]:
            raise ContinualError(
                f"{path}: other test data than {found[0][0]}. Accepted: runs of the same tasks, in any order."
            )
    return [Run(path, matrix, _intervals(matrix)) for path, matrix in found]


def _intervals(matrix: Matrix) -> dict[str, tuple[float, float]]:
    """Bootstrap over documents: in each draw, each test set is drawn anew from its recordings; none of single documents."""
    import numpy as np

    if min(len(cell) for cell in matrix.rows[0].values()) < 2:
        return {}
    draw = np.random.default_rng(0)
    picks = {
        name: draw.integers(0, len(cell), (SAMPLES, len(cell)))
        for name, cell in sorted(matrix.rows[0].items())
    }
    cells = np.empty((SAMPLES, len(matrix.rows), len(matrix.names)))
    for i, row in enumerate(matrix.rows):
        for j, name in enumerate(matrix.names):
            values = np.array(
                [row[name][document] for document in sorted(row[name])]
            )  # (document, bits and bytes)
            drawn = values[picks[name]].sum(axis=1)
            cells[:, i, j] = drawn[:, 0] / np.maximum(1.0, drawn[:, 1])
    drawn_metrics = [metrics(sample.tolist(), matrix.names) for sample in cells]
    found = {}
    for name in COLUMNS:
        figures = [m[name] for m in drawn_metrics]
        if figures[0] is not None:
            low, high = np.percentile(np.array(figures, dtype=float), [2.5, 97.5])
            found[name] = (float(low), float(high))
    return found


def to_json(runs: Sequence[Run]) -> str:
    """A list of runs: method, seed, order, R, figures with intervals, tokens, seconds, memory."""
    return json.dumps([_value(r) for r in runs], ensure_ascii=False, indent=1) + "\n"


def _value(run: Run) -> dict[str, Any]:
    known = run.matrix.run
    return {
        "name": run.name,
        **{k: known.get(k) for k in ("method", "seed", "order", "model", "adaptation", "schedule")},
        "columns": run.matrix.names,
        "R": run.matrix.values(),
        **run.matrix.metrics(),
        "kl": run.matrix.kl,
        "intervals": {k: list(v) for k, v in run.intervals.items()},
        **{k: known.get(k) for k in ("tokens", "seconds", "memory_mib")},
    }


def table(runs: Sequence[Run]) -> str:
    """For people: Markdown, bits per byte, lower is better but for transfers; then each R."""
    heads = ["run", "method", "seed", *(c.replace("_", " ") for c in COLUMNS), "tokens", "seconds", "MiB"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(['---'] * 2 + ['---:'] * (len(heads) - 2))} |"]
    for run in runs:
        known, figures = run.matrix.run, run.matrix.metrics()
        cells = [run.name, str(known.get("method", "?")), str(known.get("seed", "?"))]
        cells += [_figure(figures[c], run.intervals.get(c)) for c in COLUMNS]
        cells += [str(known.get(k, "?")) for k in ("tokens", "seconds", "memory_mib")]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append(
        "\nBits per byte; 95 % intervals: bootstrap over documents. Plasticity: what each task was learned to.\n"
    )
    for run in runs:
        lines += _matrix(run)
    return "\n".join(lines) + "\n"


def _figure(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def _matrix(run: Run) -> list[str]:
    names = run.matrix.names
    lines = [f"{run.name}: bits per byte on each, after each task\n", f"| after | {' | '.join(names)} |"]
    lines.append(f"| --- |{' ---: |' * len(names)}")
    for after, row in zip(["nothing", *run.matrix.tasks], run.matrix.rows, strict=False):
        lines.append(f"| {after} | {' | '.join(f'{bits_per_byte(row[n]):.3f}' for n in names)} |")
    return [*lines, ""]


def draw(runs: Sequence[Run], path: Path) -> None:
    """SVG: R of each run as a heat-map, forgetting against plasticity with the Pareto front, and each task over time."""
    import matplotlib
    from matplotlib.figure import Figure

    columns = max(2, min(4, len(runs)))
    rows = -(-len(runs) // columns)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "compare", "font.size": 9}):
        figure = Figure(figsize=(3.2 * columns, 2.6 * rows + 3.4), layout="constrained")
        parts: Any = figure.subfigures(2, 1, height_ratios=[2.6 * rows, 3.4])
        maps, below = parts
        cells = maps.subplots(rows, columns, squeeze=False).ravel()
        for axes, run in zip(cells, runs, strict=False):
            _heat(axes, run)
        for axes in cells[len(runs) :]:
            axes.set_axis_off()
        front, curves = below.subplots(1, 2)
        _front(front, runs)
        _curves(curves, runs)
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", metadata={**nothing, "Title": table(runs)})
    save_text(path, file.getvalue())


def _heat(axes: Any, run: Run) -> None:
    values = run.matrix.values()
    axes.imshow(values, cmap="cividis_r", aspect="auto")
    middle = (max(map(max, values)) + min(map(min, values))) / 2
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            colour = "white" if value > middle else "black"
            axes.text(j, i, f"{value:.2f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(run.matrix.names)), [n[:10] for n in run.matrix.names], rotation=30, ha="right")
    axes.set_yticks(range(len(values)), ["nothing", *(t[:10] for t in run.matrix.tasks)][: len(values)])
    axes.set_title(run.name)


def _front(axes: Any, runs: Sequence[Run]) -> None:
    points = []
    for run in runs:
        figures = run.matrix.metrics()
        if figures["forgetting"] is not None and figures["plasticity"] is not None:
            points.append((figures["plasticity"], figures["forgetting"], run.name))
    best = [p for p in points if not any(q[0] <= p[0] and q[1] <= p[1] and q[:2] != p[:2] for q in points)]
    axes.plot(
        *zip(*[p[:2] for p in sorted(best)], strict=True), color="#0072b2", alpha=0.5, zorder=1
    ) if best else None
    for x, y, name in points:
        axes.scatter([x], [y], color="#d55e00" if (x, y, name) not in best else "#0072b2", zorder=2)
        axes.annotate(name, (x, y), textcoords="offset points", xytext=(4, 4))
    axes.margins(0.2)
    axes.set_xlabel("plasticity: bits per byte when learned (left is better)")
    axes.set_ylabel("forgetting (down is better)")
    axes.set_title("line: nobody is better in both")


def _curves(axes: Any, runs: Sequence[Run]) -> None:
    first = runs[0].matrix.tasks[:1]
    for run in runs:
        for name in first:
            values = [bits_per_byte(row[name]) for row in run.matrix.rows]
            axes.plot(range(len(values)), values, marker="o", label=run.name)
    axes.set_xticks(
        range(len(runs[0].matrix.rows)), ["nothing", *runs[0].matrix.tasks][: len(runs[0].matrix.rows)]
    )
    axes.set_ylabel(f"bits per byte on {first[0] if first else ''}")
    axes.set_title("the first task, after each")
    axes.legend(frameon=False, fontsize=8)
