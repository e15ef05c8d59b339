"""What the programs of La Suite numérique are told of a job: by a webhook, and when they ask.

Beside a meeting of theirs is ``lasuite.json``: what kind of job it is, and where its result will be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.library import durable
from dialogue.library.job_files import Job

ABOUT = "lasuite.json"
URLS = {"transcript": "transcription_data_url", "summary": "summary_data_url"}
CAUSES = {  # what the cause of a failure says -> La Suite's word for it
    "no audio stream": "no_audio_in_file",
    "no sound could be decoded": "no_audio_in_file",
    "no speech": "no_audio_in_file",
    " longer than ": "media_duration_too_long",
    "Accepted: at least": "corrupted_audio_file",
    "not a media file": "corrupted_audio_file",
    "cannot be decoded": "corrupted_audio_file",
    "a sampling rate of": "corrupted_audio_file",
    "every sample is": "corrupted_audio_file",
}


def note(folder: Path, kind: str, address: str) -> None:
    """Note that a meeting is a job of La Suite.

    Args:
        folder: of the meeting.
        kind: ``transcript`` or ``summary``.
        address: where its result will be.
    """
    durable.save(folder / ABOUT, {"type": kind, "address": address})


def news(folder: Path, job: Job) -> dict[str, Any] | None:
    """Return what is told of a job; ``None`` if its meeting is none of La Suite's.

    Args:
        folder: of the meeting.
    """
    try:
        about = read_json(folder / ABOUT)
    except FileNotFoundError:
        return None
    known = {"job_id": job.meeting, "type": about["type"]}
    if job.state == "done":
        return {**known, "status": "success", URLS[about["type"]]: about["address"]}
    if job.state in ("failed", "cancelled"):
        return {**known, "status": "failure", "error_code": error_code(job.cause or "")}
    return {**known, "status": "pending"}


def error_code(cause: str) -> str:
    """Return La Suite's word for the cause of a failure."""
    return next((code for words, code in CAUSES.items() if words in cause), "unknown_error")
