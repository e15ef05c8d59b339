"""Average the weights before and after a task (WiSE-FT, Wortsman et al. 2022).

For full weights this is their weighted mean. For an adapter it is the weighted mean of the products B A, whose double
rank is reduced by the best approximation of the original rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.learning.continual import world
from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.methods import Method


class Wise(Method):
    def begin(self, task: int) -> None:
        self.before = self.learner.state()

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        if not (task or self.stream.wise.first):
            return
        before, now = self.before, self.learner.state()
        if self.learner.sharded:
            before, now = world.gathered(before), world.gathered(now)
        self.learner.put(blend(before, now, self.stream.wise.alpha))


def blend(before: Mapping[str, Any], now: Mapping[str, Any], alpha: float) -> dict[str, Any]:
    """Return ``alpha`` times the weights now plus ``1 - alpha`` times the weights before."""
    blended = {n: alpha * now[n] + (1 - alpha) * before[n] for n in now}
    for name in now:
        if ".lora_A." in name:
            other = name.replace(".lora_A.", ".lora_B.")
            blended[name], blended[other] = _mean_product(before[name], before[other], now[name], now[other], alpha)
    return blended


def _mean_product(a0: Any, b0: Any, a1: Any, b1: Any, alpha: float) -> tuple[Any, Any]:
    """Return A, B of rank r with product nearest to ``alpha * B1 A1 + (1 - alpha) * B0 A0`` (Eckart and Young 1936)."""
    import torch

    rank = a0.shape[0]
    a = torch.cat([a1, a0]).float()  # (2 r, in)
    b = torch.cat([alpha * b1, (1 - alpha) * b0], dim=1).float()  # (out, 2 r)
    qb, rb = torch.linalg.qr(b)
    qa, ra = torch.linalg.qr(a.T)
    u, s, vt = torch.linalg.svd(rb @ ra.T)
    root = s[:rank].sqrt()
    return ((root[:, None] * vt[:rank]) @ qa.T).to(a0.dtype), ((qb @ u[:, :rank]) * root).to(b0.dtype)


make = Wise
