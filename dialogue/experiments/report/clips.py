"""The sound of single utterances, for embedding in a page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from dialogue.core import audio
from dialogue.core.audio import RATE
from dialogue.pages.mp3 import mp3

LONGEST = 60.0  # seconds of a clip
AROUND = 0.2  # seconds added before and after, so that no sound is cut off


def clips(path: str | Path, spans: Sequence[tuple[float, float]]) -> list[str]:
    """Return a ``data:`` address with the sound of each span (seconds) as mono MP3, at most a minute each.

    Raises:
        dialogue.core.audio.AudioError: the file cannot be read.
    """
    sound = audio.load(path)
    wanted = [
        (int(max(0.0, start - AROUND) * RATE), int((min(end, start + LONGEST) + AROUND) * RATE)) for start, end in spans
    ]
    return [f"data:audio/mpeg;base64,{base64.b64encode(mp3(sound[first:last])).decode()}" for first, last in wanted]
