"""Who speaks, utterance by utterance, as far as one can tell before the end: provisional turns.

The networks of the embedded diarization find the passages of one utterance, of one voice each. A passage is given to
the nearest speaker so far (cosine of the mean embeddings), or to a new one. Nothing is taken back here; at the end, the
full diarization decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.core.transcript import Utterance
from dialogue.speech.diarization import Diarizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEW = 0.6  # cosine below which a voice is a new speaker
LONG = 1.2  # seconds of a passage from which its voice may be a new speaker
MOST = 40  # speakers; memory is bounded, and beyond it a voice goes to the nearest


class OnlineVoices:
    """The speakers of a session so far.

    Args:
        diarizer: the embedded one.
    """

    def __init__(self, diarizer: Diarizer) -> None:
        self.diarizer = diarizer
        self._last = 0  # speaker
        self._sums: list[NDArray[Any]] = []  # by speaker, of unit embeddings times seconds

    def turns(self, sound: NDArray[np.float32], offset: float) -> list[Utterance]:
        """Return the turns in an utterance.

        Args:
            sound: ``(sample,)`` at 16 kHz.
            offset: seconds from the start of the session to it.
        """
        import numpy as np

        voices = self.diarizer.listen(sound)
        if not len(voices["passages"]):
            return []
        unit = voices["embeddings"] / np.maximum(np.linalg.norm(voices["embeddings"], axis=1, keepdims=True), 1e-9)
        turns = []
        for (start, end), voice in zip(voices["passages"].tolist(), np.nan_to_num(unit), strict=True):  # NaN: too short
            speaker = self._speaker(voice * (end - start), end - start)
            turns.append(Utterance("", f"spk{speaker + 1}", start + offset, end + offset))
        return turns

    def _speaker(self, voice: NDArray[Any], seconds: float) -> int:
        """Return the speaker of a voice, the sum of its unit embeddings times seconds."""
        import numpy as np

        length = float(np.linalg.norm(voice))
        if not length:  # too short to embed: most likely whoever spoke before
            return self._last
        cosines = [float(each @ voice) / (float(np.linalg.norm(each)) * length) for each in self._sums]
        best = int(np.argmax(cosines)) if cosines else -1
        if best < 0 or (cosines[best] < NEW and seconds >= LONG and len(self._sums) < MOST):
            self._sums.append(voice)
            self._last = len(self._sums) - 1
            return self._last
        self._last = best
        if cosines[best] >= NEW:
            self._sums[best] = self._sums[best] + voice
        return best
