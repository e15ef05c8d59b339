"""The page of an experiment: ``index.html``."""

from __future__ import annotations

import itertools
from pathlib import Path

from dialogue.core.files import save_text
from dialogue.experiments.report import alignment
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.experiment import Experiment
from dialogue.experiments.report.figures import figures
from dialogue.minutes.documents.outline import clock
from dialogue.pages import shell
from dialogue.scoring.minutes_scores import PLAIN
from dialogue.scoring.rate import Rate

COUNTED = ("speakers",)  # totals that are not percentages
MAIN = ("wer", "cpwer", "tcpwer", "der")
Rows = list[list[str | tuple[str, str]]]  # a cell is a text, or a text with its address


def write(experiment: Experiment, path: Path, say: Language) -> None:
    """Write the page of an experiment.

    Raises:
        ReportError: the transcripts are not those that were scored.
    """
    scored, stages = experiment.recordings, experiment.row.stages
    rows = {recorded.id: alignment.rows(recorded, say) for recorded in scored}
    each = ", ".join(f"{stage} {say.number(factor, 3)}" for stage, factor in stages.items())
    page = shell.render(
        "experiment.html",
        language=say.code,
        title=say("report", name=experiment.row.name),
        style="report.css",
        say=say,
        experiment=experiment,
        time=clock(sum(recorded.recording.duration for recorded in scored)),
        speed=f"{say.number(sum(stages.values()), 3)} ({each})" if each else say("speed_unknown"),
        totals=_totals(experiment, say),
        minutes=_minutes(experiment, say),
        figures=figures(experiment, say),
        recordings=_recordings(experiment, say),
        most=alignment.WORST,
        worst=alignment.worst(itertools.chain(*rows.values()), say),
        alignments=[(recorded, rows[recorded.id], alignment.colours(rows[recorded.id])) for recorded in scored],
    )
    save_text(path, page)


def _totals(experiment: Experiment, say: Language) -> Rows:
    rows: Rows = [[say(head) for head in ("score", "value", "interval", "errors", "of", "made_of")]]
    for metric, rate in experiment.totals(experiment.row.scores["totals"]).items():
        value, interval = say.percent(rate.value), say.interval(experiment.interval(metric))
        if metric in COUNTED:
            value = "–" if rate.value is None else say.number(rate.value, 2)
            interval = say.interval(experiment.interval(metric), scale=1, digits=2)
        parts = ", ".join(say("part", part=say(part), n=say.number(n, 0)) for part, n in rate.parts.items())
        rows.append([say.metric(metric), value, interval, _count(rate.errors, say), _count(rate.length, say), parts])
    return rows


def _minutes(experiment: Experiment, say: Language) -> Rows:
    """Show the share of the minutes that is right, and that of minutes from the reference transcripts if there are."""
    scores = experiment.row.minutes
    if scores is None:
        return []
    reference = scores.get("against", {}).get("totals", {})
    rows: Rows = [[say(head) for head in ("score", "value", "interval", "right", "of", "of_reference")]]
    for name, found in scores["totals"].items():
        right = found["errors"] if name in PLAIN else found["length"] - found["errors"]
        values = say.percent(found["value"]), say.interval(found.get("interval"))
        perfect = say.percent(reference.get(name, {}).get("value"))
        rows.append([say.of_minutes(name), *values, _count(right, say), _count(found["length"], say), perfect])
    return rows


def _recordings(experiment: Experiment, say: Language) -> Rows:
    heads = [say(head) for head in ("recording", "duration", "reference_count", "hypothesis_count")]
    rows: Rows = [[*heads, *map(say.metric, MAIN), say("page"), say("aligned")]]
    for recorded in experiment.recordings:
        found = {m: Rate.from_dict(r) for m, r in experiment.row.scores["recordings"][recorded.id].items()}
        page = experiment.page(recorded.id)
        rows.append(
            [
                recorded.id,
                clock(recorded.recording.duration),
                *(f"{found['speakers'].parts[side]:g}" for side in ("reference_speakers", "hypothesis_speakers")),
                *(say.percent(found[metric].value) for metric in MAIN),
                (say("minutes_page"), page) if page else say("no_page"),
                (say("aligned"), f"#{recorded.id}"),
            ]
        )
    return rows


def _count(value: float, say: Language) -> str:
    return say.number(value, 0 if value == int(value) else 1)
