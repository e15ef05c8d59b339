"""Checkpoints within a run: trained weights, optimizer and position, complete or not there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.learning.continual import world
from dialogue.learning.continual.learner import WEIGHTS, TrainedWeights
from dialogue.learning.continual.options import ContinualError


def save(folder: Path, learner: TrainedWeights, optimizer: Any, state: dict[str, Any]) -> None:
    """Write a checkpoint to a temporary folder, then rename it: the previous one stays until this one is complete.

    Args:
        state: plain values; ``step`` is the number of updates done.

    Raises:
        ContinualError: the disk is full.
    """
    import torch

    part, old = folder.with_name(".part"), folder.with_name(".old")
    if learner.world.first:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    learner.save(part / WEIGHTS)
    optimized = world.optimizer_state(optimizer)
    if not learner.world.first:
        return
    try:
        torch.save(optimized, part / "optimizer.pt")
    except (OSError, RuntimeError) as error:  # torch raises RuntimeError when the disk is full
        shutil.rmtree(part, ignore_errors=True)
        raise ContinualError(
            f"{folder}: cannot be written ({error}). Free some space and run again: it resumes from the last "
            "checkpoint."
        ) from error
    (part / "state.json").write_text(json.dumps(state))
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def restore(folder: Path, learner: TrainedWeights, optimizer: Any) -> dict[str, Any]:
    """Set weights and optimizer to those of a checkpoint, and return its state; without one, that of a beginning.

    ``from`` is added to the state: the step at which the process began.
    """
    import torch

    old = folder.with_name(".old")
    if learner.world.first and not folder.exists() and old.exists():  # killed between the two renames
        old.rename(folder)
    learner.world.wait()
    if not folder.exists():
        return {"step": 0, "from": 0, "tokens": 0, "seconds": 0.0}
    learner.restore(folder / WEIGHTS)
    optimized = torch.load(folder / "optimizer.pt", weights_only=True, map_location=learner.device)
    world.put_optimizer_state(optimizer, optimized)
    state = read_json(folder / "state.json")
    return {**state, "from": state["step"]}
