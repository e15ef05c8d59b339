"""Tell whether a statement follows from what was said, with a natural language inference model in a local folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.llm import LLMError

LONGEST = 512  # tokens of premise and hypothesis; a longer premise loses its end


class Entailment:
    """A model finetuned on XNLI or similar data (Conneau et al. 2018), e.g. a CamemBERT.

    Args:
        folder: a transformers sequence classifier with a label that begins with ``entail``. Code in it is never run.

    Raises:
        LLMError: the folder holds no such classifier.
    """

    def __init__(self, folder: str | Path) -> None:
        compatibility.prepare()
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        try:
            self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self.model: Any = AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True, use_safetensors=True
            ).eval()
        except (OSError, ValueError) as error:
            raise LLMError(f"{folder}: no classifier with its tokenizer: {error}") from error
        labels = self.model.config.id2label
        found = [number for number, name in labels.items() if str(name).lower().startswith("entail")]
        if not found:
            raise LLMError(
                f"{folder}: its labels are {', '.join(map(str, labels.values()))}. "
                "Accepted: one that begins with entail."
            )
        self.label = int(found[0])

    def __call__(self, premise: str, hypothesis: str) -> float:
        """Return the probability in [0, 1] that the hypothesis follows from the premise."""
        import torch

        tokens = self.tokenizer(premise, hypothesis, truncation="only_first", max_length=LONGEST, return_tensors="pt")
        with torch.inference_mode():
            logits = self.model(**tokens).logits[0]  # (label,)
        return float(torch.softmax(logits, -1)[self.label])
