"""What a run learned and forgot: ``R[i][j]``, bits per byte on task j after training on task i.

Row 0 is the initial model. Definitions (Lopez-Paz and Ranzato 2017, Chaudhry et al. 2018, with signs for losses, where
lower is better) for T tasks, with a probe in column 0:

- average = mean_j R[T][j]
- forgetting = mean over j < T of R[T][j] - min over i < T, i >= j of R[i][j]
- backward transfer = -mean over j < T of R[T][j] - R[j][j]
- forward transfer = mean over j > 1 of R[0][j] - R[j-1][j]
- plasticity = mean_j R[j][j], bits per byte of each task just after learning it; lower is better
- drift = R[T][0] - R[0][0], on the probe

Two methods are bounds, not learners of a sequence, and have only the figures that mean something for them: ``joint``
(all tasks mixed) has an average and a drift, ``alone`` (each task from the initial model) a plasticity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dialogue.core.files import SEAL, read_json, save_json, sealed

SCHEMA = "dialogue/continual/1"
BOUNDS = {"joint": ("average", "drift"), "alone": ("plasticity",)}  # method -> its figures
Documents = Mapping[str, Sequence[float]]  # recording -> bits, bytes


@dataclass
class Matrix:
    """Rows of R, with the documents behind each cell, so that intervals over documents can be computed.

    Attributes:
        names: names of the columns; ``probe`` first if there is one.
        rows: for the initial model, then after each task: column -> recording -> (bits, bytes).
        points: for the initial model, then after each task: ability -> recording or item -> (points, most points), see
            :mod:`dialogue.learning.continual.abilities`.
        kl: after each task, mean KL(initial || now) on that task's test data in bits per byte; a warning of forgetting
            that needs no old data.
        run: method, seed, order, tokens, seconds, peak memory, machines that computed rows; for each task, what was
            spent and the SHA-256 of its files.
    """

    names: list[str]
    rows: list[dict[str, dict[str, list[float]]]] = field(default_factory=list)
    points: list[dict[str, dict[str, list[float]]]] = field(default_factory=list)
    kl: list[float | None] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def tasks(self) -> list[str]:
        return [n for n in self.names if n != "probe"]

    def values(self) -> list[list[float]]:
        """Return R itself."""
        return [[bits_per_byte(row[name]) for name in self.names] for row in self.rows]

    def cell(self, row: int, name: str) -> float:
        return bits_per_byte(self.rows[row][name])

    def shares(self) -> dict[str, list[float]]:
        """Return ability -> its share of points in [0, 1], higher is better, for each row that has all abilities."""
        return {
            name: [
                sum(p for p, _ in row[name].values()) / sum(of for _, of in row[name].values()) for row in self.points
            ]
            for name in (self.points[0] if self.points else ())
        }

    def metrics(self) -> dict[str, float | None]:
        """Return the figures defined above; ``None`` with too few tasks, or if a bound has none.

        Forgetting always comes with plasticity.
        """
        found = metrics(self.values(), self.names)
        shown = BOUNDS.get(self.run.get("method", ""), found)
        return {name: value if name in shown else None for name, value in found.items()}

    def save(self, path: Path) -> None:
        save_json(path, sealed({"schema": SCHEMA, **asdict(self)}))

    @classmethod
    def load(cls, path: Path) -> Matrix:
        value = read_json(path)
        if value.pop("schema", None) != SCHEMA:
            raise ValueError(f"{path}: not a matrix of a continual run. Accepted: {SCHEMA}.")
        value.pop(SEAL, None)  # runs of earlier versions have none
        return cls(**value)


def bits_per_byte(documents: Documents) -> float:
    """Return the bits of all documents over their bytes."""
    return sum(d[0] for d in documents.values()) / max(1.0, sum(d[1] for d in documents.values()))


def metrics(values: Sequence[Sequence[float]], names: Sequence[str]) -> dict[str, float | None]:
    """Return the figures of a matrix whose rows are the initial model and the tasks so far."""
    first = 1 if names[:1] == ["probe"] else 0
    done = len(values) - 1  # tasks trained so far
    last = values[-1]

    def mean(found: list[float]) -> float | None:
        return sum(found) / len(found) if found else None

    columns = range(first, first + done)
    own = {j: values[j - first + 1][j] for j in columns}  # R[j][j]
    past = list(columns)[:-1]
    return {
        "average": mean([last[j] for j in columns]),
        "forgetting": mean([last[j] - min(values[i][j] for i in range(j - first + 1, done)) for j in past]),
        "plasticity": mean(list(own.values())),
        "backward_transfer": mean([own[j] - last[j] for j in past]),
        "forward_transfer": mean([values[0][j] - values[j - first][j] for j in list(columns)[1:]]),
        "drift": last[0] - values[0][0] if first and done else None,
    }
