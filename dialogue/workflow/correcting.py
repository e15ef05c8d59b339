"""The stages that apply a meeting's corrections: between recognition and minutes, and between minutes and documents.

What a correction does not concern is not made again: the log is first sorted into the corrections of the transcript
and those of the minutes, and an undone correction is in neither.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue import corrections, formats
from dialogue.core.audio import Recording
from dialogue.core.files import read_json_lines, save_json_lines, save_text
from dialogue.core.progress import log
from dialogue.core.transcript import Transcript
from dialogue.corrections import Correction, Unreplayed
from dialogue.corrections.correction import OF_MINUTES
from dialogue.minutes import Minutes
from dialogue.workflow.runner import Output, Progress, Stage, Worker
from dialogue.workflow.stages import rttm_of


@dataclass(frozen=True)
class Sorted:
    """How many corrections are in effect, and what is wrong with lines that are none."""

    transcript: int
    minutes: int
    damaged: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"transcript": self.transcript, "minutes": self.minutes, "damaged": list(self.damaged)}


def log_of(out: Path, recording: str) -> Path:
    """Return the log of a meeting's corrections."""
    return out / recording / corrections.NAME


def sort_corrections(out: Path) -> Stage:
    """Log of corrections, if there is one -> those in effect: ``<id>.transcript.jsonl`` and ``<id>.minutes.jsonl``."""
    return Stage(
        "corrections",
        version=1,
        make_worker=functools.partial(_sorter, out),
        inputs=lambda recording: [path for path in [log_of(out, recording.id)] if path.exists()],
        outputs=lambda recording, folder: [_of(folder, "transcript", recording), _of(folder, "minutes", recording)],
        cost=0.0001,
    )


def _sorter(out: Path) -> Worker:
    def work(recording: Recording, folder: Path, progress: Progress) -> Output:
        found = corrections.read(log_of(out, recording.id), recording.id)
        if found.damaged:
            log.warning("%s: lines that are no corrections: %d", log_of(out, recording.id), len(found.damaged))
        kinds: dict[str, list[Correction]] = {"transcript": [], "minutes": []}
        for correction in found.active:
            kinds["minutes" if correction.do in OF_MINUTES else "transcript"].append(correction)
        for kind, those in kinds.items():
            save_json_lines(_of(folder, kind, recording), [c.to_dict() for c in those])
        return Sorted(len(kinds["transcript"]), len(kinds["minutes"]), found.damaged)

    return work


def correct(transcripts: Path, sorted_corrections: Path) -> Stage:
    """The machine's transcript and its corrections -> ``<id>.json`` and ``turns/<id>.rttm``."""
    return Stage(
        "correct",
        version=1,
        make_worker=functools.partial(_corrector, transcripts, sorted_corrections),
        inputs=lambda recording: [
            transcripts / f"{recording.id}.json",
            rttm_of(transcripts, recording),
            _of(sorted_corrections, "transcript", recording),
        ],
        outputs=lambda recording, folder: [rttm_of(folder, recording)],
        cost=0.0002,
    )


def _corrector(transcripts: Path, sorted_corrections: Path) -> Worker:
    def work(recording: Recording, folder: Path, progress: Progress) -> Output:
        machine = Transcript.load(transcripts / f"{recording.id}.json")
        said, left = corrections.corrected(machine, _read(_of(sorted_corrections, "transcript", recording)))
        _tell(recording, left)
        turns = rttm_of(transcripts, recording).read_text(encoding="utf-8")
        if _who_spoke(said) != _who_spoke(machine):  # the machine's turns are no longer true
            turns = formats.dumps([said], "rttm") if said.utterances else ""
        save_text(rttm_of(folder, recording), turns)
        return said

    return work


def _who_spoke(transcript: Transcript) -> list[tuple[str | None, float, float]]:
    return [(u.speaker, u.start, u.end) for u in transcript]


def correct_minutes(minutes: Path, transcripts: Path, sorted_corrections: Path) -> Stage:
    """Minutes, the corrected transcript and the corrections of their items -> minutes: ``<id>.json``."""
    return Stage(
        "correct-minutes",
        version=1,
        make_worker=functools.partial(_items_corrector, minutes, transcripts, sorted_corrections),
        inputs=lambda recording: [
            minutes / f"{recording.id}.json",
            transcripts / f"{recording.id}.json",
            _of(sorted_corrections, "minutes", recording),
        ],
        cost=0.0001,
    )


def _items_corrector(minutes: Path, transcripts: Path, sorted_corrections: Path) -> Worker:
    from dialogue.corrections.minutes_items import corrected_minutes

    def work(recording: Recording, folder: Path, progress: Progress) -> Output:
        written = Minutes.load(minutes / f"{recording.id}.json")
        said = Transcript.load(transcripts / f"{recording.id}.json")
        found, left = corrected_minutes(written, said, _read(_of(sorted_corrections, "minutes", recording)))
        _tell(recording, left)
        return found

    return work


def _of(folder: Path, kind: str, recording: Recording) -> Path:
    return folder / f"{recording.id}.{kind}.jsonl"


def _read(path: Path) -> list[Correction]:
    return [Correction.from_dict(value, f"{path}, line {n}") for n, value in enumerate(read_json_lines(path), 1)]


def _tell(recording: Recording, left: Sequence[Unreplayed]) -> None:
    if left:
        ids = ", ".join(each.correction.id for each in left)
        log.warning(
            "%s: corrections that could not be replayed: %s; `dialogue correct status` says why", recording.id, ids
        )
