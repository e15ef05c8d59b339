"""Shared by SRT and VTT: reading cues, and writing cues of readable length.

Readable means at most two lines of 42 characters and seven seconds per cue, the usual rules of television subtitles.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import labels, spread, timed_words

WIDTH, LINES, SECONDS = 42, 2, 7.0
PAUSE = 1.0  # seconds of silence between two words, which ends a cue
TIME = r"(?:(\d+):)?([0-5]?\d):([0-5]?\d)[,.](\d{1,3})"
ARROW = re.compile(rf"{TIME}\s*-->\s*{TIME}(?:\s.*)?")
# At most four words without sentence punctuation; a space before the colon is French punctuation, not a name.
NAME = re.compile(r"(?=.{1,40}?:)(\?|(?:[^\s:<>\[\]!?…;,]+ ){0,3}[^\s:<>\[\]!?…;,]+):\s+")
BRACKETS = re.compile(r"\[([^\[\]]{1,40})\]:\s+")  # [SPEAKER_00]: as WhisperX writes it
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
MARK = re.compile(r"[^\w\s]+")
NBSP = "\u00a0"


def cues(text: str, *, blank_ends: bool) -> Iterator[tuple[str, float, float, str]]:
    """Yield ``(where, start, end, text)`` of each cue: ``line 12``, seconds.

    Args:
        text: content of the file.
        blank_ends: a blank line ends a cue (VTT); otherwise only the next time line does (SRT), so that blank lines
            inside a cue survive, and a number alone before a time line is the number of the cue.

    Raises:
        FormatError: a line has invalid times; the message names it.
    """
    rows = [INVISIBLE.sub("", row).strip() for row in text.split("\n")]
    arrows = [index for index, row in enumerate(rows) if "-->" in row]
    for index, following in pairwise([*arrows, len(rows)]):
        where = f"line {index + 1}"
        match = ARROW.fullmatch(rows[index])
        if not match:
            raise FormatError(f"{where}: {rows[index]!r}. Accepted: HH:MM:SS,mmm --> HH:MM:SS,mmm.")
        start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
        if end < start:
            raise FormatError(f"{where}: ends at {end:.3f} s, before its start {start:.3f} s.")
        body = rows[index + 1 : following]
        if blank_ends:
            body = body[: body.index("")] if "" in body else body
        elif following < len(rows) and body and body[-1].isdigit():
            body = body[:-1]
        yield where, start, end, "\n".join(row for row in body if row)


def _seconds(fields: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (field or "0" for field in fields)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def timestamp(seconds: float, decimal: str) -> str:
    """Return ``01:02:03.456`` with the decimal sign of the format."""
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{decimal}{rest % 1000:03d}"


def split_name(text: str) -> tuple[str | None, str]:
    """Split ``Camille: bonjour`` or ``[SPEAKER_00]: bonjour`` into name and text; ``?`` is an unknown speaker."""
    match = BRACKETS.match(text) or NAME.match(text)
    if not match:
        return None, text
    return (None if match[1] == "?" else match[1]), text[match.end() :]


def join_name(name: str | None, text: str) -> str:
    """Join a name and text, as :func:`split_name` splits them."""
    if name is None:
        return f"?: {text}" if split_name(text)[0] else text
    return f"{name}: {text}"


def names(transcript: Transcript) -> dict[str | None, str]:
    """Return labels that :func:`split_name` can read; a longer or punctuated name is replaced by the speaker's id."""
    return {
        speaker: label if NAME.fullmatch(f"{label}: ") else str(speaker)
        for speaker, label in labels(transcript).items()
    }


def only(transcripts: Sequence[Transcript]) -> Transcript:
    """Return the only transcript, for a format that holds one recording per file."""
    if len(transcripts) != 1:
        raise FormatError(f"{len(transcripts)} recordings. Accepted: one per file.")
    return transcripts[0]


def readable(transcript: Transcript, prefix: dict[str | None, str]) -> Iterator[Utterance]:
    """Yield utterances cut at word times so that each fits a cue; those without text are omitted.

    Args:
        transcript: any transcript; words without times share their utterance's span in proportion to their letters.
        prefix: text before each speaker's words on the first line.
    """
    for utterance in transcript:
        groups = _groups(prefix.get(utterance.speaker, ""), _tokens(utterance))
        for index, group in enumerate(groups):
            first, last = group[0].start or 0.0, group[-1].end or 0.0
            start = utterance.start if index == 0 else first
            end = utterance.end if index == len(groups) - 1 else last
            if end - start > SECONDS:  # only silence around the words can be removed
                start, end = first, last
            yield replace(utterance, start=start, end=max(start, end), text=" ".join(w.text for w in group))


def wrap(text: str) -> str:
    """Return text on lines of at most 42 characters; words are never cut."""
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def _tokens(utterance: Utterance) -> list[Word]:
    """Return the words of the text with the times of spoken words; a lone mark is joined to the word before it."""
    texts: list[str] = []
    for text in utterance.text.split():
        if texts and MARK.fullmatch(text):
            texts[-1] += NBSP + text
        else:
            texts.append(text)
    words = timed_words(utterance)
    if len(words) == len(texts):
        return [replace(word, text=text) for word, text in zip(words, texts, strict=True)]
    return spread(texts, utterance.start, utterance.end)


def _groups(head: str, words: list[Word]) -> list[list[Word]]:
    groups: list[list[Word]] = []
    for word in words:
        if not groups or _full(head, groups[-1], word):
            groups.append([])
        groups[-1].append(word)
    return groups


def _full(head: str, group: list[Word], word: Word) -> bool:
    text = head + " ".join(w.text for w in group)
    if len(wrap(f"{text} {word.text}").split("\n")) > LINES:
        return True
    since, last, end = group[0].start or 0.0, group[-1].end or 0.0, word.end or 0.0
    if end - since > SECONDS or (word.start or 0.0) - last > PAUSE:
        return True
    return len(text) > WIDTH and group[-1].text[-1] in ".?!…"  # past the first line, cut at the end of a sentence
