"""Compare methods in pairs: the same documents are drawn for both, so that the difficulty of a document cancels out.

Each of ``SAMPLES`` draws (Efron 1979; paired as by Bisani and Ney 2004) resamples every test set from its own
documents, which are recordings. Percentile intervals are expanded for few documents as Hesterberg (2015) proposes,
using the size of the smallest test set, which is conservative: with three tasks of 5 to 8 documents (simulated as in
the tests, 400 times) a 95 % interval of a difference contained the true value in 96 to 98 % of the cases, a plain
interval in 87 to 89 %; with three tasks of 20 documents, in 95 and 93 %.

Over several runs of a method there are two intervals: one over documents only, which says nothing of other seeds and
orders, and one over runs as well, in which each draw also resamples seeds and orders, crossed (the pigeonhole bootstrap
of Owen 2007), expanded for whichever has fewer. Simulated 400 times, with effects of seeds, orders, runs and documents
of various sizes, the latter contained the true value in 88 to 98 % of the cases with 5 seeds of one order, in 90 to
100 % with 3 seeds and 2 orders, in 96 to 99 % with 3 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogue.learning.continual.matrix import Matrix, metrics
from dialogue.scoring.bootstrap import CONFIDENCE, FEWEST, SAMPLES, quantiles
from dialogue.scoring.difference import expanded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = Mapping[str, NDArray[np.float64]]  # figure -> (draw,)

Interval = tuple[float, float]
Run = tuple[Any, Any]  # seed, order
EQUAL = 2.0  # per cent by which the tokens of compared runs may differ


@dataclass(frozen=True)
class Change:
    """A figure of a run minus that of its baseline.

    Attributes:
        difference: bits per byte; below zero is better.
        interval: 95 % interval over documents; ``None`` if a test set has fewer than ``FEWEST`` documents.
        over_runs: of a mean over runs, its 95 % interval over runs and documents; ``None`` with fewer than ``FEWEST``
            runs.
        percent: the difference in per cent of the baseline's figure; for forgetting ``None`` unless the baseline
            clearly forgot, that is, unless the interval of its forgetting is above zero.
    """

    difference: float
    interval: Interval | None
    percent: float | None
    over_runs: Interval | None = None


@dataclass(frozen=True)
class Changes:
    """Forgetting and plasticity against a baseline, always together.

    Attributes:
        forgetting: ``None`` with a single task, where there is nothing to forget, and for a bound.
        plasticity: ``None`` for a bound that has none.
        tokens: tokens trained on, in per cent more than the baseline; ``None`` if they were not recorded.
    """

    forgetting: Change | None
    plasticity: Change | None
    tokens: float | None

    @property
    def unequal(self) -> bool:
        """Whether more or fewer tokens may be what makes the difference."""
        return self.tokens is not None and abs(self.tokens) > EQUAL

    @property
    def cut(self) -> float | None:
        """Reduction of forgetting, in per cent of the baseline's."""
        percent = self.forgetting.percent if self.forgetting else None
        return None if percent is None else -percent

    @property
    def cost(self) -> float | None:
        """Increase of bits per byte just after learning, in per cent of the baseline's."""
        return self.plasticity.percent if self.plasticity else None


@dataclass(frozen=True)
class Against(Changes):
    """A run compared with a baseline run of the same seed, order and test data.

    Attributes:
        baseline: name of the baseline run.
    """

    baseline: str


def fewest(matrix: Matrix) -> int:
    """Return the number of documents in the smallest test set."""
    return min(len(documents) for documents in matrix.rows[0].values())


def draw(matrix: Matrix) -> Draws:
    """Return the figures of each draw of documents; the draws are the same for all runs with the same test data.

    There are none if a test set is a single document, which cannot be resampled.
    """
    import numpy as np

    if fewest(matrix) < 2:
        return {}
    places = np.random.default_rng(0)
    picks = {
        name: places.integers(0, len(documents), (SAMPLES, len(documents)))
        for name, documents in sorted(matrix.rows[0].items())
    }
    cells = np.empty((SAMPLES, len(matrix.rows), len(matrix.names)))
    for i, row in enumerate(matrix.rows):
        for j, name in enumerate(matrix.names):
            # (document, bits and bytes)
            values = np.array([row[name][document] for document in sorted(row[name])])
            drawn = values[picks[name]].sum(axis=1)
            cells[:, i, j] = drawn[:, 0] / np.maximum(1.0, drawn[:, 1])
    found = [metrics(sample.tolist(), matrix.names) for sample in cells]
    return {name: np.array([f[name] for f in found]) for name, value in matrix.metrics().items() if value is not None}


def interval(values: NDArray[np.float64], units: int) -> Interval:
    """Return the 95 % interval of a figure's draws, expanded for the number of documents."""
    return quantiles(values, expanded(CONFIDENCE, units))


def against(baseline: str, first: Matrix, second: Matrix, draws: tuple[Draws, Draws]) -> Against:
    """Compare the second run with the first; both are finished and have the same test data."""

    def change(figure: str) -> Change | None:
        before, after = first.metrics()[figure], second.metrics()[figure]
        if before is None or after is None:
            return None
        units = fewest(first)
        known = units >= FEWEST
        clear = known and interval(draws[0][figure], units)[0] > 0
        return Change(
            after - before,
            interval(draws[1][figure] - draws[0][figure], units) if known else None,
            100 * (after - before) / before if before > 0 and (clear or figure == "plasticity") else None,
        )

    spent = [matrix.run.get("tokens") for matrix in (first, second)]
    more = 100 * (spent[1] - spent[0]) / spent[0] if spent[0] and spent[1] is not None else None
    return Against(change("forgetting"), change("plasticity"), more, baseline)


def mean_change(
    pairs: Sequence[tuple[Draws, Draws]], found: Sequence[Change], figure: str, units: int, runs: Sequence[Run]
) -> Change:
    """Return the mean over pairs of runs, which share each draw of documents.

    Args:
        units: number of documents in the smallest test set.
        runs: seed and order of each pair.
    """
    import numpy as np

    percents = [c.percent for c in found if c.percent is not None]
    documents = both = None
    if units >= FEWEST:
        values = np.array([second[figure] - first[figure] for first, second in pairs])
        documents = interval(values.mean(axis=0), units)
        both = _over_runs(values, units, runs)
    return Change(
        sum(c.difference for c in found) / len(found),
        documents,
        sum(percents) / len(percents) if percents else None,
        both,
    )


def _over_runs(values: NDArray[np.float64], units: int, runs: Sequence[Run]) -> Interval | None:
    """Return the interval of ``values``, which are ``(run, draw)``, when seeds and orders are drawn too."""
    import numpy as np

    if len(runs) < FEWEST:
        return None
    draw = np.random.default_rng(0)
    weights, levels = np.ones(values.shape), [units]
    for kind in zip(*runs, strict=True):
        known = list(dict.fromkeys(kind))
        # (draw, level): how often each was drawn
        times = draw.multinomial(len(known), np.full(len(known), 1 / len(known)), values.shape[1])
        weights *= times[:, [known.index(own) for own in kind]].T
        levels += [len(known)] * (len(known) > 1)
    total = weights.sum(axis=0)
    some = total > 0  # not every seed was run in every order
    means = (weights * values).sum(axis=0)[some] / total[some]
    return interval(means, min(levels)) if len(levels) > 1 else None
