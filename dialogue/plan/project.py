"""A plan's folder: what people write about the project and its items, and what was measured."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from dialogue.core import config
from dialogue.core.errors import DialogueError
from dialogue.corpus import Card, CorpusError, load_card
from dialogue.corpus.card import Contact, Cost, Known, Text, in_words
from dialogue.plan.measures import FACTS, Facts, load_facts

PROJECT, ITEMS = "project.yaml", "items"
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
QUESTIONS = ("1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b", "4c", "5a", "5b", "5c", "5d", "6a", "6b")


class PlanError(DialogueError, ValueError):
    """A plan that cannot be read or written; the message says what was found, where, and what is accepted."""


@dataclass(frozen=True)
class Partner:
    """A partner of the project. ``ror``: https://ror.org/..., ``role``: what they do in it."""

    id: str
    name: str = "unknown"
    role: Text = Text("unknown", "unknown")
    contact: Contact = Contact()
    ror: str = "unknown"


@dataclass(frozen=True)
class WorkPackage:
    id: str
    title: Text
    lead: str = "unknown"


@dataclass(frozen=True)
class Funding:
    """Who funds the project. ``id``: that of the funder in Crossref's registry; ``grant``: number of the grant."""

    name: str = "unknown"
    id: str = "unknown"
    grant: str = "unknown"
    status: Literal["planned", "applied", "granted", "rejected", "unknown"] = "unknown"


@dataclass(frozen=True)
class Project:
    """The content of ``project.yaml``.

    Attributes:
        id: letters, digits, dashes; names the plan's identifier.
        deliverable: number of the plan among the deliverables.
        language: language of the plan, ISO 639-1.
        created: date of the first version of the plan (ISO 8601).
        version: the versions that the ANR asks for.
        data_steward: who is responsible for the management of data.
        answers: question (1a to 6b) -> answer for the whole project; what differs from item to item is in their cards.
        cards: other cards of the plan: paths or globs, relative to the project's file.
        data: item -> folder of its data, relative to the project's file.
        runs: folders in which experiments are, relative to the project's file: what they made becomes items.
    """

    id: str
    title: Text
    created: str
    description: Text = Text("", "")
    url: str = "unknown"
    repository: str = "unknown"
    start: str = "unknown"
    end: str = "unknown"
    language: str = "fr"
    deliverable: str = "unknown"
    version: Literal["initial", "intermediate", "final"] = "initial"
    identifier: str = "unknown"
    funding: tuple[Funding, ...] = ()
    contact: Contact = Contact()
    data_steward: Contact = Contact()
    partners: tuple[Partner, ...] = ()
    work_packages: tuple[WorkPackage, ...] = ()
    ethical_issues: Known = "unknown"
    costs: tuple[Cost, ...] = ()
    answers: dict[str, Text] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    schema: Literal["dialogue-project/1"] = "dialogue-project/1"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9-]+", self.id):
            raise ValueError(f"id: found {self.id!r}. Accepted: lower-case letters, digits, dashes.")
        for name in ("created", "start", "end"):
            value = getattr(self, name)
            if not DATE.fullmatch(value) and (name == "created" or value != "unknown"):
                raise ValueError(f"{name}: found {value!r}. Accepted: a date, YYYY-MM-DD.")
        if unknown := [name for name in self.answers if name not in QUESTIONS]:
            raise ValueError(f"answers: found {unknown[0]!r}. Accepted: {', '.join(QUESTIONS)}.")


@dataclass(frozen=True)
class Plan:
    """A project, its items, and what was measured of them.

    Attributes:
        cards: item -> card, those that people wrote first, then those found in runs.
        facts: item -> what was measured; items without data have none.
        homes: item -> file of its card.
    """

    folder: Path
    project: Project
    cards: Mapping[str, Card]
    facts: Mapping[str, Facts]
    homes: Mapping[str, Path]

    @property
    def modified(self) -> str:
        """Date of the last change that is known: of a card's review or of the data (ISO 8601)."""
        reviewed = [card.review.last for card in self.cards.values() if card.review.last != "unknown"]
        return max([self.project.created, *reviewed, *(f.changed for f in self.facts.values() if f.changed)])


def load_plan(folder: str | Path) -> Plan:
    """Read a plan.

    Raises:
        PlanError: there is no project, or its file is not valid.
        CorpusError: a card is not valid, or two have the same id.
    """
    folder = Path(folder)
    project = load_project(folder / PROJECT)
    cards: dict[str, Card] = {}
    homes: dict[str, Path] = {}
    for path in card_files(folder, project):
        card = load_card(path)
        if card.id in cards:
            raise CorpusError(f"{path}: id {card.id} is also that of {homes[card.id]}. Ids must be unique.")
        cards[card.id], homes[card.id] = card, path
    facts = load_facts(folder / FACTS)
    for name, found in facts.items():
        if name not in cards and found.card is not None:
            cards[name], homes[name] = found.card, folder / FACTS / f"{name}.json"
    return Plan(folder, project, cards, {n: f for n, f in facts.items() if n in cards}, homes)


def load_project(path: Path) -> Project:
    """Read ``project.yaml``.

    Raises:
        PlanError: the message names the file and the field.
    """
    try:
        values = config.parse_yaml(path.read_text(encoding="utf-8"))
        return config.build(Project, in_words(Project, values))
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}. Make a plan with `dialogue dmp init {path.parent}`.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: not YAML: {error}") from error
    except config.ConfigError as error:
        raise PlanError(f"{path}: {error}") from error


def card_files(folder: Path, project: Project) -> list[Path]:
    """Return the files of cards that people wrote: those of the plan, and those that the project names.

    Raises:
        PlanError: a path or glob of the project matches nothing.
    """
    found = sorted((folder / ITEMS).glob("*.yaml"))
    for pattern in project.cards:
        matches = sorted(map(Path, glob.glob(str(folder / pattern))))
        if not matches:
            raise PlanError(f"{folder / PROJECT}: cards: nothing matches {pattern!r}. Accepted: paths of card.yaml.")
        found += matches
    return list(dict.fromkeys(found))
