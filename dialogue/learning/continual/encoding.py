"""Encode examples as tokens, and pack tokens into rows of several examples that do not see each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.learning.continual.options import ContinualError
from dialogue.learning.tasks import Example
from dialogue.llm import Message
from dialogue.llm.local import END_OF_TURN
from dialogue.llm.prompt import encode as encode_prompt

IGNORED = -100  # label of a token that is not learned
PLAIN = (  # template for models without one
    "{% for m in messages %}{{ m['content'] }}{{ '\\n' if m['role'] == 'assistant' else '\\n\\n' }}{% endfor %}"
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as tokens.

    Attributes:
        ids: tokens of prompt and answer.
        labels: the same tokens, ``IGNORED`` where nothing is learned.
        bytes: UTF-8 bytes of the learned text; losses are divided by them, so that tokenisers are comparable.
        cut: part of the example did not fit.
        old: the example is from a past task or from general text, not from the task being trained.
    """

    example: Example
    ids: tuple[int, ...]
    labels: tuple[int, ...]
    bytes: int
    cut: bool = False
    old: bool = False


class Encoder:
    """Encodes examples as the pipeline's language models read prompts and end answers."""

    def __init__(self, tokenizer: Any, context: int) -> None:
        self.tokenizer, self.context = tokenizer, context
        if not getattr(tokenizer, "chat_template", None):
            tokenizer.chat_template = PLAIN
        vocabulary = tokenizer.get_vocab()
        self.end = next((vocabulary[t] for t in END_OF_TURN if t in vocabulary), tokenizer.eos_token_id)

    @classmethod
    def of(cls, folder: Path, context: int) -> Encoder:
        """Return the encoder of the transformers model in a folder, for as much of ``context`` as the model has."""
        compatibility.prepare()
        from transformers import AutoConfig, AutoTokenizer

        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        longest = int(getattr(config, "max_position_embeddings", context))
        return cls(AutoTokenizer.from_pretrained(folder, local_files_only=True), min(context, longest))

    def text(self, text: str) -> list[int]:
        return self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]

    def __call__(self, example: Example) -> Encoded:
        """Encode an example; if it does not fit, a prompt loses its oldest turns, and a dialogue its last ones.

        Raises:
            ContinualError: the example does not fit even without the turns of its prompt.
        """
        answer = [*self.text(example.answer), self.end]
        if len(example.messages) == 1:
            lines, cut = example.answer.split("\n"), False
            while len(answer) > self.context and len(lines) > 1:
                lines, cut = lines[:-1], True
                answer = [*self.text("\n".join(lines)), self.end]
            if len(answer) > self.context:  # one turn longer than the context
                kept, ids = self.tokenizer.decode(answer[: self.context - 1]), tuple(answer[: self.context])
                return Encoded(example, ids, ids, len(kept.encode()), True)
            return Encoded(example, tuple(answer), tuple(answer), len("\n".join(lines).encode()), cut)
        room, dropped, prompt = self.context - len(answer), 0, self._prompt(example)
        if len(prompt) > room:  # bisection, because encoding a long dialogue once per line takes minutes
            counts = range(_turns(example.messages) + 1)
            dropped = bisect_left(
                counts, True, lo=1, key=lambda n: len(self._prompt(_without_first(example, n))) <= room
            )
            short = _without_first(example, min(dropped, counts[-1]))
            prompt = self._prompt(short)
            if len(prompt) > room:
                raise ContinualError(
                    f"{example.id}: the answer has {len(answer)} tokens, its prompt {len(prompt)}; the context holds "
                    f"{self.context}. Raise training.context, or remove the example."
                )
            example = short
        labels = (*[IGNORED] * len(prompt), *answer)
        return Encoded(example, (*prompt, *answer), labels, len(example.answer.encode()), bool(dropped))

    def _prompt(self, example: Example) -> list[int]:
        asked = [Message(role=m["role"], content=m["content"]) for m in example.messages[:-1]]
        return encode_prompt(self.tokenizer, asked)


def _turns(messages: Sequence[Any]) -> int:
    """Return how many lines of a prompt may be dropped: the turns at its beginning."""
    return sum(1 for _ in takewhile(lambda line: line.startswith("["), messages[-2]["content"].split("\n")))


def _without_first(example: Example, dropped: int) -> Example:
    *before, prompt, answer = example.messages
    asked = prompt["content"].split("\n")
    return replace(example, messages=(*before, {**prompt, "content": "\n".join(asked[dropped:])}, answer))


@dataclass(frozen=True)
class Packed:
    """Consecutive examples, each with positions from 0, so that attention stays inside each example.

    This is FlashAttention's varlen convention, which transformers follows when there is no mask and no cache.

    ``ids``, ``labels`` and ``positions`` are ``(1, token)`` int64; ``old`` is ``(1, token)`` bool.
    """

    ids: Any
    labels: Any
    positions: Any
    old: Any
    examples: tuple[Encoded, ...]


def rows(examples: Iterable[Encoded], longest: int, device: str = "cpu") -> list[Packed]:
    """Pack examples into rows of at most ``longest`` tokens; an example is never cut."""
    packed: list[list[Encoded]] = []
    room = 0
    for e in examples:
        if not packed or len(e.ids) > room:
            packed.append([])
            room = longest
        packed[-1].append(e)
        room -= len(e.ids)
    return [_row(group, device) for group in packed]


def _row(group: Sequence[Encoded], device: str) -> Packed:
    import torch

    def tensor(values: Sequence[int]) -> Any:
        return torch.tensor([values], device=device)

    labels = [label for e in group for label in (IGNORED, *e.labels[1:])]  # nothing predicts a first token
    return Packed(
        tensor([i for e in group for i in e.ids]),
        tensor(labels),
        tensor([p for e in group for p in range(len(e.ids))]),
        tensor([e.old for e in group for _ in e.ids]),
        tuple(group),
    )


def nats(model: Any, example: Encoded, device: str = "cpu") -> float:
    """Return the cross-entropy of an example under a transformers model, in nats."""
    import torch

    [row] = rows([example], len(example.ids), device)
    with torch.inference_mode():
        logits = model(input_ids=row.ids, position_ids=row.positions, use_cache=False).logits[0].float()
    return float(cross_entropy(row, logits))


def cross_entropy(row: Packed, logits: Any) -> Any:
    """Return the cross-entropy in nats, summed over a row's learned tokens; ``logits`` is ``(token, vocabulary)``."""
    from torch.nn import functional

    # labels are shifted instead of logits, because a slice of logits would be copied in the backward pass
    following = functional.pad(row.labels[0, 1:], (0, 1), value=IGNORED)
    return functional.cross_entropy(logits, following, ignore_index=IGNORED, reduction="sum")
