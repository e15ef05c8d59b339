"""Find what runs made: prepared corpora, outputs of stages, finetuning sets, models; each with what it derives from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dialogue.core import models
from dialogue.core.files import digest_of, read_json, read_json_lines, sha256
from dialogue.corpus import Card, CorpusError, load_card
from dialogue.corpus.card import Pseudonymisation, Text
from dialogue.formats import lhotse
from dialogue.plan import licences

PROBE = "memorisation.json"  # what `dialogue privacy probe-model` writes beside a model
SKIPPED = ("unpacked",)


@dataclass
class RunItem:
    """An item that a run made.

    Attributes:
        recordings: ids of the recordings it was made from, by which its corpus is known.
        made_from: digests of the finetuning sets that a model was trained on, with the names they had.
        digest: of a finetuning set, as the cards of models have it.
        measured: facts read from what the run wrote about itself.
    """

    card: Card
    folder: Path
    recordings: set[str] = field(default_factory=set)
    made_from: dict[str, str] = field(default_factory=dict)
    digest: str | None = None
    measured: dict[str, Any] = field(default_factory=dict)


def find(runs: Sequence[Path]) -> tuple[list[RunItem], list[str]]:
    """Return the items in folders of runs, and what could not be read. Registered models that they used are items too.

    Parents are known by digests and by the ids of recordings, and not by the names of folders.
    """
    found: list[RunItem] = []
    problems: list[str] = []
    for run in runs:
        for folder in _folders(run):
            try:
                item = _item(folder)
            except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
                problems.append(f"{folder}: cannot be read, left out: {error}")
                continue
            if item is not None:
                found.append(item)
    _make_unique(found)
    sets = {item.digest: item.card.id for item in found if item.digest}
    corpora = [item for item in found if (item.folder / "recordings.jsonl").exists()]
    for item in found:
        _link(item, sets, corpora)
    return found + _registered(found), problems


def _make_unique(found: Sequence[RunItem]) -> None:
    """Number the items that have one name; the copies of a prepared corpus keep it, since it is that of its card."""
    seen: dict[str, int] = {}
    for item in found:
        seen[item.card.id] = seen.get(item.card.id, 0) + 1
        if seen[item.card.id] > 1 and item.card.role == "derived":
            item.card = replace(item.card, id=f"{item.card.id}-{seen[item.card.id]}")


def _link(item: RunItem, sets: Mapping[str, str], corpora: Sequence[RunItem]) -> None:
    """Add to an item what it was made from: finetuning sets by their digests, else corpora by ids of recordings."""
    if item in corpora:
        return
    parents = [sets.get(digest, name_of(name)) for digest, name in item.made_from.items()]
    if not any(digest in sets for digest in item.made_from):
        parents = [c.card.id for c in corpora if c.recordings & item.recordings] or parents
    item.card = replace(item.card, derived_from=tuple(dict.fromkeys((*item.card.derived_from, *parents))))


def _registered(found: Sequence[RunItem]) -> list[RunItem]:
    """Return items for the registered models that others derive from."""
    used = {parent for item in found for parent in item.card.derived_from}
    return [
        RunItem(
            Card(
                name_of(name),
                Text(model.title, model.title),
                kind="model",
                licence=_licence(model.licence),
                source=f"https://huggingface.co/{model.hub}" if model.hub else "dialogue models",
            ),
            Path(),
        )
        for name, model in models.registry().items()
        if name_of(name) in used
    ]


def _licence(name: str) -> str:
    try:
        return licences.normalised(name)
    except CorpusError:  # terms of its authors, which SPDX does not list
        return f"LicenseRef-{re.sub(r'[^A-Za-z0-9.]+', '-', name)}"


def name_of(text: str) -> str:
    """Return a text as the id of an item: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "item"


def _folders(run: Path) -> Iterator[Path]:
    """Yield the folders that may be items, the outermost first; inside one that is, nothing is looked for."""
    for here, folders, names in os.walk(run):
        path = Path(here)
        if "card.json" in names or "stage.json" in names or _checkpoints(path) or _is_task(path):
            folders.clear()
            yield path
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED)


def _checkpoints(folder: Path) -> list[Path]:
    """Return the cards of the checkpoints of an experiment of continual finetuning, in order."""
    found = [p for p in folder.glob("task_*/card.json") if p.parent.name[5:].isdecimal()]
    return sorted(found, key=lambda path: int(path.parent.name[5:]))


