"""Models that learned from data that were erased since: a file beside their weights, and a refusal to use them."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json, save_json

FILE = "tainted.json"


class TaintedError(DialogueError, ValueError):
    """A model that saw data which were erased since; the message says how to train it without them."""


def mark(folder: Path, retrain: str) -> None:
    """Mark a model.

    Args:
        folder: of its weights.
        retrain: how to make it again without what was erased.
    """
    save_json(folder / FILE, {"schema": "dialogue/tainted/1", "since": f"{date.today()}", "retrain": retrain})


def is_tainted(folder: Path) -> bool:
    """Tell whether the model in a folder is marked."""
    return (folder / FILE).exists()


def refuse(path: Path) -> None:
    """Refuse a marked model.

    Args:
        path: its folder, or a file in it.

    Raises:
        TaintedError: it is marked.
    """
    folder = path if path.is_dir() else path.parent
    if not is_tainted(folder):
        return
    known = {}
    with contextlib.suppress(OSError, ValueError):  # damaged, but there: the model stays refused
        known = read_json(folder / FILE)
    raise TaintedError(
        f"{folder}: it learned from data that were erased on {known.get('since', 'a day that is not known')}, and may "
        f"not be used. Train it without them: {known.get('retrain', 'see the command that trained it')}"
    )
