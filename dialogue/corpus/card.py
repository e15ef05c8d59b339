"""``card.yaml``: a description of a corpus, and how to read it as its authors distribute it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogue import formats
from dialogue.core import config
from dialogue.core.errors import DialogueError
from dialogue.core.transcript import Transcript
from dialogue.formats import FormatError

Unknown = Literal["unknown"]  # stated explicitly, never guessed
Known = Literal["yes", "no", "unknown"]


class CorpusError(DialogueError, ValueError):
    """A card or corpus that cannot be read; the message says what was found, where, and what is accepted."""


@dataclass(frozen=True)
class Text:
    """A text for readers, in both languages."""

    fr: str
    en: str


@dataclass(frozen=True)
class Contact:
    name: str = "unknown"
    email: str = "unknown"


@dataclass(frozen=True)
class Identifier:
    """An identifier. ``type``: doi, handle, url, islrn...; ``value``: the complete identifier."""

    type: str
    value: str


@dataclass(frozen=True)
class Published:
    """Sizes that the authors give, with their source; measured sizes are in the summary of ``prepare``."""

    hours: float | Unknown = "unknown"
    speakers: int | Unknown = "unknown"
    words: int | Unknown = "unknown"
    source: str = "unknown"


@dataclass(frozen=True)
class Pseudonymisation:
    """How the distribution hides identities: e.g. ``names replaced``, ``bleep``, ``none``."""

    text: str = "unknown"
    audio: str = "unknown"


@dataclass(frozen=True)
class RecordingNotice:
    """One recording's licence and provenance, if they differ from those of the corpus."""

    licence: str
    source: str = ""


@dataclass(frozen=True)
class Read:
    """How to read a corpus; globs are relative to ``--source``.

    Attributes:
        audio: the recordings; ``None`` for a corpus of texts.
        reference: who said what, in any format of :mod:`dialogue.formats`.
        turns: who speaks when, if finer than ``reference``.
        uem: zones to score; a recording without any is scored whole.
        summaries: summaries that people wrote, one text file each.
        minutes: minutes that people wrote or corrected, one JSON file each: ``dialogue/minutes/1``, or the plain form
            that :mod:`dialogue.learning.tasks.sections` reads.
        format: format of ``reference``; by default that of the extension.
        encoding: encoding of ``reference``; by default as the file declares, or UTF-8.
        recording: regular expression searched in a file's path, whose first group is the recording's id; by default the
            id is the file's name without its extension.
        speakers: whether a speaker's label names the same person in the whole ``corpus``, or only in its ``recording``.
        interviewers: regular expression of labels of people who may be in all splits, e.g. those who ran the
            recordings.
        group: regular expression searched in a recording's id; recordings with the same first group (a series, a
            role-player) must stay in one split.
        attributes: recording -> other known facts (date, title, participants, agenda, speakers...).
    """

    audio: str | None = None
    reference: str | None = None
    turns: str | None = None
    uem: str | None = None
    summaries: str | None = None
    minutes: str | None = None
    format: str | None = None
    encoding: str | None = None
    recording: str | None = None
    speakers: Literal["corpus", "recording"] = "corpus"
    interviewers: str | None = None
    group: str | None = None
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.audio is None and self.reference is None:
            raise ValueError("names neither audio nor reference. Accepted: at least one of them.")


@dataclass(frozen=True)
class Case:
    """An inline test: ``content`` of a reference file, read according to the card, must give these turns and events.

    Attributes:
        content: text in ``format``, or in that of the card.
        turns: ``Name: text`` or ``[0.50-2.00] Name: text``, in order.
        events: ``kind: text``, in order; not compared if absent.
    """

    content: str
    turns: tuple[str, ...]
    events: tuple[str, ...] | None = None
    format: str | None = None


