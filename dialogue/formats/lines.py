"""Shared by the formats: values with errors that name their line, speaker labels, ids, times of words."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from dialogue.core.files import parse_json
from dialogue.core.transcript import (
    Event,
    Omission,
    Speaker,
    Transcript,
    Utterance,
    Word,
    order_speakers,
    speaker_ids,
)
from dialogue.formats import READING, FormatError
from dialogue.formats.ids import unique

NOT_AVAILABLE = "<NA>"  # NIST's mark for an empty field
INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")  # not those that join letters or emoji
PACE = 3.0  # words per second in conversational French
LATEST = 1e8  # seconds: three years; no recording is longer, and a clock time is no time of a recording
IGNORED = "not scored"  # reason of an omission that ``dialogue score`` leaves out


def overlook(problem: str, instead: str) -> None:
    """Warn of a fault of a file that leaves the rest of it readable.

    Args:
        problem: where and what, e.g. ``line 3: ends before its start``; no words of the transcript.
        instead: what becomes of it, e.g. ``This cue is skipped``.

    Raises:
        FormatError: the file is read strictly.
    """
    name, strict = READING.get()
    if strict:
        raise FormatError(f"{problem} Correct it, or read without --strict.")
    logging.getLogger("dialogue").warning("%s%s %s.", f"{name}: " if name else "", problem, instead)


def json_value(text: str, where: str = "") -> Any:
    """Return the value of a JSON text.

    Args:
        where: the line of a text that is a line of a file; by default the message names the line of the text.

    Raises:
        FormatError: the text is not JSON, or holds what no transcript does; the message names the line.
    """
    try:
        return parse_json(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"{where or f'line {error.lineno}'}: not JSON ({error.msg}).") from error


def numbered(text: str) -> Iterator[tuple[str, str]]:
    """Yield lines that hold data, each with ``line 12``; blank lines and ``;;`` comments are skipped."""
    for index, line in enumerate(text.split("\n"), start=1):
        line = (line.lstrip("\ufeff") if index == 1 else line).strip()
        if line and not line.startswith(";;"):
            yield f"line {index}", line


def number(field: object, what: str, where: str) -> float:
    """Return a number of seconds or a share, from a text or a value of JSON.

    Raises:
        FormatError: it is no number, not finite, or absurd for a recording; the message names the place and the field.
    """
    try:
        value = math.nan if isinstance(field, bool) else float(field)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not abs(value) <= LATEST or "_" in str(field):
        shown = repr(str(field))
        raise FormatError(
            f"{where}: {what} is {shown if len(shown) < 60 else shown[:40] + '...'}. "
            f"Accepted: a number of seconds, e.g. 12.34, of at most {LATEST:.0e}."
        )
    return value


def span(start: float, end: float, where: str) -> tuple[float, float]:
    """Return ``(start, end)`` if they are valid times of an utterance."""
    if start < 0 and round(start, 3) == 0:
        start = 0.0
    if start < 0:
        raise FormatError(f"{where}: starts at {start:.3f} s. Times count from 0.")
    if end < start:
        raise FormatError(f"{where}: ends at {end:.3f} s, before its start {start:.3f} s. Accepted: end >= start.")
    return start, end


def recording_id(field: str, recording: str | None, where: str) -> str:
    """Return the recording of a line; the file's own name if the line has ``<NA>``."""
    if field != NOT_AVAILABLE:
        return field
    if recording is None:
        raise FormatError(
            f"{where}: the recording is {NOT_AVAILABLE}. Accepted: an id, or a recording named by the caller."
        )
    return recording


def assemble(
    utterances: Mapping[str, Sequence[Utterance]],
    durations: Mapping[str, float] = {},
    languages: Mapping[str, str] = {},
    ignored: Mapping[str, Sequence[Omission]] = {},
    events: Mapping[str, Sequence[Event]] = {},
) -> list[Transcript]:
    """Build transcripts from the utterances of each recording, with the labels of the file as speakers.

    An utterance without an id becomes ``u1``, ``u2``... in order of time; a recording without a given duration ends
    with its last utterance.

    Args:
        ignored, events: spans of each recording without utterances, and its sounds.
    """
    return [
        transcript(
            name,
            found,
            duration=durations.get(name),
            language=languages.get(name),
            omissions=ignored.get(name, ()),
            events=events.get(name, ()),
        )
        for name, found in utterances.items()
    ]


def transcript(
    recording: str,
    utterances: Sequence[Utterance],
    *,
    speakers: Iterable[Speaker] = (),
    events: Iterable[Event] = (),
    duration: float | None = None,
    language: str | None = None,
    attributes: Mapping[str, Any] = {},
    timed: bool = True,
    omissions: Iterable[Omission] = (),
) -> Transcript:
    """Build a transcript from utterances and events, with the labels of the file as speakers.

    An utterance whose words are of several speakers becomes several.

    Args:
        speakers: what the file says about its labels; an undeclared label becomes the speaker's name.
    """
    events = sorted(events, key=lambda e: (e.start, e.end))
    omissions = tuple(sorted(omissions, key=lambda o: (o.start, o.end)))
    utterances = [part for u in utterances for part in by_speaker(u)]
    found, ordered = order_speakers(utterances, speakers)
    ids = speaker_ids(sorted(utterances, key=lambda u: (u.start, u.end)))
    last = max((item.end for items in (ordered, events, omissions) for item in items), default=0.0)
    return Transcript(
        recording=recording,
        duration=last if duration is None else duration,
        language=language,
        speakers=found,
        utterances=tuple(u if u.id else replace(u, id=f"u{index}") for index, u in enumerate(ordered, start=1)),
        events=tuple(replace(e, speaker=ids.get(e.speaker)) if e.speaker else e for e in events),
        attributes=attributes,
        timed=timed,
        omissions=omissions,
    )


