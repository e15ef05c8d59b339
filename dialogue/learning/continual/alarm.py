"""What warns of forgetting without old data?

One signal is the divergence from the initial model, KL(initial || now) on the new task's test data (Shenfeld et al.
2025); the other is the drift, the loss on the probe, which no run learns as a task. After each task but the first,
each stands beside what is forgotten of the tasks before it at that time; Spearman's rank correlation says how well the
one predicts the other. All tend to grow along a run, so the correlation at the end of the runs, where all have learned
equally many tasks, stands beside that over all tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dialogue.learning.continual.matrix import BOUNDS, Matrix, metrics
from dialogue.scoring.bootstrap import CONFIDENCE, FEWEST, SAMPLES, quantiles
from dialogue.scoring.difference import expanded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Signal = Literal["divergence", "drift"]
Pairs = list[tuple[float, float]]  # signal, forgetting
SIGNALS: tuple[Signal, ...] = ("divergence", "drift")


@dataclass(frozen=True)
class Alarm:
    """The rank correlation of a signal and forgetting.

    Attributes:
        tasks: the tasks that it is over, in words.
        pairs: number of pairs of a signal and a forgetting.
        runs: number of runs that they come from.
        correlation: Spearman's, -1 to 1; ``None`` if one of both does not vary.
        interval: 95 % interval, with runs drawn and all tasks of a run together; ``None`` with fewer than ``FEWEST``
            runs.
    """

    signal: Signal
    tasks: str
    pairs: int
    runs: int
    correlation: float | None
    interval: tuple[float, float] | None


def alarms(matrices: Sequence[Matrix]) -> list[Alarm]:
    """Return the correlations over all tasks and over the last one; none if fewer than three pairs are known."""
    learners = [m for m in matrices if m.run.get("method") not in BOUNDS]
    return [
        _alarm(signal, tasks, found)
        for signal in SIGNALS
        for tasks, last in (("every task but the first", False), ("the last task", True))
        if sum(map(len, found := [p for m in learners if (p := pairs_of(m, signal, last))])) > 2
    ]


def pairs_of(matrix: Matrix, signal: Signal, last: bool) -> Pairs:
    """Return the pairs of a run; with ``last``, only that of its last task, if it is done."""
    values, tasks = matrix.values(), len(matrix.tasks)
    found: Pairs = []
    for done in range(tasks if last else 2, min(tasks, len(values) - 1) + 1):
        figures = metrics(values[: done + 1], matrix.names)
        kl = matrix.kl[done - 1] if done <= len(matrix.kl) else None
        warned, forgot = figures["drift"] if signal == "drift" else kl, figures["forgetting"]
        if warned is not None and forgot is not None:
            found.append((warned, forgot))
    return found


def _alarm(signal: Signal, tasks: str, found: Sequence[Pairs]) -> Alarm:
    import numpy as np

    value = _spearman(np.array([p for run in found for p in run]))
    interval = None
    if value is not None and len(found) >= FEWEST:
        draws = np.random.default_rng(0).integers(len(found), size=(SAMPLES, len(found)))
        each = (_spearman(np.array([p for i in drawn for p in found[i]])) for drawn in draws)
        known = np.array([v for v in each if v is not None])
        interval = quantiles(known, expanded(CONFIDENCE, len(found)))
    return Alarm(signal, tasks, sum(map(len, found)), len(found), value, interval)


def _spearman(pairs: NDArray[np.float64]) -> float | None:
    """Return the correlation of the ranks of the columns of ``(pair, 2)``; ties get their mean rank."""
    import numpy as np
    from scipy.stats import rankdata

    ranks = rankdata(pairs, axis=0)
    if (np.ptp(ranks, axis=0) == 0).any():
        return None
    return float(np.corrcoef(ranks.T)[0, 1])