@dataclass(frozen=True)
class Card:
    """The content of ``card.yaml``.

    Attributes:
        id: letters, digits, dashes.
        languages: ISO 639-1 codes, the main one first.
        style: meeting, debate, interview, phone, story, read...
        licence: SPDX expression or ``LicenseRef-...``; ``items`` has those of recordings that differ.
        access: how to obtain the data: ``open``, on ``restricted`` terms (a form, a fee), ``embargoed``, ``closed``.
        source: where to get the data, for readers.
        speech: whether speech is ``real``, ``synthetic``, or there is none (``written``); shown with every score.
        modality: what the distribution holds: audio, text, or both.
        published: sizes that the authors give.
        splits: name -> globs over ids of recordings or paths of their audio and reference, as split by the authors;
            each recording is in one split. ``*`` alone matches whatever no other split does.
        shares: name -> share of the hours, if there is no official split; no speaker is in two.
        tests: inline cases, run before the data is read.
        derived_from: ids of other cards; licences and erasure requests follow them.
    """

    id: str
    title: Text
    languages: tuple[str, ...]
    licence: str
    source: str
    speech: Literal["real", "synthetic", "written"]
    read: Read
    description: Text = Text("", "")
    style: str = "unknown"
    access: Literal["open", "restricted", "embargoed", "closed", "unknown"] = "unknown"
    personal_data: Known = "unknown"
    sensitive_data: Known = "unknown"
    pseudonymisation: Pseudonymisation = Pseudonymisation()
    modality: tuple[Literal["audio", "text"], ...] = ("audio", "text")
    kind: Literal["dataset", "software", "model", "publication", "report", "deliverable", "website", "service"] = (
        "dataset"
    )
    role: Literal["consumed", "produced", "derived"] = "consumed"
    derived_from: tuple[str, ...] = ()
    rights_holder: str = "unknown"
    contact: Contact = Contact()
    citation: str = "unknown"
    identifiers: tuple[Identifier, ...] = ()
    published: Published = Published()
    items: dict[str, RecordingNotice] = field(default_factory=dict)
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    tests: tuple[Case, ...] = ()
    schema: Literal["dialogue-card/1"] = "dialogue-card/1"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9-]+", self.id):
            raise ValueError(f"id: found {self.id!r}. Accepted: lower-case letters, digits, dashes.")
        if self.splits and self.shares:
            raise ValueError(
                "splits and shares are both given. Accepted: splits if official ones exist, otherwise shares."
            )
        if self.shares and abs(sum(self.shares.values()) - 1) > 1e-6:
            raise ValueError(f"shares: they add up to {sum(self.shares.values()):g}. Accepted: 1.")
        for name in ("recording", "interviewers", "group"):
            try:
                re.compile(getattr(self.read, name) or "")
            except re.error as error:
                raise ValueError(f"read.{name}: not a regular expression: {error}") from error


def load_card(path: str | Path) -> Card:
    """Read a card.

    Raises:
        CorpusError: the file is missing or not YAML, or a field is unknown (the nearest names are given), missing or
            ill-typed.
    """
    path = Path(path)
    try:
        values = config.parse_yaml(path.read_text(encoding="utf-8"))
        for name in ("personal_data", "sensitive_data"):
            if isinstance(values, dict) and isinstance(values.get(name), bool):
                values[name] = "yes" if values[name] else "no"  # YAML reads a bare no as false
        return config.build(Card, values)
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}. Accepted: a card, e.g. corpora/reunion/card.yaml.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not YAML: {error}") from error
    except config.ConfigError as error:
        raise CorpusError(f"{path}: {error}") from error
    except TypeError as error:  # a dataclass lacks a field without a default
        raise CorpusError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error


def load_cards(folder: str | Path) -> dict[str, Card]:
    """Load the cards of ``folder/*/card.yaml``, by id.

    Raises:
        CorpusError: a card cannot be read, or two have the same id.
    """
    cards: dict[str, Card] = {}
    homes: dict[str, Path] = {}
    for path in sorted(Path(folder).glob("*/card.yaml")):
        card = load_card(path)
        if card.id in cards:
            raise CorpusError(f"{path}: id {card.id} is also that of {homes[card.id]}. Ids must be unique.")
        cards[card.id], homes[card.id] = card, path
    return cards


def run_tests(card: Card) -> None:
    """Run the inline cases of a card.

    Raises:
        CorpusError: a case fails; the message names it, what was expected and what was found.
    """
    for number, case in enumerate(card.tests, start=1):
        format = case.format or card.read.format
        if format is None:
            raise CorpusError(f"card {card.id}, test {number}: no format. Name it in the case, or as read.format.")
        try:
            found = formats.module(format).loads(formats.decode(case.content.encode()), recording="test")
        except FormatError as error:
            raise CorpusError(f"card {card.id}, test {number}: {error}") from error
        timed = any(turn.startswith("[") for turn in case.turns)
        _compare(card, number, "turns", case.turns, [_turn(t, u, timed) for t in found for u in t])
        if case.events is not None:
            heard = [f"{e.kind}: {e.text}" for t in found for e in t.events]
            _compare(card, number, "events", case.events, heard)


def _turn(transcript: Transcript, utterance: Any, timed: bool) -> str:
    times = f"[{utterance.start:.2f}-{utterance.end:.2f}] " if timed else ""
    return f"{times}{transcript.name(utterance.speaker)}: {utterance.text}"


def _compare(card: Card, number: int, what: str, expected: tuple[str, ...], found: list[str]) -> None:
    if list(expected) != found:
        pairs = zip([*expected, "nothing"], [*found, "nothing"], strict=False)
        wanted, came = next((a, b) for a, b in pairs if a != b)
        raise CorpusError(f"card {card.id}, test {number}: {what}: expected {wanted!r}, found {came!r}.")


def table(cards: Mapping[str, Card]) -> str:
    """Return the cards as a Markdown table; unknown values say so."""
    rows = [
        "| id | title | style | speech | hours | licence | access |",
        "| --- | --- | --- | --- | ---: | --- | --- |",
    ]
    for card in cards.values():
        hours = card.published.hours if isinstance(card.published.hours, str) else f"{card.published.hours:g}"
        cells = (card.id, card.title.en, card.style, card.speech, hours, card.licence, card.access)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
