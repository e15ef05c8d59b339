"""Shared by SRT and VTT: reading cues, and writing cues of readable length.

Readable means at most two lines of 42 characters and seven seconds per cue, the usual rules of television subtitles.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import INVISIBLE, labels, overlook, spread, timed_words

WIDTH, LINES, SECONDS = 42, 2, 7.0
PAUSE = 1.0  # seconds of silence between two words, which ends a cue
TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[,.](\d{1,3})"
ARROW = re.compile(rf"{TIME}\s*-->\s*{TIME}(?:\s.*)?", re.ASCII)
ALMOST = re.compile(r"[\d:.,\s]*\d[:.,]\d[^<>]*-->|-->\s*\d+:\d")  # a time line, even if wrong
INLINE = re.compile(r"<((?:\d{1,4}:)?[0-5]?\d:[0-5]?\d\.\d{1,3})>", re.ASCII)  # from when words are said
# At most four words without sentence punctuation; a space before the colon is French punctuation, not a name.
NAME = re.compile(r"(?=.{1,40}?:)(\?|(?:[^\s:<>\[\]!?…;,]+ ){0,3}[^\s:<>\[\]!?…;,]+):\s+")
BRACKETS = re.compile(r"\[([^\[\]]{1,100})\]:\s+")  # [SPEAKER_00]: (WhisperX), [Le Goff, Maëlle (DSI)]:
MARK = re.compile(r"[^\w\s]+")
NBSP = "\u00a0"
ROLLING = 0.5  # seconds; a longer pause between two cues, and the second one repeats nothing
PLAIN_MARKUP = re.compile(r"[<>&{}\\]")


@dataclass(frozen=True)
class Cue:
    """A cue as it is shown: its lines, which may be blank, and where its time line is."""

    where: str
    start: float
    end: float
    rows: tuple[str, ...]


def cues(text: str, *, blank_ends: bool) -> Iterator[tuple[str, float, float, str]]:
    """Yield ``(where, start, end, text)`` of each cue: ``line 12``, seconds.

    A cue that ends before it starts is passed over with a warning, unless no cue is right. Lines that roll up the
    screen, and so are shown twice, are given once.

    Args:
        text: content of the file.
        blank_ends: an empty line ends a cue (VTT); otherwise only the next time line does (SRT), so that blank lines
            inside a cue survive, and a number alone before a time line is the number of the cue.

    Raises:
        FormatError: a line has invalid times, no cue ends after its start, or one does not and the file is read
            strictly; the message names the line.
    """
    rows = [INVISIBLE.sub("", row) for row in text.split("\n")]
    arrows = [index for index, row in enumerate(rows) if "-->" in row and ALMOST.match(row.strip())]
    found, wrong = list[Cue](), list[str]()
    for index, following in pairwise([*arrows, len(rows)]):
        where, head = f"line {index + 1}", rows[index].strip()
        match = ARROW.fullmatch(head)
        if not match:
            raise FormatError(f"{where}: {head[:60]!r}. Accepted: HH:MM:SS,mmm --> HH:MM:SS,mmm.")
        start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
        if end < start:
            wrong.append(f"{where}: ends at {end:.3f} s, before its start {start:.3f} s.")
            continue
        found.append(
            Cue(where, start, end, tuple(_body(rows[index + 1 : following], blank_ends, following < len(rows))))
        )
    if wrong and not found:
        raise FormatError(wrong[0])
    for problem in wrong:
        overlook(problem, "This cue is skipped")
    for cue in unrolled(found):
        yield cue.where, cue.start, cue.end, "\n".join(row.strip() for row in cue.rows if row.strip())


def _body(rows: list[str], blank_ends: bool, followed: bool) -> list[str]:
    """Return the lines of a cue, given those up to the next time line, without the number or id of the next cue."""
    if not blank_ends:
        while followed and rows and not rows[-1].strip():
            rows = rows[:-1]
        return rows[:-1] if followed and rows and rows[-1].strip().isdigit() else rows
    if "" in rows:
        return rows[: rows.index("")]
    if followed and len(rows) > 1 and not rows[-2].strip():  # blank lines with spaces between cues
        return rows[:-2]
    return rows


def unrolled(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues without the lines that they show again from the cue before, if the captions roll up the screen.

    Live and automatic captions do: each line appears at the bottom, then moves up while the next one appears. Whether
    they do is told by most cues that begin with the last lines of the one before them, without a pause; people who
    repeat themselves do not do so throughout.
    """
    shown = [[row for line in cue.rows if (row := _bare(line))] for cue in cues]
    fresh = [[bool(INLINE.search(line)) for line in cue.rows if _bare(line)] for cue in cues]
    again, timed = [0] * len(cues), any(map(any, fresh))
    for place in range(1, len(cues)):
        before, now = shown[place - 1], shown[place]
        most = min(len(before), len(now), 4)
        if cues[place].start - cues[place - 1].end >= ROLLING:  # what stays above new words, whose times are known
            most = min(most, len(now) - 1) if timed and any(fresh[place]) else 0
        if most:
            moved = (n for n in range(most, 0, -1) if before[-n:] == now[:n] and not any(fresh[place][:n]))
            again[place] = next(moved, 0)
    repeated = sum(map(bool, again))
    grown = any(0 < n < len(rows) for n, rows in zip(again, shown, strict=True))
    if repeated < max(1 if timed else 2, 0.5 * (len(cues) - 1)) or not (timed or grown):
        return list(cues)
    kept = []
    for cue, n in zip(cues, again, strict=True):
        rows = [row for row in cue.rows if _bare(row)][n:]
        if rows or not n:
            kept.append(replace(cue, rows=tuple(rows)))
    return kept


def _bare(row: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", row)).split())


def clock(text: str) -> float:
    """Return the seconds of ``01:02:03.456``."""
    *hours, minutes, seconds = text.split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)


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
        return f"?: {text}" if split_name(text)[0] or text.startswith("?:") else text
    return f"{name}: {text}"


def names(transcript: Transcript) -> dict[str | None, str]:
    """Return labels that :func:`split_name` can read.

    A name that is longer or has other marks than people write before a colon is put in brackets; one that cannot be put
    there either is replaced by the speaker's id.
    """
    return {speaker: _label(label) or str(speaker) for speaker, label in labels(transcript).items()}


def unnamed(transcript: Transcript) -> list[str]:
    """Return the names that :func:`names` has to replace."""
    return [label for speaker, label in labels(transcript).items() if not _label(label) and label != speaker]


def _label(label: str) -> str | None:
    plain = INVISIBLE.sub("", label) == label and " ".join(label.split()) == label
    if plain and label != "?" and NAME.fullmatch(f"{label}: "):
        return label
    fits = plain and ":" not in label and "-->" not in label and not PLAIN_MARKUP.search(label)
    return f"[{label}]" if fits and BRACKETS.fullmatch(f"[{label}]: ") else None


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
    for text in INVISIBLE.sub("", utterance.text).split():
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
