"""Keep the model close to an earlier one with KL(then || now).

It is computed on the tokens of the update (learning without forgetting, Li and Hoiem 2016), or only on those of its old
examples (with ``replay``; dark experience replay, Buzzega et al. 2020), which does not constrain the new ones.

With adapters, the initial model is the same model with the adapters switched off, so there is no second copy.
"""

from __future__ import annotations

from typing import Any

from dialogue.learning.continual.encoding import IGNORED, Packed
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import Method
from dialogue.learning.continual.options import Stream


class KL(Method):
    """Anchor on the initial model, or on the model before the task."""

    def __init__(self, stream: Stream, learner: Learner) -> None:
        super().__init__(stream, learner)
        self.past = (stream.kl.on or ("past" if "replay" in stream.methods else "all")) == "past"
        # None is the initial model, obtained by switching adapters off
        self.anchor: Any = None if learner.adapted else learner.state()

    def begin(self, task: int) -> None:
        if self.stream.kl.to == "previous":
            self.anchor = self.learner.state()

    def prepare_row(self, row: Packed) -> Any:
        import torch

        if self.past and not self.learner.sharded and not row.old.any():
            return None  # not with sharded weights, whose processes must run the model equally often
        with torch.no_grad(), self.learner.as_it_was(self.anchor):
            return torch.log_softmax(self.learner.logits(row), dim=-1)

    def row_loss(self, row: Packed, logits: Any, prepared: Any) -> Any:
        import torch

        if prepared is None:
            return None
        learned = row.labels[0, 1:] != IGNORED
        if self.past:
            learned &= row.old[0, 1:]
        now = torch.log_softmax(logits[:-1][learned], dim=-1)
        then = prepared[:-1][learned]
        return self.stream.kl.weight * torch.nn.functional.kl_div(now, then, log_target=True, reduction="sum")


make = KL
