"""WebVTT subtitles: ``<v Name>text`` if the speaker is known.

Source: W3C, WebVTT: The Web Video Text Tracks Format (https://www.w3.org/TR/webvtt1/). ``NOTE``, ``STYLE`` and
``REGION`` blocks, cue ids, settings and styling tags are skipped. Times inside a cue are those of its words. Lines that
roll up the screen, as in automatic captions, are read once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from dialogue.core.files import whole
from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import assemble, one_line, spread
from dialogue.formats.subtitles import (
    INLINE,
    anonymous,
    called,
    clock,
    cues,
    only,
    readable,
    split_name,
    timestamp,
    wrap,
)

HOLDS = {"text", "times", "speakers", "overlap"}

VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>")
TAG = re.compile(r"<[^<>]*>")


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording; a cue with several voices gives one utterance for each, with the times of the cue.

    Raises:
        FormatError: there is no ``WEBVTT`` line, or a line has wrong times (the message names it).
    """
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise FormatError("line 1: no WEBVTT. Accepted: a file whose first line is WEBVTT.")
    found = []
    for _, start, end, body in cues(text, blank_ends=True):
        before, *voices = VOICE.split(body)
        if _plain(before) or not voices:
            speaker, said = split_name(_plain(before))
            found.append(Utterance("", speaker, start, end, said, _words(before, said, start, end)))
        for name, said in zip(voices[::2], voices[1::2], strict=True):
            speaker = one_line(whole(html.unescape(name or ""))) or None
            found.append(Utterance("", speaker, start, end, _plain(said), _words(said, _plain(said), start, end)))
    return assemble({recording or "recording": anonymous(found)})


def _plain(text: str) -> str:
    return one_line(whole(html.unescape(TAG.sub("", text))))


def _words(text: str, said: str, start: float, end: float) -> tuple[Word, ...]:
    """Return words with the times inside a cue; none if it has none, or they are not in order."""
    first, *timed = INLINE.split(text)
    times = [start, *map(clock, timed[::2]), end]
    if not timed or times != sorted(times):
        return ()
    parts = [_plain(part).split() for part in (first, *timed[1::2])]
    words = [w for part, a, b in zip(parts, times, times[1:], strict=False) for w in spread(part, a, b)]
    return tuple(words) if " ".join(w.text for w in words) == said else ()


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write cues of readable length, each with its speaker; utterances without text are omitted."""
    transcript = only(transcripts)
    name = called(transcript)
    blocks = ["WEBVTT\n"]
    for index, cue in enumerate(readable(transcript, {}), start=1):
        times = f"{timestamp(cue.start, '.')} --> {timestamp(cue.end, '.')}"
        said = html.escape(wrap(cue.text), quote=False)
        speaker = name.get(cue.speaker)
        voice = (
            f"<v {html.escape(speaker, quote=False)}>".replace("-->", "-- >")
            if speaker
            else "<v>"
            if split_name(cue.text)[0]
            else ""
        )
        blocks.append(f"{index}\n{times}\n{voice}{said}\n")
    return "\n".join(blocks)
