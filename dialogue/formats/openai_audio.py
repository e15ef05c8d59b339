"""OpenAI's answers to ``/v1/audio/transcriptions``: JSON with and without segments, words and speakers.

Source: the API reference of OpenAI, *Create transcription*. They are answers of a service and not files, so that they
are only written; :mod:`dialogue.formats.recognisers` and :mod:`dialogue.formats.whisperx` read them.
"""

from __future__ import annotations

import math
import string
import zlib
from collections.abc import Collection
from typing import Any

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats.lines import labels, one_line, timed_words

SEEK = 100  # frames a second, in which Whisper counts


def brief_answer(transcript: Transcript) -> dict[str, Any]:
    """Return ``json``: the text, and the seconds of sound."""
    return {"text": transcript.text, "usage": _usage(transcript)}


def verbose_answer(
    transcript: Transcript, language: str, granularities: Collection[str] = ("segment",)
) -> dict[str, Any]:
    """Return ``verbose_json``.

    Numbers that only Whisper's own decoder knows are those that follow from the words' probabilities.

    Args:
        language: its English name.
        granularities: ``segment``, ``word`` or both.
    """
    value: dict[str, Any] = {
        "task": "transcribe",
        "language": language,
        "duration": round(float(transcript.duration), 3),
        "text": transcript.text,
    }
    spoken = [u for u in transcript if u.text.strip()]
    if "word" in granularities:
        value["words"] = [
            {"word": w.text, "start": round(w.start or 0.0, 3), "end": round(w.end or 0.0, 3)}
            for u in spoken
            for w in timed_words(u)
        ]
    if "segment" in granularities or "word" not in granularities:
        value["segments"] = [_segment(index, u) for index, u in enumerate(spoken)]
    return {**value, "usage": _usage(transcript)}


def diarized_answer(transcript: Transcript, words: bool = False) -> dict[str, Any]:
    """Return ``diarized_json``: who said what; speakers without a name are A, B, C...

    Args:
        words: also those of WhisperX's JSON, in each segment and all together, as La Suite numérique asks for them.
    """
    segments = diarized_segments(transcript)
    found: dict[str, Any] = {}
    if words:
        spoken = [u for u in transcript if u.text.strip()]
        for segment, u in zip(segments, spoken, strict=True):
            segment["words"] = [
                {
                    "word": w.text,
                    "start": round(w.start or 0.0, 3),
                    "end": round(w.end or 0.0, 3),
                    "score": w.probability,
                    "speaker": segment["speaker"],
                }
                for w in timed_words(u)
            ]
        found["word_segments"] = [word for segment in segments for word in segment["words"]]
    return {
        **found,
        "task": "transcribe",
        "duration": round(float(transcript.duration), 3),
        "text": transcript.text,
        "segments": segments,
        "usage": _usage(transcript),
    }


def diarized_segments(transcript: Transcript) -> list[dict[str, Any]]:
    """Return the segments of :func:`diarized_answer`."""
    name = {None: "unknown", **labels(transcript)}
    for index, speaker in enumerate(transcript.speakers):
        if not speaker.name:
            name[speaker.id] = letters(index)
    return [
        {
            "type": "transcript.text.segment",
            "id": f"seg_{index}",
            "start": round(u.start, 3),
            "end": round(u.end, 3),
            "speaker": name[u.speaker],
            "text": one_line(u.text),
        }
        for index, u in enumerate(u for u in transcript if u.text.strip())
    ]


def letters(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    return (letters(index // 26 - 1) if index >= 26 else "") + string.ascii_uppercase[index % 26]


def _segment(index: int, u: Utterance) -> dict[str, Any]:
    sure = [math.log(max(w.probability, 1e-6)) for w in u.words if w.probability is not None]
    text = u.text.encode()
    return {
        "id": index,
        "seek": round(u.start * SEEK),
        "start": round(u.start, 3),
        "end": round(u.end, 3),
        "text": one_line(u.text),
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": round(sum(sure) / len(sure), 4) if sure else 0.0,
        "compression_ratio": round(len(text) / len(zlib.compress(text)), 4),
        "no_speech_prob": 0.0,
    }


def _usage(transcript: Transcript) -> dict[str, Any]:
    return {"type": "duration", "seconds": math.ceil(transcript.duration)}
