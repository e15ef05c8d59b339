"""CAM++ speaker embeddings: 80 filter-bank energies per frame -> one 192-dimensional voice vector per passage.

Network of Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using Context-Aware Masking",
Interspeech 2023 (arXiv 2303.00332), implemented from the paper so that the published weights of 3D-Speaker
(Apache-2.0) load by name and no code of another package is executed. Notation: B passages, T frames of 10 ms,
C channels.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

from dialogue.speech.diarization.networks import DIMENSION


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
        return self.xvector[-1](torch.cat([x.mean(-1), x.std(-1, unbiased=True)], dim=-1))

    def frames(self, energies: Tensor) -> Tensor:
        """Compute what is pooled: (B, T, 80) -> (B, 512, T / 2)."""
        found: Tensor = self.xvector[:-1](self.head(energies.transpose(1, 2)))
        return found


def _norm(channels: int, affine: bool = True) -> nn.Sequential:
    layers: list[tuple[str, nn.Module]] = [("batchnorm", nn.BatchNorm1d(channels, affine=affine))]
    return nn.Sequential(OrderedDict([*layers, ("relu", nn.ReLU(inplace=True))] if affine else layers))


class _Head(nn.Module):
    """Two-dimensional convolutions over frequency and time: (B, 80, T) -> (B, 320, T)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(32, 32, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(x[:, None])))
        x = functional.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))  # (B, 32, 10, T)
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

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


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

    def forward(self, x: Tensor) -> Tensor:
        stretches = functional.avg_pool1d(x, 100, 100, ceil_mode=True)  # (B, 128, ceil(T / 100))
        context = x.mean(-1, keepdim=True) + stretches
        gate = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        return self.linear_local(x) * gate.repeat_interleave(100, dim=-1)[..., : x.shape[-1]]


class _DenseLayer(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1, self.linear1 = _norm(channels), nn.Conv1d(channels, 128, 1, bias=False)
        self.nonlinear2, self.cam_layer = _norm(128), _Mask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        return self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))


class _Block(nn.Module):
    """Densely connected layers: each sees the outputs of all earlier ones, (B, C, T) -> (B, C + 32 depth, T)."""

    def __init__(self, depth: int, channels: int, dilation: int) -> None:
        super().__init__()
        for i in range(depth):
            self.add_module(f"tdnnd{i + 1}", _DenseLayer(channels + 32 * i, dilation))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], dim=1)
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
