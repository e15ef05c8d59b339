"""An experiment with its references, read and aligned once for every part of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from dialogue.core.audio import Recording
from dialogue.core.errors import DialogueError
from dialogue.core.transcript import Transcript
from dialogue.experiments import results
from dialogue.french.normalization import VERSIONS
from dialogue.scoring import blocks, cpwer, wer
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import Zones, spoken

if TYPE_CHECKING:
    from dialogue.experiments.report.captions import Language


class ReportError(DialogueError, ValueError):
    """Raised when scores do not match the transcripts or references; the message says which."""


@dataclass(frozen=True)
class Recorded:
    """One recording, as it was said and as it was recognised.

    Attributes:
        recording: recording with the path of its sound.
        reference, hypothesis: normalised transcripts; the hypothesis is empty if there is no transcript.
        alignment: alignment of the two.
        speakers: hypothesis speaker -> reference speaker as cpWER matched them, by display name.
        reference_turns, turns: the diarizations compared by DER.
        turns_kept: whether the diarization was kept; otherwise ``turns`` are the utterances.
        zones: the UEM, seconds.
    """

    recording: Recording
    reference: Transcript
    hypothesis: Transcript
    alignment: wer.Alignment
    speakers: Mapping[str, str]
    reference_turns: Transcript
    turns: Transcript
    turns_kept: bool
    zones: Zones | None

    @property
    def id(self) -> str:
        return self.recording.id

    def call(self, say: Language, speaker: str) -> str:
        """Return the name of a hypothesis speaker, that of the reference if there is a match."""
        return self.speakers.get(speaker) or say("nobody", speaker=speaker)

    def blocks(self) -> dict[str, list[Rate]]:
        """Return metric -> the rate of each block, see :mod:`dialogue.scoring.blocks`."""
        sides = self.reference, self.hypothesis, self.alignment, self.reference_turns, self.turns
        return blocks.rates(*sides, self.zones)


@dataclass(frozen=True)
class Experiment:
    """The experiment to report.

    Attributes:
        exp: its folder.
        row: its scores, models, machine etc.
        evaluation: references and transcripts.
    """

    exp: Path
    row: results.ResultsRow
    evaluation: results.ScoredData

    @cached_property
    def recordings(self) -> list[Recorded]:
        """The recordings that were scored, in the order of the manifest.

        Raises:
            ReportError: the transcripts are not those that were scored.
        """
        return [_recorded(self, recording) for recording in self.evaluation.recordings if recording.id in self.ids]

    @property
    def ids(self) -> Iterable[str]:
        """Ids of the recordings that were scored."""
        return self.row.scores["recordings"].keys()

    def speech(self, say: Language) -> str:
        """Say whether people or a synthesiser spoke."""
        known = ("synthetic", "real")
        kinds = dict.fromkeys(kind if kind in known else "unknown" for kind in self.row.scores.get("speech", {}))
        return " ".join(say(kind) for kind in kinds or ["unknown"])

    def page(self, recording: str) -> str:
        """Return the address of a recording's own page, relative to the report; empty if there is none."""
        page = f"{recording}/report.html"
        return quote(page) if (self.exp / "report" / page).exists() else ""

    def models(self, say: Language) -> str:
        """Return the names of models with the beginnings of their checksums."""
        return ", ".join(f"{n} ({digest[:12]})" for n, digest in self.row.models.items()) or say("models_unknown")

    def rates(self, metric: str) -> dict[str, Rate]:
        """Return the rate of each recording."""
        return {name: Rate.from_dict(found[metric]) for name, found in self.row.scores["recordings"].items()}

    def totals(self, metrics: Iterable[str]) -> dict[str, Rate]:
        """Return the rates over all recordings."""
        return {metric: Rate.from_dict(self.row.scores["totals"][metric]) for metric in metrics}

    def interval(self, metric: str) -> tuple[float, float] | None:
        """Return the 95 % interval of a total, or ``None`` if there is none."""
        found = self.row.scores["totals"][metric].get("interval")
        return tuple(found) if found else None


def read(exp: Path, data: Path) -> Experiment:
    """Read an experiment that was scored against ``data``.

    Raises:
        FileNotFoundError: there are no scores yet.
        ReportError: the scores are from other references or another normalisation.
    """
    row = results.read_row(exp)
    if row.scores["normalizer"] not in VERSIONS.values():
        raise ReportError(
            f"{exp}/scores.json: normalisation {row.scores['normalizer']}. Accepted: {', '.join(VERSIONS.values())}. "
            "Run `dialogue score` again."
        )
    evaluation = results.read_evaluation(data, exp / "transcript")
    if unknown := sorted(set(row.scores["recordings"]) - {t.recording for t in evaluation.references}):
        raise ReportError(
            f"{exp}/scores.json: no reference in {data} for {', '.join(unknown)}. "
            "Name the data against which it was scored, or run `dialogue score` again."
        )
    return Experiment(exp, row, evaluation)


def _recorded(experiment: Experiment, recording: Recording) -> Recorded:
    found, scores = experiment.evaluation, experiment.row.scores
    level = next(name for name, version in VERSIONS.items() if version == scores["normalizer"])
    nothing = Transcript(recording.id, recording.duration)

    def of(transcripts: Iterable[Transcript]) -> Transcript:
        return next((t for t in transcripts if t.recording == recording.id), nothing)

    zones = None if found.zones is None else found.zones.get(recording.id)
    reference, hypothesis = (spoken(of(side), level, zones) for side in (found.references, found.hypotheses))
    alignment = wer.align(reference, hypothesis)
    now, then = wer.wer(alignment), Rate.from_dict(scores["recordings"][recording.id]["wer"])
    if now != then:
        raise ReportError(
            f"{experiment.exp}/scores.json: {recording.id} had {then.errors:g} errors in {then.length:g} words when it "
            f"was scored, and has {now.errors:g} in {now.length:g}: its transcript or reference has changed. "
            "Run `dialogue score` again."
        )
    matched = cpwer.speakers(reference, hypothesis)
    return Recorded(
        recording,
        reference,
        hypothesis,
        alignment,
        {hypothesis.name(b): reference.name(a) for a, b in matched if a is not None and b is not None},
        of(found.references if found.reference_turns is None else found.reference_turns),
        of(found.turns),
        (experiment.exp / "transcript/turns" / f"{recording.id}.rttm").exists(),
        zones,
    )
