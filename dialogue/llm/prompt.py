"""From messages to tokens, with the tokenizer's own chat template and without special tokens from the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dialogue.llm.model import LLMError, Message

MARK = "\ue000{}\ue001"  # placeholder of a message in private-use characters, while the template is rendered
SPECIAL = re.compile(r"<(?=\|)|(?<=\|)>|<(?=/?s>|(?:start|end)_of_turn>|(?:bos|eos|unk|pad)>)|\[(?=/?INST\])")


def encode(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """Return the token ids of a conversation, up to the point where the assistant begins.

    The template is rendered with placeholders; only its own text may give special tokens. The contents are encoded
    with ``split_special_tokens``, so that ``<|im_end|>`` in a transcript is plain characters and not the end of a turn.

    Raises:
        LLMError: the tokenizer has no chat template (a base model), or the template refuses the messages.
    """
    if not getattr(tokenizer, "chat_template", None):
        raise LLMError(
            f"{getattr(tokenizer, 'name_or_path', 'model')}: no chat template, so this is a base model. Use an "
            "instruct model, or finetune this one with a template."
        )
    try:
        return _render(tokenizer, messages)
    except LLMError:
        if messages[0]["role"] != "system":
            raise
    first, second, *rest = messages  # without a system role in the template, its text goes before the user's
    joined: Message = {"role": second["role"], "content": f"{first['content']}\n\n{second['content']}"}
    return _render(tokenizer, [joined, *rest])


def _render(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    from jinja2 import TemplateError

    marked = [{"role": m["role"], "content": MARK.format(n)} for n, m in enumerate(messages)]
    try:
        text = tokenizer.apply_chat_template(marked, tokenize=False, add_generation_prompt=True)
    except TemplateError as error:
        raise LLMError(f"the chat template refuses the messages: {error}") from error
    pieces = re.split("\ue000(\\d+)\ue001", text)
    if len(pieces) != 2 * len(messages) + 1:
        raise LLMError("the chat template does not contain every message exactly once")
    ids: list[int] = []
    for number, piece in enumerate(pieces):
        plain = number % 2 == 1
        content = messages[int(piece)]["content"] if plain else piece
        if content:
            ids += tokenizer(content, add_special_tokens=False, split_special_tokens=plain)["input_ids"]
    return ids


def neutral(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return messages whose text holds no special tokens, for engines that tokenize the whole prompt themselves.

    A zero-width space is inserted after the bracket of ``<|im_end|>`` and the like; a reader sees no difference.
    """
    return [{"role": m["role"], "content": SPECIAL.sub(lambda f: f[0] + "\u200b", m["content"])} for m in messages]


def until(pieces: Iterable[str], stop: Sequence[str]) -> Iterator[str]:
    """Yield pieces of a text up to the first of ``stop``, holding back what may be the beginning of one."""
    held = ""
    longest = max((len(s) for s in stop), default=0)
    for piece in pieces:
        held += piece
        ends = [held.find(s) for s in stop if s in held]
        if ends:
            if min(ends):
                yield held[: min(ends)]
            return
        safe = len(held) - max(0, longest - 1)
        if safe > 0:
            yield held[:safe]
            held = held[safe:]
    if held:
        yield held
