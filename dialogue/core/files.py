"""Write files atomically, with one JSON layout, and cache SHA-256 digests.

A digest is cached by a file's size and modification time, so that checking a thousand recordings is fast.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

SEAL = "sha256"  # key of an object that holds the digest of all its other keys
SURROGATE = re.compile("[\ud800-\udfff]")
HALF = re.compile(r"\\u[dD][89a-fA-F]")  # escaped; a pair is one character


_kept: set[str] = set()  # absolute paths of files that this process must not replace


def beside(path: Path) -> Path:
    """Return where the new content of a file goes that a person changed: ``minutes.new.md`` for ``minutes.md``."""
    return path.with_name(f"{path.stem}.new{path.suffix}")


@contextlib.contextmanager
def keeping(paths: Iterable[Path]) -> Iterator[None]:
    """Keep these files as they are while the block runs: what is written to one of them goes :func:`beside` it."""
    added = {os.path.abspath(path) for path in paths}
    _kept.update(added)
    try:
        yield
    finally:
        _kept.difference_update(added)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder, which replaces ``path`` when the block ends without an error.

    A killed process or a full disk leaves no half-written file at ``path``. Its parent folders are created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path = beside(path) if os.path.abspath(path) in _kept else path
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def remove_parts(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder."""
    for part in folder.glob(".*.part"):
        owner = part.name.split(".")[-2]
        if owner.isdecimal() and not _alive(int(owner)):
            with contextlib.suppress(OSError):
                part.unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def name_of(path: Path) -> str:
    """Return a file's name as text; bytes that are not UTF-8 become question marks."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically."""
    with replacing(path) as part:
        part.write_bytes(content)


def save_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    save_bytes(path, text.encode("utf-8"))


def to_json(value: Any) -> str:
    """Return JSON in this project's layout: unescaped UTF-8, an indent of one space, a final newline."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def save_json(path: Path, value: Any) -> None:
    """Write :func:`to_json` atomically."""
    save_text(path, to_json(value))


def to_json_lines(rows: Iterable[Any]) -> str:
    """Return JSON lines, one value per line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def save_json_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write :func:`to_json_lines` atomically."""
    save_text(path, to_json_lines(rows))


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, whatever the text.

    Half a surrogate pair, which no UTF-8 file can hold, becomes U+FFFD.

    Raises:
        json.JSONDecodeError: the text is not JSON, is nested too deeply, or has a number of thousands of digits.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        deepest = re.search(r"[\[{](?:[^\[{\]}]*[\[{]){90}", text)
        raise json.JSONDecodeError("nested too deeply", text, deepest.start() if deepest else 0) from error
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            raise
        digits = re.search(r"\d{4000}", text)
        raise json.JSONDecodeError("a number of thousands of digits", text, digits.start() if digits else 0) from error
    if SURROGATE.search(text) or HALF.search(text):
        value = json.loads(whole(json.dumps(value, ensure_ascii=False)))
    return value


def whole(text: str) -> str:
    """Return text with U+FFFD in place of half surrogate pairs, so that it can be encoded."""
    return SURROGATE.sub("\ufffd", text)


def read_json(path: Path) -> Any:
    """Read the value of a JSON file."""
    return parse_json(path.read_text(encoding="utf-8"))


def read_json_lines(path: Path) -> list[Any]:
    """Read the values of a JSON lines file; empty lines are skipped."""
    return [parse_json(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


class Digests:
    """SHA-256 digests of files, cached on disk.

    Args:
        notebook: JSON file with the cache; it may be deleted at any time.
    """

    def __init__(self, notebook: Path) -> None:
        self.notebook = notebook
        self.known: dict[str, list[Any]] = {}
        self.changed = False
        with contextlib.suppress(OSError, ValueError):  # if absent or damaged, everything is hashed again
            known = read_json(notebook)
            self.known = {k: v for k, v in known.items() if isinstance(v, list)} if isinstance(known, dict) else {}

    def __call__(self, path: Path) -> str:
        """Return the SHA-256 of a file's contents, in hexadecimal; a file is read again only if it has changed."""
        state, key = path.stat(), os.path.abspath(path)
        if not stat.S_ISREG(state.st_mode):  # a pipe would never end
            raise OSError(errno.EINVAL, "Not a regular file", str(path))
        stamp = [state.st_size, state.st_mtime_ns]
        if self.known.get(key, [])[:2] != stamp:
            self.known[key] = [*stamp, sha256(path)]
            self.changed = True
        return str(self.known[key][2])

    def save(self) -> None:
        """Write the cache; in a read-only folder this does nothing."""
        if self.changed:
            with contextlib.suppress(OSError):
                save_text(self.notebook, json.dumps(self.known))
                self.changed = False


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's contents, in hexadecimal."""
    value = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            value.update(chunk)
    return value.hexdigest()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of plain values, independent of the order of their keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def sealed(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with ``sha256``, the :func:`digest_of` all its other keys, so that an accident to it is found.

    Whoever changes it on purpose can compute the digest too.
    """
    rest = {key: item for key, item in value.items() if key != SEAL}
    return {**rest, SEAL: digest_of(rest)}


def is_sealed(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is as :func:`sealed` returned it."""
    return SEAL in value and value[SEAL] == sealed(value)[SEAL]


def resealed(value: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object was changed to, sealed if it was: a broken seal stays broken."""
    return sealed(value) if is_sealed(before) else dict(value)
