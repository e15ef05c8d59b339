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
        rejected: tokens of the same prompt and of the text that people found worse; empty if there is none.
    """

    example: Example
    ids: tuple[int, ...]
    labels: tuple[int, ...]
    bytes: int
    cut: bool = False
    old: bool = False
    rejected: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Tokens that training on it reads."""
        return len(self.ids) + len(self.rejected)

    @property
    def prompt(self) -> int:
        """Tokens of the prompt."""
        return sum(1 for _ in takewhile(lambda label: label == IGNORED, self.labels))

    @property
    def other(self) -> Encoded:
        """The rejected text, as an example to learn."""
        labels = (*[IGNORED] * self.prompt, *self.rejected[self.prompt :])
        size = len(self.example.rejected.encode())
        return replace(self, ids=self.rejected, labels=labels, bytes=size, rejected=())


class Encoder:
    """Encodes examples as the pipeline's language models read prompts and end answers."""

    def __init__(self, tokenizer: Any, context: int) -> None:
        self.tokenizer, self.context = tokenizer, context
        self.end = tokenizer.eos_token_id
        if getattr(tokenizer, "chat_template", None):
            vocabulary = tokenizer.get_vocab()
            self.end = next((vocabulary[t] for t in END_OF_TURN if t in vocabulary), self.end)
        else:  # a base model, which has never read the end of a turn, and so could not learn to write it with adapters
            tokenizer.chat_template = PLAIN

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

        A rejected text has the same prompt, of which as much is kept as fits with the longer of the two.

        Raises:
            ContinualError: the example does not fit even without the turns of its prompt, or it has a rejected text and
                no prompt.
        """
        answer = [*self.text(example.answer), self.end]
        rejected = [*self.text(example.rejected), self.end] if example.rejected else []
        if len(example.messages) == 1:
            if rejected:
                raise ContinualError(
                    f"{example.id}: a rejected text without a prompt. Accepted: messages that end with a prompt and "
                    "the preferred text (`dialogue tasks --kind preferences`)."
                )
            lines, cut = example.answer.split("\n"), False
            while len(answer) > self.context and len(lines) > 1:
                lines, cut = lines[:-1], True
                answer = [*self.text("\n".join(lines)), self.end]
            if len(answer) > self.context:  # one turn longer than the context
                kept, ids = self.tokenizer.decode(answer[: self.context - 1]), tuple(answer[: self.context])
                return Encoded(example, ids, ids, len(kept.encode()), True)
            return Encoded(example, tuple(answer), tuple(answer), len("\n".join(lines).encode()), cut)
        longest = max(len(answer), len(rejected))
        room, dropped, prompt = self.context - longest, 0, self._prompt(example)
        if len(prompt) > room:  # bisection, because encoding a long dialogue once per line takes minutes
            counts = range(_turns(example.messages) + 1)
            dropped = bisect_left(
                counts, True, lo=1, key=lambda n: len(self._prompt(_without_first(example, n))) <= room
            )
            short = _without_first(example, min(dropped, counts[-1]))
            prompt = self._prompt(short)
            if len(prompt) > room:
                raise ContinualError(
                    f"{example.id}: the answer has {longest} tokens, its prompt {len(prompt)}; the context holds "
                    f"{self.context}. Raise training.context, or remove the example."
                )
            example = short
        labels = (*[IGNORED] * len(prompt), *answer)
        other = (*prompt, *rejected) if rejected else ()
        size = len(example.answer.encode())
        return Encoded(example, (*prompt, *answer), labels, size, bool(dropped), rejected=other)

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


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """Two answers of one prompt in a row, as slices of its tokens; people preferred the first one."""

    example: Encoded
    preferred: slice
    rejected: slice


@dataclass(frozen=True)
class Packed:
    """Consecutive examples, each with positions from 0, so that attention stays inside each example.

    This is FlashAttention's varlen convention, which transformers follows when there is no mask and no cache.

    ``ids``, ``labels`` and ``positions`` are ``(1, token)`` int64; ``old`` is ``(1, token)`` bool. A rejected text is
    in the row, after the preferred one, but has no labels.
    """

    ids: Any
    labels: Any
    positions: Any
    old: Any
    examples: tuple[Encoded, ...]
    pairs: tuple[AnswerPair, ...] = ()


def rows(examples: Iterable[Encoded], longest: int, device: str = "cpu", *, pairs: bool = False) -> list[Packed]:
    """Pack examples into rows of at most ``longest`` tokens; an example is never cut.

    Args:
        pairs: pack rejected texts too. A row with a single example and its rejected text may be longer.
    """
    packed: list[list[Encoded]] = []
    room = 0
    for e in examples:
        size = e.size if pairs else len(e.ids)
        if not packed or size > room:
            packed.append([])
            room = longest
        packed[-1].append(e)
        room -= size
    return [_row(group, device, pairs) for group in packed]


def _row(group: Sequence[Encoded], device: str, pairs: bool) -> Packed:
    import torch

    def tensor(values: Sequence[int]) -> Any:
        return torch.tensor([values], device=device)

    parts: list[Encoded] = []
    found, at = [], 0
    for e in group:
        parts.append(e)
        if pairs and e.rejected:
            other, end = e.other, at + len(e.ids)
            parts.append(replace(other, labels=(IGNORED,) * len(other.ids)))
            found.append(AnswerPair(e, slice(at + e.prompt, end), slice(end + e.prompt, end + len(other.ids))))
        at += e.size if pairs else len(e.ids)
    labels = [label for e in parts for label in (IGNORED, *e.labels[1:])]  # nothing predicts a first token
    return Packed(
        tensor([i for e in parts for i in e.ids]),
        tensor(labels),
        tensor([p for e in parts for p in range(len(e.ids))]),
        tensor([e.old for e in parts for _ in e.ids]),
        tuple(group),
        tuple(found),
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
