"""Run a learning curve: finetune the initial model on nested subsets of a task's dialogues.

Each run is scored on the whole test set of the task.

DIR/experiment.json       what all runs share
DIR/curve.jsonl           one line per finished point, read by `dialogue scaling curve DIR`
DIR/10-seed-0/            the run on 10 dialogues, as written by `dialogue continual train`, with its card
DIR/10-seed-0/data/NAME/  its subset, with the whole test set

Every subset gets the same number of passes, not of updates, so that each dialogue is seen equally often and more data
bring what they would bring in practice. With equally many updates, small subsets would be seen many times and the
whole perhaps not once; the curve would then mix data with repetition (Muennighoff et al. 2023, arXiv 2305.16264). Set
``training.steps`` to do that deliberately.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from dialogue.core import config, models
from dialogue.core.files import digest_of, read_json, save_json, save_text, sha256
from dialogue.learning import tasks
from dialogue.learning.continual import Stream, load, loop
from dialogue.learning.continual.encoding import Encoder
from dialogue.learning.scaling.curve import FILE, CurveRun, nested_subsets, read_runs
from dialogue.learning.scaling.law import ScalingError
from dialogue.learning.tasks import Example
from dialogue.llm import conversion

SAID = "experiment.json"
OWN = (  # these override the file, and the caller overrides these
    "method=naive",  # there is no earlier task to forget
    "probe=null",
    "training.steps=null",
    "training.documents=0",
    "training.examples=0",
)
Report = Callable[[str], None]


def stream_of(path: Path, task: str | None = None, overrides: Iterable[str] = ()) -> Stream:
    """Return a stream of one task from the YAML file of a continual run.

    Args:
        task: name of its folder; the first task by default.
        overrides: ``section.key=value``; they take precedence over ``OWN``.

    Raises:
        ScalingError: there is no such task.
        ConfigError, ContinualError: as :func:`dialogue.learning.continual.load`.
    """
    stream = load(path, [*OWN, *overrides])
    names = [t.name for t in stream.tasks]
    if task is not None and task not in names:
        raise ScalingError(f"{path}: no task {task}. Accepted: {', '.join(names)}.")
    return replace(stream, tasks=(stream.tasks[names.index(task) if task else 0],))


def run(
    stream: Stream, exp: Path, sizes: Sequence[Fraction], seeds: Sequence[int], report: Report = print
) -> Iterator[CurveRun]:
    """Yield the points of a curve, smallest subsets first; points that are already done are not computed again.

    Args:
        stream: a stream of one task, see :func:`stream_of`.
        exp: folder of the curve. Sizes and seeds can be added later, but nothing else can change.
        sizes: shares of the training recordings.
        seeds: seeds of the subsets and of the training.
        report: called with a line of text to report progress.

    Raises:
        ScalingError: a size is less than one recording, two sizes give the same recordings, or the folder belongs to
            another curve; all before any training.
        ContinualError: as :func:`dialogue.learning.continual.loop.train`.
    """
    [task] = stream.tasks
    train, test = tasks.read(task / "train.jsonl"), tasks.read(task / "test.jsonl")
    subsets = {seed: _subsets(train, sorted(sizes), seed) for seed in seeds}
    _refuse_another(exp, _identity(stream, task))
    curve = exp / FILE
    done = {(r.documents, r.seed): r for r in (read_runs([curve]) if curve.exists() else [])}
    for which in range(len(sizes)):
        for seed in seeds:
            subset = subsets[seed][which]
            documents = len({e.recording for e in subset})
            if (documents, seed) not in done:
                folder = exp / f"{documents}-seed-{seed}"
                found, initial = _point(stream, folder, subset, test, seed, report)
                line = json.dumps({**asdict(found), "initial": initial, "run": folder.name})
                before = curve.read_text(encoding="utf-8") if curve.exists() else ""
                save_text(curve, f"{before}{line}\n")  # atomic, unlike appending a line
                done[documents, seed] = found
            yield done[documents, seed]


def fractions(text: str) -> list[Fraction]:
    """Parse ``1/16,0.5,1`` into fractions.

    Raises:
        ScalingError: a part is not a number.
    """
    try:
        return [Fraction(part.strip()) for part in text.split(",")]
    except (ValueError, ZeroDivisionError):
        raise ScalingError(
            f"--sizes: found {text!r}. Accepted: shares of the recordings, e.g. 1/16,1/8,1/4,1/2,1."
        ) from None


def whole_numbers(text: str) -> list[int]:
    """Parse ``0,1`` into whole numbers without repetitions.

    Raises:
        ScalingError: a part is not a whole number.
    """
    try:
        return list(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        raise ScalingError(f"--seeds: found {text!r}. Accepted: whole numbers, e.g. 0,1.") from None


def _point(
    stream: Stream, folder: Path, subset: Sequence[Example], test: Sequence[Example], seed: int, report: Report
) -> tuple[CurveRun, float]:
    """Return one run, and the score of the initial model."""
    [task] = stream.tasks
    data = folder / "data" / task.name
    tasks.write(subset, data / "train.jsonl")
    tasks.write(test, data / "test.jsonl")
    own = replace(stream, tasks=(data,), training=replace(stream.training, seed=seed))
    matrix = loop.train(own, folder, lambda line: report(f"{folder.name}: {line}"))
    documents = len({e.recording for e in subset})
    found = CurveRun(documents, _tokens(own, subset), matrix.cell(-1, task.name), seed)
    return found, matrix.cell(0, task.name)


def _tokens(stream: Stream, examples: Sequence[Example]) -> int:
    """Count the tokens that are trained on; what the context cuts off does not count."""
    _, base = conversion.prepare(stream.model, "transformers", "cpu")
    encoder = Encoder.of(base, stream.training.context)
    return sum(len(encoder(e).ids) for e in examples)


def _subsets(train: Sequence[Example], sizes: Sequence[Fraction], seed: int) -> list[list[Example]]:
    """Return :func:`nested_subsets`, or refuse sizes that give the same recordings; the message suggests others."""
    recordings = len({e.recording for e in train})
    counts = sorted({round(recordings ** (i / 4)) for i in range(5)}) if recordings else []
    example = ",".join("1" if n == recordings else f"{n}/{recordings}" for n in counts)
    try:
        subsets = nested_subsets(train, [float(size) for size in sizes], seed)
    except ScalingError as error:
        raise ScalingError(f"{error} E.g. {example}." if example else str(error)) from error
    for small, large, subset, other in zip(sizes, sizes[1:], subsets, subsets[1:], strict=False):
        if len(subset) == len(other):
            same = len({e.recording for e in subset})
            raise ScalingError(
                f"{small} and {large} of {recordings} recordings are the same {same}. Needed: sizes that differ, e.g. "
                f"{example}."
            )
    return subsets


def _identity(stream: Stream, task: Path) -> dict[str, Any]:
    """Return what all points of a curve share."""
    value = config.to_dict(stream)
    free = (*loop.FREE, "seed")
    value["training"] = {k: v for k, v in value["training"].items() if k not in free}
    files = [sha256(task / f"{name}.jsonl") for name in ("train", "test")]
    return {**value, "tasks": [task.name], "base": models.digest(stream.model), "data": digest_of(files)}


def _refuse_another(exp: Path, said: dict[str, Any]) -> None:
    """Refuse the folder of another curve, with other data or another training: its points are not comparable."""
    path = exp / SAID
    if not path.exists():
        save_json(path, said)
        return
    before = read_json(path)
    for key in said:
        if before.get(key) != said[key]:
            raise ScalingError(
                f"{exp}: {key} was {before.get(key)}, now it is {said[key]}. Name another folder for another curve."
            )
