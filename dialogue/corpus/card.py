"""Cards: what a corpus, a model, software, a report... is, what may be done with it, and how a corpus is read.

One schema serves every kind of item. What is not known is ``unknown``, and never guessed; sizes and hashes are not part
of a card: they are measured.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogue.core import config
from dialogue.core.errors import DialogueError

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
    """A person, or a group of people. ``orcid``: 0000-0000-0000-000X."""

    name: str = "unknown"
    email: str = "unknown"
    orcid: str = "unknown"


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
    """How the data hide identities: e.g. ``names replaced``, ``bleep``, ``auto``, ``auto+human``, ``none``.

    Attributes:
        key_holder: who keeps the table that leads back to names, if anybody does.
        residual_risk: how people may still be recognised.
    """

    text: str = "unknown"
    audio: str = "unknown"
    key_holder: str = "unknown"
    residual_risk: str = "unknown"


@dataclass(frozen=True)
class Gdpr:
    """What the GDPR asks of personal data.

    Attributes:
        controller: who decides why and how they are processed; ``processors`` work for them.
        legal_basis: e.g. consent, public task (article 6); of sensitive data, that of article 9 too.
        dpia: data protection impact assessment: none, planned, done, or a reference.
        consent: form of consent, or a reference to it.
        data_subjects: whose data they are.
        register_ref: entry in the record of processing activities.
    """

    controller: str = "unknown"
    processors: tuple[str, ...] = ()
    legal_basis: str = "unknown"
    purpose: str = "unknown"
    dpia: str = "unknown"
    consent: str = "unknown"
    data_subjects: str = "unknown"
    transfer_outside_eu: Known = "unknown"
    register_ref: str = "unknown"


@dataclass(frozen=True)
class Diffusion:
    """Where an item is made available, how (download, form, visit), and for whom.

    ``permission``: the agreement that lets it be shared more widely than the items it derives from.
    """

    where: str = "unknown"
    how: str = "unknown"
    audience: str = "unknown"
    permission: str = "unknown"


@dataclass(frozen=True)
class StoragePlace:
    """A place where an item is stored.

    Attributes:
        phase: ``active``: during the project; ``archive``: after it.
        url: page of the host.
        country: ISO 3166-1, two letters.
        certified: e.g. HDS, ISO-27000, CoreTrustSeal.
        backup: frequency and kind.
        access_control: who can read it, and how that is enforced.
    """

    phase: Literal["active", "archive", "unknown"] = "unknown"
    host: str = "unknown"
    url: str = "unknown"
    country: str = "unknown"
    certified: tuple[str, ...] = ()
    encrypted: Known = "unknown"
    backup: str = "unknown"
    access_control: str = "unknown"


@dataclass(frozen=True)
class RetentionTerms:
    """How long an item is kept.

    Attributes:
        delete_after: a date (ISO 8601), an event in words, ``never``.
        rule: the rule that says so.
        responsible: who deletes it.
        archive: where it is archived, ``years`` for how long.
        long_term_support: who maintains it after the project.
    """

    delete_after: str = "unknown"
    rule: str = "unknown"
    responsible: str = "unknown"
    archive: str = "unknown"
    years: int | Unknown = "unknown"
    long_term_support: str = "unknown"


@dataclass(frozen=True)
class Documentation:
    """What accompanies an item: ``description`` in words, and the metadata standards, by name or URL."""

    description: str = "unknown"
    metadata_standards: tuple[str, ...] = ()


@dataclass(frozen=True)
class QualityControl:
    """How quality is ensured, in words."""

    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class EthicalReview:
    """Whether there are ethical issues, which committee looked at them, and the reference of its opinion."""

    issues: Known = "unknown"
    description: str = "unknown"
    committee: str = "unknown"
    ref: str = "unknown"


@dataclass(frozen=True)
class Cost:
    """A cost of keeping and sharing an item. ``currency``: ISO 4217."""

    title: str
    value: float | Unknown = "unknown"
    currency: str = "EUR"


@dataclass(frozen=True)
class CardReview:
    """When a card was last checked, and is to be checked next (ISO 8601)."""

    last: str = "unknown"
    next: str = "unknown"


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
    """A card of an item of any kind. ``read`` and what follows it concern corpora that ``dialogue prepare`` reads.

    Attributes:
        id: letters, digits, dashes.
        description: what it is, for readers.
        kind: what the item is.
        role: whether the project ``consumed``, ``produced``, or ``derived`` it from other items.
        derived_from: ids of other cards; licences, personal data and erasure requests follow them.
        version: that of the item, not of the card.
        issued: date of publication, or that planned (ISO 8601).
        partner: who in the project is responsible; ``wp``: work packages.
        creators: authors of the item, whom a citation names.
        languages: ISO 639-1 codes, the main one first.
        style: meeting, debate, interview, phone, story, read...
        speech: whether speech is ``real``, ``synthetic``, or there is none (``written``); shown with every score.
        modality: what the distribution holds: audio, text, or both.
        source: where to get it, for readers.
        licence: SPDX expression or ``LicenseRef-...``; ``items`` has those of recordings that differ.
        access: how to obtain it: ``open``, on ``restricted`` terms (a form, a fee), ``embargoed``, ``closed``.
        embargo_until: ISO 8601.
        formats: media types or names of formats, if they cannot be measured.
        tools: what is needed to read or use it.
        personal_data: whether a person can be recognised in it, by voice, name or what they say.
        sensitive_data: whether it has data of article 9 of the GDPR: health, politics, biometrics...
        published: sizes that the authors give.
        splits: name -> globs over ids of recordings or paths of their audio and reference, as split by the authors;
            each recording is in one split. ``*`` alone matches whatever no other split does.
        shares: name -> share of the hours, if there is no official split; no speaker is in two.
        tests: inline cases, run before the data is read.
    """

    id: str
    title: Text
    description: Text = Text("", "")
    kind: Literal["dataset", "software", "model", "publication", "report", "deliverable", "website", "service"] = (
        "dataset"
    )
    role: Literal["consumed", "produced", "derived", "unknown"] = "consumed"
    derived_from: tuple[str, ...] = ()
    version: str = "unknown"
    issued: str = "unknown"
    keywords: tuple[str, ...] = ()
    partner: str = "unknown"
    wp: tuple[str, ...] = ()
    contact: Contact = Contact()
    creators: tuple[Contact, ...] = ()
    languages: tuple[str, ...] = ()
    style: str = "unknown"
    speech: Literal["real", "synthetic", "written", "unknown"] = "unknown"
    modality: tuple[Literal["audio", "text"], ...] = ("audio", "text")
    source: str = "unknown"
    licence: str = "unknown"
    rights_holder: str = "unknown"
    citation: str = "unknown"
    identifiers: tuple[Identifier, ...] = ()
    access: Literal["open", "restricted", "embargoed", "closed", "unknown"] = "unknown"
    embargo_until: str = "unknown"
    diffusion: Diffusion = Diffusion()
    formats: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    personal_data: Known = "unknown"
    sensitive_data: Known = "unknown"
    gdpr: Gdpr = Gdpr()
    pseudonymisation: Pseudonymisation = Pseudonymisation()
    storage: tuple[StoragePlace, ...] = ()
    retention: RetentionTerms = RetentionTerms()
    documentation: Documentation = Documentation()
    quality: QualityControl = QualityControl()
    ethics: EthicalReview = EthicalReview()
    costs: tuple[Cost, ...] = ()
    review: CardReview = CardReview()
    published: Published = Published()
    read: Read = Read()
    items: dict[str, RecordingNotice] = field(default_factory=dict)
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    tests: tuple[Case, ...] = ()
    schema: Literal["dialogue-card/1"] = "dialogue-card/1"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9-]+", self.id):
            raise ValueError(f"id: found {self.id!r}. Accepted: lower-case letters, digits, dashes.")
        if self.read != Read():
            if self.read.audio is None and self.read.reference is None:
                raise ValueError("read: names neither audio nor reference. Accepted: at least one of them.")
            if self.speech == "unknown":  # shown with every score
                raise ValueError("speech: unknown. Accepted: real, synthetic, written.")
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
        return config.build(Card, in_words(Card, config.parse_yaml(path.read_text(encoding="utf-8"))))
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}. Accepted: a card, e.g. corpora/reunion/card.yaml.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not YAML: {error}") from error
    except config.ConfigError as error:
        raise CorpusError(f"{path}: {error}") from error
    except TypeError as error:  # a dataclass lacks a field without a default
        raise CorpusError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error


def in_words(kind: Any, values: Any) -> Any:
    """Return the values of a dataclass with ``yes`` and ``no`` in words, where YAML read a bare one as a boolean."""
    if isinstance(values, bool) and {"yes", "no"} <= set(typing.get_args(kind)):
        return "yes" if values else "no"
    if isinstance(values, Mapping) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return {key: in_words(hints.get(key), value) for key, value in values.items()}
    if isinstance(values, list) and typing.get_origin(kind) is tuple:
        return [in_words(typing.get_args(kind)[0], value) for value in values]
    return values


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
