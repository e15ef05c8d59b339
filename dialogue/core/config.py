"""Read dataclasses from YAML, JSON and ``section.key=value``, and convert them back.

Each stage has a frozen dataclass with its options; :mod:`dialogue.workflow.config` joins them in one ``Config``. A YAML
file holds only values that differ from the defaults. pydantic checks the values; messages name the key, the accepted
values and the nearest names.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import yaml
from annotated_types import Ge, Gt, Le

from dialogue.core.errors import DialogueError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
DEEPEST = 100  # levels of YAML
LARGEST = 100_000  # values of a YAML file, those of its aliases counted each time
TOO_DEEP = f"nested too deeply. Accepted: {DEEPEST} levels."
NESTING = re.compile(r"[\[\]{}]|(?:- )+")
KINDS = {  # pydantic's type of error -> accepted type
    "int_type": "int",
    "int_from_float": "int",
    "float_type": "float",
    "string_type": "str",
    "bool_type": "bool",
    "path_type": "str",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "dataclass_type": "keys and values",
    "finite_number": "a finite number",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
}
# Bounds of options, checked when they are read from a file or a command.
Amount = Annotated[float, Ge(0)]
Positive = Annotated[float, Gt(0)]
Share = Annotated[float, Ge(0), Le(1)]
Count = Annotated[int, Ge(0)]
Number = Annotated[int, Ge(1)]


class ConfigError(DialogueError, ValueError):
    """An invalid configuration; the message names the key, what is accepted and the nearest names."""


def build(cls: type[T], values: Any, where: str = "") -> T:
    """Build a dataclass from plain values, as in YAML and JSON.

    Args:
        cls: a dataclass whose fields are bool, int, float, str, Path, tuples, Literals, optional values or dataclasses.
        values: nested mappings, possibly incomplete; missing fields take their defaults.
        where: prefix of the keys in messages.

    Raises:
        ConfigError: a key is unknown or missing, or a value has the wrong type.
    """
    from pydantic import ValidationError

    # strict JSON input accepts a list for a tuple and a string for a path, and converts nothing else
    try:
        text = json.dumps(_with_sections(cls, values), default=str)
    except (TypeError, ValueError) as error:  # a date as a key, a number of thousands of digits
        raise ConfigError(f"{where or 'configuration'}: {error}. Accepted: words as keys, plain values.") from error
    try:
        built: T = _adapter(cls).validate_json(text, strict=True)  # type: ignore[arg-type]
        return built
    except ValidationError as error:
        raise ConfigError(_explained(cls, json.loads(text), error.errors(), where)) from error


def schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema of what :func:`build` accepts for a dataclass."""
    return _adapter(cls).json_schema()


