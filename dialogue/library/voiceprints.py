"""What a voice sounds like, as one vector, and how likely two samples are the same voice.

A sample is the mean of the embeddings that the diarization computes (CAM++, in windows of 1.5 seconds), so a meeting is
never listened to again. ``benchmarks/voiceprints.py`` chose how samples are compared (a cosine was better than the
PLDA of the diarization on voices that neither knew), and measures what it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from dialogue.core import models
from dialogue.speech.diarization.plda import PLDA

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = "campplus"
# Printed by benchmarks/voiceprints.py:
SHORT, SCALE, OFFSET = 1.0, 21.2, -10.98
THRESHOLD = 0.89  # probability from which a person is suggested


@dataclass(frozen=True, eq=False)
class Voiceprint:
    """A sample of a voice.

    Attributes:
        vector: (192,) mean of the embeddings of its windows, each of length 1.
        seconds: clean speech that it was made from.
        model: what computed the embeddings; only vectors of one model can be compared.
    """

    vector: NDArray[Any]
    seconds: float
    model: str


@dataclass(frozen=True, eq=False)
class Scorer:
    """Compares voices by the cosine of their vectors, taken from the mean of all voices.

    Attributes:
        mean: (192,) of the vectors of all voices.
        short: seconds; a sample of length s is a mean of so few windows that it lowers cosines by
            ``sqrt(1 + short / s)``, which is made up for.
        scale, offset: from a cosine to the natural logarithm of a likelihood ratio.
    """

    mean: NDArray[Any]
    short: float = SHORT
    scale: float = SCALE
    offset: float = OFFSET

    @classmethod
    def default(cls) -> Scorer:
        """Return the one that the benchmark chose; the mean is that of the diarization's PLDA."""
        return cls(PLDA.load().mean)

    def ratios(self, known: Sequence[Sequence[Voiceprint]], heard: Sequence[Voiceprint]) -> NDArray[Any]:
        """Return the natural logarithm of how much likelier each sample is if it is the voice of each person.

        Args:
            known: the samples of each of P persons, at least one.
            heard: H samples.

        Returns:
            (P, H).
        """
        import numpy as np

        people = np.stack([_unit(sum(s.seconds * v for s, v in zip(k, self._taken(k), strict=True))) for k in known])
        short = np.array([sum(s.seconds for s in k) for k in known])[:, None], np.array([s.seconds for s in heard])
        lowered = np.sqrt((1 + self.short / short[0]) * (1 + self.short / short[1]))
        found: NDArray[Any] = self.scale * (people @ self._taken(heard).T) * lowered + self.offset
        return found

    def _taken(self, samples: Sequence[Voiceprint]) -> NDArray[Any]:
        import numpy as np

        return _unit(_unit(np.stack([s.vector for s in samples])) - self.mean)


def _unit(vectors: Any) -> NDArray[Any]:
    import numpy as np

    found: NDArray[Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found


def mean_voice(embeddings: NDArray[Any]) -> NDArray[Any]:
    """Return the mean (192,) of the embeddings (N, 192) of windows, each scaled to length 1."""
    import numpy as np

    mean: NDArray[Any] = _unit(embeddings.astype(np.float32)).mean(axis=0, dtype=np.float32)
    return mean


def posteriors(ratios: Sequence[float] | NDArray[Any], known: float = 0.5) -> list[float]:
    """Return the probability of each person, of which all but one and a part for "somebody else" are wrong.

    Args:
        ratios: calibrated log-likelihood ratio of each person.
        known: probability, before anything is heard, that the voice is one of theirs.
    """
    import numpy as np

    if not len(ratios):
        return []
    odds = np.array([*(r + np.log(known / len(ratios)) for r in ratios), np.log(1 - known)])
    odds = np.exp(odds - odds.max())
    found: list[float] = (odds / odds.sum())[:-1].tolist()
    return found


@cache
def model_id() -> str:
    """Return the model of the embeddings, with the beginning of the SHA-256 of its weights."""
    return f"{MODEL}@{models.digest(MODEL)[:16]}"
