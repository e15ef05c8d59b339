"""Orthogonal subspace finetuning (Nayak et al. 2025), as implemented in peft.

The largest singular directions of each matrix stay as they were before the task, and gradients are projected out of
them. The matrices are decomposed again for each task, so that directions learned in earlier tasks are kept as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.methods import Method


class OSF(Method):
    plain: Any = None

    def begin(self, task: int) -> None:
        from peft import OSFConfig, get_peft_model

        kept = self.stream.osf.kept
        config = OSFConfig(target_modules="all-linear", effective_rank=kept, task_type="CAUSAL_LM")
        self.learner.model = get_peft_model(self.learner.model, config)

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        self.learner.model = self.learner.model.merge_and_unload()
        for p in self.learner.model.parameters():
            p.requires_grad = True


make = OSF
