"""What a person corrected: one line of the log beside a meeting.

Nothing is anchored by an id alone, because another recognition gives other ids. A speaker is anchored by the spans in
which they spoke when the correction was made, words by their span and their text, an item of the minutes by its kind,
its text and the spans of its evidence. Times are seconds from the start of the recording, ``end`` exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dialogue.core import config
from dialogue.core.config import ConfigError
from dialogue.core.errors import DialogueError
from dialogue.corrections.spans import Span

Do = Literal[
    "rename", "merge", "move", "text", "cut", "join", "omit", "edit", "accept", "reject", "order", "undo", "redo"
]
ItemKind = Literal["decision", "action", "open_question", "point", "next_meeting"]
OF_MINUTES = ("edit", "accept", "reject", "order")
OF_LOG = ("undo", "redo")
# The one place that says what each kind of correction holds.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "rename": ("speaker", "after"),
    "merge": ("speaker", "into"),
    "move": ("words",),  # and ``into``, unless they go to a new speaker
    "text": ("words", "after"),
    "cut": ("words",),  # those before and those after the cut
    "join": ("words",),  # of each utterance
    "omit": ("words", "after"),  # the reason
    "edit": ("item", "edited"),
    "accept": ("item",),
    "reject": ("item",),
    "order": ("item",),  # and ``edited``, the item that it goes before, unless it goes to the end
    "undo": ("target",),
    "redo": ("target",),
}


class CorrectionError(DialogueError, ValueError):
    """A correction that cannot be made, or a log that cannot be used; the message says what is accepted."""


@dataclass(frozen=True, slots=True)
class SpeakerAnchor:
    """A speaker when the correction was made.

    Attributes:
        spans: when they spoke; neighbouring utterances are united.
        id, name: what they were called, to decide between equal spans, and for people who read the log.
        origin: the correction that made this speaker, if one did.
    """

    spans: tuple[Span, ...]
    id: str = ""
    name: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class WordAnchor:
    """Successive words of one utterance when the correction was made."""

    start: float
    end: float
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class ItemAnchor:
    """An item of the minutes.

    Attributes:
        kind: its list; ``to_verify`` says that it was not there yet.
        text: the statement; for an action, what is to be done.
        quotes: spans and words of its evidence.
        owner, due: of an action: who, and when as it was said or written.
        status: of a decision or an action.
    """

    kind: ItemKind
    text: str
    quotes: tuple[WordAnchor, ...] = ()
    owner: str | None = None
    due: str | None = None
    status: str | None = None
    to_verify: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction; :data:`NEEDS` says which fields each kind has.

    Attributes:
        id: ``c1``, ``c2``... by the line of the log.
        at: UTC, ISO 8601; the order of the lines counts, and not that of the times.
        by: who made it.
        recording: id of the recording.
        do: kind of correction.
        speaker: who is renamed or merged.
        into: who receives the words.
        words: what is moved, rewritten, cut, joined or omitted.
        item: the item of the minutes as it was; ``edited``: as it is now.
        target: the correction that is undone or redone.
        before, after: a name, words or a reason.
    """

    id: str
    at: str
    by: str
    recording: str
    do: Do
    speaker: SpeakerAnchor | None = None
    into: SpeakerAnchor | None = None
    words: tuple[WordAnchor, ...] = ()
    item: ItemAnchor | None = None
    edited: ItemAnchor | None = None
    target: str | None = None
    before: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        for need in NEEDS.get(self.do, ()):
            if not getattr(self, need):
                raise ValueError(f"{self.do} without {need}. Accepted: {', '.join(NEEDS[self.do])}.")
        fewest = 2 if self.do in ("cut", "join") else 1 if "words" in NEEDS[self.do] else 0
        if len(self.words) < fewest:
            raise ValueError(f"{self.do} with {len(self.words)} passages. Accepted: {fewest} or more.")
        spans = [s for a in (self.speaker, self.into) if a for s in a.spans] + [(w.start, w.end) for w in self.words]
        for start, end in spans:
            if not 0 <= start <= end:
                raise ValueError(f"{self.do} at {start} to {end} s. Accepted: 0 <= start <= end.")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values without fields that are not set."""
        found: dict[str, Any] = _bare(config.to_dict(self))
        return found

    @classmethod
    def from_dict(cls, value: Any, where: str = "") -> Correction:
        """Build a correction from the result of :meth:`to_dict`.

        Raises:
            CorrectionError: a field is missing, unknown or ill-typed.
        """
        if not isinstance(value, dict):
            raise CorrectionError(f"{where}: found {type(value).__name__}. Accepted: an object.")
        try:
            return config.build(cls, value, where)
        except ConfigError as error:
            raise CorrectionError(str(error)) from error

    def __str__(self) -> str:
        """Return the correction in words, on one line."""
        speaker = (self.speaker.name or self.speaker.id) if self.speaker else ""
        into = (self.into.name or self.into.id) if self.into else self.after or "a new speaker"
        where = ", ".join(f"{w.start:.1f}-{w.end:.1f} s" for w in self.words)
        item = f"{self.item.kind.replace('_', ' ')} “{_short(self.item.text)}”" if self.item else ""
        said = {
            "rename": f"rename {speaker} “{self.after}”",
            "merge": f"merge {speaker} into {into}",
            "move": f"move {where} to {into}",
            "text": f"text at {where}: “{_short(self.before or '')}” -> “{_short(self.after or '')}”",
            "cut": f"cut at {self.words[-1].start:.1f} s" if self.words else "cut",
            "join": f"join {where}",
            "omit": f"omit {where}: {self.after}",
            "order": f"put {item} " + (f"before “{_short(self.edited.text)}”" if self.edited else "at the end"),
            "edit": f"edit {item} -> “{_short(self.edited.text)}”" if self.edited else "edit",
        }
        return said.get(self.do) or f"{self.do} {item or self.target}"


def one_name(text: str) -> str:
    """Return a name that a person wrote, on one line.

    Raises:
        CorrectionError: nothing visible is left.
    """
    name = " ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in text).split())
    if not any(not c.isspace() and c not in JOINERS for c in name):
        raise CorrectionError(f"name: found {text!r}. Accepted: at least one visible character.")
    return name


JOINERS = "\u200c\u200d\u200e\u200f"  # inside emoji, and in right-to-left names


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if v or isinstance(v, float)}
    if isinstance(value, list):
        return [_bare(v) for v in value]
    return round(value, 3) if isinstance(value, float) else value
