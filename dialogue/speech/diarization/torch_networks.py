"""The networks of the embedded diarization in torch: for GPUs, and to export them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility, models

compatibility.prepare()

import torch  # noqa: E402  (after the settings that it needs)
from torch import nn  # noqa: E402

from dialogue.speech.diarization.campplus import CAMPlusPlus  # noqa: E402
from dialogue.speech.diarization.networks import EMBEDDING, SEGMENTATION  # noqa: E402

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TorchNetworks:
    """See :class:`~dialogue.speech.diarization.networks.Networks`.

    Args:
        device: as torch names it.
    """

    def __init__(self, device: str) -> None:
        self.device = device
        self._segmentation = load_segmentation(models.resolve(SEGMENTATION)).to(device)
        self._frames, self._dense = (half.to(device) for half in halves(load_campplus(models.resolve(EMBEDDING))))

    @torch.inference_mode()
    def segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._segmentation(self._given(windows[:, None])).exp().cpu().numpy()
        return found

    @torch.inference_mode()
    def frames(self, energies: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        return [self._frames(self._given(each[None]))[0].cpu().numpy() for each in energies]

    @torch.inference_mode()
    def embed(self, statistics: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._dense(self._given(statistics)).cpu().numpy()
        return found

    def _given(self, values: NDArray[np.float32]) -> torch.Tensor:
        return torch.from_numpy(values).to(self.device)


class _Frames(nn.Module):
    def __init__(self, network: CAMPlusPlus) -> None:
        super().__init__()
        self.network = network

    def forward(self, energies: torch.Tensor) -> torch.Tensor:
        return self.network.frames(energies)


def halves(network: CAMPlusPlus) -> tuple[nn.Module, nn.Module]:
    """Return the part of CAM++ before the pooling, and the part after it."""
    return _Frames(network).eval(), network.xvector[-1]


def load_campplus(folder: Path) -> CAMPlusPlus:
    """Load CAM++ with its published weights, ready for inference."""
    network = CAMPlusPlus()
    path = folder / "campplus_cn_en_common.pt"
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()


def load_segmentation(folder: Path) -> Any:
    """Load pyannote's PyanNet from its checkpoint, unpickling only tensors and pyannote's own settings."""
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.segmentation import PyanNet

    with torch.serialization.safe_globals([Problem, Resolution, Specifications, torch.torch_version.TorchVersion]):
        checkpoint = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
    settings = checkpoint["hyper_parameters"]
    network = PyanNet(**{k: settings[k] for k in ("sincnet", "lstm", "linear", "sample_rate", "num_channels")})
    network.specifications = checkpoint["pyannote.audio"]["specifications"]
    network.build()  # type: ignore[no-untyped-call]
    network.load_state_dict(checkpoint["state_dict"])
    return network.eval()
