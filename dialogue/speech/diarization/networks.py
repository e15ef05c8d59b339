"""The networks of the embedded diarization: segmentation 3.0 and CAM++.

What they take and give, and what is computed before and between them. They run in ONNX Runtime on a CPU
(:mod:`dialogue.speech.diarization.onnx_networks`) and in torch on a GPU
(:mod:`dialogue.speech.diarization.torch_networks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from dialogue.core.audio import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEGMENTATION, EMBEDDING = "segmentation-3.0", "campplus"
DIMENSION = 192
BANDS = 80
STEP = 0.01  # seconds between two frames of energies
LEAST = 10  # pooled frames, 0.2 seconds


class Networks(Protocol):
    """Both networks with their weights loaded; B windows or passages, T frames of energies.

    Attributes:
        device: ``cpu``, or a GPU as torch names it.
    """

    device: str

    def segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Find who is active: (B, sample) at 16 kHz -> (B, frame of 17 ms, 7), probabilities of nobody, of each of
        three voices, and of each two of them."""

    def frames(self, energies: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Compute what is pooled of passages: (T, 80) each -> (512, T / 2) each."""

    def embed(self, statistics: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embed pooled statistics: (N, 1024) -> (N, 192)."""


def energies(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute Kaldi filter-bank energies: (sample,) at 16 kHz in [-1, 1] -> (T, 80)."""
    import kaldi_native_fbank as kaldi
    import numpy as np

    options = kaldi.FbankOptions()
    options.frame_opts.samp_freq, options.frame_opts.dither = RATE, 0.0
    options.mel_opts.num_bins = BANDS
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(RATE, sound)
    bank.input_finished()
    rows = [bank.get_frame(row) for row in range(bank.num_frames_ready)]
    return np.array(rows, dtype=np.float32).reshape(-1, BANDS)


def pooled(frames: Any) -> Any:
    """Return how many frames are pooled of a passage with so many frames, one number or a tensor of them."""
    return (frames + 1) // 2


def statistics(frames: NDArray[np.float32], used: NDArray[Any], spans: NDArray[Any]) -> NDArray[np.float32]:
    """Pool parts of a passage: the mean and the deviation of what was found in their frames.

    Args:
        frames: (512, T / 2) from :meth:`Networks.frames`.
        used: (T / 2,) bool, the frames to pool; in a span with less than :data:`LEAST` of them, all are pooled.
        spans: (N, 2) first frame and frame after the last.

    Returns:
        (N, 1024).
    """
    import numpy as np

    first, last = spans.T
    found = []
    for chosen in (used.astype(np.float64), np.ones(len(used))):
        x = frames * chosen
        sums, squares, numbers = (_cumulated(y) for y in (x, x * frames, chosen))
        n = numbers[last] - numbers[first]
        total, square = ((y[:, last] - y[:, first]) for y in (sums, squares))  # (512, N)
        variance = (square - total**2 / np.maximum(n, 1)) / np.maximum(n - 1, 1)
        found.append((n, np.concatenate([total / np.maximum(n, 1), np.sqrt(np.maximum(variance, 0))]).T))
    (n, some), (_, every) = found
    return np.where((n >= LEAST)[:, None], some, every).astype(np.float32)


def _cumulated(values: NDArray[Any]) -> NDArray[Any]:
    """Return the sums of the first 0, 1, 2, ... values of the last axis."""
    import numpy as np

    return np.concatenate([np.zeros((*values.shape[:-1], 1)), values.cumsum(-1)], axis=-1)
