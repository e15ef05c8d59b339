"""The networks of the embedded diarization in ONNX Runtime, for CPUs.

It costs a fifth to a third less than torch and, more than that, loads in a tenth of a second: importing torch and
pyannote.audio takes longer than a short meeting. The networks are exported from the published weights once, which needs
torch, and kept beside the models.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.core import models
from dialogue.core.audio import RATE
from dialogue.speech.diarization.networks import BANDS, EMBEDDING, SEGMENTATION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPORTED = SEGMENTATION, EMBEDDING
OPSET = 17  # of the ONNX operators


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
