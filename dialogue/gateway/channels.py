"""A file a speaker: recordings of one conversation as the channels of one."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

from dialogue.core import audio

LARGEST = 4_000_000_000  # bytes of a WAV file
SECONDS = 10.0  # of sound that is written at once


def join_channels(paths: Sequence[Path], target: Path, longest: float) -> float:
    """Write recordings that begin together as the channels of one; returns its seconds, as far as was looked.

    Args:
        target: WAV with 16-bit samples at 16 kHz; not complete if it is longer than ``longest`` seconds.

    Raises:
        AudioError: one holds no sound, or together they are too large.
    """
    import numpy as np

    readers = [audio.blocks(path, seconds=SECONDS) for path in paths]
    done = 0
    with wave.open(str(target), "wb") as file:
        file.setnchannels(len(paths))
        file.setsampwidth(2)
        file.setframerate(audio.RATE)
        while blocks := [next(reader, None) for reader in readers]:
            size = max((block.shape[1] for block in blocks if block is not None), default=0)
            if not size:
                break
            sound = np.zeros((size, len(paths)), np.float32)
            for channel, block in enumerate(blocks):
                if block is not None:
                    sound[: block.shape[1], channel] = block[0]
            done += size
            if done > longest * audio.RATE:
                break
            if 2 * done * len(paths) > LARGEST:
                raise audio.AudioError(f"{len(paths)} files of {done / audio.RATE:.0f} s: too large together.")
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return done / audio.RATE
