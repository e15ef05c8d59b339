"""The page of an experiment: ``index.html``."""

from __future__ import annotations

from html import escape
from pathlib import Path

from dialogue.experiments.report import alignment, elements
from dialogue.experiments.report.captions import Language, clock
from dialogue.experiments.report.experiment import Experiment
from dialogue.experiments.report.figures import figures
from dialogue.scoring.rate import Rate

COUNTED = ("speakers",)  # totals that are not percentages
MAIN = ("wer", "cpwer", "tcpwer", "der")


def write(experiment: Experiment, path: Path, say: Language) -> None:
    """Write the page of an experiment.

    Raises:
        ReportError: the transcripts are not those that were scored.
    """
    rows = {recorded.id: alignment.rows(recorded, say) for recorded in experiment.recordings}
    title = say("report", name=experiment.row.name)
    body = [
        f"<header><h1>{escape(title)}</h1>{_head(experiment, say)}</header>",
        f"<section><h2>{say('scores')}</h2>{_scores(experiment, say)}</section>",
        f"<section><h2>{say('plots')}</h2><div class=figures>",
        *(elements.figure(made, say) for made in figures(experiment, say)),
        "</div></section>",
        f"<section><h2>{say('recordings')}</h2>{_recordings(experiment, say)}</section>",
        f"<section><h2>{say('worst', n=alignment.WORST)}</h2>{alignment.worst(experiment, rows, say)}</section>",
        f"<section><h2>{say('alignments')}</h2><p>{_legend(say)}</p>",
        *(
            f'<details id="{escape(recorded.id)}"><summary>{escape(recorded.id)}</summary>'
            f"{alignment.word_by_word(recorded, rows[recorded.id], say)}</details>"
            for recorded in experiment.recordings
        ),
        f"</section><footer>{say('footer')} {say('footer_said')}</footer>",
    ]
    elements.write_page(path, title, "\n".join(body), say)


def _head(experiment: Experiment, say: Language) -> str:
    row, scores = experiment.row, experiment.row.scores
    time = clock(sum(recorded.recording.duration for recorded in experiment.recordings))
    each = ", ".join(f"{stage} {say.number(factor, 3)}" for stage, factor in row.stages.items())
    known = [
        (say("command"), row.command),
        (say("recordings"), say("recordings_of", n=len(scores["recordings"]), time=time)),
        (say("models"), experiment.models(say)),
        (say("normalizer"), scores["normalizer"]),
        (
            say("speed"),
            f"{say.number(sum(row.stages.values()), 3)} ({each})" if each else say("speed_unknown"),
        ),
        (say("machine"), row.machine),
        (say("date"), f"{row.date}, {row.version}"),
    ]
    if failures := scores.get("failures"):
        known.append((say("gates"), " ".join(failures)))
    missing = say("missing", recordings=", ".join(scores["missing"])) if scores["missing"] else ""
    warning = f'<p class="notice">{escape(missing)}</p>' if missing else ""
    return f'<p class="notice">{experiment.speech(say)}</p>{warning}{elements.facts(known)}'


def _scores(experiment: Experiment, say: Language) -> str:
    rows = [[say("score"), say("value"), say("interval"), say("errors"), say("of"), say("made_of")]]
    for metric, rate in experiment.totals(experiment.row.scores["totals"]).items():
        bounds = experiment.interval(metric)
        if metric in COUNTED:
            value = "–" if rate.value is None else say.number(rate.value, 2)
            interval = (
                ""
                if bounds is None
                else say("interval_of", low=say.number(bounds[0], 2), high=say.number(bounds[1], 2))
            )
        else:
            value, interval = say.percent(rate.value), say.interval(bounds)
        parts = ", ".join(f"{say.number(n, 0)} {say(part)}" for part, n in rate.parts.items())
        rows.append([say.metric(metric), value, interval, _count(rate.errors, say), _count(rate.length, say), parts])
    note = say("scores_note") if len(experiment.row.scores["recordings"]) > 1 else say("scores_one")
    return f"{elements.table(rows, last=True)}<p class=quiet>{note}</p>"


def _recordings(experiment: Experiment, say: Language) -> str:
    heads = ["recording", "duration", "reference_count", "hypothesis_count"]
    rows = [[*map(say, heads), *(say.metric(m) for m in MAIN), say("page"), say("aligned")]]
    for recorded in experiment.recordings:
        found = {m: Rate.from_dict(r) for m, r in experiment.row.scores["recordings"][recorded.id].items()}
        has_page = (experiment.exp / "report" / recorded.id / "report.html").exists()
        speakers = found["speakers"].parts
        name = escape(recorded.id)
        rows.append(
            [
                name,
                clock(recorded.recording.duration),
                f"{speakers['reference_speakers']:g}",
                f"{speakers['hypothesis_speakers']:g}",
                *(say.percent(found[metric].value) for metric in MAIN),
                f'<a href="{alignment.address(recorded.id)}">{say("minutes_page")}</a>' if has_page else say("no_page"),
                f'<a href="#{name}">{say("aligned")}</a>',
            ]
        )
    return elements.table_of_html(rows, last=True)


def _legend(say: Language) -> str:
    return say(
        "legend",
        deleted=f"<del>{say('legend_deleted')}</del>",
        inserted=f"<ins>{say('legend_inserted')}</ins>",
        other=f"<i>[{say('legend_other')}]</i>",
    )


def _count(value: float, say: Language) -> str:
    return say.number(value, 0 if value == int(value) else 1)
