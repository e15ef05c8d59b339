"""The plots of an experiment, each with a sentence that interprets it and a table with its values.

If there is nothing to draw, the sentence says why.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript
from dialogue.experiments.report import drawing
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.experiment import Experiment
from dialogue.formats import rttm
from dialogue.scoring import calibration, wer
from dialogue.scoring.rate import Rate

WORD = re.compile(r"^([^\W\d]{2,}) ")  # word before the figures of a band, shown on a line of its own


@dataclass(frozen=True)
class Figure:
    """A plot.

    Attributes:
        title: subject of the plot.
        reading: one sentence that says what the plot shows, or why nothing is drawn.
        drawing: SVG, empty if there is nothing to draw.
        rows: rows of the table, header first.
    """

    title: str
    reading: str
    drawing: str = ""
    rows: Sequence[Sequence[str]] = ()


def figures(experiment: Experiment, say: Language) -> list[Figure]:
    """Return all figures, in the order of the page."""
    return [
        by_overlap(experiment, say),
        by_speaker(experiment, say),
        by_duration(experiment, say),
        diarization_errors(experiment, say),
        calibrated(experiment, say),
        speaker_time(experiment, say),
    ]


def by_overlap(experiment: Experiment, say: Language) -> Figure:
    title = say("overlap_title")
    rates = experiment.totals(wer.BANDS)
    if sum(rate.length > 0 for rate in rates.values()) < 2:
        return Figure(title, say("overlap_none"))
    shown = {say(band): rate for band, rate in rates.items() if rate.length}
    intervals = {say(band): experiment.interval(band) for band in rates}
    (first, low), *_, (last, high) = shown.items()
    share = high.length / sum(rate.length for rate in shown.values())
    reading = say(
        "overlap_reading",
        low=say.percent(low.value),
        first=first,
        high=say.percent(high.value),
        last=last,
        share=say.percent(share),
    )
    return Figure(title, reading, _standing(shown, title, say, intervals), _table(say("band"), shown, say, intervals))


def by_speaker(experiment: Experiment, say: Language) -> Figure:
    title = say("speaker_title")
    shown = {
        f"{speaker} · {recorded.id}" if len(experiment.recordings) > 1 else speaker: rate
        for recorded in experiment.recordings
        for speaker, rate in wer.wer_by_speaker(recorded.alignment, recorded.reference).items()
        if rate.length
    }
    if not shown:
        return Figure(title, say("no_words"))
    shown = _worst_first(shown)
    (worst, high), (best, low) = next(iter(shown.items())), list(shown.items())[-1]
    reading = say(
        "speaker_reading",
        count=len(shown),
        low=say.percent(low.value),
        best=best,
        high=say.percent(high.value),
        worst=worst,
    )
    if len(shown) == 1:
        reading = say("speaker_one", speaker=worst, value=say.percent(high.value))

    def paint(axes, rates: list[Rate]) -> None:
        axes.barh(range(len(rates)), [100 * (rate.value or 0.0) for rate in rates], color=drawing.BLUE, height=0.7)
        axes.set_xlabel("WER (%)")

    drawn = drawing.draw_rows(shown, paint, title, say)
    return Figure(title, reading + more(shown, say), drawn, _table(say("speaker"), shown, say))


def by_duration(experiment: Experiment, say: Language) -> Figure:
    title = say("duration_title")
    rates = {band: Rate(0, 0) for band in wer.DURATIONS}
    for recorded in experiment.recordings:
        for band, rate in wer.wer_by_duration(recorded.alignment, recorded.reference).items():
            rates[band] += rate
    shown = {say(band): rate for band, rate in rates.items() if rate.length}
    if not shown:
        return Figure(title, say("no_words"))
    worst = max(shown, key=lambda band: shown[band].value or 0.0)
    reading = say(
        "duration_reading",
        band=worst,
        value=say.percent(shown[worst].value),
        share=say.percent(shown[worst].length / sum(rate.length for rate in shown.values())),
    )
    return Figure(title, reading, _standing(shown, title, say), _table(say("band"), shown, say))


def diarization_errors(experiment: Experiment, say: Language) -> Figure:
    title = say("der_title")
    shown = _worst_first({name: rate for name, rate in experiment.rates("der").items() if rate.length})
    if not shown:
        return Figure(title, say("der_none"))
    parts = {"missed": drawing.BLUE, "false_alarm": drawing.ORANGE, "confusion": drawing.GREEN}
    total = sum(shown.values(), Rate(0, 0))
    largest = max(parts, key=lambda part: total.parts[part])
    worst = next(iter(shown))
    reading = say(
        "der_reading",
        part=say(largest),
        value=say.percent(total.parts[largest] / total.length),
        total=say.percent(total.value),
        worst=worst,
        high=say.percent(shown[worst].value),
    )

    def paint(axes, rates: list[Rate]) -> None:
        left = [0.0] * len(rates)
        for part, colour in parts.items():
            values = [100 * rate.parts[part] / rate.length for rate in rates]
            axes.barh(range(len(values)), values, left=left, color=colour, height=0.7, label=say(part))
            left = [sum(pair) for pair in zip(left, values, strict=True)]
        axes.set_xlabel(say("der_axis"))
        axes.figure.legend(loc="outside upper center", ncols=3)

    head = [say("recording"), "DER", *(say(part) for part in parts), say("speech")]
    rows = [
        [
            name,
            say.percent(rate.value),
            *(say.percent(rate.parts[part] / rate.length) for part in parts),
            say("seconds", n=say.number(rate.length)),
        ]
        for name, rate in shown.items()
    ]
    without = [r.id for r in experiment.recordings if not r.turns_kept]
    if without:
        reading += " " + say("der_from_utterances", recordings=", ".join(without))
    drawn = drawing.draw_rows(shown, paint, title, say, 0.3)
    return Figure(title, reading + more(shown, say), drawn, [head, *rows])


def calibrated(experiment: Experiment, say: Language) -> Figure:
    title = say("calibration_title")
    found = calibration.calibrate(
        [o for r in experiment.recordings for o in calibration.outcomes(r.alignment, r.hypothesis)]
    )
    if found is None:
        return Figure(title, say("calibration_none"))
    gap = found.correct - found.probability
    verdict = "calibrated" if abs(gap) < 0.01 else "modest" if gap > 0 else "overconfident"
    reading = say(
        "calibration_reading",
        probability=say.percent(found.probability),
        correct=say.percent(found.correct),
        verdict=say(verdict),
        error=say.number(100 * found.error),
        words=found.count,
    )

    def paint(axes) -> None:
        axes.plot([0, 100], [0, 100], "--", color=drawing.INK, alpha=0.5, linewidth=1, label=say("perfect"))
        x, y = [100 * b.probability for b in found.bins], [100 * b.correct for b in found.bins]
        axes.plot(x, y, "o-", color=drawing.BLUE, markersize=5, label=say("words_heard"))
        for b in found.bins:
            axes.annotate(
                str(b.count),
                (100 * b.probability, 100 * b.correct),
                (0, 6),
                textcoords="offset points",
                ha="center",
                fontsize=8,
            )
        axes.set(xlim=(0, 104), ylim=(0, 112), xlabel=say("probability_axis"), ylabel=say("correct_axis"))
        axes.set_yticks(range(0, 101, 20))
        axes.grid(alpha=0.2)
        axes.legend(loc="lower right")

    head = [say("probability"), say("words"), say("mean_probability"), say("share_correct")]
    rows = [
        [
            f"{say.number(b.low)}–{say.number(b.high)}",
            str(b.count),
            say.percent(b.probability),
            say.percent(b.correct),
        ]
        for b in found.bins
    ]
    return Figure(title, reading, drawing.draw(paint, title, say, 3.2), [head, *rows])


def speaker_time(experiment: Experiment, say: Language) -> Figure:
    title = say("time_title")
    shown: dict[str, tuple[float, float]] = {}
    for recorded in experiment.recordings:
        said = _seconds(recorded.reference_turns, str)
        heard = _seconds(recorded.turns, functools.partial(recorded.call, say))
        for name in {**said, **heard}:
            label = f"{name} · {recorded.id}" if len(experiment.recordings) > 1 else name
            shown[label] = said.get(name, 0.0), heard.get(name, 0.0)
    if not shown:
        return Figure(title, say("time_none"))
    shown = dict(sorted(shown.items(), key=lambda item: -abs(item[1][1] - item[1][0])))
    worst, (said_most, heard_most) = next(iter(shown.items()))
    reading = say("time_reading", speaker=worst, said=say.number(said_most), heard=say.number(heard_most))

    def paint(axes, pairs: list[tuple[float, float]]) -> None:
        for side, (label, colour) in enumerate(((say("reference"), drawing.BLUE), (say("hypothesis"), drawing.ORANGE))):
            places = [row + 0.4 * side - 0.2 for row in range(len(pairs))]
            axes.barh(places, [pair[side] for pair in pairs], color=colour, height=0.38, label=label)
        axes.set_xlabel(say("seconds_axis"))
        axes.figure.legend(loc="outside upper center", ncols=2)

    rows = [
        [label, say.number(said), say.number(heard), say.number(heard - said, sign=True)]
        for label, (said, heard) in shown.items()
    ]
    head = [say("speaker"), say("reference_seconds"), say("hypothesis_seconds"), say("gap_seconds")]
    drawn = drawing.draw_rows(shown, paint, title, say, 0.3)
    return Figure(title, reading + more(shown, say), drawn, [head, *rows])


def _seconds(turns: Transcript, call: Callable[[str], str]) -> dict[str, float]:
    """Return the seconds of speech of each speaker, named by ``call`` from the display name."""
    found: defaultdict[str, float] = defaultdict(float)
    for speaker, start, end in rttm.turns(turns):
        found[call(turns.name(speaker))] += end - start
    return dict(found)


def _worst_first(shown: Mapping[str, Rate]) -> dict[str, Rate]:
    return dict(sorted(shown.items(), key=lambda item: -(item[1].value or 0.0)))


def _standing(
    shown: Mapping[str, Rate],
    title: str,
    say: Language,
    intervals: Mapping[str, tuple[float, float] | None] | None = None,
) -> str:
    """Draw a bar for each band of utterances, with its number of words."""

    def paint(axes) -> None:
        values = [100 * (rate.value or 0.0) for rate in shown.values()]
        axes.bar(range(len(values)), values, color=drawing.BLUE, width=0.6)
        for place, band in enumerate(shown):
            if intervals and (interval := intervals[band]):
                axes.plot([place, place], [100 * bound for bound in interval], color=drawing.INK, linewidth=1.2)
        labels = [WORD.sub(r"\1\n", band) + f"\n{rate.length:g}" for band, rate in shown.items()]
        axes.set_xticks(range(len(labels)), labels)
        axes.tick_params(axis="x", length=0)
        axes.set(ylabel="WER (%)", ylim=(0, None), xlabel=say("words_below"))
        axes.grid(axis="y", alpha=0.2)

    return drawing.draw(paint, title, say)


def _table(
    first: str,
    shown: Mapping[str, Rate],
    say: Language,
    intervals: Mapping[str, tuple[float, float] | None] | None = None,
) -> list[list[str]]:
    head = [first, "WER", say("errors"), say("words")]
    rows = [[name, say.percent(rate.value), f"{rate.errors:g}", f"{rate.length:g}"] for name, rate in shown.items()]
    if intervals:
        head.insert(2, say("interval"))
        for row in rows:
            row.insert(2, say.interval(intervals[row[0]]))
    return [head, *rows]


def more(shown: Mapping[str, object], say: Language) -> str:
    """Return the end of a reading: how many of the rows are drawn, if not all."""
    return " " + say("more_rows", most=drawing.MOST, all=len(shown)) if len(shown) > drawing.MOST else ""
