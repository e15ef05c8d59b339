"""Write files that are on the disk when the call returns, even if the power fails a moment later."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from dialogue.core.files import replacing, to_json


def save(path: Path, value: Any) -> None:
    """Write JSON atomically, and wait until the disk has it."""
    save_text(path, to_json(value))


def save_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically, and wait until the disk has it."""
    with replacing(path) as part, part.open("wb") as file:
        file.write(text.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder, where the system can tell."""
    with contextlib.suppress(OSError):  # Windows has no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
