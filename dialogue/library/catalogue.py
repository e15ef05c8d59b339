"""The catalogue of a library, ``library.sqlite``: an index of the files of its meetings, and of its jobs.

Everything in it can be read from files again, so losing it loses nothing, and a database of an earlier version is
simply made anew. Each use opens it for one transaction, under a shared lock on ``.library.lock``; :func:`replaced`
holds that lock alone, so that nobody has the database open while another takes its place.

``words`` is a full-text index (FTS5) without contents: it holds the stems of the texts of ``passages``, whose ids are
``number of the meeting << SHIFT | place``; from :data:`ITEMS` on, places are items of the minutes.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dialogue.core.errors import DialogueError
from dialogue.core.lock import locked
from dialogue.library.stems import stems

NAME = "library.sqlite"
VERSION = 2  # of the tables and of the stems; with another one, everything is indexed again
PATIENCE = 60.0  # seconds to wait for another writer
SHIFT, ITEMS = 20, 1 << 19
TABLES = """
CREATE TABLE meetings (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, owner TEXT NOT NULL, title TEXT, date TEXT, duration REAL,
    participants TEXT, tags TEXT, labels TEXT, added TEXT, keep_until TEXT, consent_until TEXT, sound TEXT, sha256 TEXT,
    problem TEXT, stamp TEXT NOT NULL
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, speaker TEXT, start REAL, end REAL, text TEXT NOT NULL, due TEXT,
    status TEXT
);
CREATE INDEX items ON passages (kind) WHERE kind <> 'words';
CREATE VIRTUAL TABLE words USING fts5(stems, speaker, content='', tokenize='unicode61 remove_diacritics 0');
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(1.0, 0.0)');
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, meeting TEXT NOT NULL, owner TEXT NOT NULL, sequence INTEGER NOT NULL,
    priority INTEGER NOT NULL, submitted TEXT, webhook TEXT, state TEXT NOT NULL DEFAULT 'submitted', step TEXT,
    share REAL NOT NULL DEFAULT 0, seconds_left REAL, cause TEXT, ended TEXT, process INTEGER,
    turn INTEGER NOT NULL DEFAULT 0, deaths INTEGER NOT NULL DEFAULT 0, notified TEXT
);
CREATE INDEX waiting ON jobs (state, priority DESC, sequence);
CREATE INDEX turns ON jobs (owner, turn);
"""


class LibraryError(DialogueError, ValueError):
    """A library, or what was asked of it, that cannot be used; the message says what to do."""


class IndexedText(NamedTuple):
    """A text to find: an utterance (kind ``words``) or an item of the minutes.

    ``speaker`` is who said it, or for an action its owner; ``start`` and ``end`` are seconds.
    """

    kind: str
    speaker: str | None
    start: float | None
    end: float | None
    text: str
    due: str | None = None
    status: str | None = None


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield the database as it is now, whatever others write meanwhile.

    Raises:
        LibraryError: it is damaged, or from a newer version.
    """
    with _used(folder) as database:
        database.execute("BEGIN")
        yield database


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield the database to the only writer; what is written is kept if the block ends without an error.

    Raises:
        LibraryError: it is damaged, or from a newer version; or the disk is full.
    """
    with _used(folder) as database:
        database.execute("BEGIN IMMEDIATE")
        yield database
        database.execute("COMMIT")


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield a new database, which takes the place of the old one if the block ends without an error.

    Raises:
        LibraryError: another process is doing the same.
    """
    path = folder / NAME
    part = path.with_name(f".{NAME}.part")
    try:
        with locked(folder / ".rebuild.lock", patience=0):
            _remove(part)
            with contextlib.closing(_connected(part)) as database, _explained(part):
                _create(database)
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("INSERT INTO words (words) VALUES ('optimize')")
                database.execute("COMMIT")
                database.execute("PRAGMA journal_mode = DELETE")  # one file, which can be moved
            with locked(folder / ".library.lock", patience=PATIENCE):
                _remove(path)
                part.replace(path)
    except TimeoutError as error:
        raise LibraryError(f"{folder}: it is being rebuilt, or used all the time. Try again later.") from error


@contextlib.contextmanager
def _used(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / NAME
    with (
        locked(folder / ".library.lock", shared=True, patience=PATIENCE),
        _explained(path),
        contextlib.closing(_connected(path)) as database,  # which rolls an open transaction back
    ):
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise LibraryError(
                f"{path}: made by a newer version of dialogue (database {version}, this one reads {VERSION}). "
                f"Update dialogue; or type `dialogue library rebuild`, which loses nothing."
            )
        if version < VERSION:
            _create(database)
        yield database


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    database.row_factory = sqlite3.Row
    return database


def _create(database: sqlite3.Connection) -> None:
    """Make the tables, unless another process just did."""
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        for table in ("meetings", "passages", "words", "jobs"):
            database.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in TABLES.strip().split(";\n"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")


def _remove(path: Path) -> None:
    for ending in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite into sentences that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            raise LibraryError(f"{path}: no room left on its disk ({text}). Free some, and repeat.") from error
        if "locked" in text:
            raise LibraryError(f"{path}: another process was writing for {PATIENCE:g} s. Try again later.") from error
        if "readonly" in text or "unable to open" in text:
            raise LibraryError(f"{path}: it cannot be written ({text}). Accepted: a folder of your own.") from error
        raise LibraryError(
            f"{path}: damaged ({text}). Nothing is lost, since it is only an index: type `dialogue library rebuild`."
        ) from error


# Meetings ---------------------------------------------------------------------------------------------------------


def store(database: sqlite3.Connection, row: Mapping[str, Any], lines: Iterable[IndexedText]) -> None:
    """Put a meeting into the index, in place of what it held of it."""
    number = forget(database, row["id"])
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    if number is None:
        number = database.execute("SELECT coalesce(max(number), 0) + 1 FROM meetings").fetchone()[0]
    database.execute(f"INSERT INTO meetings (number, {names}) VALUES (?, {marks})", [number, *row.values()])
    places = {True: 0, False: ITEMS}
    rows, found = [], []
    for line in lines:
        place = places[line.kind == "words"]
        places[line.kind == "words"] += 1
        id = number << SHIFT | place
        rows.append((id, *line))
        found.append((id, *_indexed(line.text, line.speaker)))
    database.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.executemany("INSERT INTO words (rowid, stems, speaker) VALUES (?, ?, ?)", found)


def forget(database: sqlite3.Connection, id: str) -> int | None:
    """Remove a meeting from the index; returns the number that it had."""
    known = database.execute("SELECT number FROM meetings WHERE id = ?", [id]).fetchone()
    if known is None:
        return None
    number = int(known[0])
    span = [number << SHIFT, (number + 1) << SHIFT]
    database.execute("PRAGMA secure_delete = ON")
    kept = database.execute("SELECT id, text, speaker FROM passages WHERE id >= ? AND id < ?", span).fetchall()
    gone = [(passage, *_indexed(text, speaker)) for passage, text, speaker in kept]
    database.executemany("INSERT INTO words (words, rowid, stems, speaker) VALUES ('delete', ?, ?, ?)", gone)
    database.execute("DELETE FROM passages WHERE id >= ? AND id < ?", span)
    database.execute("DELETE FROM meetings WHERE number = ?", [number])
    return number


def _indexed(text: str, speaker: str | None) -> tuple[str, str]:
    return " ".join(stems(text)), " ".join(stems(speaker or ""))


def as_list(value: str) -> tuple[str, ...]:
    """Return a column that holds a list."""
    return () if value == "[]" else tuple(json.loads(value))
