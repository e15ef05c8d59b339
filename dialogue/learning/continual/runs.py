"""Read runs from folders for comparison: the name and label of each, and its figures in each draw of documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.learning.continual import pairing
from dialogue.learning.continual.loop import CONFIG, FREE, MATRIX
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import METHODS, ContinualError

# Settings that do not distinguish methods: what runs learn from, and what has no effect on learning
BESIDE = {
    "tasks",
    "probe",
    "method",
    "licence",
    "evaluation",
    "guard",
    "training.seed",
    *(f"training.{k}" for k in FREE),
}


@dataclass(frozen=True)
class ComparedRun:
    """A run and the intervals of its figures.

    Attributes:
        name: name of its folder, with the parent folder if two runs would have the same name.
        label: its method, with the settings in which runs of this method differ.
        draws: figure -> its value in each draw of documents; all runs with the same test data share the draws.
    """

    exp: Path
    matrix: Matrix
    name: str
    label: str
    draws: pairing.Draws

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(self.matrix.tasks)

    @property
    def finished(self) -> bool:
        """Whether all tasks are done; only such runs are averaged and paired."""
        return len(self.matrix.rows) > len(self.matrix.tasks)

    @property
    def intervals(self) -> dict[str, pairing.Interval]:
        """Figure -> 95 % interval over documents (recordings)."""
        units = pairing.fewest(self.matrix)
        return {name: pairing.interval(values, units) for name, values in self.draws.items()}


def read(exps: Sequence[Path]) -> list[ComparedRun]:
    """Read the runs in folders; if a folder is not a run, those in its sub-folders.

    Raises:
        ContinualError: there is no run, or runs have different tasks.
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
    return [
        ComparedRun(path, matrix, name, label, pairing.draw(matrix))
        for (path, matrix), name, label in zip(found, _names(found), _labels(found), strict=True)
    ]


def _names(found: Sequence[tuple[Path, Matrix]]) -> Iterator[str]:
    count = Counter(path.name for path, _ in found)
    for path, _ in found:
        yield path.name if count[path.name] == 1 else f"{path.parent.name}/{path.name}"


def _labels(found: Sequence[tuple[Path, Matrix]]) -> Iterator[str]:
    """Yield labels: ``ewc``, or ``ewc (ewc.weight=10)`` if runs of it differ in weight and must not be averaged."""
    methods = [str(matrix.run.get("method", "?")) for _, matrix in found]
    settings = [_settings(path, method) for (path, _), method in zip(found, methods, strict=True)]
    for method, own in zip(methods, settings, strict=True):
        alike = [s for m, s in zip(methods, settings, strict=True) if m == method]
        differing = [k for k in own if len({json.dumps(s[k]) for s in alike if k in s}) > 1]
        yield f"{method} ({', '.join(f'{k}={own[k]}' for k in differing)})" if differing else method


def _settings(exp: Path, method: str) -> dict[str, Any]:
    """Return section.key -> value for the options that this method reads."""
    path = exp / CONFIG
    if not path.exists():
        return {}
    used = {*method.split("+")}
    unused = {*METHODS} - used - ({"replay"} if used & {"padded", "general"} else set())
    found: dict[str, Any] = {}
    for key, value in read_json(path).items():
        options = {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
        found |= {k: v for k, v in options.items() if key not in unused | BESIDE and k not in BESIDE}
    return found
