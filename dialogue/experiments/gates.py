"""Gates for a corpus on which nobody has measured yet: the first run writes them, later runs are compared with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dialogue.core.config import parse_yaml, to_yaml
from dialogue.core.files import digest_of, save_text
from dialogue.core.progress import log
from dialogue.core.version import VERSION
from dialogue.scoring import ScoreError, Scores, check_gates
from dialogue.workflow import runner

GATED = ("cpwer", "wer", "der")
MARGIN = 0.1  # of the measured value: what differs between machines and versions of packages
LEAST = 0.01  # the margin of a value that is close to 0


def check(path: Path, scores: Scores) -> list[str]:
    """Return a sentence for each gate of a file that failed; if there is no file, write it, compare nothing, say so.

    Raises:
        ScoreError: the file does not hold gates.
    """
    if not path.exists():
        log.warning("gates: %s", _make(path, scores))
        return []
    try:
        found = parse_yaml(path.read_text(encoding="utf-8"))
        gates, measured_on = {str(k): float(v) for k, v in found["gates"].items()}, found["on"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScoreError(
            f"{path}: no gates ({error}). Accepted: the file that a first run wrote. Delete it to have a new one."
        ) from error
    if measured_on != _on(scores):
        said = f"the gates of {path} are of {measured_on}, these scores of {_on(scores)}, so nothing is compared. "
        return [f"{said}Delete the file to have gates of these."]
    return check_gates(scores, gates)


def _make(path: Path, scores: Scores) -> str:
    if scores.missing:
        return f"nothing is compared, and no gates are made: {len(scores.missing)} recordings have no transcript."
    measured = {name: v for name in GATED if (v := scores.totals[name].value) is not None}
    gates = {name: round(value + max(MARGIN * value, LEAST), 3) for name, value in measured.items()}
    values = ", ".join(f"{name} {value:.3f}" for name, value in measured.items())
    head = (
        f"# Made by a first run; a later score that is worse fails. Rates, not percent; measured: {values}.\n"
        f"# {runner.command()}; dialogue {VERSION}, {date.today()}. Delete the file, and the next run makes new ones.\n"
    )
    save_text(path, head + to_yaml({"on": _on(scores), "gates": gates}))
    limits = ", ".join(f"{name} {limit:g}" for name, limit in gates.items())
    return (
        f"there were none, so nothing is compared. They were made now, from these scores ({values}) and a margin of "
        f"{MARGIN:.0%}: {limits}. The next run is compared with them; keep {path} with the recipe."
    )


def _on(scores: Scores) -> str:
    """Say what scores are of, so that only those of the same recordings are compared."""
    ids: Any = sorted(scores.recordings)
    return f"{len(ids)} recordings ({digest_of(ids)[:8]}), {scores.normalizer}"
