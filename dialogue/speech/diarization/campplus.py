"""CAM++ speaker embeddings: 80 filter-bank energies per frame -> one 192-dimensional voice vector per passage.

Network of Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using Context-Aware Masking",
Interspeech 2023 (arXiv 2303.00332), implemented from the paper so that the published weights of 3D-Speaker
(Apache-2.0) load by name and no code of another package is executed. Notation: B passages, T frames of 10 ms,
C channels.

Passages of several lengths run together padded with zeros, and give what each gives alone. What sees the padding is
kept from it: convolutions over time are given zeros there, as they are past the end of a passage alone, and the means
of the context-aware masking count true frames only. Everything else looks at one frame; batch normalisation has
constants in inference.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

from dialogue.speech.diarization.networks import DIMENSION, pooled


class CAMPlusPlus(nn.Module):
    """(B, T, 80) mean-normalised energies -> (B, 192)."""

    def __init__(self) -> None:
        super().__init__()
        self.head = _Head()
        channels = 128
        layers: list[tuple[str, nn.Module]] = [("tdnn", _Tdnn(320, 128))]
        for number, (depth, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
            layers.append((f"block{number}", _Block(depth, channels, dilation)))
            channels += depth * 32
            layers.append((f"transit{number}", _Transit(channels)))
            channels //= 2
        layers.append(("out_nonlinear", _norm(channels)))
        layers.append(("dense", _Dense(channels * 2)))
        self.xvector = nn.Sequential(OrderedDict(layers))

    def forward(self, energies: Tensor) -> Tensor:
        x = self.frames(energies)
        return self.dense(torch.cat([x.mean(-1), x.std(-1, unbiased=True)], dim=-1))

    @property
    def dense(self) -> nn.Module:
        """The layer after the pooling: (B, 1024) -> (B, 192)."""
        return self.xvector[-1]

    def frames(self, energies: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Compute what is pooled: (B, T, 80) -> (B, 512, T / 2).

        Args:
            lengths: (B,) frames of each passage, which is zero after them; of its result, the first
                :func:`pooled` frames are meant. By default all have T.
        """
        x = self.head(energies.transpose(1, 2), _within(lengths, energies))
        halved = None if lengths is None else _within(pooled(lengths), energies[:, ::2])
        for layer in list(self.xvector)[:-1]:
            x = layer(x, halved) if isinstance(layer, _Block) else layer(x)
        return x


def _within(lengths: Tensor | None, energies: Tensor) -> Tensor | None:
    """Return (B, 1, T), 1 in the frames of each passage and 0 in its padding."""
    if lengths is None:
        return None
    frames = torch.arange(energies.shape[1], device=energies.device)
    return (frames < lengths.to(energies.device)[:, None])[:, None].to(energies.dtype)


def _norm(channels: int, affine: bool = True) -> nn.Sequential:
    layers: list[tuple[str, nn.Module]] = [("batchnorm", nn.BatchNorm1d(channels, affine=affine))]
    return nn.Sequential(OrderedDict([*layers, ("relu", nn.ReLU(inplace=True))] if affine else layers))


def _kept(x: Tensor, within: Tensor | None) -> Tensor:
    """Set the padding to zero."""
    return x if within is None else x * within


class _Head(nn.Module):
    """Two-dimensional convolutions over frequency and time: (B, 80, T) -> (B, 320, T)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(32, 32, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)

    def forward(self, x: Tensor, within: Tensor | None = None) -> Tensor:
        within = within if within is None else within[:, None]  # (B, 1, 1, T)
        x = _kept(functional.relu(self.bn1(self.conv1(x[:, None]))), within)
        for layer in (self.layer1, self.layer2):
            for residual in layer.children():
                x = residual(x, within)
        x = _kept(functional.relu(self.bn2(self.conv2(x))), within)  # (B, 32, 10, T)
        return x.flatten(1, 2)


class _Residual(nn.Module):
    """Residual block that divides the frequency axis by ``stride``."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(32, 32, 3, stride=(stride, 1), padding=1, bias=False)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(32), nn.BatchNorm2d(32)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(nn.Conv2d(32, 32, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(32))

    def forward(self, x: Tensor, within: Tensor | None = None) -> Tensor:
        y = _kept(functional.relu(self.bn1(self.conv1(x))), within)
        return _kept(functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x)), within)


class _Tdnn(nn.Module):
    """(B, C, T) -> (B, C', T / 2)."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, out, 5, stride=2, padding=2, bias=False)
        self.nonlinear = _norm(out)

    def forward(self, x: Tensor) -> Tensor:
        return self.nonlinear(self.linear(x))


class _Mask(nn.Module):
    """Context-aware masking (section 2.2): a gate from the mean of the passage and of each 100-frame stretch."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(128, 32, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1, self.linear2 = nn.Conv1d(128, 64, 1), nn.Conv1d(64, 32, 1)

    def forward(self, x: Tensor, within: Tensor | None = None) -> Tensor:
        stretches = functional.avg_pool1d(x, 100, 100, ceil_mode=True)  # (B, 128, ceil(T / 100))
        mean = x.mean(-1, keepdim=True)
        if within is not None:  # both count the padding, whose x is zero
            true = functional.avg_pool1d(within, 100, 100, ceil_mode=True)
            stretches, mean = stretches / true.clamp(min=0.01), mean / within.mean(-1, keepdim=True)
        context = mean + stretches
        gate = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        return self.linear_local(x) * gate.repeat_interleave(100, dim=-1)[..., : x.shape[-1]]


class _DenseLayer(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1, self.linear1 = _norm(channels), nn.Conv1d(channels, 128, 1, bias=False)
        self.nonlinear2, self.cam_layer = _norm(128), _Mask(dilation)

    def forward(self, x: Tensor, within: Tensor | None = None) -> Tensor:
        return self.cam_layer(_kept(self.nonlinear2(self.linear1(self.nonlinear1(x))), within), within)


class _Block(nn.Module):
    """Densely connected layers: each sees the outputs of all earlier ones, (B, C, T) -> (B, C + 32 depth, T)."""

    def __init__(self, depth: int, channels: int, dilation: int) -> None:
        super().__init__()
        for i in range(depth):
            self.add_module(f"tdnnd{i + 1}", _DenseLayer(channels + 32 * i, dilation))

    def forward(self, x: Tensor, within: Tensor | None = None) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x, within)], dim=1)
        return x


class _Transit(nn.Module):
    """Layer that halves the number of channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.nonlinear, self.linear = _norm(channels), nn.Conv1d(channels, channels // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.nonlinear(x))


class _Dense(nn.Module):
    """Pooled statistics (B, C) -> (B, 192)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, DIMENSION, 1, bias=False)
        self.nonlinear = _norm(DIMENSION, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.nonlinear(self.linear(x[..., None])[..., 0])
