"""The next turn of a dialogue, by a language model, as a given speaker.

The dialogue is written as Claire does, ``[Camille:] bonjour``, a turn a line, which is what ``dialogue tasks`` finetunes with; the
answer ends where the turn does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from dialogue.core.transcript import Transcript
from dialogue.formats.lines import labels
from dialogue.learning.tasks import PROMPTS, Example
from dialogue.learning.tasks.turns import turn
from dialogue.llm import Message
from dialogue.llm.repetition import repeats

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel

END = ("\n", "[")  # of a turn: the next one begins with a bracket, which no text holds
ASKED = re.compile(re.escape(PROMPTS["reply"]).replace(r"\{name\}", "(?P<name>.+)") + r"\s*$")
ROOM = 16  # tokens that a chat template may add


class ReplyError(ValueError):
    """A dialogue that cannot be answered; the message says why."""


def respond(
    model: LanguageModel,
    transcript: Transcript,
    speaker: str,
    *,
    form: Literal["continuation", "reply"] = "continuation",
    max_tokens: int = 120,
    temperature: float = 0.0,
) -> Iterator[str]:
    """What ``speaker`` says next, piece by piece. The oldest turns are left out when the context does not hold them all.

    Args:
        speaker: a name or an id of the transcript, or somebody who has not spoken yet.
        form: how the model was finetuned, in the words of ``dialogue tasks``: to go on with dialogues, or asked for a turn.

    Raises:
        ReplyError: the context does not hold the last turn, or the speaker's name cannot be written.
        dialogue.llm.LLMError: the model cannot answer.
    """
    name = labels(transcript)
    who = name.get(speaker, speaker).strip()
    if not who or set("[]\n") & set(who):
        raise ReplyError(f"speaker: found {speaker!r}. Accepted: a name, without brackets.")
    lines = [turn(u, name) for u in transcript if u.text.strip()]
    room = model.context_length - max_tokens - ROOM
    starts = range(len(lines) + 1)
    first = bisect_left(starts, True, key=lambda n: model.count_tokens(_prompt(lines[n:], who, form)) <= room)
    if first > len(lines) or (lines and first == len(lines)):
        raise ReplyError(
            f"{model.name}: its context of {model.context_length} tokens holds {room} of dialogue beside an answer of {max_tokens}; "
            "the last turn is longer. Lower max_tokens, or use a model with a longer context."
        )
    prompt = _prompt(lines[first:], who, form)
    if form == "continuation":
        pieces = model.complete(prompt, max_tokens=max_tokens, temperature=temperature, stop=END)
    else:
        asked = Message(role="user", content=prompt)
        pieces = model.stream([asked], max_tokens=max_tokens, temperature=temperature, stop=END)
    return _turn(pieces)


def raw_reply(
    model: LanguageModel,
    example: Example,
    *,
    form: Literal["continuation", "reply"] = "reply",
    max_tokens: int = 120,
) -> str:
    """The reply to an example of kind ``reply`` as the model writes it, whatever comes after the turn: for scores.

    Raises:
        ReplyError: the example does not ask for a turn.
        dialogue.llm.LLMError: the model cannot answer.
    """
    asked = example.messages[-2]["content"] if len(example.messages) > 1 else ""
    who = ASKED.search(asked)
    if who is None:
        raise ReplyError(f"{example.id}: found kind {example.kind}. Accepted: reply.")
    if form == "reply":
        messages = [Message(role=m["role"], content=m["content"]) for m in example.messages[:-1]]
        return model.chat(messages, max_tokens=max_tokens)
    prompt = _prompt(example.dialogue.split("\n"), who["name"], form)
    return "".join(model.complete(prompt, max_tokens=max_tokens, stop=("\n\n",)))


def _prompt(lines: list[str], who: str, form: str) -> str:
    if form == "continuation":
        return "\n".join([*lines, f"[{who}:]"])
    return "\n".join([*lines, "", PROMPTS["reply"].format(name=who)])


def _turn(pieces: Iterator[str]) -> Iterator[str]:
    """The turn without the space that follows its speaker; ends when it runs in a circle."""
    text = ""
    for piece in pieces:
        shown = piece if text else piece.lstrip()
        text += shown
        if shown:
            yield shown
        if repeats(text):
            return
