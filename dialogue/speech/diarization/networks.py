"""The networks of the embedded diarization: segmentation 3.0 and CAM++.

On a CPU they run in ONNX Runtime, which costs a fifth to a third less than torch and, more than that, loads in a tenth
of a second: importing torch and pyannote.audio takes longer than a short meeting. They are exported from the published
weights once, which needs torch, and kept beside the models. On a GPU they run in torch.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dialogue.core import models
from dialogue.core.audio import RATE
from dialogue.speech.gpu import has_driver, torch_device

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPORTED = SEGMENTATION, EMBEDDING = "segmentation-3.0", "campplus"
DIMENSION = 192
BANDS = 80
STEP = 0.01  # seconds between two frames of energies
LEAST = 10  # pooled frames, 0.2 seconds
OPSET = 17  # of the ONNX operators


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


def load(device: str) -> Networks:
    """Load the networks on ``cpu``, on a GPU with ``cuda``, or with ``auto`` on a GPU if there is one.

    Raises:
        ModelError: the weights are not on this machine.
        ModuleNotFoundError: they were not exported yet, and torch is not installed.
        ConfigError: cuda was asked for, and torch finds no GPU.
    """
    if device == "cpu" or (device == "auto" and not has_driver()):
        return OnnxNetworks()
    device = torch_device(device)
    if device == "cpu":
        return OnnxNetworks()
    from dialogue.speech.diarization.torch_networks import TorchNetworks

    return TorchNetworks(device)


class OnnxNetworks:
    """The networks in ONNX Runtime, one thread a call."""

    device = "cpu"

    def __init__(self) -> None:
        self._segmentation = _session(exported(SEGMENTATION) / "segmentation.onnx")
        self._frames, self._embed = (_session(exported(EMBEDDING) / f"{part}.onnx") for part in ("frames", "dense"))

    def segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        found: NDArray[np.float32] = np.exp(self._segmentation(windows[:, None]))
        return found

    def frames(self, energies: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        return [self._frames(each[None])[0] for each in energies]

    def embed(self, statistics: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._embed(statistics)


def _session(path: Path) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # which keep memory for each length of a passage
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    [name] = (each.name for each in session.get_inputs())
    return lambda value: session.run(None, {name: value})[0]


def exported(name: str) -> Path:
    """Return the folder with the ONNX graphs of a network, exported on the first call.

    Raises:
        ModelError: the weights are not on this machine.
        ModuleNotFoundError: torch or pyannote.audio is not installed, and nothing was exported yet.
    """
    weights = models.resolve(name)
    return models.derived(name, "onnx", functools.partial(_export, name, weights))


def _export(name: str, weights: Path, folder: Path) -> None:
    import torch

    from dialogue.speech.diarization import torch_networks

    batch, row = {0: "batch"}, {0: "row"}
    if name == SEGMENTATION:
        whole = torch_networks.load_segmentation(weights)
        graphs = [("segmentation", whole, torch.zeros(2, 1, 10 * RATE), {**batch, 2: "sample"}, {**batch, 1: "frame"})]
    else:
        campplus = torch_networks.load_campplus(weights)
        frames, example = torch_networks.Frames(campplus).eval(), torch.zeros(1, 350, BANDS)
        graphs = [
            ("frames", frames, example, {**batch, 1: "time"}, {**batch, 2: "half"}),
            ("dense", campplus.dense, torch.zeros(2, 1024), row, row),
        ]
    for graph, network, example, given, returned in graphs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the exporter that needs no further package
            torch.onnx.export(
                network,
                (example,),
                str(folder / f"{graph}.onnx"),
                dynamo=False,
                opset_version=OPSET,
                input_names=["x"],
                output_names=["y"],
                dynamic_axes={"x": given, "y": returned},
            )


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
