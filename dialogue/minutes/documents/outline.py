"""Content of a document in any format: a title, and blocks of text whose spans are plain, strong or timed citations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogue.core.errors import DialogueError

# Control characters, which XML refuses; those that change the direction of writing; surrogates and non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
BREAKS = re.compile("[ \t\n\v\f\r\x85\u2028\u2029]+")  # unlike str.split(), keeps the no-break spaces of French


class DocumentError(DialogueError, ValueError):
    """A document that cannot be written; the message says what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters; ``time`` (seconds) is the target of a citation."""

    text: str
    kind: Literal["plain", "strong", "emphasis", "citation"] = "plain"
    time: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


Text: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is just below the title of the document."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``warning``: something to read with caution; ``note``: small print at the end."""

    text: Text
    kind: Literal["body", "warning", "note"] = "body"


@dataclass(frozen=True, slots=True)
class List:
    """A list; ``done`` holds one value per item of a list of tasks, which Markdown shows as checkboxes."""

    items: tuple[Text, ...]
    ordered: bool = False
    done: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row is as long as ``head``."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block: TypeAlias = Heading | Paragraph | List | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document's title and blocks.

    Attributes:
        language: language of the text, ISO 639-1.
        date: date of the meeting, ISO 8601, or ``None`` if unknown.
        link: URL or relative path of the meeting's page, the target of citations; ``None`` leaves them without links.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    date: str | None = None
    link: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))

    @property
    def locale(self) -> str:
        """Language and country, as office formats want it."""
        return {"fr": "fr-FR", "en": "en-GB"}.get(self.language, self.language)

    def target(self, span: Span) -> str | None:
        """Return the target of a citation, e.g. ``report.html#t=725.3``."""
        if self.link is None or span.time is None:
            return None
        return f"{self.link}#t={span.time:.1f}"


def plain(text: str) -> Span:
    return Span(text)


def strong(text: str) -> Span:
    return Span(text, "strong")


def emphasis(text: str) -> Span:
    return Span(text, "emphasis")


def citation(seconds: float) -> Span:
    """Return a citation such as ``[12:05]``."""
    return Span(f"[{clock(seconds)}]", "citation", seconds)


def clock(seconds: float) -> str:
    """Format seconds as ``1:02:03`` or ``2:03``."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def clean(text: str) -> str:
    """Return the text on one line, without the characters that no document may hold."""
    return BREAKS.sub(" ", FORBIDDEN.sub("", text))


def pieces(text: str) -> list[str]:
    """Split a line at the places where a very long word may be broken."""
    return re.sub(r"(\S{20})(?=\S{20})", "\\1\n", text).split("\n")
