"""How much voices differ from each other, and one voice from itself: a two-covariance PLDA of embeddings.

    plda = PLDA.load()
    x = plda.project(embeddings)        within a voice the covariance is 1, between voices it is plda.between

Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006. The model in the package was trained by
``benchmarks/unseen.py --train``, which names the recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

PATH = Path(__file__).with_name("plda.npz")
SHRINK = 0.2  # share of the mean variance in the covariance within a voice, which few voices determine badly
FEWEST = 6  # embeddings of a voice from which it is used


@dataclass(frozen=True)
class PLDA:
    """A trained model for D-dimensional embeddings in K dimensions.

    Attributes:
        mean: (D,).
        transform: (D, K).
        between: (K,) variances between voices, in units of those within.
    """

    mean: NDArray[Any]
    transform: NDArray[Any]
    between: NDArray[Any]

    def project(self, embeddings: NDArray[Any]) -> NDArray[Any]:
        """Project (N, D) embeddings of any length to (N, K)."""
        found: NDArray[Any] = (_unit(embeddings) - self.mean) @ self.transform
        return found

    @classmethod
    def train(cls, voices: Sequence[NDArray[Any]]) -> PLDA:
        """Train on the embeddings (n, D) of each voice."""
        import numpy as np

        units = [_unit(voice) for voice in voices if len(voice) >= FEWEST]
        means = np.stack([voice.mean(axis=0) for voice in units])
        deviations = np.concatenate([voice - mean for voice, mean in zip(units, means, strict=True)])
        within = deviations.T @ deviations / len(deviations)
        size = len(within)
        shrunk = (1 - SHRINK) * within + SHRINK * np.trace(within) / size * np.eye(size)
        values, vectors = np.linalg.eigh(shrunk)
        whiten = vectors / np.sqrt(values)
        mean = means.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov((means - mean) @ whiten, rowvar=False))
        kept = np.argsort(-values)[: min(len(means) - 1, size)]
        transform = whiten @ vectors[:, kept]
        variances = np.einsum("dk,de,ek->k", transform, within, transform)
        transform, between = transform / np.sqrt(variances), values[kept] / variances
        return cls(*(x.astype(np.float32) for x in (mean, transform, between)))

    def save(self, path: Path) -> None:
        """Write the model."""
        import numpy as np

        np.savez_compressed(path, mean=self.mean, transform=self.transform, between=self.between)

    @classmethod
    def load(cls, path: Path = PATH) -> PLDA:
        """Read a model."""
        import numpy as np

        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["mean"], arrays["transform"], arrays["between"])


def _unit(embeddings: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    embeddings = np.asarray(embeddings, dtype=np.float32)
    found: NDArray[Any] = embeddings / np.maximum(np.linalg.norm(embeddings, axis=-1, keepdims=True), 1e-9)
    return found
