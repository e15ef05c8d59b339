"""Learning beside what weighs most: of each matrix, the largest singular directions stay as they were before the task, and gradients
are kept out of them (orthogonal subspace finetuning, Nayak et al. 2025); peft does it.

Each task is decomposed anew, so that what the tasks before have made large is kept as well.
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
