"""This project's JSON, schema ``dialogue/transcript/1``: everything that a transcript holds, one recording per file."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript, TranscriptError
from dialogue.formats import FormatError

HOLDS = {
    "text",
    "times",
    "speakers",
    "overlap",
    "words",
    "probabilities",
    "events",
    "original",
    "attributes",
    "metadata",
    "language",
    "omissions",
}


def dumps(transcripts: Sequence[Transcript]) -> str:
    if len(transcripts) != 1:
        raise FormatError(f"{len(transcripts)} recordings. Accepted: one per file.")
    return to_json(transcripts[0].to_dict())


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    try:
        return [Transcript.from_dict(json.loads(text))]
    except json.JSONDecodeError as error:
        raise FormatError(f"line {error.lineno}: not JSON ({error.msg}).") from error
    except (TranscriptError, AttributeError) as error:
        raise FormatError(str(error)) from error
