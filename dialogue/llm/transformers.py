"""Hugging Face transformers: any causal model in a folder. float32 on a CPU (bfloat16 is slower there), bfloat16 on a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue import compatibility
from dialogue.llm import LLMError
from dialogue.llm.local import LocalModel


class TransformersModel(LocalModel):
    """A causal language model.

    Args:
        path: a folder with ``config.json``, ``.safetensors`` and a tokenizer. Code in the folder is never run.
        device: auto, cpu or cuda.

    Raises:
        LLMError: transformers is not installed, or the folder holds no causal model.
    """

    def __init__(self, path: Path, *, name: str | None = None, device: str = "auto") -> None:
        try:
            compatibility.prepare()
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise LLMError(
                f"transformers and torch are needed ({error}). Type: pip install 'dialogue[llm]'"
            ) from error
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

    def tokens(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[int]:
        import torch

        configured = self.model.generation_config.eos_token_id
        ends = self.ends() | set(configured if isinstance(configured, list) else [configured])
        ids = torch.tensor([prompt], device=self.device)  # (batch, token)
        cache = None
        for _ in range(max_tokens):
            with torch.inference_mode():
                out = self.model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            cache, logits = out.past_key_values, out.logits[0, -1].float()  # (vocabulary,)
            if temperature > 0:
                token = int(torch.multinomial(torch.softmax(logits / temperature, -1), 1))
            else:
                token = int(logits.argmax())
            if token in ends:
                return
            yield token
            ids = torch.tensor([[token]], device=self.device)

    def close(self) -> None:
        del self.model