def load(
    cls: type[T],
    path: str | Path | None = None,
    overrides: Iterable[str] = (),
    sections: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> T:
    """Load a configuration from a YAML file, then ``section.key=value`` overrides, then values by section and key.

    Later sources take precedence.

    Raises:
        ConfigError: the file is missing or not YAML, a key is unknown, or a value has the wrong type.
    """
    values: Any = {}
    if path is not None:
        try:
            values = parse_yaml(Path(path).read_text(encoding="utf-8")) or {}
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
    """Return the plain values of a configuration, ready for YAML, JSON or a fingerprint."""
    return {f.name: plain(getattr(config, f.name)) for f in dataclasses.fields(config)}


def parse_yaml(text: str) -> Any:
    """Return the value of a YAML text, whatever the text.

    Raises:
        yaml.YAMLError: the text is not YAML, is nested too deeply, or expands to an enormous value by its aliases.
    """
    depth = 0
    for found in NESTING.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], len(found[0]) // 2)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"line {text.count(chr(10), 0, found.start()) + 1}: {TOO_DEEP}")
        depth = max(0, depth - (len(found[0]) // 2 if found[0][0] == "-" else 0))
    try:
        value = yaml.load(text, _Loader)
    except RecursionError as error:
        rows = text.split("\n")
        deepest = max(range(len(rows)), key=lambda place: len(rows[place]) - len(rows[place].lstrip(" ")))
        raise yaml.YAMLError(f"line {deepest + 1}: {TOO_DEEP}") from error
    left, waiting = LARGEST, [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        inner = [*item, *item.values()] if isinstance(item, dict) else item if isinstance(item, (list, tuple)) else ()
        left -= len(inner)
        if left < 0 or depth > DEEPEST:
            raise yaml.YAMLError(f"{TOO_DEEP} Or does an alias refer to itself?")
        waiting += [(part, depth + 1) for part in inner]
    return value


def to_yaml(value: Any, in_line: bool = False) -> str:
    """Return plain values as a YAML text that `parse_yaml` reads back the same.

    Args:
        value: words, numbers, lists and mappings.
        in_line: write lists and mappings in brackets, on one line.
    """
    readable = "\x85" not in json.dumps(value, ensure_ascii=False)  # PyYAML would write it as a line break
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=readable, sort_keys=False, default_flow_style=in_line, width=1000
    )


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads ``2e-4`` as a number, as in JSON and YAML 1.2, and names the line of a bad value."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:  # 31 February, a number of thousands of digits
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error


class _Dumper(yaml.SafeDumper):
    """A YAML dumper that quotes the words which the loader reads as numbers."""


for _side in (_Loader, _Dumper):
    _side.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+$"), list("-+0123456789")
    )


@cache
def _adapter(cls: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    _forbid_unknown_keys(cls)
    return TypeAdapter(cls)


def _forbid_unknown_keys(kind: Any) -> None:
    if dataclasses.is_dataclass(kind):
        kind.__pydantic_config__ = {"extra": "forbid", "allow_inf_nan": False}  # type: ignore[union-attr]
        for hint in typing.get_type_hints(kind).values():
            _forbid_unknown_keys(hint)
    for argument in typing.get_args(kind):
        _forbid_unknown_keys(argument)


def _with_sections(kind: Any, values: Any) -> Any:
    """Replace sections that are empty in YAML by their defaults."""
    if not dataclasses.is_dataclass(kind) or not isinstance(values, Mapping):
        return values
    hints = typing.get_type_hints(kind)
    empty = {key for key, value in values.items() if value is None and dataclasses.is_dataclass(hints.get(key))}
    return {key: {} if key in empty else _with_sections(hints.get(key), value) for key, value in values.items()}


def _explained(cls: Any, values: Any, errors: Sequence[Any], where: str) -> str:
    """Reword pydantic's first error: where it is, what was found, what is accepted."""
    place = _place(values, errors[0])
    error = [e for e in errors if _place(values, e) == place][-1]  # for a union, the error of its last member
    found, cause = error["input"], error["type"]
    key = _key(where, place)
    if cause == "value_error":  # raised by the dataclass itself
        return f"{key + ': ' if key else ''}{error['ctx']['error']}"
    if cause == "unexpected_keyword_argument":
        known = [f.name for f in dataclasses.fields(_kind_at(cls, place[:-1]))]
        return f"unknown key {key}. {_nearest(place[-1], known, 0.5)}Accepted: {', '.join(known)}."
    if cause == "missing":
        return f"{key} is missing."
    if cause == "literal_error":
        accepted = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"{key}: found {found!r}. {_nearest(found, accepted, 0.6)}Accepted: {', '.join(accepted)}."
    accepted = KINDS.get(cause, error["msg"]).format(**error.get("ctx", {}))
    kind = f" ({type(found).__name__})" if accepted.islower() and " " not in accepted else ""
    hint = (
        " YAML reads a bare yes or no as a boolean: quote it." if accepted == "str" and isinstance(found, bool) else ""
    )
    return f"{key or 'configuration'}: found {found!r}{kind}. Accepted: {accepted}.{hint}"


def _place(values: Any, error: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the keys that lead to an error, without the union members that pydantic adds."""
    place: tuple[str | int, ...] = error["loc"]
    for depth, part in enumerate(place):
        if not isinstance(values, (dict, list)):
            return place[:depth]
        if isinstance(values, dict) and part not in values:
            return place[: depth + (error["type"] == "missing")]
        values = values[part]  # type: ignore[index]
    return place


def _key(where: str, place: Iterable[str | int]) -> str:
    """Format keys as ``asr.hotwords[0]``."""
    parts = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place)
    return f"{where}{parts}" if where else parts.removeprefix(".")


def _kind_at(kind: Any, place: Iterable[str | int]) -> Any:
    """Return the dataclass at a place inside another one."""
    for part in place:
        if isinstance(part, str) and dataclasses.is_dataclass(kind):
            kind = typing.get_type_hints(kind)[part]
        options = [a for a in typing.get_args(kind) if a not in (type(None), Ellipsis, str)]
        kind = options[-1] if options and not dataclasses.is_dataclass(kind) else kind
    return kind


def _nearest(found: Any, known: list[str], cutoff: float) -> str:
    near = difflib.get_close_matches(str(found), known, n=2, cutoff=cutoff)
    return f"Did you mean {' or '.join(near)}? " if near else ""


def plain(value: Any) -> Any:
    """Return a value of a configuration as YAML and JSON hold it."""
    if dataclasses.is_dataclass(value):
        return to_dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def _set(values: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise ConfigError(f"found {override!r}. Accepted: section.key=value, e.g. asr.batch_size=16.")
    *sections, last = key.split(".")
    for section in sections:
        if values.get(section) is None:  # absent, or an empty section of YAML
            values[section] = {}
        values = values[section]
        if not isinstance(values, dict):
            raise ConfigError(f"{key}: {section} is not a section.")
    try:
        values[last] = parse_yaml(text) if text else ""
    except yaml.YAMLError as error:
        raise ConfigError(f"{key}: {text!r} is not YAML. Quote it: '{key}=\"...\"'.") from error
