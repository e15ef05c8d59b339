"""Keep what recognition found batch by batch, so that a run that was killed goes on where it was."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from dialogue.core.files import save_text
from dialogue.speech.asr.recognition import Found


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
        from pydantic import TypeAdapter

        self.path = path
        self.type = TypeAdapter(Found)
        self.head = json.dumps({"made_from": made_from})
        self.found = list(self._read())
        save_text(path, "".join([f"{self.head}\n", *map(self._line, self.found)]))

    def __call__(self, batch: Callable[[], Found]) -> Found:
        if self.found:
            return self.found.pop(0)
        found = batch()
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self._line(found))
        return found

    def _read(self) -> Iterator[Found]:
        """Yield the batches up to the first line that is not whole."""
        with contextlib.suppress(OSError, ValueError):
            head, *lines = self.path.read_text(encoding="utf-8").split("\n")
            if head == self.head:
                yield from map(self.type.validate_json, lines)

    def _line(self, found: Found) -> str:
        return self.type.dump_json(found).decode() + "\n"
