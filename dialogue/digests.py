"""sha256 of files, remembered by size and modification time, so that checking a thousand recordings takes a moment."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any


class Digests:
    """Digests of files with a notebook on disk.

    Args:
        notebook: JSON file that remembers; it may be deleted at any time.
    """

    def __init__(self, notebook: Path) -> None:
        self.notebook = notebook
        self.known: dict[str, list[Any]] = {}
        self.changed = False
        with contextlib.suppress(OSError, ValueError):  # absent or damaged: everything is hashed anew
            known = json.loads(notebook.read_text(encoding="utf-8"))
            self.known = (
                {k: v for k, v in known.items() if isinstance(v, list)} if isinstance(known, dict) else {}
            )

    def __call__(self, path: Path) -> str:
        """sha256 of a file's contents, in hexadecimal; a file is read again only when it changed."""
        stat, key = path.stat(), os.path.abspath(path)
        stamp = [stat.st_size, stat.st_mtime_ns]
        if self.known.get(key, [])[:2] != stamp:
            self.known[key] = [*stamp, sha256(path)]
            self.changed = True
        return self.known[key][2]

    def save(self) -> None:
        """Write the notebook; a read-only folder costs hashing anew, nothing else."""
        if self.changed:
            with contextlib.suppress(OSError):
                self.notebook.parent.mkdir(parents=True, exist_ok=True)
                part = self.notebook.with_name(f".{self.notebook.name}.{os.getpid()}.part")
                part.write_text(json.dumps(self.known), encoding="utf-8")
                part.replace(self.notebook)
                self.changed = False


def sha256(path: Path) -> str:
    """sha256 of a file's contents, in hexadecimal."""
    value = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            value.update(chunk)
    return value.hexdigest()


def of(value: Any) -> str:
    """sha256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
