"""One adapter per task, each trained from the initial model; the model used has all of them merged.

Merging follows peft: ties (Yadav et al. 2023), dare_ties (Yu et al. 2024), svd (the mean of the products, at the rank
of one adapter). No task is learned on top of another, so nothing is overwritten; losses can only come from merging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import Method
from dialogue.learning.continual.options import Stream

OWN = "own.safetensors"  # the task's adapter, before it is merged with the others
ACTIVE, MERGED = "default", "merged"  # peft's name of the trained adapter, and the name of the merged one


class Adapters(Method):
    def __init__(self, stream: Stream, learner: Learner) -> None:
        super().__init__(stream, learner)
        self.initial = learner.state()
        self.trained: list[Mapping[str, Any]] = []

    def begin(self, task: int) -> None:
        self.learner.put(self.initial)

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        self.trained.append(self.learner.state())
        if len(self.trained) > 1:
            self.learner.put(self._merged())

    def save(self, folder: Path) -> None:
        self.learner.write(self.trained[-1], folder / OWN)

    def restore(self, folder: Path) -> None:
        last = int(folder.name.removeprefix("task_"))
        self.trained = [self.learner.read(folder.with_name(f"task_{n}") / OWN) for n in range(1, last + 1)]

    def _merged(self) -> dict[str, Any]:
        """Merge all adapters into one of the same rank."""
        import torch

        model, how = self.learner.model, self.stream.adapters
        own = model.peft_config[ACTIVE]
        names = [f"task_{n}" for n in range(1, len(self.trained) + 1)]
        for name, state in zip(names, self.trained, strict=True):
            model.add_adapter(name, own)
            mine = dict(model.named_parameters())
            with torch.no_grad():
                for key, value in state.items():
                    mine[key.replace(f".{ACTIVE}.", f".{name}.")].copy_(value)
        weights = [how.weight or 1 / len(names)] * len(names)
        density = {"density": how.density} if how.merge != "svd" else {"svd_rank": own.r}
        torch.manual_seed(self.stream.training.seed)  # dare_ties drops weights at random
        model.add_weighted_adapter(names, weights, MERGED, combination_type=how.merge, **density)
        merged = dict(model.named_parameters())
        state = {key: merged[key.replace(f".{ACTIVE}.", f".{MERGED}.")].detach().clone() for key in self.initial}
        # the merged adapter has its own scale, alpha / rank of its configuration
        scale = _scaling(model, MERGED) / _scaling(model, ACTIVE)
        for key in state:
            if ".lora_B." in key:
                state[key] *= scale
        for name in (*names, MERGED):
            model.delete_adapter(name)
        model.set_adapter(ACTIVE)
        return state


def _scaling(model: Any, adapter: str) -> float:
    from peft.tuners.lora import LoraLayer

    return next(m.scaling[adapter] for m in model.modules() if isinstance(m, LoraLayer))


make = Adapters
