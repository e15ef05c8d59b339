"""The networks of the embedded diarization in torch: for GPUs, and to export them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility, models

compatibility.prepare()

import torch  # noqa: E402  (after the settings that it needs)
from torch import nn  # noqa: E402

from dialogue.speech.diarization.campplus import CAMPlusPlus  # noqa: E402
from dialogue.speech.diarization.networks import EMBEDDING, SEGMENTATION, pooled  # noqa: E402
from dialogue.speech.gpu import BatchSize  # noqa: E402

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
        loaded = load_segmentation(models.resolve(SEGMENTATION)), load_campplus(models.resolve(EMBEDDING))
        self._segmentation, self._campplus = BatchSize().run(lambda _: [each.to(device) for each in loaded])

    def segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        with _as_on_processors():
            found: NDArray[np.float32] = self._segmentation(self._given(windows[:, None])).exp().cpu().numpy()
        return found

    def frames(self, energies: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        if not energies:
            return []
        lengths = torch.tensor([len(each) for each in energies])
        padded = nn.utils.rnn.pad_sequence([torch.from_numpy(each) for each in energies], batch_first=True)
        equal = bool((lengths == padded.shape[1]).all())
        with _as_on_processors():
            found = self._campplus.frames(padded.to(self.device), None if equal else lengths).cpu().numpy()
        return [each[:, : pooled(len(of))] for each, of in zip(found, energies, strict=True)]

    def embed(self, statistics: NDArray[np.float32]) -> NDArray[np.float32]:
        with _as_on_processors():
            found: NDArray[np.float32] = self._campplus.dense(self._given(statistics)).cpu().numpy()
        return found

    def _given(self, values: NDArray[np.float32]) -> torch.Tensor:
        return torch.from_numpy(values).to(self.device)


@contextlib.contextmanager
def _as_on_processors() -> Iterator[None]:
    """Compute what a CPU does: TensorFloat-32, torch's default for convolutions, has ten bits only."""
    with torch.inference_mode(), torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
        yield


class Frames(nn.Module):
    """The part of CAM++ before the pooling, for passages alone, to export it."""

    def __init__(self, network: CAMPlusPlus) -> None:
        super().__init__()
        self.network = network

    def forward(self, energies: torch.Tensor) -> torch.Tensor:
        return self.network.frames(energies)


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
