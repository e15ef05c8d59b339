"""The ledger of a folder: what was done to which personal data, when and by whom, and none of the data.

``<folder>/.ledger/lines.jsonl`` is only ever appended to. Each line holds the hash of the one before, so that a line
that was changed, removed or moved is found; ``head`` holds the last one, so that lines cut off at the end are missed.
Ids are kept as HMAC-SHA256 with a key of the folder: whoever has both can look an id up, nobody can read one.
Whoever can write all of these files can also write another history: keep the last hash elsewhere to exclude that.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from dialogue.core.errors import DialogueError
from dialogue.core.files import save_text
from dialogue.core.lock import locked

FOLDER, NAME, HEAD, KEY = ".ledger", "lines.jsonl", "head", "key"
FIRST = "0" * 64  # the hash before the first line


class LedgerError(DialogueError, ValueError):
    """A ledger that is not as it was written; the message names the line."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A line.

    Attributes:
        number: from 1.
        at: UTC.
        by: account on this machine.
        action: what was done: prepare, tasks, train, export, enrol, erase, purge...
        counts: of what, how many.
        data: keyed hashes of the ids of the recordings or people.
        digests: SHA-256 of files read or written.
        previous: hash of the line before.
        hash: SHA-256 of this line without it.
    """

    number: int
    at: str
    by: str
    action: str
    counts: Mapping[str, int] = field(default_factory=dict)
    data: Sequence[str] = ()
    digests: Sequence[str] = ()
    previous: str = FIRST
    hash: str = ""


def record(
    folder: Path,
    action: str,
    *,
    ids: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
    digests: Iterable[str] = (),
) -> None:
    """Append a line; when this returns, it is on the disk. Processes wait for each other.

    Args:
        ids: of the recordings or people; their hashes are kept.
        counts: of what, how many.
        digests: SHA-256 of files.
    """
    folder = folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    with locked(folder / "lock"):
        known = {_hashed(_key(folder), id) for id in ids}
        with path.open("a+b") as file:
            file.seek(0)
            whole, _, cut = file.read().rpartition(b"\n")
            if cut:  # of a process that was killed: it was never told that its line is there
                file.truncate(len(whole) + 1 if whole else 0)
            lines = whole.split(b"\n") if whole else []
            previous = json.loads(lines[-1])["hash"] if lines else FIRST
            now = datetime.now(timezone.utc).isoformat(timespec="seconds")
            entry = {
                "number": len(lines) + 1,
                "at": now,
                "by": _account(),
                "action": action,
                "counts": dict(counts or {}),
                "data": sorted(known),
                "digests": sorted(set(digests)),
                "previous": previous,
            }
            entry["hash"] = _digest(entry)
            file.write(json.dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        save_text(folder / HEAD, f"{entry['number']} {entry['hash']}\n")


def read(folder: Path) -> list[LedgerEntry]:
    """Return the lines of a ledger, checked; none without a ledger.

    Raises:
        LedgerError: a line was changed, removed or moved.
    """
    folder = folder / FOLDER
    path, found, previous = folder / NAME, [], FIRST
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        lines = []
    for number, line in enumerate(lines[:-1], start=1):
        where = f"{path}, line {number}"
        try:
            entry = LedgerEntry(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise LedgerError(f"{where}: not a line of a ledger ({error}).") from error
        if entry.number != number or entry.previous != previous:
            raise LedgerError(f"{where}: it does not follow the one before: a line was removed, added or moved.")
        if _digest({k: v for k, v in asdict(entry).items() if k != "hash"}) != entry.hash:
            raise LedgerError(f"{where}: it was changed after it was written.")
        found.append(entry)
        previous = entry.hash
    if (folder / HEAD).exists():
        count, _, last = (folder / HEAD).read_text().strip().partition(" ")
        if not count.isdecimal() or not 0 < int(count) <= len(found) or found[int(count) - 1].hash != last:
            raise LedgerError(f"{path}: {len(found)} lines, but there were {count}: the last ones were removed.")
    elif len(found) > 1:  # a process may have been killed just after the first line
        raise LedgerError(f"{folder / HEAD}: missing, so nobody can tell whether lines were cut off at the end.")
    return found


def of(folder: Path, id: str) -> list[LedgerEntry]:
    """Return the lines about a recording or a person."""
    key = folder / FOLDER / KEY
    wanted = _hashed(key.read_bytes(), id) if key.exists() else None
    return [entry for entry in read(folder) if wanted in entry.data]


def _hashed(key: bytes, id: str) -> str:
    return hmac.new(key, id.encode(), hashlib.sha256).hexdigest()[:16]


def _key(folder: Path) -> bytes:
    path = folder / KEY
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with open(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def _digest(entry: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without an account
        return "unknown"
