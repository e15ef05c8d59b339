"""Compare two experiments: say whether the second is better, on a page and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dialogue.core.files import save_text
from dialogue.experiments.report import drawing
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.changes import changes
from dialogue.experiments.report.experiment import Experiment, ReportError
from dialogue.experiments.report.figures import Figure, more
from dialogue.pages import shell
from dialogue.scoring import blocks
from dialogue.scoring.bootstrap import FEWEST, SAMPLES
from dialogue.scoring.difference import Difference, difference


@dataclass(frozen=True)
class Comparison:
    """Two experiments on the same recordings."""

    first: Experiment
    second: Experiment

    @property
    def ids(self) -> Sequence[str]:
        return list(self.first.ids)

    @property
    def names(self) -> dict[str, str]:
        """``a`` and ``b``: their names, or their folders if the names are equal."""
        if self.first.row.name == self.second.row.name:
            return {"a": str(self.first.exp), "b": str(self.second.exp)}
        return {"a": self.first.row.name, "b": self.second.row.name}

    @property
    def in_blocks(self) -> bool:
        """Whether the bootstrap draws blocks of speech instead of recordings."""
        return len(self.ids) < FEWEST

    @cached_property
    def differences(self) -> Mapping[str, Difference]:
        """Metric -> difference over all recordings."""
        one, other = (
            blocks.join([recorded.blocks() for recorded in experiment.recordings])
            if self.in_blocks
            else {metric: [experiment.rates(metric)[name] for name in self.ids] for metric in blocks.METRICS}
            for experiment in (self.first, self.second)
        )
        return {metric: difference(one[metric], other[metric]) for metric in blocks.METRICS}

    def of_recordings(self, metric: str) -> dict[str, float | None]:
        """Return the difference for each recording."""
        one, other = self.first.rates(metric), self.second.rates(metric)
        return {name: difference([one[name]], [other[name]]).value for name in self.ids}


def compare(first: Experiment, second: Experiment) -> Comparison:
    """Compare experiments that were scored in the same way on the same recordings.

    Raises:
        ReportError: they were not; the message names the difference.
    """
    _check(first, second)
    return Comparison(first, second)


def _check(first: Experiment, second: Experiment) -> None:
    one, other = first.row.scores, second.row.scores
    if one["normalizer"] != other["normalizer"]:
        raise ReportError(
            f"cannot compare: {first.exp} was scored with normalisation {one['normalizer']}, {second.exp} with "
            f"{other['normalizer']}. Run `dialogue score` on both with the same `normalization`."
        )
    only = {str(e.exp): sorted(set(e.ids) - set(o.ids)) for e, o in ((first, second), (second, first))}
    if any(only.values()):
        which = "; ".join(f"only {exp} has {', '.join(ids)}" for exp, ids in only.items() if ids)
        raise ReportError(f"cannot compare: {which}. Accepted: experiments on the same recordings.")
    for metric, unit in (("wer", "words"), ("der", "seconds")):
        lengths = [{name: round(rate.length, 2) for name, rate in e.rates(metric).items()} for e in (first, second)]
        if unlike := [name for name in first.ids if lengths[0][name] != lengths[1][name]]:
            raise ReportError(
                f"cannot compare: the reference of {unlike[0]} has {lengths[0][unlike[0]]:g} {unit} in {first.exp} "
                f"and {lengths[1][unlike[0]]:g} in {second.exp}. Run `dialogue score` on both with the same data."
            )


def text(compared: Comparison, say: Language) -> str:
    """Return the sentences, the method, and the table of recordings, for a terminal."""
    rows = _rows(compared, say)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    differs = [say("changed"), *(f"  {line}" for line in changed(compared, say))]
    return "\n".join([*differs, "", *sentences(compared, say), "", _method(compared, say), "", *lines, ""])


def write(compared: Comparison, path: Path, say: Language) -> None:
    """Write the page of a comparison."""
    page = shell.render(
        "comparison.html",
        language=say.code,
        title=say("compare", **compared.names),
        style="report.css",
        say=say,
        compared=compared,
        changed=changed(compared, say),
        sentences=sentences(compared, say),
        method=_method(compared, say),
        totals=_totals(compared, say),
        figures=[_intervals(compared, say), _recordings(compared, say)],
        differences=_rows(compared, say),
    )
    save_text(path, page)


def changed(compared: Comparison, say: Language) -> list[str]:
    """Say what differs besides the scores."""
    return changes(compared.first.exp, compared.second.exp, say)


def sentences(compared: Comparison, say: Language) -> list[str]:
    """Say for each metric which of the two is better, or that they do not differ significantly."""
    return [_sentence(compared, metric, found, say) for metric, found in compared.differences.items()]


def _sentence(compared: Comparison, metric: str, found: Difference, say: Language) -> str:
    name = say.metric(metric)
    if found.value is None:
        return say("no_value", metric=name)
    if found.interval is None:
        return say("undecided", metric=name, n=_points(found.value, say))
    if found.value == 0 and found.interval == (0, 0):
        return say("equal", metric=name, **compared.names)
    low, high = found.interval
    if found.verdict == "same":
        interval = say("interval_of", low=_points(low, say), high=_points(high, say))
        return say("same", metric=name, n=_points(found.value, say), interval=interval, **compared.names)
    bounds = sorted((abs(low), abs(high)))  # both on one side of zero
    n = say.number(100 * abs(found.value))
    return say(found.verdict, metric=name, n=n, interval=say.interval(bounds), **compared.names)


def _method(compared: Comparison, say: Language) -> str:
    units = next(iter(compared.differences.values())).units
    how = "by_blocks" if compared.in_blocks else "by_recordings"
    return say(how, n=units, least=FEWEST, seconds=f"{blocks.SECONDS:.0f}", draws=SAMPLES)


def _totals(compared: Comparison, say: Language) -> list[list[str]]:
    names = compared.names
    head = [say("score"), *names.values(), say("difference"), say("interval"), say("improvement", **names)]
    rows = [
        [
            say.metric(metric),
            say.percent(found.first.value),
            say.percent(found.second.value),
            _points(found.value, say),
            say.interval(found.interval) or "–",
            say.percent(found.improvement),
        ]
        for metric, found in compared.differences.items()
    ]
    return [head, *rows]


def _rows(compared: Comparison, say: Language) -> list[list[str]]:
    each = {metric: compared.of_recordings(metric) for metric in compared.differences}
    head = [f"{say('recording')}, {say('difference')}", *(say.metric(metric) for metric in each)]
    return [head, *([name, *(_points(found[name], say) for found in each.values())] for name in compared.ids)]


def _intervals(compared: Comparison, say: Language) -> Figure:
    title = say("totals_title")
    shown = {
        metric: (found.value, found.interval)
        for metric, found in compared.differences.items()
        if found.value is not None and found.interval is not None
    }
    if not shown:
        return Figure(title, " ".join(sentences(compared, say)))

    def paint(axes) -> None:
        drawing.lie(axes, [say.metric(metric) for metric in shown])
        for place, (value, interval) in enumerate(shown.values()):
            axes.plot([100 * bound for bound in interval], [place, place], color=drawing.BLUE, linewidth=2.5)
            axes.plot(100 * value, place, "o", color=drawing.BLUE)
        _zero(axes, say)

    return Figure(title, say("totals_reading", **compared.names), drawing.draw(paint, title, say, 2.2))


def _recordings(compared: Comparison, say: Language) -> Figure:
    metric = next(iter(compared.differences))
    title = f"{say('differences')} ({say.metric(metric)})"
    shown = {name: value for name, value in compared.of_recordings(metric).items() if value is not None}
    if not shown:
        return Figure(title, say("no_value", metric=say.metric(metric)))
    reading = say(
        "differences_reading",
        metric=say.metric(metric),
        better=sum(value < 0 for value in shown.values()),
        worse=sum(value > 0 for value in shown.values()),
        equal=sum(value == 0 for value in shown.values()),
        **compared.names,
    )
    largest = sorted(shown.items(), key=lambda item: -abs(item[1]))[: drawing.MOST]
    drawn = dict(sorted(largest, key=lambda item: item[1]))

    def paint(axes, values: list[float]) -> None:
        colours = [drawing.BLUE if value < 0 else drawing.ORANGE for value in values]
        axes.barh(range(len(values)), [100 * value for value in values], color=colours, height=0.7)
        _zero(axes, say)

    return Figure(title, reading + more(shown, say), drawing.draw_rows(drawn, paint, title, say))


def _zero(axes: Any, say: Language) -> None:
    """Draw a line at zero, in the middle."""
    axes.axvline(0, color=drawing.INK, linewidth=1)
    widest = max(abs(bound) for bound in axes.get_xlim()) or 1.0
    axes.set(xlim=(-widest, widest), xlabel=say("difference"))


def _points(value: float | None, say: Language) -> str:
    return "–" if value is None else say.number(100 * value, sign=bool(round(1000 * value)))
