"""The log of a meeting's corrections: JSON lines, only ever appended to, safe with several writers."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from dialogue.core.files import parse_json, whole
from dialogue.core.lock import locked
from dialogue.core.tombstones import Tombstones
from dialogue.corrections.correction import OF_LOG, Correction, CorrectionError

NAME = "corrections.jsonl"


@dataclass(frozen=True, slots=True)
class Log:
    """What a log holds.

    Attributes:
        corrections: in the order of the lines.
        damaged: what is wrong with each line that is not a correction; such lines are skipped and stay.
    """

    corrections: tuple[Correction, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def active(self) -> tuple[Correction, ...]:
        """The corrections that are in effect: none that is undone."""
        undone = self.undone
        return tuple(c for c in self.corrections if c.do not in OF_LOG and c.id not in undone)

    @property
    def undone(self) -> tuple[str, ...]:
        """Ids of the undone corrections, the latest undone last."""
        found: list[str] = []
        for c in self.corrections:
            if c.do in OF_LOG and c.target:
                found = [id for id in found if id != c.target]
                found += [c.target] if c.do == "undo" else []
        return tuple(found)

    def to_undo(self, id: str | None = None) -> str:
        """Return the id of the correction to undo: the latest in effect by default.

        Raises:
            CorrectionError: there is none, or this one is not in effect.
        """
        return _chosen(id, [c.id for c in self.active], "undo")

    def to_redo(self, id: str | None = None) -> str:
        """Return the id of the correction to redo: the latest undone by default.

        Raises:
            CorrectionError: there is none, or this one is not undone.
        """
        return _chosen(id, self.undone, "redo")


def _chosen(id: str | None, possible: Sequence[str], do: str) -> str:
    if not possible or (id is not None and id not in possible):
        found = f"found {id!r}. " if id else "nothing to take. "
        raise CorrectionError(f"{do}: {found}Accepted: {', '.join(possible) or 'nothing now'}.")
    return id if id is not None else possible[-1]


def read(path: Path, recording: str) -> Log:
    """Read a log; without a file it is empty.

    Raises:
        CorrectionError: it is the log of another recording.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Log()
    found: dict[str, Correction] = {}
    damaged: list[str] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            correction = Correction.from_dict(parse_json(line.decode("utf-8")), where)
        except CorrectionError as error:
            damaged.append(str(error))
        except ValueError:
            damaged.append(f"{where}: not JSON, or cut. It is skipped, and stays in the file.")
        else:
            if correction.recording != recording:
                raise CorrectionError(
                    f"{path}: {where} is of recording {correction.recording!r}. Accepted: corrections of {recording!r}."
                )
            if correction.id in found:
                damaged.append(f"{where}: a second correction {correction.id}. Accepted: ids that are unique.")
            found.setdefault(correction.id, correction)
    return Log(tuple(found.values()), tuple(damaged))


def append(path: Path, correction: Correction) -> Correction:
    """Append a correction, and return it with its id and time; when this returns, it is on the disk.

    Writers wait for each other. If the disk is full, the file stays as it was.

    Raises:
        OSError: it could not be written, or others wrote for a minute.
        TombstoneError: it gives a name that was erased.
    """
    if correction.do in ("rename", "move") and correction.after:
        Tombstones(path.parent).refuse("person", correction.after)
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_name(f".{path.name}.lock")), path.open("a+b", buffering=0) as file:
        file.seek(0)
        before = file.read() or b""
        cut = bool(before) and not before.endswith(b"\n")  # the next line must not be appended to a cut one
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        number = before.count(b"\n") + cut + 1
        written = replace(correction, id=f"c{number}", at=now)
        line = whole(json.dumps(written.to_dict(), ensure_ascii=False))
        try:
            _write(file.fileno(), b"\n" * cut + line.encode() + b"\n")
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), len(before))
            raise
    return written


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def author() -> str:
    """Return the name of the person at this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without an account
        return "unknown"
