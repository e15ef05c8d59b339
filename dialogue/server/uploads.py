"""Recordings that clients send: taken in a bounded way, checked in another process, and added to the library."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core import config, models
from dialogue.library.meetings import Library
from dialogue.server.texts import say
from dialogue.workflow.config import Config

FOLDER = ".uploads"
FREE = 1 << 30  # bytes of the disk that stay free
LONGEST_NAME = 120
FACTS = ("title", "date", "keep_until")
LISTS = ("participants", "tags")
TEXTS = ("agenda", "glossary")
SOON = {"asr": {"batch_size": 4}}  # windows: words come every two minutes of speech, at the cost of batches of eight
OPTIONS = {  # option of a client -> section and name in the configuration
    "speakers": ("speakers", "speakers"),
    "language": ("asr", "language"),
    "effort": ("asr", "effort"),
    "model": ("minutes", "model"),
    "minutes_language": ("minutes", "language"),
    "length": ("minutes", "length"),
    "style": ("documents", "style"),
}


class RefusedError(ValueError):
    """What a client sent is refused; the message is for its reader.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def received(
    body: AsyncIterator[bytes], announced: int | None, name: str, library: Path, largest: int, language: str
) -> Path:
    """Write what a client sends to a file of its own folder, under a safe form of its name.

    Args:
        announced: bytes, if the client says so.
        largest: bytes that are accepted.

    Raises:
        RefusedError: it is too large, there is no room for it, or it was cut off.
    """
    free = shutil.disk_usage(library).free - FREE
    folder = library / FOLDER / secrets.token_hex(8)
    path = folder / safe_name(name)
    folder.mkdir(parents=True, mode=0o700)
    size = 0
    try:
        _room(announced or 0, free, largest, language)
        with path.open("wb") as file:
            async for piece in body:
                size += len(piece)
                _room(size, free, largest, language)
                file.write(piece)
        if announced is not None and size != announced:
            raise RefusedError(400, say("unfinished", language))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


def _room(size: int, free: int, largest: int, language: str) -> None:
    if size > largest:
        raise RefusedError(413, say("too_large", language, limit=f"{largest / 1e9:.3g}"))
    if size > free:
        raise RefusedError(507, say("no_room", language))


def safe_name(name: str) -> str:
    """Return a file name without folders, control characters and leading dots."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable()).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    kept = f"{stem[:LONGEST_NAME]}.{suffix[:10]}" if dot else kept[:LONGEST_NAME]
    return kept or "recording"


def added(folder: Path, owner: str, path: Path, asked: Mapping[str, Any]) -> str:
    """Add a recording to a library and delete the file; returns the meeting's id.

    Args:
        asked: facts, texts and options, as :func:`checked` returns them.
    """
    try:
        return Library(folder, owner).add(path, copy=True, **asked)
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


def checked(text: str, language: str, finetuned: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a client asks for a meeting, as :meth:`Library.add` takes it.

    Raises:
        RefusedError: it is not JSON, or an option is not valid.
    """
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise RefusedError(400, say("not_json", language))
    given = {k: v for k, v in given.items() if v not in (None, "", [])}
    found: dict[str, Any] = {}
    for name in (*FACTS, *TEXTS):
        if name in given:
            found[name] = str(given.pop(name))
    for name in LISTS:
        if name in given:
            listed = given.pop(name)
            found[name] = [str(each) for each in (listed if isinstance(listed, list) else str(listed).split(","))]
    asked = options(given, language, finetuned)
    return {**found, "options": {**asked, **{k: {**v, **asked.get(k, {})} for k, v in SOON.items()}}}


def facts(given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the facts that a client changes, as :meth:`Library.change` takes them; an empty one is forgotten.

    Raises:
        RefusedError: a client may not change this.
    """
    for name in given:
        if name not in (*FACTS, *LISTS):
            raise RefusedError(400, say("option", language, name=name, value=given[name]))
    lists = {name: [str(v) for v in given[name] or []] for name in LISTS if name in given}
    return {**{name: str(given[name]) if given[name] else None for name in FACTS if name in given}, **lists}


def options(given: Mapping[str, Any], language: str, finetuned: Sequence[str] = ()) -> dict[str, Any]:
    """Return options of a client by section of the configuration.

    Args:
        finetuned: models beside those of the registry, by folder.

    Raises:
        RefusedError: one is unknown or not valid; a model must be on this machine.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in OPTIONS:
            raise RefusedError(400, say("option", language, name=name, value=value))
        section, key = OPTIONS[name]
        unknown = name == "model" and value is not None and value not in (*language_models(), *finetuned)
        try:
            config.build(Config, {section: {key: value}})
        except ValueError:
            unknown = True
        if unknown:
            raise RefusedError(400, say("option", language, name=name, value=value))
        found.setdefault(section, {})[key] = value
    return found


def changed_options(
    known: Mapping[str, Any], given: Mapping[str, Any], language: str, finetuned: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the options of a meeting by section of the configuration, after a client's changes.

    Args:
        known: the options so far.
        given: options of a client; with ``section``, ``model`` and ``length`` are for that section of the minutes, and
            without it they are for all sections.

    Raises:
        RefusedError: as for :func:`options`.
    """
    changes = dict(given)
    section = changes.pop("section", None)
    asked = options(changes, language, finetuned)
    written = dict(known.get("minutes", {}))
    if section is None:
        if {"model", "length"} & set(changes):
            written.pop("sections", None)
        merged = {**known, "minutes": written}
        return without_nothing({k: {**merged.get(k, {}), **asked.get(k, {})} for k in {**merged, **asked}})
    own = {"model": written.get("model"), "length": written.get("length", "medium"), **asked.get("minutes", {})}
    sections = {**written.get("sections", {}), section: own}
    try:
        config.build(Config, {"minutes": {"sections": sections}})
    except ValueError:
        raise RefusedError(400, say("option", language, name="section", value=section)) from None
    return {**known, "minutes": {**written, "sections": sections}}


def without_nothing(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options by section without those that were taken back, which are ``None``."""
    kept = {name: {k: v for k, v in values.items() if v is not None} for name, values in options.items()}
    return {name: values for name, values in kept.items() if values}


def language_models() -> list[str]:
    """Return the language models of this machine that write minutes."""
    return [m.name for m in models.registry().values() if m.task == "llm" and m.minutes and models.here(m)]


def as_options(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return options by section as a client gives them."""
    return {name: found[section][key] for name, (section, key) in OPTIONS.items() if key in (found.get(section) or {})}
