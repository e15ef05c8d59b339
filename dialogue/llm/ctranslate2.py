"""CTranslate2 engine: int8, the default on a CPU. Adapters must be merged before conversion."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

from dialogue.core import compatibility
from dialogue.llm.conversion import TOKENIZER
from dialogue.llm.local import LocalModel, shared
from dialogue.llm.model import LLMError, needed

UNKNOWN_CONTEXT = 2048  # tokens, when the model's tokenizer does not give its context length
SHORT = 64  # tokens; reading fewer than this again costs almost nothing
TOP = 40  # tokens to sample from when the temperature is not 0


class CTranslate2Model(LocalModel):
    """A CTranslate2 generator.

    Args:
        path: a folder with ``model.bin`` and the tokenizer's files.
        device: auto, cpu or cuda.

    Raises:
        LLMError: ctranslate2 is not installed, or the folder holds no generator.
    """

    def __init__(self, path: Path, *, name: str | None = None, device: str = "auto") -> None:
        with needed("ctranslate2 and transformers"):
            compatibility.prepare()
            import ctranslate2
            from transformers import AutoTokenizer
        if device != "cpu" and ctranslate2.get_cuda_device_count():
            compatibility.load_cublas()
        self.name = name or str(path)
        try:
            self._loaded = [ctranslate2.Generator(str(path), device=device, compute_type="default")]
            self.tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True, **TOKENIZER)
        except (OSError, ValueError, RuntimeError) as error:
            raise LLMError(f"{path}: no CTranslate2 generator with its tokenizer: {error}") from error
        length = self.tokenizer.model_max_length
        self.context_length = length if length < 10**7 else UNKNOWN_CONTEXT
        # its threads end before the interpreter does: one that frees a callback later would abort the process
        weakref.finalize(self, self._loaded.clear)
        self._last: list[int] = []
        self._beginning: list[int] = []  # shared by the last prompts; CTranslate2 caches its state

    def tokens(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[int]:
        ends = sorted(self.ends())
        beginning = self._same_beginning(prompt)
        steps = self._loaded[0].generate_tokens(
            self.tokenizer.convert_ids_to_tokens(prompt[len(beginning) :]),
            static_prompt=self.tokenizer.convert_ids_to_tokens(beginning) or None,
            max_length=max_tokens,
            sampling_topk=TOP if temperature > 0 else 1,
            sampling_temperature=temperature if temperature > 0 else 1.0,
            end_token=ends,
        )
        for step in steps:
            if step.token_id in ends:
                return
            yield step.token_id

    def _same_beginning(self, prompt: list[int]) -> list[int]:
        """Return the tokens, such as instructions, that begin both this prompt and the one before it.

        The list stays the same as long as prompts begin with it, so that its cached state is used again.
        """
        kept = len(self._beginning)
        if not kept or self._beginning != prompt[:kept] or len(prompt) <= kept:
            same = min(shared(self._last, prompt), len(prompt) - 1)
            self._beginning = prompt[:same] if same >= SHORT else []
        self._last = prompt
        return self._beginning

    def close(self) -> None:
        self._loaded[0].unload_model()
