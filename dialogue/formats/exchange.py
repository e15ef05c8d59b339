"""Transcripts as the plain values that other tools exchange, ready for ``json.dumps`` or ``datasets``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from dialogue.core.transcript import Transcript
from dialogue.formats import linto, openai_audio, whisperx
from dialogue.formats.languages import name_of
from dialogue.formats.lines import labels, one_line


def to_linto(transcript: Transcript) -> dict[str, Any]:
    """Return the result of LinTO's transcription service: a segment a turn, its words, who speaks how long."""
    return linto.transcription_answer(transcript)


def to_openai(
    transcript: Transcript, kind: Literal["json", "verbose_json", "diarized_json"] = "verbose_json"
) -> dict[str, Any]:
    """Return the answer of OpenAI's ``/v1/audio/transcriptions``; ``verbose_json`` has segments and words.

    Raises:
        ValueError: it has no such answer.
    """
    if kind == "json":
        return openai_audio.brief_answer(transcript)
    if kind == "diarized_json":
        return openai_audio.diarized_answer(transcript)
    if kind == "verbose_json":
        return openai_audio.verbose_answer(transcript, name_of(transcript.language), ("segment", "word"))
    raise ValueError(f"kind: found {kind!r}. Accepted: json, verbose_json, diarized_json.")


def to_whisperx(transcript: Transcript) -> dict[str, Any]:
    """Return WhisperX's result: segments with words, scores and speakers."""
    found: dict[str, Any] = json.loads(whisperx.dumps([transcript]))
    return found


def to_datasets(transcript: Transcript, audio: str | Path | None = None) -> list[dict[str, Any]]:
    """Return a row an utterance: ``datasets.Dataset.from_list(rows)``.

    Args:
        audio: path of the recording; ``start`` and ``end`` are the seconds of the utterance in it.
    """
    name = labels(transcript)
    return [
        {
            "audio": None if audio is None else str(audio),
            "recording": transcript.recording,
            "id": u.id,
            "speaker": None if u.speaker is None else name[u.speaker],
            "start": u.start,
            "end": u.end,
            "text": one_line(u.text),
            "language": transcript.language,
        }
        for u in transcript
    ]
