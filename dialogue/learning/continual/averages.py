"""Average methods over their runs: means over seeds and orders, and changes against a baseline, run by run."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogue.learning.continual import pairing
from dialogue.learning.continual.pairing import Against, Change, Changes
from dialogue.learning.continual.runs import ComparedRun

BASELINE = "naive"
CONTROL = "padded"  # as many tokens as replay, but of new text


@dataclass(frozen=True)
class MethodSummary(Changes):
    """A method over its finished runs.

    Attributes:
        figures: figure -> (mean over runs, standard deviation); the deviation is ``None`` for a single run, both are
            ``None`` with too few tasks.
        forgetting, plasticity, tokens: mean change against the baseline over all pairs; ``None`` for the baseline
            itself. Cut and cost are means too, the cut over pairs whose baseline clearly forgot.
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
    """Return the label to compare with: that of naive runs if any, else of the first run; only of finished runs.

    Of several kinds of naive runs, that which trains as most of the runs do.
    """
    finished = [r for r in runs if r.finished]
    naive = [r for r in finished if r.matrix.run.get("method") == BASELINE]
    ways = Counter(map(_way, finished))
    return max(naive, key=lambda r: ways[_way(r)]).label if naive else finished[0].label if finished else None


def _way(run: ComparedRun) -> tuple[Any, ...]:
    """Return which weights a run trains, and at which rates: what naive runs may differ in."""
    return run.matrix.run.get("adaptation"), run.matrix.run.get("schedule")


def against(runs: Sequence[ComparedRun], control: bool = False) -> list[Against | None]:
    """Return for each run its change against the baseline, or against the control of as many tokens, ``padded``.

    It is ``None`` for the baseline, for unfinished runs, and if no baseline run has the same seed, order and test text.
    A run of which naive trained the same weights (all, or adapters) is compared with that one. Of several controls the
    one nearest in tokens is taken.
    """
    partners = _partners(runs, control)
    return [
        pairing.against(p.name, p.matrix, run.matrix, (p.draws, run.draws)) if p else None
        for run, p in zip(runs, partners, strict=True)
    ]


def _partners(runs: Sequence[ComparedRun], control: bool) -> list[ComparedRun | None]:
    first = baseline(runs)
    kept = {_way(r) for r in runs if r.label == first}
    others = [r for r in runs if r.matrix.run.get("method") == BASELINE and _otherwise(r, kept)]
    firsts = [r for r in runs if r.finished and (r.label == first or r in others)]
    controls = [r for r in runs if r.finished and r.matrix.run.get("method") == CONTROL]
    pool = controls if control else firsts
    beside = {r.label for r in ([*firsts, *controls] if control else firsts)}
    known: dict[Any, list[ComparedRun]] = {}
    for run in pool:
        known.setdefault(_conditions(run), []).append(run)
    found: list[ComparedRun | None] = []
    for run in runs:
        same = known.get(_conditions(run), []) if run.finished and run.label not in beside else []
        same = [p for p in same if _way(p)[0] == _way(run)[0]] or [p for p in same if control or p.label == first]
        spent = run.matrix.run.get("tokens", 0)
        found.append(min(same, key=lambda p: abs(p.matrix.run.get("tokens", 0) - spent), default=None))
    return found


def _otherwise(run: ComparedRun, ways: Collection[tuple[Any, ...]]) -> bool:
    """Return whether a run trains other weights than these ways, at the rates of one of them."""
    adaptation, schedule = _way(run)
    return all(a != adaptation for a, _ in ways) and any(s == schedule for _, s in ways)


def _conditions(run: ComparedRun) -> Any:
    """Return what two paired runs share. Bytes differ if another context or tokeniser cut the documents elsewhere."""
    text = {name: {d: cell[1] for d, cell in documents.items()} for name, documents in run.matrix.rows[0].items()}
    return run.matrix.run.get("seed"), run.order, json.dumps(text, sort_keys=True)


def summarise(runs: Sequence[ComparedRun], control: bool = False) -> list[MethodSummary]:
    """Summarise each method, the baseline first: means over its finished runs, each measured in its own order.

    Args:
        control: compare with the control of as many tokens, see :func:`against`.
    """
    changes, partners = against(runs, control), _partners(runs, control)
    found = []
    first = baseline(runs)
    for label in sorted(dict.fromkeys(r.label for r in runs if r.finished), key=lambda name: name != first):
        own = [i for i, r in enumerate(runs) if r.finished and r.label == label]
        figures = [runs[i].matrix.metrics() for i in own]
        pairs = [(c, p.draws, runs[i]) for i in own if (c := changes[i]) and (p := partners[i])]
        units = min(pairing.fewest(runs[i].matrix) for i in own)
        found.append(
            MethodSummary(
                _mean([(c.forgetting, p, run) for c, p, run in pairs], "forgetting", units),
                _mean([(c.plasticity, p, run) for c, p, run in pairs], "plasticity", units),
                _spread([c.tokens for c, *_ in pairs])[0],
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


def _mean(pairs: Sequence[tuple[Any, pairing.Draws, ComparedRun]], figure: str, units: int) -> Change | None:
    known = [(change, first, run) for change, first, run in pairs if change is not None]
    if not known:
        return None
    draws = [(first, run.draws) for _, first, run in known]
    conditions = [(run.matrix.run.get("seed"), run.order) for *_, run in known]
    return pairing.mean_change(draws, [c for c, *_ in known], figure, units, conditions)
