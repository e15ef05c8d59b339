"""The sound of single utterances, as a page carries it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dialogue.core.audio import RATE, blocks
from dialogue.pages.sound import encode

LONGEST = 60.0  # seconds
AROUND = 0.2  # seconds before and after, so that no sound is cut


def clips(path: str | Path, spans: Sequence[tuple[float, float]]) -> list[str]:
    """A ``data:`` address with the sound of each span, seconds, as mono MP3; at most a minute each.

    The file is decoded once, up to the last span: seeking would be faster, but not every container seeks to the sample.

    Raises:
        dialogue.core.audio.AudioError: the file cannot be read.
    """
    wanted = [
        (int(max(0.0, start - AROUND) * RATE), int((min(end, start + LONGEST) + AROUND) * RATE)) for start, end in spans
    ]
    parts: list[list[Any]] = [[] for _ in spans]  # (1, sample) float32 pieces
    position = 0
    for block in blocks(path):
        for part, (first, last) in zip(parts, wanted, strict=True):
            piece = block[:, max(0, first - position) : max(0, last - position)]
            if piece.shape[1]:
                part.append(piece)
        position += block.shape[1]
        if position >= max(last for _, last in wanted):
            break
    return [f"data:audio/mpeg;base64,{base64.b64encode(encode(part)).decode()}" for part in parts]
