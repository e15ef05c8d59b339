"""How probable a model finds what people said: bits of an example's answer.

They are computed as in the continual matrix, with the same prompt and tokens.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from dialogue.learning.tasks import Example
from dialogue.llm import LanguageModel, LLMError


def bits(model: LanguageModel) -> Callable[[Example], tuple[float, int]]:
    """Return a function that computes the bits of an answer, including its end, and its bytes.

    Sums over many answers give bits per byte, which do not depend on the tokeniser.

    Raises:
        LLMError: the engine of the model gives no probabilities.
        dialogue.learning.continual.ContinualError: (raised by the function) an answer does not fit the context.
    """
    from dialogue.learning.continual.encoding import Encoder, nats
    from dialogue.llm.transformers import TransformersModel

    if not isinstance(model, TransformersModel):
        raise LLMError(f"{model.name}: {type(model).__name__} gives no probabilities. Accepted: engine transformers.")
    encoder = Encoder(model.tokenizer, model.context_length)

    def found(example: Example) -> tuple[float, int]:
        encoded = encoder(example)
        return nats(model.model, encoded, model.device) / math.log(2), encoded.bytes

    return found
