"""What the work of a stage costs on this machine, as it was measured in earlier runs: from it comes the time left."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from dialogue.core.audio import Recording
from dialogue.core.files import read_json, save_json
from dialogue.core.models import user_cache

LEAST = 30.0  # seconds of sound below which a measurement says little
WEIGHT = 0.5  # of the newest measurement


def expected(stage: str, models: Sequence[str], cost: float, recordings: Sequence[Recording]) -> dict[str, float]:
    """Return the seconds of work expected for each recording.

    Args:
        models: those of the stage.
        cost: seconds per second of sound that the stage declares, from its options.
    """
    cost *= _read().get(_key(stage, models), 1.0)
    return {r.id: cost * r.duration for r in recordings}


def learn(stage: str, models: Sequence[str], cost: float, seconds: float, recordings: Sequence[Recording]) -> None:
    """Remember how many times the declared cost recordings took, on a disk that can be written."""
    sound = sum(r.duration for r in recordings)
    if sound < LEAST:
        return
    known, key = _read(), _key(stage, models)
    times = seconds / (sound * cost)
    known[key] = round(known.get(key, times) * (1 - WEIGHT) + times * WEIGHT, 6)
    with contextlib.suppress(OSError):
        save_json(_path(), known)


def _key(stage: str, models: Sequence[str]) -> str:
    return " ".join([stage, *models])


def _path() -> Path:
    return user_cache() / "costs.json"


def _read() -> dict[str, float]:
    try:
        found = read_json(_path())
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, float) and v > 0} if isinstance(found, dict) else {}
