"""Staying near the model as it was: KL(then || now) on the tokens of the update (learning without forgetting, Li and Hoiem 2016).

With adapters, the initial model is the same model with them switched off: no second copy.
"""

from __future__ import annotations

from typing import Any

from dialogue.continual.encoding import IGNORED, Row
from dialogue.continual.methods import Method


class KL(Method):
    """Anchored on the initial model, or on the one before the task."""

    anchor: Any = None  # the initial model, when adapters can be switched off

    def begin(self, task: int) -> None:
        initial = self.stream.kl.to == "initial"
        if not (initial and self.learner.adapted) and (self.anchor is None or not initial):
            self.anchor = self.learner.state() if self.start is None else self.start

    start: Any = None  # weights at the beginning of the task, set by the loop when a run resumes within it

    def prepare_row(self, row: Row) -> Any:
        import torch

        with torch.no_grad(), self.learner.as_it_was(self.anchor):
            return torch.log_softmax(self.learner.logits(row), dim=-1)

    def row_loss(self, row: Row, logits: Any, prepared: Any) -> Any:
        import torch

        learned = row.labels[0, 1:] != IGNORED
        now = torch.log_softmax(logits[:-1][learned], dim=-1)
        then = prepared[:-1][learned]
        return self.stream.kl.weight * torch.nn.functional.kl_div(now, then, log_target=True, reduction="sum")


make = KL
