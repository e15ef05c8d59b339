"""SRT subtitles (SubRip): numbered cues; ``Name : text`` where the speaker changes.

Cues without a name belong to the last speaker only in files that this library wrote, which no-break spaces around the
colon tell; in files of other tools they belong to nobody, and a name is written ``Name: text``.

Reads what tools write in practice: missing numbers, or numbers at the end of the time line; dots for commas; missing
hours; blank lines inside a cue; ``<i>``, ``<sub>``, ``<font ...>``, ``{\\an8}`` and ``\\N`` marks; entities; zero-width
spaces; lines that roll up the screen. There is no standard; the de facto one is SubRip's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from dialogue.core.files import whole
from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import assemble, one_line
from dialogue.formats.subtitles import (
    HEAD,
    NBSP,
    anonymous,
    cues,
    names,
    only,
    readable,
    split_name,
    timestamp,
    unnamed,
    wrap,
)

HOLDS = {"text", "times", "speakers", "overlap"}
renamed = unnamed

TAG = re.compile(
    r"</?(?:i|b|u|s|font|sub|sup|span|ruby|rt|c|v|em|strong|small|big|lang|div|p)(?:[\s.][^<>]*)?>|\{\\[^{}]*\}"
    r"|<\d[\d:.]*>",
    re.IGNORECASE,
)
BREAK = re.compile(r"<br\s*/?>|\\[Nnh]", re.IGNORECASE)  # \N, \n and \h of SubStation Alpha
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording; ``Name: text`` gives the speaker if ``Name`` has at most four words.

    Raises:
        FormatError: a line has wrong times (the message names it), or a non-empty text has no cue.
    """
    found, last, ours = list[Utterance](), None, False
    for _, start, end, body in cues(text, blank_ends=False):
        if head := HEAD.match(body):
            ours, said = True, plain(body[head.end() :])
            last, _ = split_name(f"{plain(head[1])}: ")
        else:
            speaker, said = split_name(plain(body))
            last = speaker or (last if ours else None)
        found.append(Utterance("", last, start, end, said))
    if text.strip("\ufeff \r\n\t") and not found:
        raise FormatError("line 1: no cue. Accepted: HH:MM:SS,mmm --> HH:MM:SS,mmm, then the text.")
    return assemble({recording or "recording": anonymous(found)})


def plain(text: str) -> str:
    """Return the words of a cue on one line, without marks of style; entities become their characters."""
    return one_line(ENTITY.sub(lambda m: whole(html.unescape(m[0])), TAG.sub("", BREAK.sub(" ", text))))


def escaped(text: str) -> str:
    """Return text that :func:`plain` reads unchanged. Only what would be taken for a mark is written as an entity."""
    text = text.replace("-->", "->")  # SRT has no escape for it
    if plain(text) == one_line(text):
        return text
    return re.sub(r"[&<{\\]", lambda m: f"&#{ord(m[0])};", text)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write cues of readable length, with the speaker's name where it changes; no text, no cue."""
    transcript = only(transcripts)
    heads = {speaker: f"{name}{NBSP}:" for speaker, name in names(transcript).items()}
    blocks, last = [], None
    for index, cue in enumerate(readable(transcript, heads), start=1):
        times = f"{timestamp(cue.start, ',')} --> {timestamp(cue.end, ',')}"
        named = cue.speaker != last or split_name(cue.text)[0] is not None or HEAD.match(cue.text)
        head = heads.get(cue.speaker, f"?{NBSP}:") if named else ""
        blocks.append(f"{index}\n{times}\n{wrap(escaped(cue.text), head)}\n")
        last = cue.speaker
    return "\n".join(blocks)
