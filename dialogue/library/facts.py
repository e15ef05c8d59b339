"""What people said about a meeting, in a file beside its results: title, date, tags, how long to keep it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from dialogue.core import config
from dialogue.library import durable
from dialogue.library.catalogue import LibraryError
from dialogue.library.consent import Consent
from dialogue.library.owners import LOCAL
from dialogue.minutes.write import checked_date

FACTS = "meeting.yaml"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


@dataclass(frozen=True)
class MeetingFacts:
    """What people said about a meeting, in ``meeting.yaml``; it may be edited by hand.

    Attributes:
        title, date, participants: as for ``dialogue meeting``; without them, those of the minutes are shown.
        owner: who may see the meeting.
        added: when, in UTC.
        keep_until: last day on which the meeting may be kept, or the moment after which it may not, in UTC.
        consent: who agreed to the recording, to what, until when.
        sound: where the recording was when it was added.
        sha256: digest of the recording.
        options: options of ``dialogue meeting`` that differ from the defaults, by section.
    """

    title: str | None = None
    date: str | None = None
    tags: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    owner: str = LOCAL
    added: str | None = None
    keep_until: str | None = None
    consent: Consent | None = None
    sound: str | None = None
    sha256: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


def read_facts(folder: Path) -> MeetingFacts:
    """Read the facts of a meeting from its folder; those of nobody's meeting if there is no file.

    Raises:
        LibraryError, ConfigError: the file is not YAML, or holds something else.
    """
    path = folder / FACTS
    try:
        value = config.parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:  # `dialogue meeting` wrote straight into the library
        return MeetingFacts()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LibraryError(f"{path}: not YAML: {error}") from error
    return config.build(MeetingFacts, value or {}, str(path))


def write_facts(folder: Path, facts: MeetingFacts) -> None:
    """Write the facts that are known."""
    kept = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(facts).items() if v not in (None, (), {})}
    durable.save_text(folder / FACTS, config.to_yaml(kept))


def changed(known: MeetingFacts, facts: Mapping[str, Any]) -> MeetingFacts:
    """Return facts with some changed, all checked.

    Raises:
        LibraryError, MinutesError, ConfigError: a fact is unknown or not valid.
    """
    accepted = [f.name for f in fields(MeetingFacts) if f.name not in ("owner", "added", "sha256", "sound")]
    if unknown := sorted(set(facts) - set(accepted)):
        raise LibraryError(f"no fact {unknown[0]!r}. Accepted: {', '.join(accepted)}.")
    given = dict(facts)
    for name in ("date", "keep_until"):
        if given.get(name) and not (name == "keep_until" and MOMENT.fullmatch(given[name])):
            given[name] = checked_date(given[name])
    for name in ("tags", "participants"):
        if name in given:
            given[name] = _unique(given[name])
    if given.get("consent") is not None:
        given["consent"] = asdict(given["consent"].checked())
    values = {**asdict(known), **given}
    return config.build(MeetingFacts, {k: v for k, v in values.items() if v is not None}, "meeting")


def _unique(names: Sequence[str]) -> list[str]:
    return [*dict.fromkeys(n.strip() for n in names if n.strip())]
