"""Hugging Face transformers engine, for any causal model in a folder.

Weights are float32 on a CPU, where bfloat16 is slower, and bfloat16 on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.llm.local import LocalModel, shared
from dialogue.llm.model import LLMError, needed


class TransformersModel(LocalModel):
    """A causal language model.

    Args:
        path: a folder with ``config.json``, ``.safetensors`` and a tokenizer. Code in the folder is never run.
        device: auto, cpu or cuda.

    Raises:
        LLMError: transformers is not installed, or the folder holds no causal model.
    """

    def __init__(self, path: Path, *, name: str | None = None, device: str = "auto") -> None:
        with needed("transformers and torch"):
            compatibility.prepare()
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        self.name = name or str(path)
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
            self.model: Any = AutoModelForCausalLM.from_pretrained(
                path,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float32 if self.device == "cpu" else torch.bfloat16,
            )
        except (OSError, ValueError) as error:
            raise LLMError(f"{path}: no causal language model with its tokenizer: {error}") from error
        self.model = self.model.to(self.device).eval()  # type: ignore[arg-type]
        self.context_length = int(getattr(self.model.config, "max_position_embeddings", 2048))
        self._read: tuple[list[int], Any] | None = None  # the last prompt and answer, and their keys and values

    def tokens(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[int]:
        import torch

        configured = self.model.generation_config.eos_token_id
        ends = self.ends() | set(configured if isinstance(configured, list) else [configured])
        read, cache = self._same_beginning(prompt)
        unread = prompt[len(read) :]
        try:
            for _ in range(max_tokens):
                ids = torch.tensor([unread], device=self.device)  # (batch, token)
                with torch.inference_mode():
                    out = self.model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
                cache, logits = out.past_key_values, out.logits[0, -1].float()  # (vocabulary,)
                read += unread
                if temperature > 0:
                    token = int(torch.multinomial(torch.softmax(logits / temperature, -1), 1))
                else:
                    token = int(logits.argmax())
                if token in ends:
                    return
                yield token
                unread = [token]
        finally:
            self._read = (read, cache) if cache is not None else None

    def _same_beginning(self, prompt: list[int]) -> tuple[list[int], Any]:
        """Return the tokens of the prompt that were already read, with their cache.

        Instructions are the same in each pass, and a dialogue continues where it ended.
        """
        # taken away, so that another answer at the same time does not share it
        (read, cache), self._read = (self._read or ([], None)), None
        same = min(shared(read, prompt), len(prompt) - 1)
        if cache is None or same == 0 or any(getattr(layer, "is_sliding", True) for layer in cache.layers):
            return [], None
        if same < len(read):
            cache.crop(same - len(read))  # a negative number is how many tokens to remove
        return read[:same], cache

    def close(self) -> None:
        self._read = None
        del self.model
