"""Score a checkpoint of a run on all columns: bits per byte with intervals, distance from the start, written texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogue.learning.continual import abilities
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
    """A test set and the scores on it.

    Attributes:
        trained: number of the task, from 1; 0 for the probe.
        rates: recording -> bits over bytes.
        initial: the same for the initial model, if it was scored on the same text.
        kl: KL(initial || now) in bits per byte, if it can be computed.
        cut: number of examples that did not fit the context.
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
        """Bits per byte minus those of the initial model, on the same recordings; on the probe this is the drift."""
        return difference([*self.initial.values()], [*self.rates.values()]) if self.initial else None


@dataclass(frozen=True)
class CheckpointScores:
    """Scores of the model after task number ``task``; 0 is the initial model.

    Attributes:
        points: what the model can do, if the stream's ``evaluation`` asks for it; not the skill, which is a column.
    """

    stream: Stream
    task: int
    columns: tuple[Column, ...]
    points: abilities.Points


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
        target: folder of a run, or its YAML file to score the initial model.
        to: number of finished tasks; by default all that are done.
        documents: recordings of each test set; 0 is all, by default as many as the run itself scores.
        overrides: values that replace those of the YAML file.

    Raises:
        ContinualError: there is no run, fewer tasks are done, or weights are missing.
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
    return CheckpointScores(stream, task, tuple(columns), abilities.measure(stream, learner, abilities.SKILL))


def _rates(cells: Mapping[str, Sequence[float]]) -> dict[str, Rate]:
    return {recording: Rate(bits, size) for recording, (bits, size) in sorted(cells.items())}


def _then(before: Mapping[str, Sequence[float]], now: Mapping[str, Sequence[float]]) -> dict[str, Rate] | None:
    """Return the initial model's rates on the same text, or ``None`` if the run scored other text."""
    if any(recording not in before or before[recording][1] != now[recording][1] for recording in now):
        return None
    return _rates({recording: before[recording] for recording in now})
