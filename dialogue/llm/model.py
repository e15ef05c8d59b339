"""What minutes and replies need of a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, TypedDict, get_args, runtime_checkable

Engine = Literal["ctranslate2", "transformers", "llamacpp", "openai"]
ENGINES = get_args(Engine)


class Message(TypedDict):
    """``role`` is system, user or assistant."""

    role: str
    content: str


class LLMError(RuntimeError):
    """A model that cannot be loaded or cannot answer; the message says what to do."""


@runtime_checkable
class LanguageModel(Protocol):
    """What minutes and replies need of a model.

    Attributes:
        name: as in provenance.
        context_length: tokens of prompt and answer together.
    """

    name: str
    context_length: int

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, special tokens counted as plain text. A server's count is an estimate from above."""
        ...

    def chat(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        temperature: float = 0.0,
        stop: Sequence[str] = (),
    ) -> str:
        """The answer to a conversation.

        Args:
            max_tokens: of the answer.
            temperature: 0 always takes the likeliest token.
            stop: the answer ends before any of these.

        Raises:
            LLMError: the prompt does not fit the context, or the model cannot answer.
        """
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        temperature: float = 0.0,
        stop: Sequence[str] = (),
    ) -> Iterator[str]:
        """The same answer, piece by piece as it is written."""
        ...

    def complete(
        self, text: str, *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """What follows a text, without roles: how a dialogue in lines is continued. Pieces as they are written; see :meth:`chat`."""
        ...

    def close(self) -> None:
        """Free the memory; the model cannot be used afterwards."""
        ...


def is_url(name: str | Path) -> bool:
    return str(name).startswith(("http://", "https://"))
