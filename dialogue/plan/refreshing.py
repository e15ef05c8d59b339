"""Measure the items of a plan again: those whose folder is known, and those that runs made."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue.core.files import Digests
from dialogue.plan.discovery import PROBE, find
from dialogue.plan.measures import FACTS, Facts, load_facts, measure, save_facts
from dialogue.plan.project import PROJECT, Plan, PlanError, load_plan

NOTEBOOK = ".sha256.json"


def refresh(
    folder: Path, data: Mapping[str, Path] | None = None, runs: Sequence[Path] = (), today: datetime.date | None = None
) -> tuple[Plan, list[str]]:
    """Write the facts of a plan's items.

    Items whose data are gone keep the facts of the day when they were last seen.

    Args:
        data: item -> folder or file of its data, besides those that the project names.
        runs: folders of runs, besides those that the project names.
        today: the day to note; by default today, in UTC.

    Returns:
        The plan, and what a person should know: what is new, what changed, what is gone, what could not be read.

    Raises:
        PlanError: an item of ``data`` has no card, or a folder of ``runs`` does not exist.
    """
    plan = load_plan(folder)
    day = (today or datetime.datetime.now(datetime.timezone.utc).date()).isoformat()
    before = load_facts(folder / FACTS)
    places = {name: folder / facts.folder for name, facts in before.items() if facts.folder}
    places |= {name: folder / path for name, path in plan.project.data.items()}
    named = [folder / run for run in plan.project.runs]
    for run in runs:
        if not run.is_dir():
            raise PlanError(f"{run}: no such folder. Accepted: a folder in which experiments are.")
    found, said = find(list(dict.fromkeys(run.resolve() for run in (*named, *runs) if run.is_dir())))
    said += [f"{run}: no such folder, named by {folder / PROJECT}" for run in named if not run.is_dir()]
    after: dict[str, Facts] = {}
    for item in found:
        home = plan.homes.get(item.card.id)
        card = item.card if home is None or home.parent == folder / FACTS else None  # a person wrote one
        after[item.card.id] = Facts(item.card.id, day, card=card, **_relative(item.measured, folder))
        if item.folder != Path():
            places[item.card.id] = item.folder
    places |= data or {}
    for name in places:
        if name not in plan.cards and name not in after:
            raise PlanError(
                f"{folder / PROJECT}: data: no card has the id {name!r}. Accepted: {', '.join(plan.cards)}."
            )
    digests = Digests(folder / FACTS / NOTEBOOK)
    for name, place in sorted(places.items()):
        facts = after.get(name) or before.get(name) or Facts(name, "")
        if not place.exists():
            said.append(_gone(name, place, facts))
            if facts.seen:
                after[name] = replace(facts, present=False)
            continue
        try:
            measured = measure(place, digests)
        except (ValueError, OSError) as error:
            said.append(f"{name}: {place} cannot be measured, its facts stay as they were: {error}")
            continue
        probe = place / PROBE
        if facts.memorisation_test is None and probe.is_file():
            measured["memorisation_test"] = os.path.relpath(probe, folder)
        where = os.path.relpath(place, folder)
        after[name] = replace(facts, seen=day, present=True, folder=where, **_tuples(measured))
    digests.save()
    for name, facts in after.items():
        said += _difference(before.get(name), facts)
        save_facts(facts, folder / FACTS)
    return load_plan(folder), said


def _relative(measured: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    probe = measured.get("memorisation_test")
    return {**measured, **({"memorisation_test": os.path.relpath(probe, folder)} if probe else {})}


def _tuples(measured: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in measured.items()}


def _gone(name: str, place: Path, facts: Facts) -> str:
    if not facts.seen:
        return f"{name}: no data in {place}: nothing is known of its size."
    return f"{name}: no data in {place} any more: its facts are of {facts.seen}, when they were last seen."


def _difference(before: Facts | None, after: Facts) -> list[str]:
    if before is None:
        return [f"{after.id}: new"]
    if after.present and before.manifest_sha256 != after.manifest_sha256:
        return [f"{after.id}: changed, {before.bytes} -> {after.bytes} bytes, {before.files} -> {after.files} files"]
    return []
