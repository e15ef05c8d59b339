"""Shared by the JSON formats of recognisers: objects, segments with times, and words with or without times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.transcript import Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import json_value, number, one_line, span

KNOWN = (
    "JSON of this project (dialogue/transcript/1), LinTO, WhisperX, whisper of OpenAI, faster-whisper, whisper.cpp, "
    "transformers, Vosk, Deepgram, AssemblyAI, Azure, Google, AWS, ElevenLabs, Rev.ai, and SegLST"
)


def shape(value: object) -> str:
    """Say what a JSON value is, without the words in it: ``an object with segments, language``."""
    if isinstance(value, dict):
        keys = [str(key)[:30] for key in value]
        shown = ", ".join(keys[:8]) + (", ..." if len(keys) > 8 else "")
        return f"an object with {shown}" if keys else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}, of which the first is {shape(value[0])}" if value else "an empty list"
    return {bool: "true or false", int: "a number", float: "a number", str: "a text"}.get(type(value), "null")


def parse(text: str) -> Mapping[str, Any]:
    """Parse a JSON object.

    Raises:
        FormatError: the text is not JSON (the message names the line), or is not an object.
    """
    value = json_value(text)
    if not isinstance(value, dict):
        raise FormatError(
            f"a {type(value).__name__}. Accepted: an object. The formats of JSON that are read are {KNOWN}."
        )
    return value


def objects(value: Mapping[str, Any], key: str, where: str = "") -> list[Mapping[str, Any]]:
    """Return the list of objects under a key.

    Raises:
        FormatError: the key is absent, or its value is not a list of objects.
    """
    found = value.get(key)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise FormatError(f"{where or 'the object'}: {key} is not a list of objects.")
    return found


def utterance(
    segment: Mapping[str, Any],
    where: str,
    *,
    speaker: object,
    text: object,
    words: Sequence[Word] = (),
    start: str = "start",
    end: str = "end",
) -> Utterance:
    """Build an utterance from a segment, given the names of its time fields.

    Raises:
        FormatError: the times are wrong; the message names the segment.
    """
    since, until = segment.get(start), segment.get(end)
    if since is None and words:
        since = next((w.start for w in words if w.start is not None), None)
    if until is None and words:
        until = next((w.end for w in reversed(words) if w.end is not None), None)
    begin, finish = span(number(since, start, where), number(until, end, where), where)
    return Utterance(
        "",
        None if speaker in (None, "") else str(speaker),
        begin,
        finish,
        one_line(str(text or "")),
        tuple(words),
    )


def word(
    item: Mapping[str, Any],
    where: str,
    text: str,
    start: str,
    end: str,
    probability: str,
    speaker: object = None,
) -> Word:
    """Build a word from the named fields; a word may have no times.

    Raises:
        FormatError: a time is not a number or the word ends before it starts; the message names the segment.
    """
    times = [None if item.get(key) is None else number(item[key], key, where) for key in (start, end)]
    if times[0] is not None and times[1] is not None:
        span(times[0], times[1], where)
    score = item.get(probability)
    return Word(
        one_line(str(item.get(text, ""))),
        times[0],
        times[1],
        None if score is None else number(score, probability, where),
        None if speaker in (None, "") else str(speaker),
    )
