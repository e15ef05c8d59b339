"""Scores of a checkpoint as plain values, as a table, and as a file that also holds the written texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dialogue.core import tables
from dialogue.core.files import save_json, save_text, to_json
from dialogue.learning.continual.checkpoint_scores import CheckpointScores, Column
from dialogue.learning.continual.writing import Written
from dialogue.scoring import difference
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import METRICS

FIELDS = {"exact": "exact match", "fields": "F1 of fields"}
SCHEMA = "dialogue/continual/evaluation/1"
FILE = "evaluation.json"
NOTE = (
    "outputs hold what the model wrote and what people wrote of the dialogues of the test sets: keep and share this "
    "file as these corpora allow. What a model writes may be wrong, and may repeat what it was trained on."
)
ROWS = {"model": "model", "lead": "first words", "human": "people, each other"}


def figures(evaluation: CheckpointScores) -> dict[str, Any]:
    """Return plain values, without any text of the dialogues."""
    stream = evaluation.stream
    order = [t.name for t in stream.tasks]
    return {
        "schema": SCHEMA,
        "model": stream.model,
        "method": stream.method,
        "seed": stream.training.seed,
        "order": order,
        "task": evaluation.task,
        "after": order[evaluation.task - 1] if evaluation.task else None,
        "columns": [_column(c) for c in evaluation.columns],
        "abilities": {name: _points(cells) for name, cells in evaluation.points.items()},
    }


def _points(cells: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {"points": sum(points for points, _ in cells.values()), "of": sum(of for _, of in cells.values())}


def _column(column: Column) -> dict[str, Any]:
    change = column.change
    return {
        "name": column.name,
        "kinds": column.kinds,
        "documents": len(column.rates),
        "examples": column.examples,
        "cut": column.cut,
        "bits_per_byte": _interval([*column.rates.values()]),
        "change": change and {"value": change.value, "interval": change.interval},
        "kl": column.kl,
        "written": {name: _row(column.written, name) for name in ROWS if any(name in w.rows for w in column.written)},
    }


def _interval(rates: Sequence[Rate]) -> dict[str, Any]:
    """Return a summed rate with its 95 % interval over recordings, expanded for few recordings."""
    return {"value": sum(rates, Rate(0, 0)).value, "interval": difference.interval(rates)}


def _row(written: Sequence[Written], name: str) -> dict[str, Any]:
    """Return means over the written texts, with intervals over recordings; support is summed."""
    having = [w for w in written if name in w.rows]
    rows = [w.rows[name] for w in having]
    value: dict[str, Any] = {"examples": len(rows), "words": sum(r.words for r in rows) / len(rows)}
    for metric in (*METRICS, *FIELDS):
        lacking: dict[str, Rate] = {}
        for w in having:
            scored = {**w.rows[name].rouge, **w.rows[name].fields}
            if metric in scored:
                rate = Rate(1 - scored[metric], 1)
                lacking[w.recording] = lacking.get(w.recording, Rate(0, 0)) + rate
        if lacking:
            found = _interval([*lacking.values()])
            bounds = found["interval"] and (1 - found["interval"][1], 1 - found["interval"][0])
            value[metric] = {"value": 1 - found["value"], "interval": bounds}
    for what in ("names", "numbers"):
        if known := [r.support[what] for r in rows if what in r.support]:
            value[what] = sum(known, Rate(0, 0)).to_dict()
    return value


def save(evaluation: CheckpointScores, exp: Path) -> Path:
    """Write ``exp/task_N/evaluation.json``: the figures, and the text written for each example, for people to read.

    Summaries of whole dialogues also go to ``written/<column>/<recording>.txt`` next to it, the form in which
    ``dialogue score minutes`` reads a system's texts.
    """
    path = exp / f"task_{evaluation.task}" / FILE
    for column in evaluation.columns:
        for w in column.written if column.kinds == ("summary",) else ():
            save_text(path.parent / "written" / column.name / f"{w.recording}.txt", w.text + "\n")
    outputs = {
        c.name: {
            w.id: {
                "written": w.text,
                "references": w.references,
                "cut": w.cut,
                "rows": {name: asdict(row) for name, row in w.rows.items()},
            }
            for w in c.written
        }
        for c in evaluation.columns
        if c.written
    }
    value = {**figures(evaluation), "note": NOTE, "outputs": outputs}
    save_json(path, value)
    return path


def as_json(evaluation: CheckpointScores) -> str:
    """Return :func:`figures` as JSON."""
    return to_json(figures(evaluation))


def table(evaluation: CheckpointScores) -> str:
    """Return the tables in Markdown."""
    found = figures(evaluation)
    after = f"after task {found['task']}, {found['after']}" if found["task"] else "before any task"
    lines = [f"{found['model']}, {found['method']}, seed {found['seed']}: {after}\n"]
    rows = []
    for column, value in zip(evaluation.columns, found["columns"], strict=True):
        trained = "never" if not column.trained else "yes" if column.trained <= found["task"] else "not yet"
        cells = [tables.measured(value["bits_per_byte"]), tables.measured(value["change"], "+.3f")]
        rows.append([value["name"], trained, str(value["documents"]), *cells, tables.measured({"value": value["kl"]})])
    heads = ("on", "trained", "recordings", "bits per byte", "change", "KL")
    lines.append(tables.markdown(heads, rows, text=(0, 1)).rstrip())
    lines.append(
        "\nBits per byte, lower is better, with 95 % intervals over recordings. Change: from the initial model; on the "
        "probe, the drift. KL(initial || now), bits a byte."
    )
    lines += [
        f"{c.name}: {c.cut} of {c.examples} examples did not fit the context and were cut at a turn."
        for c in evaluation.columns
        if c.cut
    ]
    if any(value["written"] for value in found["columns"]):
        lines += _written(found["columns"])
    for name, cell in found["abilities"].items():
        lines.append(f"\n{name}: {cell['points']:g} of {cell['of']:g} points")
    return "\n".join(lines) + "\n"


def _written(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    metrics = {
        **METRICS,
        **{k: v for k, v in FIELDS.items() if any(k in c["written"].get("model", ()) for c in columns)},
    }
    heads = ["on", "who", "texts", "words", *metrics.values(), "names supported", "numbers supported"]
    rows = []
    for column in columns:
        for name, row in column["written"].items():
            cells = [column["name"], ROWS[name], str(row["examples"]), f"{row['words']:.0f}"]
            cells += [tables.measured(row.get(metric), ".1f", 100) for metric in metrics]
            cells += [_supported(row.get(what)) for what in ("names", "numbers")]
            rows.append(cells)
    lines = ["\n" + tables.markdown(heads, rows, text=(0, 1)).rstrip()]
    lines.append(
        "\nROUGE of French stems, in per cent, higher is better: compare it with the first words of the dialogue "
        "(free) and with people. Supported: stands in the dialogue; says nothing of what is said about it."
        + " Exact match and F1 of fields: of records, in per cent."
        * (metrics != METRICS)
    )
    return lines


def _supported(rate: Mapping[str, Any] | None) -> str:
    if not rate or not rate["length"]:
        return "-"
    return f"{100 * (1 - rate['value']):.0f} % of {rate['length']:.0f}"
