"""What differs between two experiments besides their scores: options, models and code, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.experiments.report.captions import Language

SHORT = 12  # characters of a digest
PLACES = ("out", "beside")  # options that say where a stage writes, not what


def changes(first: Path, second: Path, say: Language) -> list[str]:
    """Return a sentence for each difference in what the runner recorded in ``*/stage.json``, and one if there is none.

    Args:
        first, second: folders of experiments.
    """
    one, other = _stages(first), _stages(second)
    found = [
        f"{stage} : {line}" if say.code == "fr" else f"{stage}: {line}"
        for stage in dict.fromkeys((*one, *other))
        for line in _of_stage(one.get(stage), other.get(stage), say)
    ]
    code = [
        ", ".join(sorted({str(run.get("git") or run.get("dialogue")) for run in runs.values()}))
        for runs in (one, other)
    ]
    if code[0] != code[1]:
        found.append(say("code_changed", a=code[0] or "–", b=code[1] or "–"))
    return found or [say("nothing_changed")]


def _stages(exp: Path) -> dict[str, Mapping[str, Any]]:
    """Return stage -> what its last run recorded, in the order in which they ran."""
    runs = {path.parent.name: read_json(path) for path in exp.glob("*/stage.json")}
    ordered = sorted(runs.items(), key=lambda item: str(item[1].get("finished")))
    return {run.get("stage", folder): run for folder, run in ordered}


def _of_stage(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, say: Language) -> Iterator[str]:
    if one is None or other is None:
        yield say("only_in", name="B" if one is None else "A")
        return
    values = [
        {
            **_flat(run.get("options", {})),
            **{f"{say('model')} {n}": d[:SHORT] for n, d in run.get("models", {}).items()},
        }
        for run in (one, other)
    ]
    for key in dict.fromkeys((*values[0], *values[1])):
        a, b = (value.get(key, "–") for value in values)
        if a != b and key not in PLACES:
            yield f"{key} {a} → {b}"
    if one.get("version") != other.get("version"):
        yield say("method_changed", a=one.get("version"), b=other.get("version"))


def _flat(options: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """Return nested options with dotted names."""
    flat: dict[str, Any] = {}
    for key, value in options.items():
        flat |= _flat(value, f"{where}{key}.") if isinstance(value, Mapping) else {f"{where}{key}": value}
    return flat
