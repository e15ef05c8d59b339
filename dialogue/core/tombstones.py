"""Tombstones: what was erased and may not come back, as hashes that tell nothing without a key beside them.

``<folder>/.tombstones.jsonl`` holds one line for each recording, sound or person that was erased below the folder, and
applies to everything below it. The hashes are HMAC-SHA256 with a random key of the folder, ``.tombstones.key``: a name
cannot be guessed from the list alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json_lines
from dialogue.core.lock import locked

NAME, KEY = ".tombstones.jsonl", ".tombstones.key"

Kind = Literal["recording", "sound", "person"]  # by id; by the SHA-256 of its file; by name
WHAT = {
    "recording": "a recording of this id was erased on {at}. If this is another recording, give it another name",
    "sound": "this sound was erased on {at}",
    "person": "a person of this name asked to be erased on {at}. If this is somebody else, write the name another way",
}


class TombstoneError(DialogueError, ValueError):
    """Something that was erased and may not come back; the message says when, and what is accepted."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A line of the list.

    Attributes:
        hash: of the id, digest or name.
        at: day.
        counts: what was deleted or changed -> how often.
    """

    kind: Kind
    hash: str
    at: str
    counts: Mapping[str, int]


class Tombstones:
    """The tombstones that apply to some folders: theirs, and those of all folders above them.

    Raises:
        TombstoneError: a list cannot be read, or its key is missing.
    """

    def __init__(self, *folders: Path) -> None:
        above = dict.fromkeys(each for folder in folders for each in (folder.resolve(), *folder.resolve().parents))
        self._lists = [(_key(each), _read(each / NAME)) for each in above if (each / NAME).exists()]

    def __bool__(self) -> bool:
        return bool(self._lists)

    def find(self, kind: Kind, value: str) -> Tombstone | None:
        """Return the tombstone of an id, of the SHA-256 of a sound, or of a name, if there is one."""
        for key, stones in self._lists:
            wanted = hashed(key, kind, value)
            for stone in stones:
                if stone.kind == kind and hmac.compare_digest(stone.hash, wanted):
                    return stone
        return None

    def refuse(self, kind: Kind, *values: str) -> None:
        """Refuse values that have a tombstone.

        Raises:
            TombstoneError: one of them has.
        """
        for value in values if self else ():
            if stone := self.find(kind, value):
                raise TombstoneError(f"{value}: {WHAT[kind].format(at=stone.at)}.")


def write(folder: Path, wanted: Iterable[tuple[Kind, str]], counts: Mapping[str, int] | None = None) -> None:
    """Add tombstones to the list of a folder; one that is there gets the new counts."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / f"{NAME}.lock"):
        key = _key(folder, make=not (folder / NAME).exists())
        stones = {(s.kind, s.hash): s for s in (_read(folder / NAME) if (folder / NAME).exists() else ())}
        for kind, value in wanted:
            place = kind, hashed(key, kind, value)
            before = stones[place].at if place in stones else f"{date.today()}"
            stones[place] = Tombstone(*place, before, dict(counts or {}))
        text = "".join(
            json.dumps({"kind": s.kind, "hash": s.hash, "at": s.at, "counts": dict(s.counts)}) + "\n"
            for s in stones.values()
        )
        _save(folder / NAME, text.encode(), 0o644)


def hashed(key: bytes, kind: str, value: str) -> str:
    """Return the hash of a value; ids and names are compared whatever their case, and names whatever their spaces."""
    value = value.replace("_", " ") if kind == "person" else value  # columns of files have no spaces
    plain = " ".join(unicodedata.normalize("NFC", value).casefold().split())
    return hmac.new(key, f"{kind}\0{plain}".encode(), hashlib.sha256).hexdigest()


def _key(folder: Path, make: bool = False) -> bytes:
    path = folder / KEY
    if not path.exists() and make:
        _save(path, secrets.token_hex(32).encode(), 0o600)
    try:
        return path.read_bytes()
    except OSError as error:
        raise TombstoneError(
            f"{path}: {error.strerror}. It is the key of {NAME}, without which nobody can tell what may not come back. "
            f"Bring it back from a copy; or delete both, and everything is accepted again."
        ) from error


def _read(path: Path) -> list[Tombstone]:
    try:
        return [Tombstone(**row) for row in read_json_lines(path)]
    except (OSError, ValueError, TypeError) as error:
        raise TombstoneError(f"{path}: no list of tombstones ({error}). Bring it back from a copy.") from error


def _save(path: Path, content: bytes, mode: int) -> None:
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
