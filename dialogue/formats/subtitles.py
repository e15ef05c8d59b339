"""Shared by SRT and VTT: reading cues, and writing cues that are cut and timed as subtitlers do.

A cue has at most two lines of 42 characters, and lasts from 0.8 to seven seconds. It is cut, and so are its lines,
where a phrase ends rather than after an article or a preposition. It stays until the next one if it would otherwise
show more than 17 characters a second. These are the usual rules of television subtitles.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from dialogue.core.transcript import Transcript, Utterance, Word, speaker_ids
from dialogue.formats import FormatError
from dialogue.formats.lines import INVISIBLE, labels, overlook, spread, timed_words
from dialogue.french.names import numbered
from dialogue.french.text import plain

WIDTH, LINES, SECONDS, SHORTEST = 42, 2, 7.0, 0.8
RATE = 17  # characters a second
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
# What this library writes where the speaker changes. No-break spaces on both sides of the colon tell it from text.
HEAD = re.compile(rf"(\?|\[[^\[\]]{{1,100}}\]|(?:[^\s:<>\[\]!?…;,]+\s){{0,3}}[^\s:<>\[\]!?…;,]+){NBSP}:{NBSP}")
END, COMMA = re.compile(r"[.?!…][»\"]?$"), re.compile(r"[,;:]$")
OPENING = frozenset(
    """et ou mais donc car ni que qui dont quand si comme parce puisque lorsque pour par sur dans avec sans sous chez
    vers entre depuis avant apres pendant de du des a au aux en and or but that which because when if to of in on
    for with from""".split()
)  # words before which a phrase may be cut
BOUND = OPENING | frozenset(
    """le la les un une ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs quel quelle je
    tu il elle on nous vous ils elles ne me te se y tres plus the an my your his her its our their i you he she it we
    they""".split()
)  # words that are not separated from the next one
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
        yield cue.where, cue.start, cue.end, "\n".join(row.strip(" \t\r") for row in cue.rows if row.strip())


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


def called(transcript: Transcript) -> dict[str | None, str]:
    """Map each speaker to what people read: the name, or or Intervenant 1 (in English Speaker 1) without one."""
    shown = labels(transcript)
    for speaker, label in shown.items():
        if label == speaker and (word := numbered(label, transcript.language)) not in shown.values():
            shown[speaker] = word
    return shown


def anonymous(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Return utterances whose speakers have no name if they are called Intervenant 1, 2... in order of first speech."""
    ids = {
        label: id
        for label, id in speaker_ids(sorted(utterances, key=lambda u: (u.start, u.end))).items()
        if label in (numbered(id, "fr"), numbered(id, "en"))
    }
    return [replace(u, speaker=ids.get(u.speaker or "", u.speaker)) for u in utterances]


def names(transcript: Transcript) -> dict[str | None, str]:
    """Return labels that :func:`split_name` can read.

    A name that is longer or has other marks than people write before a colon is put in brackets; one that cannot be put
    there either is replaced by the speaker's number.
    """
    return {
        speaker: _label(label) or numbered(str(speaker), transcript.language)
        for speaker, label in called(transcript).items()
    }


def unnamed(transcript: Transcript) -> list[str]:
    """Return the names that :func:`names` has to replace."""
    return [label for speaker, label in called(transcript).items() if not _label(label) and label != speaker]


def _label(label: str) -> str | None:
    clean = INVISIBLE.sub("", label) == label and " ".join(label.split()) == label
    if clean and label != "?" and NAME.fullmatch(f"{label}: "):
        return label
    fits = clean and ":" not in label and "-->" not in label and not PLAIN_MARKUP.search(label)
    return f"[{label}]" if fits and BRACKETS.fullmatch(f"[{label}]: ") else None


def only(transcripts: Sequence[Transcript]) -> Transcript:
    """Return the only transcript, for a format that holds one recording per file."""
    if len(transcripts) != 1:
        raise FormatError(f"{len(transcripts)} recordings. Accepted: one per file.")
    return transcripts[0]


