"""This project's JSON, schema ``dialogue/transcript/1``: everything that a transcript holds, one recording per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript, TranscriptError
from dialogue.formats import FormatError
from dialogue.formats.lines import LATEST, json_value, number
from dialogue.formats.segments import KNOWN, shape

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
REQUIRED = {  # fields that have no value for "unknown"
    "the transcript": {"recording", "duration"},
    "speakers": {"id"},
    "utterances": {"id", "start", "end", "text", "original"},
    "omissions": {"start", "end", "reason", "text"},
    "events": {"start", "end", "kind", "text"},
}


def dumps(transcripts: Sequence[Transcript]) -> str:
    if len(transcripts) != 1:
        raise FormatError(f"{len(transcripts)} recordings. Accepted: one per file.")
    return to_json(transcripts[0].to_dict())


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the text is not JSON, is another program's, or a field is missing, unknown or of the wrong type.
    """
    value = json_value(text)
    if not isinstance(value, dict) or "schema" not in value:
        raise FormatError(f"line 1: {shape(value)}, which no reader here knows. Accepted: {KNOWN}.")
    try:
        for where, item in _items(value):
            _check(where, item)
        return [Transcript.from_dict(value)]
    except (TranscriptError, AttributeError, TypeError) as error:
        raise FormatError(str(error)) from error


def _items(value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of a transcript, with its place."""
    yield "the transcript", value
    for key in ("speakers", "utterances", "omissions", "provenance", "events"):
        found = value.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise FormatError(f"{key}: {shape(found)}. Accepted: a list of objects.")
        for place, item in enumerate(found, start=1):
            where = f"{key}, number {place}"
            if key != "provenance":
                yield where, item
            words = item.get("words", []) if key == "utterances" else []
            if not isinstance(words, list) or not all(isinstance(word, dict) for word in words):
                raise FormatError(f"{where}: words are {shape(words)}. Accepted: a list of objects.")
            yield from ((f"{where}, word {nth}", word) for nth, word in enumerate(words, start=1))


def _check(where: str, item: Mapping[str, Any]) -> None:
    for key in ("start", "end", "duration", "probability", "confidence"):
        found = item.get(key)
        if found is not None and type(found) not in (int, float):
            raise FormatError(f"{where}: {key} is {shape(found)}. Accepted: a number.")
        if found is not None and not abs(found) <= LATEST:
            number(found, key, where)
    for key in ("id", "recording", "text", "speaker", "name", "language", "reason", "kind", "original"):
        if (found := item.get(key)) is not None and not isinstance(found, str):
            raise FormatError(f"{where}: {key} is {shape(found)}. Accepted: text.")
    if not isinstance(item.get("attributes", {}), dict):
        raise FormatError(f"{where}: attributes are {shape(item['attributes'])}. Accepted: an object.")
    for key in item.keys() & REQUIRED.get(where.partition(",")[0], set()):
        if item[key] is None and ", word " not in where:
            raise FormatError(f"{where}: {key} is null. Accepted: its value.")
