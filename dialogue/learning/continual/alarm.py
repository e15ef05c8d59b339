"""Does the divergence from the initial model warn of forgetting? It needs no old data (Shenfeld et al. 2025).

After each task but the first, KL(initial || now) on that task's test data stands beside what is forgotten of the tasks
before it at that time; Spearman's rank correlation says how well the one predicts the other. Both tend to grow along a
run, so the correlation at the end of the runs, where all have learned equally many tasks, stands beside that over all
tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.learning.continual.matrix import BOUNDS, Matrix, metrics
from dialogue.scoring.bootstrap import CONFIDENCE, FEWEST, SAMPLES, quantiles
from dialogue.scoring.difference import expanded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pairs = list[tuple[float, float]]  # divergence, forgetting


@dataclass(frozen=True)
class Alarm:
    """The rank correlation of divergence and forgetting.

    Attributes:
        tasks: the tasks that it is over, in words.
        pairs: number of pairs of a divergence and a forgetting.
        runs: number of runs that they come from.
        correlation: Spearman's, -1 to 1; ``None`` if one of both does not vary.
        interval: 95 % interval, with runs drawn and all tasks of a run together; ``None`` with fewer than ``FEWEST``
            runs.
    """

    tasks: str
    pairs: int
    runs: int
    correlation: float | None
    interval: tuple[float, float] | None


def alarms(matrices: Sequence[Matrix]) -> list[Alarm]:
    """Return the correlation over all tasks and over the last one; none if fewer than three pairs are known."""
    learners = [m for m in matrices if m.run.get("method") not in BOUNDS]
    every, last = ([p for m in learners if (p := pairs_of(m, end))] for end in (False, True))
    return [
        _alarm(tasks, found)
        for tasks, found in (("every task but the first", every), ("the last task", last))
        if sum(map(len, found)) > 2
    ]


def pairs_of(matrix: Matrix, last: bool) -> Pairs:
    """Return the pairs of a run; with ``last``, only that of its last task, if it is done."""
    values, tasks = matrix.values(), len(matrix.tasks)
    found: Pairs = []
    for done in range(tasks if last else 2, min(tasks, len(matrix.kl)) + 1):
        forgot, kl = metrics(values[: done + 1], matrix.names)["forgetting"], matrix.kl[done - 1]
        if forgot is not None and kl is not None:
            found.append((kl, forgot))
    return found


def _alarm(tasks: str, found: Sequence[Pairs]) -> Alarm:
    import numpy as np

    value = _spearman(np.array([p for run in found for p in run]))
    interval = None
    if value is not None and len(found) >= FEWEST:
        draws = np.random.default_rng(0).integers(len(found), size=(SAMPLES, len(found)))
        each = (_spearman(np.array([p for i in drawn for p in found[i]])) for drawn in draws)
        known = np.array([v for v in each if v is not None])
        interval = quantiles(known, expanded(CONFIDENCE, len(found)))
    return Alarm(tasks, sum(map(len, found)), len(found), value, interval)


def _spearman(pairs: NDArray[np.float64]) -> float | None:
    """Return the correlation of the ranks of the columns of ``(pair, 2)``; ties get their mean rank."""
    import numpy as np
    from scipy.stats import rankdata

    ranks = rankdata(pairs, axis=0)
    if (np.ptp(ranks, axis=0) == 0).any():
        return None
    return float(np.corrcoef(ranks.T)[0, 1])
