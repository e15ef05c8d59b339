"""The minutes of one meeting, from which every document is rendered; schema ``dialogue/minutes/1``.

Each decision, action, point and question has :class:`Evidence`: the utterances and their words.
Times are seconds from the start of the recording, ``end`` exclusive. Dates are ISO 8601, and only as precise as what
was said: ``2023-11-30``, ``2023-11-09T10:00``, ``2023-W42`` (a week), ``2023-11`` (a month).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dialogue.core import config
from dialogue.core.config import ConfigError
from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json, save_json

SCHEMA = "dialogue/minutes/1"


class MinutesError(DialogueError, ValueError):
    """Minutes that do not follow the schema; the message names the field."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was said: ``quote`` is a substring of the text of these utterances, joined by spaces.

    ``doubtful`` are the words of the quotation that the recogniser more likely misheard than not.
    """

    utterance_ids: tuple[str, ...]
    start: float
    end: float
    quote: str
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """A recording in which no words were found: the seconds below -60 dB, and the level of its loudest moment.

    Both are ``None`` if the transcript does not say them.
    """

    quiet_s: float | None = None
    loudest_db: float | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Facts about the meeting. ``date_raw`` is the date as spoken; without a spoken year, ``date`` stays unknown."""

    id: str
    title: str | None = None
    date: str | None = None
    date_source: Literal["metadata", "spoken", "unknown"] = "unknown"
    date_raw: str | None = None
    duration_s: float = 0.0
    language: str = "fr"
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A speaker, or a listed person matched with no speaker (``id`` is then ``None``).

    ``share`` is the participant's part of all speaking time, in [0, 1]. ``name_source`` says where the name comes from:
    ``manual`` (the transcript), ``spoken`` (others addressed them by it), ``list`` (given; for a speaker, the only name
    left for the only voice left), ``none``.
    """

    id: str | None
    name: str | None = None
    name_source: Literal["enrolled", "spoken", "manual", "list", "none"] = "none"
    speaking_s: float = 0.0
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A topic. Together, topics cover the recording. ``source``: given by the caller, or announced in the meeting."""

    id: str
    title: str
    start: float
    end: float
    source: Literal["given", "announced"] = "given"


@dataclass(frozen=True, slots=True)
class Point:
    """A statement worth keeping, with its evidence. ``confidence``: probability that it is right, if it is known."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What was said on an item of the agenda, or without one, in the whole meeting."""

    agenda_id: str | None
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    id: str
    text: str
    status: Literal["decided", "proposed", "rejected"]
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A task. ``owner`` is a display name; ``owner_id`` is the owner's speaker id, if they spoke."""

    id: str
    what: str
    owner: str | None = None
    owner_id: str | None = None
    owner_evidence: Evidence | None = None
    due_raw: str | None = None
    due_iso: str | None = None
    status: Literal["open", "done"] = "open"
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class NextMeeting:
    raw: str
    iso: str | None = None
    evidence: tuple[Evidence, ...] = ()


Kind = Literal["point", "decision", "action", "open_question", "next_meeting"]
KINDS: dict[str, Kind] = {  # section -> what each of its items is
    "topics": "point",
    "decisions": "decision",
    "actions": "action",
    "open_questions": "open_question",
}


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A statement that the transcript does not support, or that may be no item of the minutes."""

    kind: Kind
    text: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the transcript that was read in one request, what wrote it, and what went wrong."""

    start: float
    end: float
    utterances: int
    engine: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the minutes were made from and how. Minutes are stale if the transcript no longer has ``transcript_sha256``.

    Attributes:
        engine: the model if it wrote at least one part, otherwise ``extractive`` (rules).
        model: the model that was asked, whether its answers were usable or not.
        summary: like ``engine``, for the summary alone.
        recognised: whether the words of the transcript are a recogniser's, with their probabilities.
        sections: sections that were written apart -> like ``engine``, for that section.
    """

    transcript_sha256: str
    engine: str
    language: str
    model: str | None = None
    summary: str = "extractive"
    chunks: tuple[Chunk, ...] = ()
    coverage: float = 1.0
    dropped_s: float = 0.0
    version: str = ""
    recognised: bool = False
    sections: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checks:
    """Results of the checks. ``owner_without_evidence`` counts the owners that were removed."""

    evidence_ok: bool = True
    owner_without_evidence: int = 0
    unsupported_names: tuple[str, ...] = ()
    unsupported_numbers: tuple[str, ...] = ()
    language_ok: bool = True
    date_conflict: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one meeting."""

    meeting: Meeting
    provenance: Provenance
    participants: tuple[Participant, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    summary: Point = field(default_factory=lambda: Point(""))
    topics: tuple[Topic, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    open_questions: tuple[Point, ...] = ()
    next_meeting: NextMeeting | None = None
    to_verify: tuple[ToVerify, ...] = ()
    checks: Checks = field(default_factory=Checks)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and dictionaries, as written to disk."""
        return {"schema": SCHEMA, **_plain(self)}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Minutes:
        """Build minutes from the result of :meth:`to_dict`.

        Raises:
            MinutesError: the schema differs, or a field is missing, unknown or ill-typed.
        """
        found = value.get("schema") if isinstance(value, Mapping) else type(value).__name__
        if found != SCHEMA:
            raise MinutesError(f"schema is {found!r}. Accepted: {SCHEMA!r}.")
        try:
            return config.build(cls, {k: v for k, v in value.items() if k not in ("schema", "made_by")}, "minutes")
        except ConfigError as error:
            raise MinutesError(str(error)) from error

    def save(self, path: str | Path) -> None:
        """Write ``minutes.json`` atomically."""
        save_json(Path(path), self.to_dict())

    @classmethod
    def load(cls, path: str | Path) -> Minutes:
        """Read ``minutes.json``.

        Raises:
            MinutesError: the file is invalid; the message names the file and the field.
        """
        try:
            return cls.from_dict(read_json(Path(path)))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise MinutesError(f"{path}: not JSON: {error}.") from error
        except MinutesError as error:
            raise MinutesError(f"{path}: {error}") from error


def percentages(participants: Sequence[Participant]) -> tuple[int, ...]:
    """Return the shares of speech in whole per cent, which sum to 100 (largest remainders) unless nobody spoke."""
    exact = [100 * p.share for p in participants]
    whole = [int(share) for share in exact]
    missing = round(sum(exact)) - sum(whole)
    for place in sorted(range(len(exact)), key=lambda n: whole[n] - exact[n])[:missing]:
        whole[place] += 1
    return tuple(whole)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of ``minutes.json``."""
    found = config.schema(Minutes)
    made_by = {"type": "object", "description": "what made the file, where a stage did"}
    properties = {"schema": {"const": SCHEMA}, **found["properties"], "made_by": made_by}
    return {**found, "$id": SCHEMA, "properties": properties, "required": ["schema", *found["required"]]}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return round(value, 3) if isinstance(value, float) else value
