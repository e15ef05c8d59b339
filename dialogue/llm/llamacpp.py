"""llama.cpp through llama-cpp-python, which reads GGUF files directly. Optional: not every platform has a wheel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dialogue.core.extras import how_to_install
from dialogue.llm.model import LanguageModel, LLMError, Message
from dialogue.llm.prompt import neutral


class LlamaCppModel(LanguageModel):
    """A GGUF file.

    Args:
        path: the ``.gguf`` file; the context length and the chat template come from its metadata.

    Raises:
        LLMError: llama-cpp-python is not installed, or the file is not a GGUF.
    """

    def __init__(self, path: Path, *, name: str | None = None, device: str = "auto") -> None:
        try:
            from llama_cpp import Llama
        except ImportError as error:
            raise LLMError(
                f"{path}: a GGUF file needs llama-cpp-python, which is not installed. {how_to_install('llamacpp')}, or "
                "run it with engine ctranslate2 or transformers (converted once)."
            ) from error
        self.name = name or str(path)
        try:
            self.llama = Llama(str(path), n_ctx=0, n_gpu_layers=0 if device == "cpu" else -1, verbose=False)
        except ValueError as error:
            raise LLMError(f"{path}: llama.cpp cannot load it: {error}") from error
        self.context_length = self.llama.n_ctx()

    def count_tokens(self, text: str) -> int:
        return len(self.llama.tokenize(text.encode(), add_bos=False, special=False))

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        size = sum(self.count_tokens(m["content"]) + 8 for m in messages)
        if size + max_tokens > self.context_length:
            raise LLMError(
                f"{self.name}: the prompt has about {size} tokens and the answer may have {max_tokens}; the context "
                f"holds {self.context_length}. Shorten the prompt or lower max_tokens."
            )
        answer = self.llama.create_chat_completion(
            neutral(messages), max_tokens=max_tokens, temperature=temperature, stop=list(stop), stream=True
        )
        for piece in answer:
            if text := piece["choices"][0]["delta"].get("content"):
                yield text

    def complete(
        self, text: str, *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        [message] = neutral([{"role": "user", "content": text}])
        answer = self.llama.create_completion(
            message["content"], max_tokens=max_tokens, temperature=temperature, stop=list(stop), stream=True
        )
        for piece in answer:
            if written := piece["choices"][0].get("text"):
                yield written

    def close(self) -> None:
        self.llama.close()
