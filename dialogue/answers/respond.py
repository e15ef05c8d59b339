"""Write the next turn of a dialogue with a language model, as a given speaker.

The dialogue is written as in Claire, ``[Camille:] bonjour``, one turn per line, the format in which ``dialogue tasks``
writes training examples; the answer ends with the turn.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from dialogue.core.errors import DialogueError
from dialogue.core.transcript import Transcript
from dialogue.formats.lines import labels
from dialogue.formats.turns import names, turn
from dialogue.learning.tasks import PROMPTS, Example
from dialogue.llm import Message
from dialogue.llm.repetition import repeats

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel

END = ("\n", "[")  # ends of a turn: the next one begins with a bracket, which texts do not contain
ASKED = re.compile(re.escape(PROMPTS["reply"]).replace(r"\{name\}", "(?P<name>.+)") + r"\s*$")
ROOM = 16  # tokens that a chat template may add


class ReplyError(DialogueError, ValueError):
    """Raised when a dialogue cannot be answered; the message says why."""


def respond(
    model: LanguageModel,
    transcript: Transcript,
    speaker: str,
    *,
    form: Literal["continuation", "reply"] = "continuation",
    max_tokens: int = 120,
    temperature: float = 0.0,
) -> Iterator[str]:
    """Yield what ``speaker`` says next, piece by piece. The oldest turns are dropped if the context cannot hold all.

    Args:
        speaker: a name or an id in the transcript, or somebody who has not spoken yet.
        form: how the model was finetuned, as in ``dialogue tasks``: to continue dialogues, or to write a turn on
            request.

    Raises:
        ReplyError: the context cannot hold the last turn, or the speaker's name is not accepted.
        dialogue.llm.LLMError: the model cannot answer.
    """
    name = names(transcript)
    called = {label: name[id] for id, label in labels(transcript).items()} | name
    who = called.get(speaker, speaker).strip()
    if not who or set("[]\n") & set(who):
        raise ReplyError(f"speaker: found {speaker!r}. Accepted: a name, without brackets.")
    lines = [turn(u, name) for u in transcript if u.text.strip()]
    room = model.context_length - max_tokens - ROOM
    starts = range(len(lines) + 1)
    first = bisect_left(starts, True, key=lambda n: model.count_tokens(_prompt(lines[n:], who, form)) <= room)
    if first > len(lines) or (lines and first == len(lines)):
        raise ReplyError(
            f"{model.name}: its context of {model.context_length} tokens holds {room} of dialogue and an answer of "
            f"{max_tokens}; the last turn is longer. Lower max_tokens, or use a model with a longer context."
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
    """Return the model's reply to an example of kind ``reply``, for scores, with any text that follows the turn.

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
    """Yield the turn without the space after its speaker, and stop when it repeats itself."""
    text = ""
    for piece in pieces:
        shown = piece if text else piece.lstrip()
        text += shown
        if shown:
            yield shown
        if repeats(text):
            return
