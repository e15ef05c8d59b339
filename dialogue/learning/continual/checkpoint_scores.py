"""A checkpoint of a run scored on all columns: bits per byte with intervals, how far it has moved, and what it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogue.learning.continual.evaluation import divergence, evaluate, examples_of
from dialogue.learning.continual.learner import WEIGHTS, Learner
from dialogue.learning.continual.loop import MATRIX
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream, load
from dialogue.learning.continual.publish import stream_of
from dialogue.learning.continual.writing import Written, write
from dialogue.scoring.difference import Difference, difference
from dialogue.scoring.rate import Rate


@dataclass(frozen=True)
class Column:
    """A test set.

    Attributes:
        trained: number of the task, from 1; 0 for the probe.
        rates: recording -> bits over bytes; ``initial``: the same of the initial model, where it is at hand for this very text.
        kl: KL(initial || now), bits a byte, where it can be told.
        cut: examples that did not fit the context.
    """

    name: str
    kinds: tuple[str, ...]
    trained: int
    rates: Mapping[str, Rate]
    initial: Mapping[str, Rate] | None
    kl: float | None
    examples: int
    cut: int
    written: tuple[Written, ...]

    @property
    def change(self) -> Difference | None:
        """Bits per byte now minus then, over the same recordings; on the probe it is the drift."""
        return difference([*self.initial.values()], [*self.rates.values()]) if self.initial else None


@dataclass(frozen=True)
class CheckpointScores:
    """Of the model after task ``task``; 0 is the initial one."""

    stream: Stream
    task: int
    columns: tuple[Column, ...]


def score(
    target: Path,
    to: int | None = None,
    *,
    documents: int | None = None,
    overrides: Sequence[str] = (),
    report: Any = print,
) -> CheckpointScores:
    """Score a checkpoint.

    Args:
        target: folder of a run, or the YAML of one: then its initial model.
        to: tasks done; by default all that are.
        documents: recordings of each test set; 0 is all, by default as many as the run itself scores.
        overrides: of the YAML.

    Raises:
        ContinualError: no run, fewer tasks done, weights missing.
    """
    stream = stream_of(target) if target.is_dir() else load(target, overrides)
    done, initial = 0, None
    if (target / MATRIX).exists():
        matrix = Matrix.load(target / MATRIX)
        done, initial = len(matrix.rows) - 1, matrix.rows[0]
    task = done if to is None else to
    if not 0 <= task <= done:
        raise ContinualError(f"{target}: {done} tasks are done. Accepted: --to 0 to {done}.")
    if documents is not None:
        stream = replace(stream, training=replace(stream.training, documents=documents))
    learner = Learner(stream)
    if task:
        learner.restore(target / f"task_{task}" / WEIGHTS)
    columns = []
    for name, examples in examples_of(stream).items():
        tokens = [learner.encoder(e) for e in examples]
        cells = evaluate(learner, {name: tokens})[name]
        asked = sum(len(e.messages) > 1 for e in examples)
        report(f"{name}: recordings {len(cells)}" + f", prompts {asked}" * bool(asked))
        columns.append(
            Column(
                name,
                tuple(dict.fromkeys(e.kind for e in examples)),
                [t.name for t in stream.tasks].index(name) + 1 if name != "probe" else 0,
                _rates(cells),
                _then(initial[name], cells) if initial and task else None,
                divergence(learner, tokens) if task else None,
                len(examples),
                sum(t.cut for t in tokens),
                tuple(write(learner, examples, tokens)),
            )
        )
    return CheckpointScores(stream, task, tuple(columns))


def _rates(cells: Mapping[str, Sequence[float]]) -> dict[str, Rate]:
    return {recording: Rate(bits, size) for recording, (bits, size) in sorted(cells.items())}


def _then(before: Mapping[str, Sequence[float]], now: Mapping[str, Sequence[float]]) -> dict[str, Rate] | None:
    """The initial model's rates on the same text; none where the run scored other text."""
    if any(recording not in before or before[recording][1] != now[recording][1] for recording in now):
        return None
    return _rates({recording: before[recording] for recording in now})
