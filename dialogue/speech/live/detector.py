"""Whether somebody speaks, now: the segmentation of the diarization, on the last seconds.

Measured on seven development recordings (``benchmarks/live.py --detectors``), it misses at most 6 % of the speech.
Silero, which faster-whisper holds, costs less than a tenth of it, but misses 6 to 46 %. A threshold on the level misses
as little, but takes up to 24 % too much for speech, and these recordings are quieter than rooms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.core.audio import RATE
from dialogue.speech.diarization.activity import CENTRE
from dialogue.speech.diarization.activity import FRAME as SEGMENTED
from dialogue.speech.diarization.embedded import Embedded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAMES = 8  # decided together
SAMPLES = 512  # in a frame
HOP = FRAMES * SAMPLES
SEEN = 3 * RATE  # samples that the network sees
NOTHING = 8 / 32768  # peak up to which sound is silence, dithered or not, and the network need not run


class Detector:
    """The probability of speech in one frame of 32 ms after the other.

    Args:
        network: whose segmentation decides.
    """

    def __init__(self, network: Embedded) -> None:
        import numpy as np

        self._network = network
        self._seen = np.zeros(SEEN, np.float32)

    def __call__(self, sound: NDArray[np.float32]) -> list[float]:
        """Return the probability of speech in each of the next frames, ``(HOP,)`` samples at 16 kHz."""
        import numpy as np

        self._seen = np.concatenate([self._seen[HOP:], sound])
        if np.abs(sound).max() <= NOTHING:
            return [0.0] * FRAMES
        speech = self._network.speech(self._seen)
        times = CENTRE + SEGMENTED * np.arange(len(speech))
        middles = (SEEN - HOP + SAMPLES * (np.arange(FRAMES) + 0.5)) / RATE
        loud = np.abs(sound).reshape(FRAMES, SAMPLES).max(axis=1) > NOTHING
        found: list[float] = np.where(loud, np.interp(middles, times, speech), 0.0).tolist()
        return found
