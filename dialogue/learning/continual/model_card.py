"""The card of a checkpoint: base model, data with hashes and licences, recordings and speakers seen, method, R.

This module also checks the licence: a model trained on non-commercial data is non-commercial, and no model may be
trained on data whose licence forbids derivatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue.core import config, models, tables
from dialogue.core.files import read_json, resealed, save_json, sealed
from dialogue.core.version import VERSION
from dialogue.learning import tasks
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.tasks import Example

CARD, README = "card.json", "README.md"


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
    save_json(folder / CARD, sealed(value))


def note(folder: Path, **facts: Any) -> None:
    """Add facts to the card of a model, such as what a test of its memory found; without a card, nothing is done."""
    if (folder / CARD).exists():
        before = read_json(folder / CARD)
        save_json(folder / CARD, resealed({**before, **facts}, before))


def text(card: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]], evidence: Mapping[str, Any] | None) -> str:
    """Return the card of a published model for people, in Markdown.

    Args:
        card: what goes into ``card.json``.
        figures: figure -> its value and interval.
        evidence: of its run, which accepts it; ``None`` if nobody verified the run.
    """
    data = [[d["task"], ", ".join(d["licences"]), str(len(d["recordings"])), str(d["examples"])] for d in card["data"]]
    rows = [[name.replace("_", " "), tables.measured(found)] for name, found in figures.items()]
    if evidence is None:
        verdict = (
            "Nobody verified the run that this model is from: it was published with `--without-evidence`. Nothing says "
            "that its figures are those of its weights."
        )
    else:
        again = evidence["computed_again"]
        limit = evidence["guard"]["max_forgetting"]
        verdict = (
            f"Accepted on {evidence['date']}: the files of the run were as it wrote them, and {again['cells']} of its "
            f"{again['all']} scores, computed again from its weights, were those that it wrote (largest difference "
            f"{again['largest_difference']:.2g} bits per byte). "
            + ("No limit was set on forgetting.\n" if limit is None else f"Limit on forgetting: {limit:g}.\n")
            + "\nTo check that no byte of this folder changed since, type in it:\n\n    dialogue continual verify .\n\n"
            "`evidence.json` holds the digest of every file and of itself. That protects from accidents, not from "
            "somebody who changes the digests too."
        )
    return (
        f"# A finetuned language model\n\nFrom {card['base']['model']} (licence: {card['base']['licence']}), by the "
        f"method {card['method']}. Licence: {card['licence']}. Personal data: {card['personal_data']}.\n\n"
        + tables.markdown(["learned in turn", "licences of the data", "recordings", "examples"], data, text=range(2))
        + "\nBits per byte with 95 % intervals over documents, lower is better except for transfers:\n\n"
        + tables.markdown(["figure", "value"], rows, text=range(1))
        + f"\n## Evidence\n\n{verdict}\n"
    )


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
