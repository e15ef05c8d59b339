"""The interface of a language model, as minutes and replies use it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, TypedDict, get_args, runtime_checkable

from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install

Engine = Literal["ctranslate2", "transformers", "llamacpp", "openai"]
ENGINES = get_args(Engine)


class Message(TypedDict):
    """A message of a conversation; ``role`` is system, user or assistant."""

    role: str
    content: str


class LLMError(DialogueError, RuntimeError):
    """Raised when a model cannot be loaded or cannot answer; the message says what to do."""


@contextlib.contextmanager
def needed(packages: str) -> Iterator[None]:
    """Import packages of the extra ``llm`` in a block, whose ImportError becomes an :class:`LLMError`."""
    try:
        yield
    except ImportError as error:
        raise LLMError(f"{packages} are needed ({error}). {how_to_install('llm')}") from error


@runtime_checkable
class LanguageModel(Protocol):
    """A language model that answers conversations and continues texts; engines inherit :meth:`chat`.

    Attributes:
        name: name written in provenance.
        context_length: maximum tokens of prompt and answer together.
    """

    name: str
    context_length: int

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, special tokens as plain text. For a server this is an upper estimate."""
        ...

    def chat(
        self, messages: Sequence[Message], *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> str:
        """Answer a conversation.

        Args:
            max_tokens: maximum length of the answer.
            temperature: 0 always takes the most likely token.
            stop: the answer ends before any of these strings.

        Raises:
            LLMError: the prompt does not fit the context, or the model cannot answer.
        """
        return "".join(self.stream(messages, max_tokens=max_tokens, temperature=temperature, stop=stop))

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the same answer piece by piece, as it is written."""
        ...

    def complete(
        self, text: str, *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the continuation of a text, such as a dialogue in lines, piece by piece; see :meth:`chat`."""
        ...

    def close(self) -> None:
        """Free the memory; the model cannot be used afterwards."""
        ...


def is_url(name: str | Path) -> bool:
    return str(name).startswith(("http://", "https://"))