def by_speaker(utterance: Utterance) -> list[Utterance]:
    """Cut an utterance where its words change speaker, so that every utterance is of one.

    A word without a speaker is of the one before it. The parts share the span of the utterance at the times of their
    words, as far as those are known.
    """
    whose, who = list[str | None](), utterance.speaker
    for word in utterance.words:
        who = word.speaker or who
        whose.append(who)
    if not set(whose) - {utterance.speaker}:
        return [utterance]
    parts = list[Utterance]()
    groups = groupby(zip(whose, utterance.words, strict=True), key=lambda item: item[0])
    spoken = [(who, tuple(word for _, word in group)) for who, group in groups]
    if len(spoken) == 1:
        return [replace(utterance, speaker=spoken[0][0], words=_said_by(*spoken[0]))]
    texts = utterance.text.split()
    written = texts if len(texts) == len(utterance.words) else [w.text for w in utterance.words]
    done = 0
    for place, (who, words) in enumerate(spoken):
        first = next((w.start for w in words if w.start is not None), None)
        last = max((w.end for w in words if w.end is not None), default=None)
        start = utterance.start if place == 0 else first if first is not None else parts[-1].end
        end = utterance.end if place == len(spoken) - 1 else last if last is not None else start
        key = f"{utterance.id}-{place + 1}" if utterance.id and place else utterance.id
        said, done = " ".join(written[done : done + len(words)]), done + len(words)
        part = replace(utterance, id=key, speaker=who, start=start, end=max(start, end))
        parts.append(replace(part, words=_said_by(who, words), text=said, original=""))
    return parts


def _said_by(speaker: str | None, words: Iterable[Word]) -> tuple[Word, ...]:
    return tuple(replace(word, speaker=speaker) for word in words)


def paced(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Place utterances without times one after another, at the pace of conversational French."""
    placed, now = list[Utterance](), 0.0
    for utterance in utterances:
        end = now + max(1, len(utterance.text.split())) / PACE
        placed.append(replace(utterance, start=round(now, 3), end=round(end, 3)))
        now = end
    return placed


def labels(transcript: Transcript) -> dict[str | None, str]:
    """Map each speaker id to a label for files: the display name or the id, unique for each speaker."""
    chosen: dict[str | None, str] = {}
    taken: set[str] = set()
    for speaker in transcript.speakers:
        label = " ".join(INVISIBLE.sub("", speaker.name or "").split()) or speaker.id
        chosen[speaker.id] = f"{label} {speaker.id}" if label in taken else label
        taken.add(chosen[speaker.id])
    for utterance in transcript.utterances:  # an undeclared speaker keeps its id
        if utterance.speaker is not None:
            chosen.setdefault(utterance.speaker, utterance.speaker)
    return chosen


def column(text: str | None) -> str:
    """Return text as one column of a file with columns separated by spaces."""
    return re.sub(r"\s+", "_", text.strip()) if text and text.strip() else NOT_AVAILABLE


def columns(transcripts: Iterable[Transcript]) -> dict[str, str]:
    """Map recordings to columns of a file, each its own."""
    return unique((t.recording for t in transcripts), _column)


def columns_of(labels: Mapping[str | None, str]) -> dict[str | None, str]:
    """Map speakers to columns of a file, each its own; nobody has none."""
    chosen = unique(labels.values(), _column)
    return {speaker: chosen[label] for speaker, label in labels.items()}


def _column(text: str) -> str:
    """Return text as one column that is neither NIST's mark for an empty field nor the start of a comment."""
    found = column(text)
    return "NA_" if found == NOT_AVAILABLE else f"_{found}" if found.startswith((";;", "\ufeff")) else found


def one_line(text: str) -> str:
    """Return text on one line, with single spaces."""
    return " ".join(text.split())


def spread(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """Return words that share ``[start, end)`` in proportion to their letters, if nothing better is known."""
    total = sum(map(len, texts)) or 1
    words, done = [], 0
    for text in texts:
        begin = start + (end - start) * done / total
        done += len(text)
        words.append(Word(text, begin, start + (end - start) * done / total))
    return words


def timed_words(utterance: Utterance) -> list[Word]:
    """Return the words of an utterance, each without spaces and with times.

    Missing times are distributed between the neighbours that have some, or over the utterance if only its text is
    known.
    """
    if not utterance.words:
        return spread(utterance.text.split(), utterance.start, utterance.end)
    placed: list[Word] = []
    waiting: list[Word] = []

    def place(until: float) -> None:
        since = max(utterance.start, placed[-1].end or 0.0) if placed else utterance.start
        for word, timed in zip(waiting, spread([w.text for w in waiting], since, max(since, until)), strict=True):
            placed.append(replace(word, start=timed.start, end=timed.end))
        waiting.clear()

    for word in utterance.words:
        if word.start is None or word.end is None:
            waiting.append(word)
        else:
            place(word.start)
            placed.append(word)
    place(utterance.end)
    return [
        replace(word, text=part.text, start=part.start, end=part.end)
        for word in placed
        for part in spread(word.text.split(), word.start or 0.0, word.end or 0.0)
    ]
