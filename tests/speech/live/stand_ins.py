"""A recogniser and a detector without weights, whose answers depend only on the sound."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dialogue.core.audio import RATE
from dialogue.core.transcript import Word
from dialogue.speech.asr import Decoding, Segment
from dialogue.speech.live import Session
from dialogue.speech.live.detector import FRAMES, SAMPLES


class Tones:
    """Hears a word in each tone: its frequency. Sound below a level is silence."""

    def __init__(self) -> None:
        self.decoded: list[tuple[float, Decoding]] = []  # seconds, options

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        found = []
        for window in windows:
            self.decoded.append((len(window) / RATE, how))
            words = [self._word(window, *span) for span in tones(window)]
            text = " ".join(word.text for word in words)
            end = words[-1].end or 0.0 if words else 0.0
            found.append([Segment(0.0, end, text, tuple(words), -0.1, 0.0)] if words else [])
        return found

    def detect_language(self, window: NDArray[np.float32]) -> str:
        return "fr"

    def _word(self, window: NDArray[np.float32], first: int, last: int) -> Word:
        heard = window[first:last]
        crossings = np.count_nonzero(np.diff(np.signbit(heard)))
        return Word(f"{round(crossings / 2 * RATE / len(heard), -2):.0f}", first / RATE, last / RATE, 0.9)


def tones(sound: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return the first and the last sample of each tone; 50 ms of silence part two of them."""
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    if not len(loud):
        return []
    cuts = np.flatnonzero(np.diff(loud) > RATE // 20)
    starts, ends = [loud[0], *loud[cuts + 1]], [*loud[cuts], loud[-1]]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a > RATE // 50]


def level(sound: NDArray[np.float32]) -> list[float]:
    """Detect speech by its level."""
    return (np.abs(sound).reshape(FRAMES, SAMPLES).max(axis=1) > 0.1).astype(float).tolist()


def said(*words: int, pause: float = 0.1, length: float = 0.3, rate: int = RATE) -> NDArray[np.float32]:
    """Return an utterance, tones of these frequencies, and a second of silence."""
    time = np.arange(round(length * rate)) / rate
    parts = [np.append(0.5 * np.sin(2 * np.pi * word * time), np.zeros(round(pause * rate))) for word in words]
    return np.concatenate([*parts, np.zeros(rate)]).astype(np.float32)


def pcm(sound: NDArray[np.float32]) -> bytes:
    return (sound * 32767).astype("<i2").tobytes()


def session(recogniser: Tones | None = None, **options: object) -> Session:
    return Session(recogniser or Tones(), level, **options)  # type: ignore[arg-type]
