"""Keep the weights close to the initial ones: weight * ||W - W0||^2 (L2-SP, Li et al. 2018).

For an adapter, W - W0 is its product B A.
"""

from __future__ import annotations

from typing import Any

from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import Method
from dialogue.learning.continual.options import Stream


class L2SP(Method):
    def __init__(self, stream: Stream, learner: Learner) -> None:
        super().__init__(stream, learner)
        self.initial = None if learner.adapted else learner.state()

    def loss(self) -> Any:
        own = self.learner.trainable()
        if self.initial is not None:
            return self.stream.l2sp.weight * sum(((p - self.initial[n]) ** 2).sum() for n, p in own.items())
        scale = self.stream.adaptation.alpha / self.stream.adaptation.rank
        total: Any = 0.0
        for name, a in own.items():
            if ".lora_A." in name:
                b = own[name.replace(".lora_A.", ".lora_B.")]
                total = total + ((b.T @ b) * (a @ a.T)).sum()  # ||B A||^2 without the product
        return self.stream.l2sp.weight * scale**2 * total


make = L2SP
