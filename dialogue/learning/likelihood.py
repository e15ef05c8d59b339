"""How likely a model finds what people said: bits of an example's answer, those of the continual matrix (same prompt, same tokens)."""

from __future__ import annotations

import math
from collections.abc import Callable

from dialogue.learning.tasks import Example
from dialogue.llm import LanguageModel, LLMError


def bits(model: LanguageModel) -> Callable[[Example], tuple[float, int]]:
    """Bits of an answer, its end included, and its bytes: sums over many give bits per byte, whatever the tokeniser.

    Raises:
        LLMError: the engine of the model shows no probabilities.
        dialogue.learning.continual.ContinualError: (of what is returned) an answer that does not fit the context.
    """
    import torch

    from dialogue.learning.continual.encoding import Encoder, cross_entropy, rows
    from dialogue.llm.transformers import TransformersModel

    if not isinstance(model, TransformersModel):
        raise LLMError(f"{model.name}: {type(model).__name__} shows no probabilities. Accepted: engine transformers.")
    encoder = Encoder(model.tokenizer, model.context_length)

    def found(example: Example) -> tuple[float, int]:
        encoded = encoder(example)
        [row] = rows([encoded], len(encoded.ids), model.device)
        with torch.inference_mode():
            logits = model.model(input_ids=row.ids, position_ids=row.positions, use_cache=False).logits[0].float()
        return float(cross_entropy(row, logits)) / math.log(2), encoded.bytes

    return found