def _is_task(folder: Path) -> bool:
    path = folder / "train.jsonl"
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = lines.readline()
    return '"messages"' in first and '"hashes"' in first


def _item(folder: Path) -> RunItem | None:
    if checkpoints := _checkpoints(folder):
        return _model(folder, read_json(checkpoints[-1]))
    if (folder / "card.json").exists():
        value = read_json(folder / "card.json")
        if value.get("schema") == "dialogue/model-card/1":
            return _model(folder, value)
        if value.get("schema") == "dialogue-card/1":
            ids = {r.id for r in lhotse.read_recordings(folder / "recordings.jsonl")}
            return RunItem(load_card(folder / "card.json"), folder, ids)
        return None
    if (folder / "stage.json").exists():
        return _stage(folder, read_json(folder / "stage.json"))
    return _task(folder)


def _stage(folder: Path, summary: dict[str, Any]) -> RunItem:
    ids = {path.stem for path in folder.glob("*.json") if path.name != "stage.json"}
    ids |= {path.name for path in folder.iterdir() if path.is_dir()}
    name = name_of(f"{folder.parent.name}-{folder.name}")
    whole = not summary["counts"]["current"]
    hidden = Pseudonymisation(text="auto") if summary["stage"].startswith("pseudonym") else Pseudonymisation()
    card = Card(
        name,
        Text(
            f"Sorties de l’étape {summary['stage']} ({folder.parent.name})",
            f"Outputs of stage {summary['stage']} ({folder.parent.name})",
        ),
        role="derived",
        derived_from=tuple(name_of(model) for model in summary.get("models") or {}),
        source=f"dialogue {summary['dialogue']}",
        pseudonymisation=hidden,
    )
    return RunItem(card, folder, ids, measured={"seconds": summary["seconds"] if whole else None})


def _task(folder: Path) -> RunItem:
    rows = [row for path in sorted(folder.glob("*.jsonl")) for row in read_json_lines(path)]
    licences = sorted({row["licence"] for row in rows})
    personal = {row["personal_data"] for row in rows}
    name = name_of(f"{folder.parent.name}-{folder.name}")
    card = Card(
        name,
        Text(f"Exemples d’apprentissage {folder.name}", f"Training examples {folder.name}"),
        role="derived",
        licence="unknown" if "unknown" in licences else " AND ".join(licences),
        personal_data="yes" if "yes" in personal else "unknown" if "unknown" in personal else "no",
        modality=("text",),
        source="dialogue tasks",
    )
    both = [folder / f"{split}.jsonl" for split in ("train", "test")]
    digest = digest_of([sha256(path) for path in both]) if all(path.exists() for path in both) else None
    return RunItem(card, folder, {row["recording"] for row in rows}, digest=digest, measured={"examples": len(rows)})


def _model(folder: Path, value: dict[str, Any]) -> RunItem:
    matrix = read_json(folder / "matrix.json") if (folder / "matrix.json").exists() else {}
    run = matrix.get("run") or {}
    trained = value["config"].get("training") or {}
    name = name_of(f"{folder.parent.name}-{folder.name}")
    card = Card(
        name,
        Text(f"Modèle affiné {folder.name}", f"Finetuned model {folder.name}"),
        kind="model",
        role="derived",
        derived_from=(name_of(value["base"]["model"]),),
        licence=value["licence"],
        modality=(value.get("modality", "text"),),
        source=f"dialogue {value['versions']['dialogue']}",
    )
    training = {
        "base": value["base"],
        "method": value["method"],
        "data": [{k: d[k] for k in ("task", "sha256", "licences", "examples")} for d in value["data"]],
        "seed": value["config"].get("seed", trained.get("seed")),
        "steps": trained.get("steps"),
        "tokens": run.get("tokens"),
        "versions": value["versions"],
        "evidence": (value.get("evidence") or {}).get("verdict"),
        "energy_kwh": run.get("energy_kwh"),
    }
    probe = next((p for p in (folder / PROBE, *folder.glob(f"task_*/{PROBE}")) if p.exists()), None)
    return RunItem(
        card,
        folder,
        {r for d in value["data"] for r in d["recordings"]},
        {d["sha256"]: d["task"] for d in value["data"]},
        measured={
            "seconds": run.get("seconds"),
            "training": training,
            "examples": sum(d["examples"] for d in value["data"]),
            **({"memorisation_test": str(probe)} if probe else {}),
        },
    )
