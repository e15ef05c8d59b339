"""What the line-based formats share: fields that name their line, speaker labels, times of words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word, order_speakers, speaker_ids
from dialogue.formats import FormatError

NOT_AVAILABLE = "<NA>"  # NIST's mark for an empty field
PACE = 3.0  # words a second, of conversational French


def numbered(text: str) -> Iterator[tuple[str, str]]:
    """Lines that carry data, each after ``line 12``: blank lines and ``;;`` comments are left out."""
    for index, line in enumerate(text.split("\n"), start=1):
        line = line.strip().strip("\ufeff").strip()
        if line and not line.startswith(";;"):
            yield f"line {index}", line


def number(field: str, what: str, where: str) -> float:
    """A finite number, or an error that names the place and the field."""
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in field:
        raise FormatError(f"{where}: {what} is {field!r}. Accepted: a number of seconds, e.g. 12.34.")
    return value


def span(start: float, end: float, where: str) -> tuple[float, float]:
    """``(start, end)`` when they can be an utterance's."""
    if start < 0:
        raise FormatError(f"{where}: starts at {start:.3f} s. Times count from 0.")
    if end < start:
        raise FormatError(f"{where}: ends at {end:.3f} s, before its start {start:.3f} s. Accepted: end >= start.")
    return start, end


def recording_id(field: str, recording: str | None, where: str) -> str:
    """The recording that a line is about; the file's own name where the line has ``<NA>``."""
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
    """Transcripts from the utterances of each recording, whose speakers are the labels of the file.

    An utterance without an id becomes ``u1``, ``u2``... in order of time; a recording whose duration is not given
    ends where its last utterance ends.
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
    """A transcript from utterances and events whose speakers are the labels of the file.

    Args:
        speakers: what the file says of its labels; a label that it does not declare is its own name.
        duration: seconds; by default the end of the last utterance or event.
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
    """Utterances that nothing placed in time, one after the other at the pace of conversational French."""
    placed, now = list[Utterance](), 0.0
    for utterance in utterances:
        end = now + max(1, len(utterance.text.split())) / PACE
        placed.append(replace(utterance, start=round(now, 3), end=round(end, 3)))
        now = end
    return placed


def labels(transcript: Transcript) -> dict[str | None, str]:
    """What to call each speaker id outside: its display name, or the id; never one label for two speakers."""
    chosen: dict[str | None, str] = {}
    for speaker in transcript.speakers:
        label = " ".join((speaker.name or speaker.id).split()) or speaker.id
        chosen[speaker.id] = f"{label} {speaker.id}" if label in chosen.values() else label
    for utterance in transcript.utterances:  # a speaker that nobody declared keeps its id
        if utterance.speaker is not None:
            chosen.setdefault(utterance.speaker, utterance.speaker)
    return chosen


def column(text: str | None) -> str:
    """Text as one column of a file whose columns are separated by spaces."""
    return re.sub(r"\s+", "_", text.strip()) if text and text.strip() else NOT_AVAILABLE


def one_line(text: str) -> str:
    """Text on one line, single spaces."""
    return " ".join(text.split())


def spread(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """Words that share ``[start, end)`` in proportion to their letters, where nothing better is known."""
    total = sum(map(len, texts)) or 1
    words, done = [], 0
    for text in texts:
        begin = start + (end - start) * done / total
        done += len(text)
        words.append(Word(text, begin, start + (end - start) * done / total))
    return words


def timed_words(utterance: Utterance) -> list[Word]:
    """The words of an utterance, each without spaces and each with times.

    Times that are missing are shared out between the neighbours that have some; so are those of an utterance whose
    text alone is known.
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
