"""What the JSON formats of recognisers share: objects, segments with times, words that may lack theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.transcript import Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import number, one_line, span


def parse(text: str) -> Mapping[str, Any]:
    """A JSON object.

    Raises:
        FormatError: with the line that is not JSON; another value than an object.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"line {error.lineno}: not JSON ({error.msg}).") from error
    except RecursionError as error:
        raise FormatError("nested too deeply to be a transcript.") from error
    if not isinstance(value, dict):
        raise FormatError(f"a {type(value).__name__}. Accepted: an object.")
    return value


def objects(value: Mapping[str, Any], key: str, where: str = "") -> list[Mapping[str, Any]]:
    """The list of objects under a key.

    Raises:
        FormatError: absent, or not a list of objects.
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
    """An utterance from a segment whose fields for the times are named.

    Raises:
        FormatError: naming the segment and what is wrong with its times.
    """
    since, until = segment.get(start), segment.get(end)
    if since is None and words:
        since = next((w.start for w in words if w.start is not None), None)
    if until is None and words:
        until = next((w.end for w in reversed(words) if w.end is not None), None)
    begin, finish = span(number(str(since), start, where), number(str(until), end, where), where)
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
    speaker: Any = None,
) -> Word:
    """A word from the named fields; one without times keeps none.

    Raises:
        FormatError: naming the segment, a time that is not a number or ends before it starts.
    """
    times = [None if item.get(key) is None else number(str(item[key]), key, where) for key in (start, end)]
    if times[0] is not None and times[1] is not None:
        span(times[0], times[1], where)
    score = item.get(probability)
    return Word(
        one_line(str(item.get(text, ""))),
        times[0],
        times[1],
        None if score is None else number(str(score), probability, where),
        speaker,
    )
