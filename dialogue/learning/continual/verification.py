"""Verify a run: its files are as they were written, and its weights give the R that it wrote; then say so in a file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from dialogue.core import config, models, tainted
from dialogue.core.files import read_json, save_json, sealed
from dialogue.core.lock import try_lock
from dialogue.learning.continual import loop, model_card, run_evidence
from dialogue.learning.continual.evaluation import evaluate, machine, tests_of
from dialogue.learning.continual.learner import WEIGHTS, Learner
from dialogue.learning.continual.matrix import Matrix, bits_per_byte
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.continual.publish import stream_of

TOLERANCE = 1e-3  # bits per byte, on another machine than the one that trained, or on a GPU
ELSEWHERE = ("model", "tasks", "probe", "licence", "legal_basis", "method", "guard")  # not among the options

Cell = tuple[int, str]  # row and column of R


def verify(target: Path, sample: int | None = None, report: Any = print) -> list[str]:
    """Verify a run, and write its ``evidence.json``; or a published model.

    Args:
        target: folder of either.
        sample: number of cells of R to compute again, drawn with the digest of ``matrix.json`` as seed; all by
            default.
        report: called with a line of text for each thing that was checked.

    Returns:
        Why it is refused, a line for each reason; nothing if it is accepted.

    Raises:
        ContinualError: the folder holds neither, no task is done, or the run is in use.
        TaintedError: it learned from data that were erased since.
    """
    if not (target / loop.STREAM).exists():
        found = run_evidence.check_published(target)
        report(f"{target}: {len(found.files)} files, {len(found.changed)} changed")
        return found.changed
    if (lock := try_lock(target / ".lock")) is None:
        raise ContinualError(f"{target}: in use by a run. Wait for it.")
    try:
        return _run(target, sample, report)
    finally:
        lock.release()


def _run(exp: Path, sample: int | None, report: Any) -> list[str]:
    for folder in exp.glob("task_*"):
        tainted.refuse(folder)
    stream = stream_of(exp)
    checked = run_evidence.check_run(exp, stream)
    report(f"{exp}: {len(checked.files)} files, {len(checked.changed)} changes, {len(checked.unrecorded)} not recorded")
    why, measured = [*checked.changed, *checked.unrecorded], {}
    if not checked.changed:  # otherwise its figures mean nothing
        matrix = Matrix.load(exp / loop.MATRIX)
        if len(matrix.rows) < 2:
            raise ContinualError(f"{exp}: no task is done yet.")
        cells = [(number, name) for number in range(len(matrix.rows)) for name in matrix.names]
        if sample is not None and sample < len(cells):
            cells = sorted(random.Random(checked.files[loop.MATRIX]).sample(cells, sample))
        again, wrong = _computed_again(exp, stream, matrix, cells, report)
        measured = {"data": _data(exp, stream, matrix), "result": run_evidence.figures(matrix), "computed_again": again}
        why += [*wrong, *_guarded(stream, matrix)]
    save_json(exp / run_evidence.FILE, sealed(_evidence(stream, why, measured, checked)))
    return why


def _computed_again(
    exp: Path, stream: Stream, matrix: Matrix, cells: Sequence[Cell], report: Any
) -> tuple[dict[str, Any], list[str]]:
    """Return how the cells compare with those computed from the weights of each task, and which differ."""
    learner = Learner(stream)
    tests = tests_of(stream, learner)
    same = learner.device == "cpu" and matrix.run.get("machines") == [machine(learner)]
    exact, largest, wrong = 0, 0.0, []
    for number in sorted({number for number, _ in cells}):
        if number:
            learner.restore(exp / f"task_{number}" / WEIGHTS)
        for name in (name for row, name in cells if row == number):
            found, written = evaluate(learner, {name: tests[name]})[name], matrix.rows[number][name]
            difference = abs(bits_per_byte(found) - bits_per_byte(written))
            exact, largest = exact + (found == written), max(largest, difference)
            if {id: size for id, (_, size) in found.items()} != {id: size for id, (_, size) in written.items()}:
                wrong.append(f"R[{number}][{name}]: the test data are not those that were scored.")
            elif difference > TOLERANCE or (same and found != written):
                wrong.append(
                    f"R[{number}][{name}]: {bits_per_byte(found):.6f} bits per byte, but {loop.MATRIX} has "
                    f"{bits_per_byte(written):.6f}."
                )
    tolerance = "none, on the same machine" if same else f"{TOLERANCE:g} bits per byte"
    total = len(matrix.rows) * len(matrix.names)
    report(
        f"R: {len(cells)} of {total} cells computed again, {exact} the same to the last bit, largest difference "
        f"{largest:.2g} bits per byte (tolerance: {tolerance})"
    )
    facts = {"cells": len(cells), "all": total, "exact": exact, "largest_difference": largest}
    return {**facts, "tolerance": 0.0 if same else TOLERANCE, "machine": machine(learner)}, wrong


def _guarded(stream: Stream, matrix: Matrix) -> list[str]:
    """Return why the guard refuses; a guard that blends will see to it when the model is published."""
    limit, forgot = stream.guard.max_forgetting, matrix.metrics()["forgetting"]
    if stream.guard.allows(forgot) or stream.guard.on_fail == "blend":
        return []
    return [
        f"forgetting is {forgot:.3f} bits per byte, more than {limit:g}. Set guard.on_fail=blend, or train with "
        "another method."
    ]


def _data(exp: Path, stream: Stream, matrix: Matrix) -> list[dict[str, Any]]:
    """Return what the card of the last task says of the data, in counts instead of names, and what they were scored on.

    Digests are those of ``stream.json``, which erasing recordings from test data renews.
    """
    said = read_json(exp / loop.STREAM)
    digests = dict(said["tasks"])
    card = read_json(exp / f"task_{len(matrix.rows) - 1}" / model_card.CARD)
    counts = {name: len(cell) for name, cell in matrix.rows[0].items()}
    found = [
        {
            "task": task["task"],
            "sha256": digests[task["task"]],
            **{key: task[key] for key in ("licences", "pseudonymised", "examples")},
            "documents": len(task["recordings"]),
            "test_documents": counts[task["task"]],
        }
        for task in card["data"]
    ]
    return [*found, *({"beside": name, "sha256": digest} for name, digest in said.get("beside", {}).items())]


def _evidence(
    stream: Stream, why: Sequence[str], measured: dict[str, Any], checked: run_evidence.Checked
) -> dict[str, Any]:
    registered = models.registry().get(stream.model)
    options = {key: value for key, value in config.to_dict(stream).items() if key not in ELSEWHERE}
    if stream.replay.public:
        options["replay"] |= {"public": stream.replay.public.name}
    return {
        "schema": run_evidence.SCHEMA,
        "date": f"{date.today()}",
        "verdict": {"accepted": not why, "why": list(why)},
        "model": {
            "name": stream.model if registered else Path(stream.model).name,
            "sha256": models.digest(stream.model),
            "licence": registered.licence if registered else "unknown",
        },
        "licence": stream.licence,
        "method": stream.method,
        "options": options,
        "guard": asdict(stream.guard),
        **measured,
        "files": dict(sorted(checked.files.items())),
        "versions": model_card.versions(),
    }
