"""The card of a checkpoint: base model, data with hashes and licences, recordings and speakers seen, method, R.

This module also checks the licence: a model trained on non-commercial data is non-commercial, and no model may be
trained on data whose licence forbids derivatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue.core import config, models
from dialogue.core.files import read_json, save_json
from dialogue.core.version import VERSION
from dialogue.learning import tasks
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.tasks import Example

CARD = "card.json"


def refuse_licence(wanted: str, data: Mapping[str, Iterable[str]]) -> None:
    """Refuse data that the licence of the result does not allow.

    Args:
        wanted: licence of the result, or ``unknown``.
        data: task -> licences of its training data.

    Raises:
        ContinualError: the message names the task, its licence, and what would be accepted.
    """
    for task, licences in data.items():
        for licence in sorted({*licences}):
            parts = licence.upper().replace("_", "-").split("-")
            where = f"{task}: data under {licence}"
            if "ND" in parts:
                raise ContinualError(f"{where} allow no derivatives, so no model may be trained on them. Remove them.")
            if "NC" in parts and "NC" not in wanted.upper().split("-") and wanted != "unknown":
                raise ContinualError(
                    f"{where} are for non-commercial use, but the model's licence is {wanted}. "
                    "Set licence to a non-commercial one, e.g. CC-BY-NC-SA-4.0, or remove these data."
                )
            if licence == "unknown" and wanted != "unknown":
                raise ContinualError(
                    f"{task}: data of unknown licence, but the model's licence is {wanted}. "
                    "Give the licence in the corpus's card and make the task again, or do not set licence."
                )


def refuse_personal(stream: Stream, data: Mapping[str, Sequence[Example]]) -> None:
    """Refuse personal data that are not pseudonymised, unless their legal basis is known.

    Args:
        data: task -> training examples.

    Raises:
        ContinualError: the message names the task, and what would be accepted.
    """
    for task, examples in data.items():
        for example in examples:
            try:
                tasks.refuse_personal(task, replace(example, legal_basis=example.legal_basis or stream.legal_basis))
            except tasks.TaskError as error:
                raise ContinualError(f"{error} Here: --set legal_basis=TEXT, or make the task again.") from error


def write(stream: Stream, data: Sequence[tuple[str, str, Sequence[Example]]], matrix: Matrix, folder: Path) -> None:
    """Write the ``card.json`` of a checkpoint.

    Args:
        data: ``(task, digest of its files, training examples)`` for the tasks seen so far.
    """
    registered = models.registry().get(stream.model)
    value: dict[str, Any] = {
        "schema": "dialogue/model-card/1",
        "base": {"model": stream.model, "licence": registered.licence if registered else "unknown"},
        "licence": stream.licence,
        "personal_data": _personal([e for _, _, examples in data for e in examples]),
        "data": [
            {
                "task": name,
                "sha256": digest,
                "licences": sorted({e.licence for e in examples}),
                "pseudonymised": sorted({e.pseudonymised or "none" for e in examples}),
                "legal_basis": sorted({e.legal_basis or stream.legal_basis or "unknown" for e in examples}),
                "examples": len(examples),
                "recordings": sorted({e.recording for e in examples}),
                "speakers": sorted({s for e in examples for s in e.speakers}),
                "utterances": sorted({h for e in examples for h in e.hashes}),
            }
            for name, digest, examples in data
        ],
        "method": stream.method,
        "config": config.to_dict(stream),
        "R": {"columns": matrix.names, "rows": matrix.values(), "unit": "bits per byte"},
        "metrics": matrix.metrics(),
        "abilities": matrix.shares(),
        "versions": versions(),
    }
    save_json(folder / CARD, value)


def note(folder: Path, **facts: Any) -> None:
    """Add facts to the card of a model, such as what a test of its memory found; without a card, nothing is done."""
    if (folder / CARD).exists():
        save_json(folder / CARD, {**read_json(folder / CARD), **facts})


def _personal(examples: Sequence[Example]) -> str:
    found = {e.personal_data for e in examples}
    return "yes" if "yes" in found else "unknown" if "unknown" in found or not found else "no"


def versions() -> dict[str, str]:
    """Return the versions of what trains, by package."""
    from importlib import metadata

    found = {"dialogue": VERSION}
    for name in ("torch", "transformers", "peft"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found
