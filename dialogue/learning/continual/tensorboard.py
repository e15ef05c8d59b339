"""Curves of a run for TensorBoard, beside ``losses.jsonl``, where the package ``tensorboard`` is installed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def add(folder: Path, line: Mapping[str, float]) -> None:
    """Add the loss and the learning rate of an update to the event file in a task's folder."""
    writer = _writer(folder)
    if writer is not None:
        for name in ("loss", "rate"):
            writer.add_scalar(name, line[name], int(line["step"]))


@cache
def _writer(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder))  # type: ignore[no-untyped-call]
