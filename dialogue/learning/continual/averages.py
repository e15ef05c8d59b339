"""Average methods over their runs: means over seeds and orders, and changes against a baseline, run by run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogue.learning.continual import pairing
from dialogue.learning.continual.pairing import Against, Change, Changes
from dialogue.learning.continual.runs import ComparedRun

BASELINE = "naive"


@dataclass(frozen=True)
class MethodSummary(Changes):
    """A method over its finished runs.

    Attributes:
        figures: figure -> (mean over runs, standard deviation); the deviation is ``None`` for a single run, both are
            ``None`` with too few tasks.
        forgetting, plasticity: mean change against the baseline over all pairs; ``None`` for the baseline itself. Cut
            and cost are means too, the cut over pairs whose baseline clearly forgot.
        pairs: number of runs that have a baseline run to compare with.
        cuts: number of these pairs in which the baseline clearly forgot.
    """

    method: str
    runs: tuple[ComparedRun, ...]
    figures: Mapping[str, tuple[float | None, float | None]]
    pairs: int
    cuts: int

    @property
    def spread(self) -> str:
        """The runs that the mean is taken over, in words."""
        if len(self.runs) == 1:
            return "1 run"
        seeds = len({r.matrix.run.get("seed") for r in self.runs})
        orders = len({r.order for r in self.runs})
        counted = (f"{n} {what}{'s' * (n > 1)}" for n, what in ((seeds, "seed"), (orders, "order")))
        return f"{len(self.runs)} runs: {', '.join(counted)}"


def baseline(runs: Sequence[ComparedRun]) -> str | None:
    """Return the label to compare with: that of naive runs if any, else of the first run; only of finished runs."""
    finished = [r for r in runs if r.finished]
    naive = [r.label for r in finished if r.matrix.run.get("method") == BASELINE]
    return naive[0] if naive else finished[0].label if finished else None


def against(runs: Sequence[ComparedRun]) -> list[Against | None]:
    """Return for each run its change against the baseline.

    It is ``None`` for the baseline, for unfinished runs, and if no baseline run has the same seed, order and test text.
    """
    partners = _partners(runs)
    return [
        pairing.against(p.name, p.matrix, run.matrix, (p.draws, run.draws)) if p else None
        for run, p in zip(runs, partners, strict=True)
    ]


def _partners(runs: Sequence[ComparedRun]) -> list[ComparedRun | None]:
    first = baseline(runs)
    known: dict[Any, ComparedRun] = {}
    for run in runs:
        if run.finished and run.label == first:
            known.setdefault(_conditions(run), run)
    return [known.get(_conditions(r)) if r.finished and r.label != first else None for r in runs]


def _conditions(run: ComparedRun) -> Any:
    """Return what two paired runs share. Bytes differ if another context or tokeniser cut the documents elsewhere."""
    text = {name: {d: cell[1] for d, cell in documents.items()} for name, documents in run.matrix.rows[0].items()}
    return run.matrix.run.get("seed"), run.order, json.dumps(text, sort_keys=True)


def summarise(runs: Sequence[ComparedRun]) -> list[MethodSummary]:
    """Summarise each method, the baseline first: means over its finished runs, each measured in its own order."""
    changes, partners = against(runs), _partners(runs)
    found = []
    first = baseline(runs)
    for label in sorted(dict.fromkeys(r.label for r in runs if r.finished), key=lambda name: name != first):
        own = [i for i, r in enumerate(runs) if r.finished and r.label == label]
        figures = [runs[i].matrix.metrics() for i in own]
        pairs = [(c, p.draws, runs[i].draws) for i in own if (c := changes[i]) and (p := partners[i])]
        units = min(pairing.fewest(runs[i].matrix) for i in own)
        found.append(
            MethodSummary(
                _mean([(c.forgetting, *draws) for c, *draws in pairs], "forgetting", units),
                _mean([(c.plasticity, *draws) for c, *draws in pairs], "plasticity", units),
                label,
                tuple(runs[i] for i in own),
                {name: _spread([f[name] for f in figures]) for name in figures[0]},
                len(pairs),
                sum(c.cut is not None for c, *_ in pairs),
            )
        )
    return found


def _spread(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    known = [v for v in values if v is not None]
    if not known:
        return None, None
    return statistics.mean(known), statistics.stdev(known) if len(known) > 1 else None


def _mean(pairs: Sequence[tuple[Any, ...]], figure: str, units: int) -> Change | None:
    known = [(change, draws) for change, *draws in pairs if change is not None]
    if not known:
        return None
    return pairing.mean_change([tuple(d) for _, d in known], [c for c, _ in known], figure, units)
