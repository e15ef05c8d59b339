"""What changed between two versions of a plan in maDMP, in words, for the update that funders ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue.plan.madmp_schema import read_json_plan
from dialogue.plan.project import PlanError

BY = {"dataset": "dataset_id", "contributor": "name", "cost": "title", "security_and_privacy": "title"}
UNTOLD = ("modified",)


def read_plan(path: Path) -> dict[str, Any]:
    """Read a maDMP file.

    Raises:
        PlanError: it is not one.
    """
    value = read_json_plan(path)
    if not isinstance(value, dict) or not isinstance(value.get("dmp"), dict):
        raise PlanError(f"{path}: no `dmp` in it. Accepted: a plan in maDMP, as `dialogue dmp build` writes it.")
    found: dict[str, Any] = value["dmp"]
    return found


def changes(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Yield a line for whatever was added, removed or changed; items are recognised by their ids, not their order."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            if key not in UNTOLD:
                yield from _pair(old.get(key), new.get(key), f"{where}: {key}" if where else key, key)
    elif old != new:
        yield f"{where}: {_shown(old)} -> {_shown(new)}"


def _pair(old: Any, new: Any, where: str, key: str) -> Iterator[str]:
    if old == new:
        return
    if old is None or new is None:
        if old is None and isinstance(new, list):
            old = []
        elif new is None and isinstance(old, list):
            new = []
        else:
            yield f"{where}: added: {_shown(new)}" if old is None else f"{where}: removed: {_shown(old)}"
            return
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old, key), _by_name(new, key)
        for name in dict.fromkeys((*before, *after)):
            place = f"{where} {name}".strip()
            if name not in before:
                yield f"{place}: added"
            elif name not in after:
                yield f"{place}: removed"
            else:
                yield from changes(before[name], after[name], place)
        return
    yield from changes(old, new, where)


def _by_name(values: list[Any], key: str) -> dict[str, Any]:
    """Return the entries of a list by what identifies them: an id, a title, or the value itself."""
    found: dict[str, Any] = {}
    for number, value in enumerate(values, start=1):
        if isinstance(value, dict):
            named = value.get(BY.get(key, "title"), value.get("title", value.get("identifier", f"{number}")))
            name = str(named.get("identifier", number)) if isinstance(named, dict) else str(named)
        else:
            name = str(value)
        found[name if name not in found else f"{name} ({number})"] = value
    return found


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:197]}..."
