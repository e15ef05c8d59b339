"""Claire's dialogue text: ``[speaker001:] what was said``, one turn per line, a blank line between dialogues.

Source: The Claire French Dialogue Dataset (https://arxiv.org/abs/2311.16840). It has no times, so turns follow each
other at the pace of speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dialogue.core.transcript import Transcript
from dialogue.formats import FormatError
from dialogue.formats.lines import labels, one_line
from dialogue.formats.script import untimed

HOLDS = {"text", "speakers"}
TURN = re.compile(r"\[(?P<name>[^\[\]\n]{1,80}):\]\s*")


def recognises(text: str) -> bool:
    """Tell whether the first line of a text opens a turn."""
    return TURN.match(text.lstrip()) is not None


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read every dialogue; several in one file are numbered after it: ``name-1``, ``name-2``...

    Raises:
        FormatError: a line comes before any speaker; the message names it.
    """
    dialogues: list[list[tuple[str | None, str]]] = [[]]
    for index, row in enumerate(text.split("\n"), start=1):
        row = row.strip()
        if not row:
            dialogues.append([])
            continue
        first, *turns = _split(row)
        if first and not dialogues[-1]:
            raise FormatError(f"line {index}: no speaker. Accepted: [speaker001:] text, one turn per line.")
        if first:
            speaker, said = dialogues[-1][-1]
            dialogues[-1][-1] = (speaker, f"{said} {first}")
        dialogues[-1] += turns
    found = [turns for turns in dialogues if turns]
    name = recording or "recording"
    if len(found) == 1:
        return [untimed(name, found[0], verbatim)]
    return [untimed(f"{name}-{i}", turns, verbatim) for i, turns in enumerate(found, start=1)]


def _split(row: str) -> list[Any]:
    """Return the text before the first speaker, then ``(speaker, text)`` for each."""
    before, *rest = TURN.split(row)
    return [before.strip(), *zip((n.strip() for n in rest[::2]), rest[1::2], strict=True)]


def _label(name: str) -> str | None:
    return name if TURN.fullmatch(f"[{name}:]") else None


def renamed(transcript: Transcript) -> list[str]:
    """Return the names that are replaced by ids."""
    return [n for s, n in labels(transcript).items() if not _label(n) and n != s]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one turn per line, a blank line between recordings; utterances without text are omitted."""
    dialogues = []
    for t in transcripts:
        name = {s: _label(n) or str(s) for s, n in labels(t).items()}
        dialogues.append("".join(f"[{name.get(u.speaker, 'X')}:] {one_line(u.text)}\n" for u in t if u.text.strip()))
    return "\n".join(dialogues)
