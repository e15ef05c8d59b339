"""Elastic weight consolidation: weights that mattered for past tasks move less (Kirkpatrick et al. 2017).

Importance is the mean squared gradient over examples, scaled to mean 1 over all weights and summed over tasks; each
task moves the anchor (online EWC, Schwarz et al. 2018).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dialogue.learning.continual import world
from dialogue.learning.continual.encoding import Encoded, cross_entropy, rows
from dialogue.learning.continual.methods import Method

FILE = "importance.safetensors"


class EWC(Method):
    importance: dict[str, Any] | None = None
    anchor: dict[str, Any] | None = None

    def loss(self) -> Any:
        if self.importance is None or self.anchor is None:
            return None
        own = self.learner.trainable()
        moved = sum((self.importance[n] * (p - self.anchor[n]) ** 2).sum() for n, p in own.items())
        return self.stream.ewc.weight / 2 * moved

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        import torch

        own = self.learner.trainable()
        found = {n: torch.zeros_like(p) for n, p in own.items()}
        draw = random.Random(f"{self.stream.training.seed}/{task}/ewc")
        for encoded in draw.sample(list(examples), min(self.stream.ewc.samples, len(examples))):
            self.learner.model.zero_grad()
            [row] = rows([encoded], len(encoded.ids), self.learner.device)
            cross_entropy(row, self.learner.logits(row)).backward()
            for name, p in own.items():
                if p.grad is not None:
                    found[name] += p.grad.detach() ** 2
        self.learner.model.zero_grad()
        total = sum(float(f.sum()) for f in world.gathered(found).values())
        mean = total / sum(f.numel() for f in found.values()) or 1.0
        before = self.importance or {}
        self.importance = {n: f / mean + before.get(n, 0.0) for n, f in found.items()}
        self.anchor = self.learner.state()

    def save(self, folder: Path) -> None:
        if self.importance:
            self.learner.write(self.importance, folder / FILE)

    def restore(self, folder: Path) -> None:
        if (folder / FILE).exists():
            own = self.learner.trainable()
            found = self.learner.read(folder / FILE)
            self.importance = {name: world.like(value, own[name]) for name, value in found.items()}
            self.anchor = self.learner.state()  # the weights at the end of the task are already restored


make = EWC
