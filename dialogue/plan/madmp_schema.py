"""Check maDMP files against the schemas that the RDA publishes (CC0), kept in ``schemas/``, without a network."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from dialogue.core.extras import how_to_install
from dialogue.core.files import parse_json
from dialogue.plan.project import PlanError

VERSIONS = ("1.0", "1.1", "1.2")


def validate(plan: Any, version: str = "1.2") -> list[str]:
    """Return what is wrong in a maDMP plan, each with its place; nothing if it is valid.

    Dates and addresses are checked too; URLs only by 1.0 and 1.1, because 1.2 calls them ``url``, which is no format of
    JSON Schema.

    Raises:
        PlanError: the version is unknown, or jsonschema or what it checks formats with is not installed.
    """
    checker = _checker(version)
    errors = sorted(checker.iter_errors(plan), key=lambda error: [str(part) for part in error.absolute_path])
    return [f"{_place(error.absolute_path)}: {_cause(error)}" for error in errors]


def validate_file(path: Path, version: str | None = None) -> list[str]:
    """Return what is wrong in a file; the version is by default that of its ``$schema``, else 1.2.

    Raises:
        PlanError: it cannot be read as JSON.
    """
    value = read_json_plan(path)
    named = str(value.get("$schema", "")) if isinstance(value, dict) else ""
    found = version or next((v for v in VERSIONS if named.endswith(f"-{v}.json")), VERSIONS[-1])
    return validate(value, found)


def read_json_plan(path: Path) -> Any:
    """Read a file as JSON, with or without a byte order mark.

    Raises:
        PlanError: there is none, or it is not JSON.
    """
    try:
        return parse_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}. Accepted: a plan in maDMP.") from error
    except ValueError as error:
        raise PlanError(f"{path}: not JSON: {error}. Accepted: a plan in maDMP.") from error


@cache
def _checker(version: str) -> Any:
    if version not in VERSIONS:
        raise PlanError(f"maDMP {version!r}. Accepted: {', '.join(VERSIONS)}.")
    try:
        import jsonschema
        import rfc3339_validator  # noqa: F401  checks date-time: without it jsonschema accepts anything
        import rfc3986_validator  # noqa: F401  checks uri
    except ImportError as error:
        raise PlanError(f"{error.name} is not installed. {how_to_install('plan')}") from error
    text = resources.files("dialogue.plan").joinpath(f"schemas/maDMP-schema-{version}.json").read_text(encoding="utf-8")
    schema = parse_json(text)
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def _place(path: Any) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "plan"


def _cause(error: Any) -> str:
    found = repr(error.instance)
    if len(found) > 80:
        found = f"{found[:77]}..."
    if error.validator == "enum":
        accepted = [str(value) for value in error.validator_value]
        shown = ", ".join(accepted[:20]) + (f"... ({len(accepted)} values)" if len(accepted) > 20 else "")
        return f"found {found}. Accepted: {shown}."
    if error.validator == "format":
        return f"found {found}. Accepted: a {error.validator_value}."
    if error.validator == "type":
        return f"found {found}. Accepted: {error.validator_value}."
    if error.validator in ("anyOf", "oneOf"):
        return f"found {found}. Accepted: what the schema describes, or a list of it."
    return str(error.message).replace(repr(error.instance), found) + "."