def readable(transcript: Transcript, heads: Mapping[str | None, str]) -> list[Utterance]:
    """Return cues in order of time, cut at word times so that each fits the screen; no text, no cue.

    Args:
        transcript: any transcript; words without times share their utterance's span in proportion to their letters.
        heads: text before each speaker's words where the speaker changes.
    """
    spoken = [u for u in transcript if u.text.strip()]
    found = list[Utterance]()
    latest = 0.0
    for utterance, following in zip_longest(spoken, spoken[1:]):
        head = heads.get(utterance.speaker, "")
        alone = utterance.start >= latest and (following is None or following.start >= utterance.end)
        latest = max(latest, utterance.end)
        groups = _groups(head, "" if alone else head, _tokens(utterance))
        for index, group in enumerate(groups):
            first, last = group[0].start or 0.0, group[-1].end or 0.0
            start = utterance.start if index == 0 else max(first, found[-1].start)
            end = utterance.end if index == len(groups) - 1 else last
            if end - start > SECONDS:  # only silence around the words can be removed
                start, end = first, last
            found.append(replace(utterance, start=start, end=max(start, end), text=" ".join(w.text for w in group)))
    return _settled(sorted(found, key=lambda cue: cue.start))


def _settled(cues: Sequence[Utterance]) -> list[Utterance]:
    """Return cues that stay long enough to be read, in the silence around them if there is some."""
    settled = list[Utterance]()
    latest = 0.0
    for cue, following in zip_longest(cues, cues[1:]):
        until = following.start if following else cue.start + SECONDS
        start, wanted = cue.start, max(SHORTEST, len(cue.text) / RATE)
        if settled and settled[-1].id == cue.id and settled[-1].speaker == cue.speaker:
            start = max(start, min(settled[-1].end, start + SHORTEST))
        end = max(cue.end, start, min(start + wanted, until, start + SECONDS))
        if end - start < SHORTEST:
            start = min(start, max(latest, end - SHORTEST))
            end = max(end, start + SHORTEST)
        settled.append(replace(cue, start=start, end=end))
        latest = max(latest, end)
    return settled


def wrap(text: str, head: str = "") -> str:
    """Return text on lines of at most 42 characters, after ``head``; words are never cut."""
    words = [*([head] if head else []), *text.split(" ")]
    shown = " ".join(words)
    if len(shown) > WIDTH:
        breaks = [
            (" ".join(words[:n]), " ".join(words[n:]), _tie(words[n - 1], words[n])) for n in range(1, len(words))
        ]
        fitting = [(a, b, tie) for a, b, tie in breaks if len(a) <= WIDTH - (a == head) and len(b) <= WIDTH]
        if fitting:
            shown = "\n".join(min(fitting, key=lambda cut: cut[2] + abs(len(cut[0]) - len(cut[1])) / WIDTH)[:2])
        else:
            shown = "\n".join(textwrap.wrap(shown, WIDTH, break_long_words=False, break_on_hyphens=False))
    return shown[: len(head)] + NBSP + shown[len(head) :].lstrip(" ") if head else shown


def _tie(word: str, following: str) -> float:
    """Return how closely two words belong together: 0 where a sentence ends, 4 after an article or a preposition."""
    if END.search(word):
        return 0.0
    if COMMA.search(word):
        return 0.5
    if plain(word) in BOUND:
        return 4.0
    return 1.0 if plain(following).partition("'")[0] in OPENING | {"qu", "d", "lorsqu", "puisqu"} else 2.0


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


def _groups(head: str, later: str, words: list[Word]) -> list[list[Word]]:
    """Cut words into cues at the lowest cost; ``head`` stands before the first cue, ``later`` before the others."""
    costs, begins = [0.0], [0]
    for end in range(1, len(words) + 1):
        options = []
        for begin in range(end - 1, -1, -1):
            group = words[begin:end]
            if len(group) > 1 and not _fits(head if begin == 0 else later, group):
                break
            options.append((costs[begin] + _cost(group, words[end] if end < len(words) else None), begin))
        cost, begin = min(options)
        costs.append(cost)
        begins.append(begin)
    groups, end = [], len(words)
    while end:
        groups.append(words[begins[end] : end])
        end = begins[end]
    return groups[::-1]


def _fits(head: str, group: list[Word]) -> bool:
    if (group[1].start or 0.0) - (group[0].end or 0.0) > PAUSE or (group[-1].end or 0.0) - (
        group[0].start or 0.0
    ) > SECONDS:
        return False
    text = " ".join(w.text for w in group)
    return len(head) + len(text) <= LINES * WIDTH and wrap(text, head).count("\n") < LINES


def _cost(group: list[Word], following: Word | None) -> float:
    """Return the cost of a cue: few cues, cut where phrases end, with no sentence that ends on the first line."""
    cost = 2.0 + (_tie(group[-1].text, following.text) if following else 0.0)
    if len(" ".join(w.text for w in group)) > WIDTH:
        cost += 2.5 * sum(bool(END.search(w.text)) for w in group[:-1])
    return cost + 4.0 * ((group[-1].end or 0.0) - (group[0].start or 0.0) < SHORTEST)
