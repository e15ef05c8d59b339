"""Who speaks, utterance by utterance, as far as one can tell before the end: provisional turns.

The networks of the embedded diarization find the voices of one utterance. Each is given to the nearest speaker so far
(cosine of the mean embeddings), or to a new one. Nothing is taken back here; at the end, the full diarization decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.core.transcript import Utterance
from dialogue.speech.diarization import Diarizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEW = 0.4  # cosine below which a voice is a new speaker
LONG = 1.2  # seconds of a voice in an utterance from which it may be a new speaker
MOST = 40  # speakers; memory is bounded, and beyond it a voice goes to the nearest


class OnlineVoices:
    """The speakers of a session so far.

    Args:
        diarizer: the embedded one.
    """

    def __init__(self, diarizer: Diarizer) -> None:
        self.diarizer = diarizer
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
        length = np.diff(voices["passages"], axis=1)[:, 0]
        unit = voices["embeddings"] / np.maximum(np.linalg.norm(voices["embeddings"], axis=1, keepdims=True), 1e-9)
        unit = np.nan_to_num(unit)  # too short to embed
        tracks, track = np.unique(voices["track"], return_inverse=True)
        seconds = [float(length[track == k].sum()) for k in range(len(tracks))]
        sums = [(unit * length[:, None])[track == k].sum(axis=0) for k in range(len(tracks))]
        speaker = [self._speaker(*voice) for voice in zip(sums, seconds, strict=True)]
        return [
            Utterance("", f"spk{speaker[k] + 1}", float(start) + offset, float(end) + offset)
            for (start, end), k in zip(voices["passages"], track.tolist(), strict=True)
        ]

    def _speaker(self, voice: NDArray[Any], seconds: float) -> int:
        """Return the speaker of a voice, the sum of its unit embeddings times seconds."""
        import numpy as np

        norms = [np.linalg.norm(each) * max(float(np.linalg.norm(voice)), 1e-9) for each in self._sums]
        cosines = [float(each @ voice) / norm for each, norm in zip(self._sums, norms, strict=True)]
        best = int(np.argmax(cosines)) if cosines else -1
        if best < 0 or (cosines[best] < NEW and seconds >= LONG and len(self._sums) < MOST):
            self._sums.append(voice)
            return len(self._sums) - 1
        if cosines[best] >= NEW:
            self._sums[best] = self._sums[best] + voice
        return best
