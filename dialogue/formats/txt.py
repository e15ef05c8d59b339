"""Plain text for reading: ``[0:01:02] Name: what was said``, one utterance per line.

Times are starts in whole seconds. Read again, an utterance ends where the next one starts, and the last one after the
time its words take at the pace of speech. Several recordings follow each other under ``== recording ==`` lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import PACE, assemble, one_line
from dialogue.formats.subtitles import anonymous, join_name, names, split_name, unnamed

HOLDS = {"text", "speakers"}
renamed = unnamed

LINE = re.compile(r"\[(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d(?:[.,]\d{1,9})?)\]\s*(.*)", re.ASCII)
TITLE = re.compile(r"== (.+) ==")


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording; a line without a time continues the one above.

    Raises:
        FormatError: a line comes before any time; the message names it.
    """
    name, found = recording or "recording", dict[str, list[Utterance]]()
    for index, row in enumerate(text.split("\n"), start=1):
        row = row.strip()
        if title := TITLE.fullmatch(row):
            name = title[1]
        elif match := LINE.fullmatch(row):
            hours, minutes, seconds, said = match.groups()
            start = int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
            speaker, said = split_name(one_line(said))
            found.setdefault(name, []).append(Utterance("", speaker, start, start, said))
        elif row and not found.get(name):
            raise FormatError(f"line {index}: no time. Accepted: [0:01:02] Name: text.")
        elif row:
            last = found[name][-1]
            found[name][-1] = replace(last, text=one_line(f"{last.text} {row}"))
    return assemble({name: anonymous(_with_ends(utterances)) for name, utterances in found.items()})


def _with_ends(utterances: list[Utterance]) -> list[Utterance]:
    ordered = sorted(utterances, key=lambda u: u.start)
    ends = [u.start for u in ordered[1:]] + [ordered[-1].start + len(ordered[-1].text.split()) / PACE]
    return [replace(u, end=end) for u, end in zip(ordered, ends, strict=True)]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one line per utterance; those without text are omitted."""
    rows = []
    for transcript in transcripts:
        if len(transcripts) > 1:
            rows.append(f"== {transcript.recording} ==")
        name = names(transcript)
        for u in transcript:
            if text := one_line(u.text):
                minutes, seconds = divmod(int(u.start), 60)
                hours, minutes = divmod(minutes, 60)
                rows.append(f"[{hours}:{minutes:02d}:{seconds:02d}] {join_name(name.get(u.speaker), text)}")
    return "".join(row + "\n" for row in rows)
