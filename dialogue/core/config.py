"""Dataclasses <-> YAML <-> ``section.key=value``.

A stage owns a frozen dataclass with its options; :mod:`dialogue.workflow.config` joins them in one ``Config``. YAML files
hold only what differs from the defaults.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")  # 2e-4, which YAML 1.1 reads as text


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the key, what is accepted and the nearest names."""


def build(cls: type[T], values: Mapping[str, Any], where: str = "") -> T:
    """A dataclass from nested mappings.

    Args:
        cls: a dataclass whose fields are bool, int, float, str, Path, tuples, Literals, options or dataclasses.
        values: possibly incomplete; the rest takes its default.
        where: prefix of the key, for messages.

    Raises:
        ConfigError: an unknown key, or a value of another type.
    """
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where or 'configuration'}: found {values!r}. Accepted: keys and values.")
    hints = typing.get_type_hints(cls)
    known = [f.name for f in dataclasses.fields(cls)]  # type: ignore[arg-type]
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=2, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise ConfigError(f"unknown key {_join(where, key)}. {hint}Accepted: {', '.join(known)}.")
    built = {key: _convert(hints[key], value, _join(where, key)) for key, value in values.items()}
    try:
        return cls(**built)
    except ValueError as error:
        raise ConfigError(f"{where + ': ' if where else ''}{error}") from error


def load(
    cls: type[T],
    path: str | Path | None = None,
    overrides: Iterable[str] = (),
    sections: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> T:
    """A configuration from a YAML file, ``section.key=value`` overrides, and values by section and key, each over the one before.

    Raises:
        ConfigError: the file is missing or not YAML, a key is unknown, a value has the wrong type.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}. Accepted: a YAML file.") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not YAML: {error}") from error
        if not isinstance(values, dict):
            raise ConfigError(f"{path}: found {type(values).__name__}. Accepted: keys and values.")
    try:
        for override in overrides:
            _set(values, override)
        for section, given in sections.items():
            if given:
                values[section] = {**(values.get(section) or {}), **given}
        return build(cls, values)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}" if path else str(error)) from error


def to_dict(config: Any) -> dict[str, Any]:
    """Plain values of a configuration, ready for YAML, JSON or a fingerprint."""
    return {
        f.name: to_dict(v) if dataclasses.is_dataclass(v) else _plain(v)
        for f in dataclasses.fields(config)
        for v in [getattr(config, f.name)]
    }


def _join(where: str, key: Any) -> str:
    return f"{where}.{key}" if where else str(key)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _set(values: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise ConfigError(f"found {override!r}. Accepted: section.key=value, e.g. asr.beam_size=1.")
    *sections, last = key.split(".")
    for section in sections:
        if values.get(section) is None:  # absent, or a section of YAML with nothing in it
            values[section] = {}
        values = values[section]
        if not isinstance(values, dict):
            raise ConfigError(f"{key}: {section} is not a section.")
    try:
        values[last] = yaml.safe_load(text) if text else ""
    except yaml.YAMLError as error:
        raise ConfigError(f"{key}: {text!r} is not YAML. Quote it: '{key}=\"...\"'.") from error


def _convert(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        options = [a for a in arguments if a is not type(None)]
        for index, option in enumerate(options):
            try:
                return _convert(option, value, where)
            except ConfigError:
                if index == len(options) - 1:
                    raise
    if origin is typing.Literal:
        if value in arguments:
            return value
        near = difflib.get_close_matches(str(value), [str(a) for a in arguments], n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise ConfigError(f"{where}: found {value!r}. {hint}Accepted: {', '.join(map(str, arguments))}.")
    if origin is tuple:
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            raise ConfigError(f"{where}: found {value!r}. Accepted: a list.")
        return tuple(_convert(arguments[0], v, where) for v in value)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where}: found {value!r}. Accepted: keys and values.")
        return {k: _convert(arguments[1], v, _join(where, k)) for k, v in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return build(kind, {} if value is None else value, where)
    if kind is Any:
        return value
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is float and isinstance(value, str) and EXPONENT.fullmatch(value):
        return float(value)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    hint = " YAML reads a bare yes or no as a boolean: quote it." if kind is str and isinstance(value, bool) else ""
    raise ConfigError(f"{where}: found {value!r} ({type(value).__name__}). Accepted: {kind.__name__}.{hint}")
