"""Mentions: words of a transcript that say who or where somebody is.

They are exchanged as JSON lines in the form of AP-HP's eds-pseudo, one recording a line:
``{"note_id", "note_text", "entities": [{"start", "end", "label", ...}]}``. ``note_text`` is the text of the utterances,
one a line, and offsets count its characters, so a tagger made for documents reads and writes the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.files import save_json_lines
from dialogue.core.transcript import Transcript

LABELS = (  # those of AP-HP, then ours
    "ADRESSE",
    "DATE",
    "DATE_NAISSANCE",
    "HOPITAL",
    "IPP",  # a hospital's number of a patient
    "MAIL",
    "NDA",  # a hospital's number of a stay
    "NOM",
    "PRENOM",
    "RPPS",  # the number of a health professional
    "SECU",
    "TEL",
    "VILLE",
    "ZIP",
    "ORG",
    "PLAQUE",  # of a vehicle
    "IBAN",
    "DIGICODE",
)


class MentionError(DialogueError, ValueError):
    """A file of mentions that cannot be read; the message says what was found, where, and what is accepted."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters of a recording's text that identify somebody.

    Attributes:
        start, end: characters of the text of the recording (:func:`text_of`), end exclusive.
        label: one of :data:`LABELS`.
        source: what found it: ``rules``, ``names`` (lists of names and places), ``spacy``, ``known`` (names known for
            the recording), ``same`` (the same words were found elsewhere in it), ``person`` (a reader), or the name of
            a backend.
        confidence: in [0, 1].
        keep: a reader decided that these words stay as they are.
    """

    start: int
    end: int
    label: str
    source: str = "person"
    confidence: float = 1.0
    keep: bool = False


@dataclass(frozen=True)
class Note:
    """The text of a recording and its mentions, sorted by start, which do not overlap."""

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()


def text_of(transcript: Transcript) -> str:
    """Return the text in which mentions count characters: that of the utterances, one a line."""
    return "\n".join(" ".join(u.text.split("\n")) for u in transcript)


def lines_of(transcript: Transcript) -> Iterator[tuple[int, int]]:
    """Yield the first character of each utterance in :func:`text_of`, and the one after its last."""
    start = 0
    for utterance in transcript:
        yield start, start + len(utterance.text)
        start += len(utterance.text) + 1


def save(path: Path, notes: Iterable[Note]) -> None:
    """Write notes as JSON lines, atomically."""
    save_json_lines(path, map(note_to, notes))


def load(path: Path) -> list[Note]:
    """Read notes, from here or from another tagger.

    Raises:
        MentionError: a line that is not a note; the message names it.
    """
    notes = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise MentionError(f"{path}: {error}. Accepted: JSON lines in UTF-8, one recording a line.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                notes.append(note_from(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise MentionError(
                    f"{path}, line {number}: {error}. Accepted: "
                    '{"note_id", "note_text", "entities": [{"start", "end", "label"}]}, '
                    f"with labels {', '.join(LABELS)}."
                ) from error
    return notes


def separate(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return mentions sorted by start, without overlap: of two that share characters the longer one stays."""
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, -m.confidence, m.start)):
        if all(mention.end <= other.start or other.end <= mention.start for other in chosen):
            chosen.append(mention)
    return tuple(sorted(chosen, key=lambda m: m.start))


def note_to(note: Note) -> dict[str, Any]:
    """Return a note as AP-HP writes it."""
    entities = [
        {
            "start": m.start,
            "end": m.end,
            "label": m.label,
            "source": m.source,
            "confidence": round(m.confidence, 3),
            **({"keep": True} if m.keep else {}),
        }
        for m in note.mentions
    ]
    return {"note_id": note.id, "note_text": note.text, "entities": entities}


def note_from(value: Mapping[str, Any]) -> Note:
    """Return the note of a mapping as AP-HP writes it.

    Raises:
        ValueError, KeyError, TypeError: it is no note.
    """
    text = value["note_text"]
    mentions = []
    for entity in value["entities"]:
        start, end, label = int(entity["start"]), int(entity["end"]), str(entity["label"])
        if not 0 <= start < end <= len(text):
            raise ValueError(f"an entity at {start}-{end} is outside the text of {len(text)} characters")
        if label not in LABELS:
            raise ValueError(f"unknown label {label!r}")
        source, confidence = str(entity.get("source", "person")), float(entity.get("confidence", 1))
        mentions.append(Mention(start, end, label, source, confidence, bool(entity.get("keep", False))))
    return Note(str(value["note_id"]), text, separate(mentions))
