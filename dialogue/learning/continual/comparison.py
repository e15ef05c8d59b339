"""Compare runs in a table or in JSON. Forgetting is never shown without plasticity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dialogue.core import tables
from dialogue.core.files import to_json
from dialogue.learning.continual.alarm import Alarm, alarms
from dialogue.learning.continual.averages import CONTROL, MethodSummary, against, baseline, summarise
from dialogue.learning.continual.matrix import BOUNDS, bits_per_byte
from dialogue.learning.continual.pairing import EQUAL, Against, Change, Changes
from dialogue.learning.continual.run_plots import draw
from dialogue.learning.continual.runs import ComparedRun, read

__all__ = ["ComparedRun", "against", "as_json", "draw", "read", "summarise", "table"]

COLUMNS = ("average", "forgetting", "plasticity", "backward_transfer", "forward_transfer", "drift")
SUMMARY = ("average", "forgetting", "plasticity", "drift")
SHARES = ("forgetting cut", "cost in plasticity", "more tokens")
UNEQUAL = f"\n(!): the tokens differ by more than {EQUAL:g} %, so the difference may come from them."
ABILITIES = "Abilities, skill, preferences: per cent of points now, from those of the initial model; higher is better."


def as_json(runs: Sequence[ComparedRun]) -> str:
    """Return a JSON list of runs: method, seed, order, R, figures with intervals, changes and costs."""
    changes = zip(runs, against(runs), against(runs, control=True), strict=True)
    return to_json([_value(*each) for each in changes])


def _value(run: ComparedRun, change: Against | None, control: Against | None) -> dict[str, Any]:
    known = run.matrix.run
    return {
        "name": run.name,
        "label": run.label,
        **{k: known.get(k) for k in ("method", "seed", "order", "model", "adaptation", "schedule")},
        "finished": run.finished,
        "columns": run.matrix.names,
        "R": run.matrix.values(),
        **run.matrix.metrics(),
        "abilities": run.matrix.shares(),
        "kl": run.matrix.kl,
        "intervals": {k: list(v) for k, v in run.intervals.items()},
        "against": change and _change(change),
        "against_padded": control and _change(control),
        **{k: known.get(k) for k in ("tokens", "seconds", "memory_mib")},
    }


def _change(change: Against) -> dict[str, Any]:
    def plain(found: Change | None, share: str, value: float | None) -> dict[str, Any] | None:
        if found is None:
            return None
        return {"difference": found.difference, "interval": found.interval, share: value}

    return {
        "baseline": change.baseline,
        "forgetting": plain(change.forgetting, "cut_percent", change.cut),
        "plasticity": plain(change.plasticity, "cost_percent", change.cost),
        "more_tokens_percent": change.tokens,
    }


def table(runs: Sequence[ComparedRun]) -> str:
    """Return Markdown tables: methods over their runs, each run, its changes against baselines, the alarm, each R."""
    lines: list[str] = []
    finished = [r for r in runs if r.finished]
    if len(finished) > 1:
        lines += [*_summary(summarise(runs)), ""]
        lines += _changes([(baseline(runs), summarise(runs)), (CONTROL, summarise(runs, control=True))])
    lines += [*_each(runs), ""]
    lines += [
        f"{r.name}: {len(r.matrix.rows) - 1} of {len(r.order)} tasks done; in no average and no pair.\n"
        for r in runs
        if not r.finished
    ]
    changes = against(runs), against(runs, control=True)
    if any(map(any, changes)):
        lines += [*_pairs(runs, *changes, baseline(runs)), ""]
    if found := alarms([r.matrix for r in runs]):
        lines += [*_alarms(found), ""]
    for run in runs:
        lines += _matrix(run)
    return "\n".join(lines) + "\n"


def _summary(found: Sequence[MethodSummary]) -> Iterator[str]:
    names = _abilities([r for s in found for r in s.runs])
    rows = [
        [
            s.method,
            s.spread,
            *(_with_deviation(*s.figures[name]) for name in SUMMARY),
            *(_points(s.runs, name) for name in names),
            _mean(s, "tokens"),
            _mean(s, "seconds"),
        ]
        for s in found
    ]
    yield _table(["method", "runs", *SUMMARY, *names, "tokens", "seconds"], rows, 2)
    yield (
        "\nBits per byte, lower is better: means over finished runs, ± standard deviation over them (a single run has "
        "none). Plasticity: what each task was learned to." + f" {ABILITIES}" * bool(names)
    )
    if any(s.runs[0].matrix.run.get("method") in BOUNDS for s in found):
        yield (
            "\nBounds: joint learns all tasks mixed (how low the average can be), alone learns each from the initial "
            "model (how low the plasticity can be). Neither forgets, so neither has a cut."
        )


def _changes(found: Sequence[tuple[str | None, Sequence[MethodSummary]]]) -> Iterator[str]:
    """Yield the mean changes of each method against each baseline that it has runs to compare with."""
    known = [(first, s) for first, summaries in found for s in summaries if s.forgetting or s.plasticity]
    if not known:
        return
    rows = [[s.method, str(first), str(s.pairs), *_changed(s, s.cuts, s.pairs)] for first, s in known]
    heads = ["method", "against", "pairs", "forgetting", "over runs", "plasticity", "over runs", *SHARES]
    yield _table(heads, rows, 2)
    yield (
        "\nAgainst runs of the same seed, order and test data: mean difference with its 95 % interval over documents, "
        "drawn alike for both (none of fewer than 5 documents, and then no cut), which says nothing of other seeds. "
        "Over runs: the interval when seeds and orders are drawn too (none of fewer than 5 pairs)."
    )
    if any(first == CONTROL for first, _ in known):
        yield (
            "\npadded trains on as many tokens as replay, all of them of the new task: a difference from it does not "
            "come from more text."
        )
    yield from [UNEQUAL] * any(s.unequal for _, s in known)
    yield ""


def _changed(change: Changes, cuts: int = 1, pairs: int = 1) -> list[str]:
    some = f" (of {cuts} in {pairs})" if 0 < cuts < pairs else ""
    means = not isinstance(change, Against)
    cells: list[str] = []
    for found in (change.forgetting, change.plasticity):
        cells.append(_difference(found))
        if means:
            cells.append("{:+.3f} to {:+.3f}".format(*found.over_runs) if found and found.over_runs else "-")
    tokens = _percent(change.tokens, "+") + " (!)" * change.unequal
    return [*cells, _percent(change.cut) + some, _percent(change.cost, "+"), tokens]


def _each(runs: Sequence[ComparedRun]) -> Iterator[str]:
    rows, names = [], _abilities(runs)
    for run in runs:
        known, figures = run.matrix.run, run.matrix.metrics()
        cells = [run.name, run.label, str(known.get("seed", "?")), ", ".join(run.order)]
        cells += [tables.measured({"value": figures[c], "interval": run.intervals.get(c)}) for c in COLUMNS]
        cells += [_points([run], name) for name in names]
        rows.append(cells + [str(known.get(k, "?")) for k in ("tokens", "seconds", "memory_mib")])
    yield _table(["run", "method", "seed", "order", *COLUMNS, *names, "tokens", "seconds", "MiB"], rows, 2)
    yield (
        "\nBits per byte, lower is better but for transfers; 95 % intervals over documents. Plasticity: what each task "
        "was learned to." + f" {ABILITIES}" * bool(names)
    )


def _pairs(
    runs: Sequence[ComparedRun],
    changes: Sequence[Against | None],
    controls: Sequence[Against | None],
    first: str | None,
) -> Iterator[str]:
    both = zip(runs, changes, controls, strict=True)
    known = [(run, c) for run, *found in both for c in found if c and (c.forgetting or c.plasticity)]
    rows = [[run.name, c.baseline, *_changed(c)] for run, c in known]
    yield _table(["run", "against", "forgetting", "plasticity", *SHARES], rows, 2)
    yield from [UNEQUAL] * any(c.unequal for _, c in known)
    alone = [r.name for r, c in zip(runs, changes, strict=True) if r.finished and not c and r.label != first]
    if alone:
        yield f"\nNo run of {first} with the seed, order and test text of: {', '.join(alone)}."


def _abilities(runs: Sequence[ComparedRun]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run.matrix.shares()))


def _points(runs: Sequence[ComparedRun], name: str) -> str:
    """Return the mean share of points after the last task, and that of the initial model."""
    known = [shares for run in runs if (shares := run.matrix.shares().get(name))]
    return f"{_hundred(known, -1)} from {_hundred(known, 0)}" if known else "-"


def _hundred(known: Sequence[Sequence[float]], row: int) -> str:
    return f"{100 * sum(shares[row] for shares in known) / len(known):.1f}"


def _alarms(found: Sequence[Alarm]) -> Iterator[str]:
    rows = [
        [
            *(a.signal, a.tasks, str(a.pairs), str(a.runs)),
            tables.measured({"value": a.correlation, "interval": a.interval}, "+.2f"),
        ]
        for a in found
    ]
    yield _table(["signal", "after", "pairs", "runs", "Spearman's correlation"], rows, 2)
    yield (
        "\nAlarms that need no old data: KL(initial || now) on the new task, or the drift on the probe, against what "
        "is forgotten by then of the tasks before. 95 % interval over runs (none of fewer than 5). All grow along a "
        "run, so the last task is the fairer test."
    )


def _matrix(run: ComparedRun) -> Iterator[str]:
    names = run.matrix.names
    yield f"{run.name}: bits per byte on each, after each task\n"
    rows = [
        [after, *(f"{bits_per_byte(row[n]):.3f}" for n in names)]
        for after, row in zip(["nothing", *run.order], run.matrix.rows, strict=False)
    ]
    yield _table(["after", *names], rows, 1)
    yield ""
    if shares := run.matrix.shares():
        yield f"{run.name}: per cent of points, after each task\n"
        after = zip(["nothing", *run.order], zip(*shares.values(), strict=True), strict=False)
        yield _table(["after", *shares], [[what, *(f"{100 * v:.1f}" for v in row)] for what, row in after], 1)
        yield ""


def _with_deviation(value: float | None, deviation: float | None) -> str:
    return tables.measured({"value": value}) + (f" ± {deviation:.3f}" if deviation is not None else "")


def _difference(change: Change | None) -> str:
    found = {"value": change.difference, "interval": change.interval} if change else None
    return tables.measured(found, "+.3f")


def _percent(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.1f} %"


def _mean(summary: MethodSummary, key: str) -> str:
    known = [v for r in summary.runs if (v := r.matrix.run.get(key)) is not None]
    return f"{sum(known) / len(known):.0f}" if known else "?"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str:
    return tables.markdown([h.replace("_", " ") for h in heads], rows, text=range(left)).rstrip()
