"""SRT subtitles (SubRip): numbered cues, ``Name: text`` if the speaker is known.

Reads what tools write in practice: missing numbers, or numbers at the end of the time line; dots for commas; missing
hours; blank lines inside a cue; ``<i>``, ``<font>`` and ``{\\an8}`` marks; zero-width spaces. There is no standard; the
de facto one is SubRip's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import assemble, one_line
from dialogue.formats.subtitles import cues, join_name, names, only, readable, split_name, timestamp, wrap

HOLDS = {"text", "times", "speakers", "overlap"}

TAG = re.compile(r"</?(?:i|b|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording; ``Name: text`` gives the speaker if ``Name`` has at most four words.

    Raises:
        FormatError: a line has wrong times (the message names it), or a non-empty text has no cue.
    """
    found = []
    for _, start, end, body in cues(text, blank_ends=False):
        speaker, said = split_name(one_line(TAG.sub("", body)))
        found.append(Utterance("", speaker, start, end, said))
    if text.strip("\ufeff \r\n\t") and not found:
        raise FormatError("line 1: no cue. Accepted: HH:MM:SS,mmm --> HH:MM:SS,mmm, then the text.")
    return assemble({recording or "recording": found})


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write cues of readable length, each with its speaker's name; utterances without text are omitted."""
    transcript = only(transcripts)
    name = names(transcript)
    blocks = []
    prefix = {speaker: f"{label}: " for speaker, label in name.items()}
    for index, cue in enumerate(readable(transcript, prefix), start=1):
        times = f"{timestamp(cue.start, ',')} --> {timestamp(cue.end, ',')}"
        text = cue.text.replace("-->", "->")  # SRT has no escape
        blocks.append(f"{index}\n{times}\n{wrap(join_name(name.get(cue.speaker), text))}\n")
    return "\n".join(blocks)
