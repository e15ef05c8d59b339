"""Base of the engines that run in this process: encode, decode piece by piece, stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dialogue.llm.model import LanguageModel, LLMError, Message
from dialogue.llm.prompt import encode, until

# each of these ends an answer, if the vocabulary has it
END_OF_TURN = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>", "</s>")


class LocalModel(LanguageModel):
    """A tokenizer and a generator of tokens; subclasses provide :meth:`tokens`."""

    tokenizer: Any

    def tokens(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[int]:
        """Yield the token ids of an answer, without the end-of-turn token."""
        raise NotImplementedError(f"{type(self).__name__} must write tokens")

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        return self._answer(encode(self.tokenizer, messages), max_tokens, temperature, stop)

    def complete(
        self, text: str, *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        prompt = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return self._answer(prompt, max_tokens, temperature, stop)

    def _answer(self, prompt: list[int], max_tokens: int, temperature: float, stop: Sequence[str]) -> Iterator[str]:
        if len(prompt) + max_tokens > self.context_length:
            raise LLMError(
                f"{self.name}: the prompt has {len(prompt)} tokens and the answer may have {max_tokens}; the context "
                f"holds {self.context_length}. Shorten the prompt or lower max_tokens."
            )
        return until(self._pieces(prompt, max_tokens, temperature), stop)

    def ends(self) -> set[int]:
        """Return the ids of the tokens that end an answer."""
        vocabulary = self.tokenizer.get_vocab()
        return {vocabulary[t] for t in END_OF_TURN if t in vocabulary} | {self.tokenizer.eos_token_id} - {None}

    def _pieces(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[str]:
        """Yield text once its characters are complete: a token may be only part of one."""
        pending: list[int] = []
        shown = ""
        for token in self.tokens(prompt, max_tokens, temperature):
            pending.append(token)
            text = self.tokenizer.decode(pending, skip_special_tokens=True)
            if text.endswith("\ufffd"):
                continue
            if len(text) > len(shown):
                yield text[len(shown) :]
                shown = text
            if text.endswith("\n"):  # restart decoding here, so that the cost of a long answer stays linear
                pending, shown = [], ""
        rest = self.tokenizer.decode(pending, skip_special_tokens=True)
        if len(rest) > len(shown):
            yield rest[len(shown) :]


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two prompts share at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
