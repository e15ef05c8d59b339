"""Print every option with its default, what is accepted, and its meaning, as YAML to copy from."""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

EXAMPLES = """  dialogue config
  dialogue config continual"""
WIDTH = 100  # characters in a line of a comment


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=("recordings", "continual"), default="recordings", help="(default: recordings)"
    )


def run(call: argparse.Namespace) -> int:
    from dialogue.cli.options import DONE
    from dialogue.core import config

    cls: type
    if call.what == "continual":
        from dialogue.learning.continual.options import Stream as cls
    else:
        from dialogue.workflow.config import Config as cls
    schema = config.schema(cls)
    print("\n".join(_described(cls, schema, schema)))
    return DONE


def _described(cls: type, schema: Mapping[str, Any], whole: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    from dialogue.core import config

    meanings = _meanings(cls)
    required = [f.name for f in dataclasses.fields(cls) if _default(f) is dataclasses.MISSING]
    for field in dataclasses.fields(cls):
        accepted = schema["properties"][field.name]
        default = _default(field)
        if dataclasses.is_dataclass(default):
            yield from ["", f"{indent}{field.name}:"]
            yield from _described(type(default), _section(accepted, whole), whole, f"{indent}  ")
            continue
        text = f"{meanings.get(field.name, '')} Accepted: {_accepted(accepted, whole)}.".strip()
        yield from textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ")
        if field.name in required:
            yield f"{indent}# {field.name}:   (no default)"
        else:
            value = config.to_yaml(config.plain(default), in_line=True)
            yield f"{indent}{field.name}: {value.removesuffix('...' + chr(10)).strip()}"


def _default(field: dataclasses.Field[Any]) -> Any:
    factory = field.default_factory
    return field.default if factory is dataclasses.MISSING else factory()


def _section(accepted: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a section, which others may refer to by name."""
    for choice in (accepted, *accepted.get("allOf", ()), *accepted.get("anyOf", ())):
        if "$ref" in choice:
            found: Mapping[str, Any] = whole["$defs"][choice["$ref"].rpartition("/")[2]]
            return found
    return accepted


def _accepted(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """Say what a JSON Schema accepts, in words."""
    if "anyOf" in schema:
        return " or ".join(_accepted(choice, whole) for choice in schema["anyOf"])
    if "$ref" in schema:
        return "keys and values: " + ", ".join(_section(schema, whole).get("properties", {}))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    names = {"integer": "a whole number", "number": "a number", "string": "text", "boolean": "true or false"}
    name = names.get(schema.get("type", ""), {"array": "a list", "null": "null"}.get(schema.get("type", ""), "values"))
    bounds = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
    said = [f"{words} {schema[key]:g}" for key, words in bounds.items() if key in schema]
    return f"{name}, {' and '.join(said)}" if said else name


def _meanings(cls: type) -> dict[str, str]:
    """Return what the section ``Attributes`` of a class's docstring says of each field."""
    section = inspect.getdoc(cls) or ""
    section = section.partition("Attributes:\n")[2].partition("\n\n")[0]
    found: dict[str, str] = {}
    for names, text in re.findall(r"^    ([\w, ]+): (.*(?:\n {8}.*)*)", section, re.MULTILINE):
        meaning = re.sub(r":\w+:`~?([^`]+)`|``", r"\1", " ".join(text.split()))
        found |= dict.fromkeys(names.split(", "), meaning)
    return found
