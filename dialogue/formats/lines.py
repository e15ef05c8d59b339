"""Shared by the line-based formats: fields with errors that name their line, speaker labels, times of words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word, order_speakers, speaker_ids
from dialogue.formats import FormatError

NOT_AVAILABLE = "<NA>"  # NIST's mark for an empty field
PACE = 3.0  # words per second in conversational French


def numbered(text: str) -> Iterator[tuple[str, str]]:
    """Yield lines that hold data, each with ``line 12``; blank lines and ``;;`` comments are skipped."""
    for index, line in enumerate(text.split("\n"), start=1):
        line = line.strip().strip("\ufeff").strip()
        if line and not line.startswith(";;"):
            yield f"line {index}", line


def number(field: str, what: str, where: str) -> float:
    """Return a finite number, or raise an error that names the place and the field."""
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in field:
        raise FormatError(f"{where}: {what} is {field!r}. Accepted: a number of seconds, e.g. 12.34.")
    return value


def span(start: float, end: float, where: str) -> tuple[float, float]:
    """Return ``(start, end)`` if they are valid times of an utterance."""
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
) -> list[Transcript]:
    """Build transcripts from the utterances of each recording, with the labels of the file as speakers.

    An utterance without an id becomes ``u1``, ``u2``... in order of time; a recording without a given duration ends
    with its last utterance.
    """
    return [
        transcript(name, found, duration=durations.get(name), language=languages.get(name))
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
) -> Transcript:
    """Build a transcript from utterances and events, with the labels of the file as speakers.

    Args:
        speakers: what the file says about its labels; an undeclared label becomes the speaker's name.
    """
    events = sorted(events, key=lambda e: (e.start, e.end))
    found, ordered = order_speakers(utterances, speakers)
    ids = speaker_ids(sorted(utterances, key=lambda u: (u.start, u.end)))
    last = max([u.end for u in ordered] + [e.end for e in events], default=0.0)
    return Transcript(
        recording=recording,
        duration=last if duration is None else duration,
        language=language,
        speakers=found,
        utterances=tuple(u if u.id else replace(u, id=f"u{index}") for index, u in enumerate(ordered, start=1)),
        events=tuple(replace(e, speaker=ids.get(e.speaker)) if e.speaker else e for e in events),
        attributes=attributes,
        timed=timed,
    )


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
    for speaker in transcript.speakers:
        label = " ".join((speaker.name or speaker.id).split()) or speaker.id
        chosen[speaker.id] = f"{label} {speaker.id}" if label in chosen.values() else label
    for utterance in transcript.utterances:  # an undeclared speaker keeps its id
        if utterance.speaker is not None:
            chosen.setdefault(utterance.speaker, utterance.speaker)
    return chosen


def column(text: str | None) -> str:
    """Return text as one column of a file with columns separated by spaces."""
    return re.sub(r"\s+", "_", text.strip()) if text and text.strip() else NOT_AVAILABLE


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
