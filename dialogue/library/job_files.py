"""The files of jobs, and what the index holds of them.

Files are the truth here too. ``.jobs/<job>.json`` is on the disk before a job is accepted, and never changes;
``<job>.end.json`` says how it ended. Whoever works on a job holds a lock on its file, which the system releases when
that process ends, however it ends: so a job that is running in the index, but locked by nobody, is known to be dead at
once, and is taken again. What was done of it is kept by the stages. The clock orders nothing: jobs have a number.
"""

from __future__ import annotations

import datetime
import os
import re
import sqlite3
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from dialogue.core.files import read_json
from dialogue.core.lock import FileLock, try_lock
from dialogue.library import durable
from dialogue.library.catalogue import LibraryError

FOLDER = ".jobs"
NAME = re.compile(r"\d{8,}-[0-9a-f]{8}\.json")
MOST_DEATHS = 5  # times that the process of a job may die before the job is at fault

State = Literal["submitted", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """A meeting to process.

    Attributes:
        sequence: place in the order of arrival.
        priority: from -9 to 9; a higher one goes first. Among equal ones, owners take turns.
        submitted, ended: UTC, for people.
        webhook: URL that is told how it ended.
        step, share: what is being done, and the share of all the work that is done, in [0, 1].
        seconds_left: as estimated.
        cause: why it failed.
        notified: ``yes`` if the webhook has accepted the news, ``no`` if it never did; ``None`` as long as it is tried.
    """

    id: str
    meeting: str
    owner: str
    sequence: int
    priority: int = 0
    submitted: str = ""
    webhook: str | None = None
    state: State = "submitted"
    step: str | None = None
    share: float = 0.0
    seconds_left: float | None = None
    cause: str | None = None
    ended: str | None = None
    notified: str | None = None


KEPT = ("id", "meeting", "owner", "sequence", "priority", "submitted", "webhook")  # in the file of a job


def synchronise(database: sqlite3.Connection, library: Path) -> None:
    """Take from the files what the index does not know: jobs, how they ended, and that they are no more."""
    folder = library / FOLDER
    for id, known_already in unknown(database, folder):
        if not known_already:
            try:
                known = read_json(folder / f"{id}.json")
                insert(database, Job(**{name: known[name] for name in KEPT}))
            except (OSError, ValueError, KeyError, TypeError):  # not a job that was accepted
                continue
        if not (folder / f"{id}.json").exists():
            database.execute("DELETE FROM jobs WHERE id = ?", [id])
        elif (folder / f"{id}.end.json").exists():
            take_end(database, library, id)


def unknown(database: sqlite3.Connection, folder: Path) -> list[tuple[str, bool]]:
    """Return the jobs of which index and files say different things: id, whether the index knows it at all."""
    names = set(os.listdir(folder)) if folder.is_dir() else set()
    known = dict(database.execute("SELECT id, state FROM jobs").fetchall())
    found = [(id, True) for id in known if f"{id}.json" not in names]
    for name in sorted(filter(NAME.fullmatch, names)):
        id = name.removesuffix(".json")
        if id not in known:
            found.append((id, False))
        elif known[id] not in ENDED and f"{id}.end.json" in names:
            found.append((id, True))
    return found


def insert(database: sqlite3.Connection, job: Job) -> None:
    """Put a job into the index."""
    values = {name: value for name, value in asdict(job).items() if name in KEPT}
    marks = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO jobs ({', '.join(values)}) VALUES ({marks})", [*values.values()])


def take_end(database: sqlite3.Connection, library: Path, id: str) -> None:
    """Take from its file how a job ended."""
    found: dict[str, Any] = read_json(library / FOLDER / f"{id}.end.json")
    share = {"done": ", share = 1, seconds_left = 0"}.get(found["state"], "")
    database.execute(
        f"UPDATE jobs SET state = ?, cause = ?, ended = ?, notified = ?, process = NULL{share} WHERE id = ?",
        [found["state"], found.get("cause"), found.get("ended"), found.get("notified"), id],
    )


def job_of(row: sqlite3.Row) -> Job:
    """Return a job as the index has it."""
    return Job(**{f.name: row[f.name] for f in fields(Job)})


def now() -> str:
    """Return the time in UTC, for people."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def lock_of(library: Path, id: str) -> FileLock | None:
    """Lock a job; ``None`` if a process works on it."""
    return try_lock(library / FOLDER / f"{id}.json")


def mark_of(library: Path, id: str) -> Path:
    """Return the file that exists once somebody asked to cancel a job."""
    return library / FOLDER / f"{id}.cancel"


def end(database: sqlite3.Connection, library: Path, id: str, state: State, cause: str | None = None) -> None:
    """Note how a job ended, first in its file."""
    durable.save(library / FOLDER / f"{id}.end.json", {"state": state, "cause": cause, "ended": now()})
    take_end(database, library, id)
    mark_of(library, id).unlink(missing_ok=True)


def recover(database: sqlite3.Connection, library: Path) -> None:
    """Find the jobs whose process died: they wait again, or end if they were cancelled or have died too often."""
    for id, deaths in database.execute("SELECT id, deaths FROM jobs WHERE state = 'running'").fetchall():
        lock = lock_of(library, id)
        if lock is None:
            continue
        if (library / FOLDER / f"{id}.end.json").exists():
            take_end(database, library, id)
        elif mark_of(library, id).exists():
            end(database, library, id, "cancelled")
        elif deaths + 1 >= MOST_DEATHS:
            end(database, library, id, "failed", f"its process died {deaths + 1} times, often for lack of memory")
        else:
            database.execute("UPDATE jobs SET state = 'submitted', deaths = deaths + 1 WHERE id = ?", [id])
        lock.release()


def forget(database: sqlite3.Connection, library: Path, meeting: str) -> None:
    """Delete the jobs of a meeting.

    Raises:
        LibraryError: one of them waits or is running.
    """
    synchronise(database, library)
    recover(database, library)
    rows = database.execute("SELECT id, state FROM jobs WHERE meeting = ?", [meeting]).fetchall()
    for id, state in rows:
        if state not in ENDED:
            raise LibraryError(f"{meeting}: job {id} is {state}. Type first: dialogue library cancel {id}")
    for id, _ in rows:
        for path in (library / FOLDER).glob(f"{id}.*"):
            path.unlink(missing_ok=True)
        database.execute("DELETE FROM jobs WHERE id = ?", [id])
