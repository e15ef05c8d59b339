"""Meta steps: every few updates, the weights go back a part of the way (Reptile, Nichol et al. 2018, arXiv 1803.02999).

With ``replay``, the updates between two meta steps see old and new examples, which favours weights that serve both
(meta-experience replay, Riemer et al. 2019, arXiv 1810.11910).
"""

from __future__ import annotations

from typing import Any

from dialogue.learning.continual.methods import Method

BEFORE = "before"  # key in the optimizer's state of a parameter: its value after the last meta step


class Reptile(Method):
    def begin(self, task: int) -> None:
        self.start = self.learner.state()

    def stepped(self, step: int, steps: int, optimizer: Any) -> None:
        import torch

        own = self.stream.reptile
        if (step + 1) % own.every and step + 1 < steps:
            return
        with torch.no_grad():
            for name, p in self.learner.trainable().items():
                before = optimizer.state[p].get(BEFORE, self.start[name])
                p.copy_(before + own.step * (p - before))
                optimizer.state[p][BEFORE] = p.detach().clone()


make = Reptile
