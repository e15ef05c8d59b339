"""Keep what recognition found batch by batch, so that a run that was killed goes on where it was."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.core.files import save_text
from dialogue.speech.asr.recognition import Found

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Batches:
    """The batches of a recording in a JSON lines file: what they were made from, then a line for each.

    Called for each batch in order, it returns what the file holds of it, or calls the batch and adds what it found.

    Args:
        path: the file; if it was made from something else, it is started again.
        made_from: digest of the sound, the speech, the options and the weights.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, made_from: str) -> None:
        self.path = path
        self.head = json.dumps({"made_from": made_from})
        head, found = _read(path)
        self.found = found if head == self.head else []
        save_text(path, "".join([f"{self.head}\n", *map(self._line, self.found)]))

    def __call__(self, batch: Callable[[], Found]) -> Found:
        if self.found:
            return self.found.pop(0)
        found = batch()
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self._line(found))
        return found

    def _line(self, found: Found) -> str:
        return _adapter().dump_json(found).decode() + "\n"


def found_in(path: Path) -> list[Found]:
    """Return the whole batches of a file that another process may be writing; nothing if there is no file."""
    return _read(path)[1]


def _read(path: Path) -> tuple[str, list[Found]]:
    """Return the head of a file, and its batches up to the first line that is not whole."""
    found: list[Found] = []
    try:
        head, *lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return "", found
    with contextlib.suppress(ValueError):
        for line in lines:
            found.append(_adapter().validate_json(line))
    return head, found


@cache
def _adapter() -> TypeAdapter[Found]:
    from pydantic import TypeAdapter

    return TypeAdapter(Found)
