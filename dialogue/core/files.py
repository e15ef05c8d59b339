"""Files written whole or not at all, one layout of JSON, and SHA-256 digests that are remembered.

A digest is remembered by a file's size and modification time, so that checking a thousand recordings takes a moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends without an error.

    A killed process leaves no half-written file, and a full disk none at all. Folders above ``path`` are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as part:
        part.write_bytes(content)


def save_text(path: Path, text: str) -> None:
    """Write UTF-8 whole or not at all."""
    save_bytes(path, text.encode("utf-8"))


def to_json(value: Any) -> str:
    """JSON as this project writes it: UTF-8 as it is, an indent of one space, a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def save_json(path: Path, value: Any) -> None:
    """Write :func:`to_json` whole or not at all."""
    save_text(path, to_json(value))


def to_json_lines(rows: Iterable[Any]) -> str:
    """JSON lines: one value a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def save_json_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write :func:`to_json_lines` whole or not at all."""
    save_text(path, to_json_lines(rows))


def read_json(path: Path) -> Any:
    """The value of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_json_lines(path: Path) -> list[Any]:
    """The values of a file of JSON lines; empty lines are passed over."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


class Digests:
    """SHA-256 digests of files, remembered on disk.

    Args:
        notebook: JSON file that remembers; it may be deleted at any time.
    """

    def __init__(self, notebook: Path) -> None:
        self.notebook = notebook
        self.known: dict[str, list[Any]] = {}
        self.changed = False
        with contextlib.suppress(OSError, ValueError):  # absent or damaged: everything is hashed anew
            known = read_json(notebook)
            self.known = {k: v for k, v in known.items() if isinstance(v, list)} if isinstance(known, dict) else {}

    def __call__(self, path: Path) -> str:
        """SHA-256 of a file's contents, in hexadecimal; a file is read again only when it has changed."""
        stat, key = path.stat(), os.path.abspath(path)
        stamp = [stat.st_size, stat.st_mtime_ns]
        if self.known.get(key, [])[:2] != stamp:
            self.known[key] = [*stamp, sha256(path)]
            self.changed = True
        return str(self.known[key][2])

    def save(self) -> None:
        """Write the notebook. In a read-only folder nothing is remembered, and nothing else is lost."""
        if self.changed:
            with contextlib.suppress(OSError):
                save_text(self.notebook, json.dumps(self.known))
                self.changed = False


def sha256(path: Path) -> str:
    """SHA-256 of a file's contents, in hexadecimal."""
    value = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            value.update(chunk)
    return value.hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
