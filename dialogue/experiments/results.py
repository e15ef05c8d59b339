"""Results of an experiment: its scores, a page for each recording, and its section of ``RESULTS.md``.

Every section says how its figures were obtained: the command, the models and their checksums, the normalisation, the
machine, the real-time factor, and whether people or a synthesiser spoke.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from dialogue import formats
from dialogue.core import tables
from dialogue.core.audio import Recording
from dialogue.core.files import read_json, save_json, save_text
from dialogue.core.transcript import Transcript
from dialogue.experiments import gates as measured
from dialogue.experiments import published as publication
from dialogue.formats import lhotse, rttm, uem
from dialogue.minutes.config import DocumentConfig
from dialogue.scoring import TITLES, Scores, check_gates, minutes_table, score
from dialogue.scoring.rate import Rate
from dialogue.workflow import runner

MINUTES = "minutes_scores.json"  # scores of minutes, if an experiment has any
SPEECH = {
    "synthetic": "**Synthetic voices**: these scores compare versions of the pipeline, they are not those of real "
    "meetings.",
    "real": "Speech of real people.",
    "unknown": "The manifest does not say whether people or a synthesiser spoke.",
}


@dataclass(frozen=True)
class ScoredData:
    """Data for scoring an experiment.

    Attributes:
        recordings: recordings in the manifest.
        references, hypotheses: one transcript per recording; a recording that failed may have no hypothesis.
        zones: recording -> scored zones, seconds; ``None`` scores everything.
        reference_turns: turns of the corpus, if they are finer than its text.
        turns: the diarization of each hypothesis.
    """

    recordings: Sequence[Recording]
    references: Sequence[Transcript]
    hypotheses: Sequence[Transcript]
    zones: Mapping[str, Sequence[tuple[float, float]]] | None
    reference_turns: Sequence[Transcript] | None
    turns: Sequence[Transcript]


def read_evaluation(data: Path, transcripts: Path) -> ScoredData:
    """Read references and transcripts.

    Args:
        data: output of ``prepare``: ``recordings.jsonl``, ``reference.stm`` and, if present, ``.rttm`` and ``.uem``.
        transcripts: output of ``attribute``: ``<id>.json`` and, if present, the diarization in ``turns/<id>.rttm``.

    Raises:
        FormatError: a file cannot be read.
    """
    recordings = lhotse.read_recordings(data / "recordings.jsonl")
    durations = {r.id: r.duration for r in recordings}

    def sized(transcript: Transcript) -> Transcript:
        return replace(transcript, duration=durations.get(transcript.recording, transcript.duration))

    found = {t.recording: sized(t) for t in formats.read(data / "reference.stm")}
    # a recording of the manifest without a line is one in which nobody speaks
    references = [found.pop(r.id, Transcript(r.id, r.duration)) for r in recordings] + list(found.values())
    finer, zones = data / "reference.rttm", data / "reference.uem"
    hypotheses = [t for r in recordings if (t := read_transcript(transcripts, r.id)) is not None]
    return ScoredData(
        recordings,
        references,
        hypotheses,
        uem.read(zones) if zones.exists() else None,
        [sized(t) for t in formats.read(finer)] if finer.exists() else None,
        [sized(_turns(transcripts, t)) for t in hypotheses],
    )


def score_experiment(
    data: Path,
    transcripts: Path,
    out: Path,
    *,
    level: str = "fr-std",
    gates: Mapping[str, float] | None = None,
    measured_gates: Path | None = None,
) -> tuple[Scores, list[str]]:
    """Score a folder of transcripts against prepared references and write ``out`` (JSON).

    Args:
        data: output of ``prepare``: ``recordings.jsonl``, ``reference.stm`` and, if present, ``.rttm`` and ``.uem``.
        transcripts: output of ``attribute``: ``<id>.json`` and, if present, the diarization in ``turns/<id>.rttm``.
        level: level of normalisation.
        gates: metric -> worst value that passes.
        measured_gates: file of :mod:`dialogue.experiments.gates`, if there are no ``gates``.

    Returns:
        The scores, and a sentence for each gate that failed.

    Raises:
        FormatError: a reference or a transcript cannot be read.
        ScoreError: references and transcripts do not match, or a gate is unknown.
    """
    found = read_evaluation(data, transcripts)
    scores = score(
        found.references,
        found.hypotheses,
        uem=found.zones,
        level=level,
        reference_turns=found.reference_turns,
        turns=found.turns,
    )
    if measured_gates is not None and not gates:
        failures = measured.check(measured_gates, scores)
    else:
        failures = check_gates(scores, gates or {})
    speech = Counter(str(r.attributes.get("speech", "unknown")) for r in found.recordings)
    how = {"gates": dict(gates or {}), "failures": failures, "speech": dict(speech), "command": runner.command()}
    save_json(out, {**scores.to_dict(), **how})
    return scores, failures


def read_transcript(folder: Path, recording: str) -> Transcript | None:
    """Read the transcript of a recording, or return ``None`` if there is none."""
    path = folder / f"{recording}.json"
    return formats.read(path, "json")[0] if path.exists() else None


def _turns(folder: Path, transcript: Transcript) -> Transcript:
    """Return the diarization of a transcript, or the transcript itself if no diarization was kept."""
    path = folder / "turns" / f"{transcript.recording}.rttm"
    if not path.exists():
        return transcript
    found = rttm.loads(path.read_text(encoding="utf-8"), recording=transcript.recording)
    return found[0] if found else Transcript(transcript.recording, transcript.duration)


@dataclass(frozen=True)
class ResultsRow:
    """One experiment in ``RESULTS.md``.

    Attributes:
        name: name of the experiment; it replaces a row with the same name.
        scores: content of ``scores.json``.
        commands: the commands that produced it, in order: one if a recipe did.
        models: name -> sha256.
        machine: machine that it ran on.
        date: ISO 8601 date of the last stage.
        version: version of the code, a commit if known.
        stages: stage -> seconds of processing over seconds of sound, when each recording was last processed.
        minutes: content of ``minutes_scores.json``, if there are minutes to compare with.
        compared: what differs from the published run, see :mod:`dialogue.experiments.published`; may be empty.
    """

    name: str
    scores: Mapping[str, Any]
    commands: Sequence[str]
    models: Mapping[str, str]
    machine: str
    date: str
    version: str
    stages: Mapping[str, float]
    minutes: Mapping[str, Any] | None = None
    compared: str = ""

    def markdown(self) -> str:
        """The section of ``RESULTS.md``."""
        speech = " ".join(SPEECH.get(kind, kind) for kind in self.scores.get("speech", {"unknown": 0}))
        lines = [f"## {self.name}", "", speech, ""]
        rows = []
        for metric, found in self.scores["totals"].items():
            rate, (low, high) = Rate.from_dict(found), found.get("interval", (None, None))
            interval = "" if low is None else f"{low:.3f}-{high:.3f}"
            value = "-" if rate.value is None else f"{rate.value:.3f}"
            rows.append((TITLES[metric], value, interval, f"{rate.errors:g}", f"{rate.length:g}", rate.made_of()))
        heads = ("score", "value", "95 % over recordings", "errors", "of", "errors are")
        lines.append(tables.markdown(heads, rows, text=(0, 5)).rstrip())
        if self.minutes:
            lines += ["", "Minutes, in per cent that is right:", "", minutes_table.totals(self.minutes).rstrip()]
        total = sum(self.stages.values())
        each = ", ".join(f"{stage} {factor:.3f}" for stage, factor in self.stages.items())
        lines += [
            "",
            f"- command: {', then '.join(f'`{command}`' for command in self.commands)}",
            f"- recordings: {len(self.scores['recordings'])}"
            + (f", without a transcript: {', '.join(self.scores['missing'])}" if self.scores["missing"] else ""),
            f"- models: {', '.join(f'{name} ({digest[:12]})' for name, digest in self.models.items()) or 'unknown'}",
            f"- normalisation: {self.scores['normalizer']}",
            f"- real-time factor: {total:.3f} ({each}), when each recording was last processed",
            f"- machine: {self.machine}",
            f"- date, version: {self.date}, {self.version}",
            *([f"- compared with the last published: {self.compared}"] if self.compared else []),
        ]
        return "\n".join(lines) + "\n"


def write_results(path: Path, rows: Sequence[ResultsRow]) -> None:
    """Write rows into a ``RESULTS.md``: rows with the same name are replaced, the others stay."""
    sections: dict[str, str] = {}
    if path.exists():
        _, *old = path.read_text(encoding="utf-8").split("\n## ")
        sections = {section.split("\n", 1)[0].strip(): f"## {section.strip()}\n" for section in old}
    sections |= {row.name: row.markdown() for row in rows}
    head = "# Results\n\nGenerated by `dialogue report`; rates, not percent. Do not edit.\n"
    save_text(path, "\n".join([head, *sections.values()]))


def read_row(exp: Path) -> ResultsRow:
    """Read the row of an experiment from its scores, the provenance of its transcripts, and what its stages recorded.

    Raises:
        FileNotFoundError: there are no scores yet.
    """
    path = exp / "scores.json"
    if not path.exists():
        raise FileNotFoundError(2, "no scores yet. Run `dialogue score` first", str(path))
    scores = read_json(path)
    models: dict[str, str] = {}
    seconds: Counter[str] = Counter()
    sound = 0.0
    for transcript in sorted((exp / "transcript").glob("*.json")):
        if transcript.stem not in scores["recordings"]:
            continue
        [found] = formats.read(transcript, "json")
        sound += found.duration
        for entry in found.provenance:
            models |= entry.get("models", {})
            if "seconds" in entry:
                seconds[entry["stage"]] += entry["seconds"]
    runs = sorted((read_json(path) for path in exp.glob("*/stage.json")), key=lambda run: run.get("finished", ""))
    run = runs[-1] if runs else {}
    host = run.get("host", {})
    minutes = exp / MINUTES
    return ResultsRow(
        name=exp.name,
        scores=scores,
        commands=list(dict.fromkeys(each.get("command", "unknown") for each in (*runs, scores))),
        models=models,
        machine=f"{host.get('processors', '?')} processors, {host.get('system', 'unknown system')}",
        date=str(run.get("finished", "unknown date")),
        version=str(run.get("git") or run.get("dialogue") or "unknown version"),
        stages={stage: spent / sound for stage, spent in seconds.items()} if sound else {},
        minutes=read_json(minutes) if minutes.exists() else None,
    )


def write_report(
    exp: Path,
    data: Path,
    published: Path | None = None,
    language: Literal["fr", "en"] = "fr",
    *,
    publish: bool = False,
) -> str:
    """Write a page for each recording, ``exp/report/<id>/report.html``, and ``exp/RESULTS.md``.

    Args:
        published: the ``RESULTS.md`` with which the results are compared; ``exp/RESULTS.md`` is written only with it.
        publish: replace the experiment's section there.

    Returns:
        The files written, one per line.

    Raises:
        FileNotFoundError: there are no scores yet.
        ValueError: a page could not be made; the message gives the cause.
    """
    from dialogue.workflow import stages

    recordings = [
        r for r in lhotse.read_recordings(data / "recordings.jsonl") if (exp / "transcript" / f"{r.id}.json").exists()
    ]
    minutes = [r for r in recordings if (exp / "minutes" / f"{r.id}.json").exists()]
    for stage, wanted in (
        (stages.export(exp / "transcript", exp / "minutes", exp / "report", language), recordings),
        (stages.document(exp / "minutes", exp / "transcript", DocumentConfig(), beside=exp / "report"), minutes),
    ):
        outcome = runner.run(stage, wanted, exp / "report" / ".stages" / stage.name, quiet=True)
        if outcome.failed:
            raise ValueError(outcome.table())
    written = [str(exp / "report" / r.id / "report.html") for r in recordings]
    if published is not None:
        row = read_row(exp)
        row = replace(row, compared=publication.compare(published, row.name, row.scores))
        write_results(exp / "RESULTS.md", [row])
        written.append(str(exp / "RESULTS.md"))
        if publish:
            write_results(published, [row])
            publication.keep(published, row.name, row.scores, f"{row.version} of {row.date}, {row.machine}")
            written.append(str(published))
    return "\n".join(written)
