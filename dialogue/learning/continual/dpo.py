"""Learn what people preferred: direct preference optimisation (DPO, Rafailov et al. 2023, arXiv 2305.18290).

For a prompt x, a preferred text y and a rejected text z, the loss of a pair is

    -log sigmoid(beta * (m - m0)),  m = log p(y | x) - log p(z | x)

with sums over the tokens of an answer, its end included. m0 is the same under the model before the task in which the
pair is first seen, computed once and kept, so that a pair that is replayed later has the reference that it was learned
with, and no second model is needed, whatever is trained. Pairs are learned beside other examples: the loss of an update
is a mean over learned tokens, in which a pair counts as often as its preferred text has tokens. The cross-entropy of
that text is learned too (the sum of both is that of Pang et al. 2024, arXiv 2404.19733), see
:class:`~dialogue.learning.continual.options.PreferenceOptions`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json, save_json
from dialogue.learning.continual.encoding import AnswerPair, Encoded, Packed, rows
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import Method
from dialogue.learning.continual.options import Stream

FILE = "margins.json"


class DPO(Method):
    """The loss of the pairs in a row; every run has it, and without pairs it does nothing.

    Attributes:
        reference: digest of a pair's tokens -> m0, in nats.
    """

    def __init__(self, stream: Stream, learner: Learner) -> None:
        super().__init__(stream, learner)
        self.reference: dict[str, float] = {}

    def meet(self, examples: Sequence[Encoded]) -> None:
        import torch

        new = {k: e for e in examples if e.rejected and (k := _key(e)) not in self.reference}
        self.learner.model.eval()
        with torch.no_grad():
            margins = self.learner.world.each([*new.values()], self._margin_of)
        self.learner.model.train()
        self.reference |= dict(zip(new, margins, strict=True))

    def row_loss(self, row: Packed, logits: Any, prepared: Any) -> Any:
        from torch.nn.functional import logsigmoid

        own, total = self.stream.preferences, None
        for pair in row.pairs:
            gained = margin(row, logits, pair) - self.reference[_key(pair.example)]
            loss = -(pair.preferred.stop - pair.preferred.start) * logsigmoid(own.beta * gained)
            if own.sft != 1:  # it is in the loss of the row once
                loss = loss - (own.sft - 1) * log_likelihood(row, logits, pair.preferred)
            total = loss if total is None else total + loss
        return total

    def save(self, folder: Path) -> None:
        if self.reference and self.learner.world.first:
            save_json(folder / FILE, self.reference)

    def restore(self, folder: Path) -> None:
        if (folder / FILE).exists():
            self.reference = read_json(folder / FILE)

    def _margin_of(self, example: Encoded) -> float:
        [row] = rows([example], example.size, self.learner.device, pairs=True)
        return float(margin(row, self.learner.logits(row), row.pairs[0]))


def margin(row: Packed, logits: Any, pair: AnswerPair) -> Any:
    """Return by how many nats the preferred text is likelier than the rejected one."""
    return log_likelihood(row, logits, pair.preferred) - log_likelihood(row, logits, pair.rejected)


def log_likelihood(row: Packed, logits: Any, answer: slice) -> Any:
    """Return the log-likelihood of an answer in a row, in nats; ``logits`` is ``(token, vocabulary)``."""
    from torch.nn.functional import cross_entropy

    before = slice(answer.start - 1, answer.stop - 1)  # the tokens that predict the answer's
    return -cross_entropy(logits[before], row.ids[0, answer], reduction="sum")


def _key(example: Encoded) -> str:
    return hashlib.sha256(json.dumps([example.ids, example.rejected]).encode()).hexdigest()
