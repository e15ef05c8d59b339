"""What the engines that run in this process share: encode, decode as it comes, stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dialogue.llm.model import LLMError, Message
from dialogue.llm.prompt import encode, until

END_OF_TURN = (
    "<|im_end|>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<|end|>",
    "</s>",
)  # those a vocabulary has end an answer


class LocalModel:
    """A tokenizer and a way to write tokens; subclasses provide :meth:`tokens`."""

    name: str
    context_length: int
    tokenizer: Any

    def tokens(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[int]:
        """Token ids of an answer, without the end-of-turn token."""
        raise NotImplementedError(f"{type(self).__name__} must write tokens")

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])

    def chat(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        temperature: float = 0.0,
        stop: Sequence[str] = (),
    ) -> str:
        return "".join(self.stream(messages, max_tokens=max_tokens, temperature=temperature, stop=stop))

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        temperature: float = 0.0,
        stop: Sequence[str] = (),
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
                f"{self.name}: the prompt has {len(prompt)} tokens and the answer may have {max_tokens}; the context holds "
                f"{self.context_length}. Shorten the prompt or lower max_tokens."
            )
        return until(self._pieces(prompt, max_tokens, temperature), stop)

    def ends(self) -> set[int]:
        """Ids that end an answer."""
        vocabulary = self.tokenizer.get_vocab()
        return {vocabulary[t] for t in END_OF_TURN if t in vocabulary} | {self.tokenizer.eos_token_id} - {None}

    def _pieces(self, prompt: list[int], max_tokens: int, temperature: float) -> Iterator[str]:
        """Text as soon as it is whole characters: a token may be part of one."""
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
            if text.endswith("\n"):  # decode from here on, so that a long answer stays linear
                pending, shown = [], ""
        rest = self.tokenizer.decode(pending, skip_special_tokens=True)
        if len(rest) > len(shown):
            yield rest[len(shown) :]


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two prompts have in common at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
