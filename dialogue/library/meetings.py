"""A library of meetings: a folder that :func:`dialogue.workflow.meeting.run` can write, with an index.

``<library>/<id>/`` holds the results of a meeting, and ``meeting.yaml`` what people said about it; ``.sounds/`` has the
recordings, or links to them. These files are the truth: whatever changed in them since the last call is indexed again
before anything is read.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from dialogue.core import audio, ledger
from dialogue.core.files import sha256, to_json
from dialogue.core.tombstones import Tombstones
from dialogue.core.transcript import Transcript
from dialogue.library import catalogue, durable, job_files, remote
from dialogue.library.catalogue import LibraryError, as_list
from dialogue.library.contents import index_meeting, label, stamps
from dialogue.library.facts import FACTS, MeetingFacts, changed, read_facts, write_facts
from dialogue.library.owners import LOCAL, owned
from dialogue.minutes.document import Minutes

SOUNDS = ".sounds"
TEXTS = {  # beside the facts of a meeting
    "agenda": "agenda.txt",
    "glossary": "glossary.txt",
    "turns": "turns.json",
    "transcript": "transcript.json",
}


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """A meeting as it is listed.

    Attributes:
        sound: where the recording was when it was added.
        problem: why its files cannot be read, or that there are none yet.
    """

    id: str
    owner: str
    title: str | None
    date: str | None
    duration: float | None
    participants: tuple[str, ...]
    tags: tuple[str, ...]
    added: str | None
    keep_until: str | None
    consent_until: str | None
    sound: str | None
    sha256: str | None
    problem: str | None


def default_folder() -> Path:
    """Return ``$DIALOGUE_LIBRARY``, or a folder among the user's data."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(os.environ.get("DIALOGUE_LIBRARY") or Path(data) / "dialogue/library")


class Library:
    """The meetings of a folder, as one user sees them.

    Args:
        folder: made if missing; by default that of :func:`default_folder`.
        user: owner of what is added; ``None`` is the keeper of the library, who sees what everyone has.
    """

    def __init__(self, folder: str | Path | None = None, user: str | None = LOCAL) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()
        self.user = user
        self.folder.mkdir(parents=True, exist_ok=True)

    # Reading ------------------------------------------------------------------------------------------------------

    def list(self, tag: str | None = None, expired: bool = False) -> list[MeetingEntry]:
        """Return the user's meetings, the latest first.

        Args:
            tag: only those with this tag.
            expired: only those that should no longer be kept (see ``keep_until``).
        """
        condition, values = owned(self.user)
        if tag is not None:
            condition, values = f"{condition} AND instr(labels, ?)", [*values, label(tag)]
        if expired:
            moment = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
            condition += " AND keep_until < CASE length(keep_until) WHEN 10 THEN ? ELSE ? END"
            values = [*values, f"{datetime.date.today()}", moment]
        with self.reading() as database:
            rows = database.execute(
                f"SELECT {COLUMNS} FROM meetings WHERE {condition} ORDER BY coalesce(date, added) DESC, number DESC",
                values,
            ).fetchall()
        return [_entry(row) for row in rows]

    def get(self, id: str) -> MeetingEntry:
        """Return one of the user's meetings.

        Raises:
            LibraryError: they have no such meeting.
        """
        condition, values = owned(self.user)
        with self.reading() as database:
            row = database.execute(
                f"SELECT {COLUMNS} FROM meetings WHERE id = ? AND {condition}", [id, *values]
            ).fetchone()
        if row is None:
            raise LibraryError(f"no meeting {id!r}. `dialogue library list` shows those that there are.")
        return _entry(row)

    def facts(self, id: str) -> MeetingFacts:
        """Return what people said about a meeting."""
        self.get(id)
        return read_facts(self.folder / id)

    def transcript(self, id: str) -> Transcript:
        """Return the transcript of a meeting, with its corrections."""
        self.get(id)
        return Transcript.load(self.folder / id / f"{id}.json")

    def minutes(self, id: str) -> Minutes | None:
        """Return the minutes of a meeting, with their corrections, if it has any."""
        self.get(id)
        path = self.folder / id / "minutes.json"
        return Minutes.load(path) if path.exists() else None

    def page(self, id: str, start: float | None = None) -> str | None:
        """Return the address of a meeting's page, which plays from ``start`` (seconds); ``None`` if it has no page."""
        self.get(id)
        return page_of(self.folder, id, start)

    # Writing ------------------------------------------------------------------------------------------------------

    def add(self, path: Path, *, copy: bool = False, digest: str | None = None, **facts: Any) -> str:
        """Add a recording, or the folder of a meeting that ``dialogue meeting`` made; returns the meeting's id.

        A recording is only noted: :class:`~dialogue.library.jobs.Queue` has it processed. A meeting whose sound has
        the name of another's gets a number (``réunion-2``).

        Args:
            copy: keep a copy of the recording, and not a link to it.
            digest: SHA-256 of the recording, if it is known.
            facts: fields of :class:`MeetingFacts`; ``agenda``, ``glossary``, and ``turns`` and ``transcript`` in
                JSON, texts.

        Raises:
            LibraryError, ValueError, AudioError: it is no recording, or a fact is not valid. Nothing was added.
            TombstoneError: it was erased, or somebody who takes part was.
        """
        texts = {TEXTS[name]: facts.pop(name) for name in TEXTS if name in facts}
        known = MeetingFacts(owner=self.user or LOCAL, added=job_files.now())
        known = changed(known, facts)
        if path.is_dir():
            found = (path / f"{path.resolve().name}.json").exists()
            if not found:
                raise LibraryError(f"{path}: no meeting. Accepted: a recording, or a folder of `dialogue meeting`.")
        else:
            audio.probe(path, track=known.options.get("audio", {}).get("track"))
            known = replace(known, sound=os.path.abspath(path), sha256=digest or sha256(path))
            Tombstones(self.folder).refuse("sound", str(known.sha256))
        if path.is_dir() and path.resolve().parent == self.folder.resolve():
            return self._adopt(path.resolve().name, known)
        wanted = audio.recording_id(path.resolve() if path.is_dir() else path)
        self._refuse_erased(wanted, known)
        id = self._reserved(wanted)
        try:
            if path.is_dir():
                _copy_meeting(path, self.folder / id)
            else:
                self._take_sound(path, id, copy)
            self._write(id, texts, known)
        except BaseException:
            self._delete(id)
            raise
        return id

    def add_transcript(self, said: Transcript, **facts: Any) -> str:
        """Add a meeting of which there is a transcript and no sound; returns its id, after the transcript's recording.

        Its job makes the minutes, the documents and the page.

        Raises:
            LibraryError, ValueError: a fact is not valid. Nothing was added.
        """
        texts = {TEXTS[name]: facts.pop(name) for name in TEXTS if name in facts}
        texts[TEXTS["transcript"]] = to_json(said.to_dict())
        known = changed(MeetingFacts(owner=self.user or LOCAL, added=job_files.now()), facts)
        wanted = audio.recording_id(f"{said.recording}.json")
        self._refuse_erased(wanted, known, *(s.name for s in said.speakers if s.name))
        id = self._reserved(wanted)
        try:
            self._write(id, texts, known)
        except BaseException:
            self._delete(id)
            raise
        return id

    def add_remote(self, id: str, address: str, largest: int, **facts: Any) -> str:
        """Add a meeting whose sound is still at an address; its job fetches it. Returns the meeting's id.

        Args:
            largest: bytes that are fetched.

        Raises:
            LibraryError, ValueError: a fact is not valid. Nothing was added.
        """
        known = changed(MeetingFacts(owner=self.user or LOCAL, added=job_files.now()), facts)
        id = self._reserved(audio.recording_id(f"{id}.json"))
        try:
            remote.note(self.folder / id, address, largest)
            self._write(id, {}, known)
        except BaseException:
            self._delete(id)
            raise
        return id

    def change(self, id: str, **facts: Any) -> MeetingFacts:
        """Change what is known about a meeting; returns all of it.

        Raises:
            LibraryError: no such meeting or fact, or it is not valid.
        """
        known = changed(self.facts(id), facts)
        Tombstones(self.folder).refuse("person", *known.participants)
        write_facts(self.folder / id, known)
        return known

    def remove(self, id: str) -> None:
        """Delete all files of a meeting, and its jobs.

        Raises:
            LibraryError: no such meeting, or a job is working on it.
        """
        self.get(id)
        with catalogue.writing(self.folder) as database:
            job_files.forget(database, self.folder, id)
            self._delete(id)
            catalogue.forget(database, id)
        ledger.record(self.folder, "remove", ids=[id])

    def sound(self, id: str) -> Path | None:
        """Return the recording of a meeting as the library has it, if it is still there."""
        self.get(id)
        return _sound(self.folder, id)

    def forget_sound(self, id: str) -> None:
        """Delete the recording of a meeting, or the link to it; what was made from it stays."""
        self.get(id)
        for path in _sounds(self.folder, id):
            path.unlink(missing_ok=True)

    def rebuild(self) -> int:
        """Make the index anew from the files, beside the old one, which serves until then; returns the meetings.

        Raises:
            LibraryError: another process is doing it.
        """
        ids = [*stamps(self.folder)]
        with catalogue.replaced(self.folder) as database:
            for id in ids:
                index_meeting(database, self.folder, id)
            job_files.synchronise(database, self.folder)
        return len(ids)

    # Files and index ----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the index, up to date with the files."""
        self.refresh()
        with catalogue.reading(self.folder) as database:
            yield database

    def refresh(self) -> None:
        """Index the meetings whose files changed since they were indexed."""
        with catalogue.reading(self.folder) as database:
            known = dict(database.execute("SELECT id, stamp FROM meetings").fetchall())
        now = stamps(self.folder)
        stale = [id for id, stamp in now.items() if known.get(id) != stamp]
        gone = [id for id in known if id not in now]
        for id in stale:  # one transaction each: other writers need not wait for all
            with catalogue.writing(self.folder) as database:
                index_meeting(database, self.folder, id)
        if gone:
            with catalogue.writing(self.folder) as database:
                for id in gone:
                    catalogue.forget(database, id)

    def _reserved(self, wanted: str) -> str:
        """Make the folder of a new meeting, which no other process then takes; returns its id."""
        number = 1
        while True:
            id = wanted if number == 1 else f"{wanted}-{number}"
            try:
                (self.folder / id).mkdir()
            except FileExistsError:
                number += 1
                continue
            if _sound(self.folder, id) is None:
                return id
            (self.folder / id).rmdir()
            number += 1

    def _refuse_erased(self, id: str, known: MeetingFacts, *names: str) -> None:
        if stones := Tombstones(self.folder):
            stones.refuse("recording", id)
            stones.refuse("person", *known.participants, *names)

    def _write(self, id: str, texts: Mapping[str, str], known: MeetingFacts) -> None:
        for name, text in texts.items():
            durable.save_text(self.folder / id / name, text)
        write_facts(self.folder / id, known)
        durable.sync_folder(self.folder)
        ledger.record(self.folder, "add", ids=[id])

    def _adopt(self, id: str, known: MeetingFacts) -> str:
        """Note the facts of a meeting that `dialogue meeting` wrote straight into the library."""
        if (self.folder / id / FACTS).exists():
            self.get(id)
            raise LibraryError(f"{id}: already in the library.")
        write_facts(self.folder / id, known)
        return id

    def _take_sound(self, path: Path, id: str, copy: bool) -> None:
        target = self.folder / SOUNDS / f"{id}{path.suffix}"
        target.parent.mkdir(exist_ok=True)
        if copy:
            part = target.with_name(f".{target.name}.{os.getpid()}.part")
            shutil.copyfile(path, part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(target)
        else:
            target.symlink_to(path.resolve())
        durable.sync_folder(target.parent)

    def _delete(self, id: str) -> None:
        """Delete the files of a meeting wherever they are in the library; the folder that makes it one goes first."""
        gone = self.folder / f".gone-{id}"
        shutil.rmtree(gone, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / id).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        stages = self.folder / ".stages"
        shutil.rmtree(stages / "export" / "sound" / id, ignore_errors=True)  # the page's copy of the sound
        sorted_log = [stages / "corrections" / f"{id}.{part}.jsonl" for part in ("transcript", "minutes")]
        for path in [self.folder / f"{id}.error", *sorted_log, *(self.folder / SOUNDS).glob("*"), *stages.rglob("*")]:
            if (path in sorted_log or id in (path.stem, path.name)) and (path.is_file() or path.is_symlink()):
                path.unlink(missing_ok=True)


def page_of(folder: Path, id: str, start: float | None) -> str | None:
    page = folder / id / "report.html"
    at = "" if start is None else f"#t={start:.1f}"
    return f"{page.resolve().as_uri()}{at}" if page.exists() else None


def _sound(folder: Path, id: str) -> Path | None:
    """Return the recording of a meeting that is in the library, or linked from it, and exists."""
    return next((p for p in _sounds(folder, id) if p.exists()), None)


def _sounds(folder: Path, id: str) -> list[Path]:
    with contextlib.suppress(OSError):
        return [folder / SOUNDS / name for name in os.listdir(folder / SOUNDS) if Path(name).stem == id]
    return []


COLUMNS = ", ".join(f.name for f in fields(MeetingEntry))


def _entry(row: sqlite3.Row) -> MeetingEntry:
    id, owner, title, date, duration, participants, tags, *rest = row
    return MeetingEntry(id, owner, title, date, duration, as_list(participants), as_list(tags), *rest)


def _copy_meeting(source: Path, target: Path) -> None:
    """Copy the results of a meeting; files that have its name get the new one."""
    old, new = source.resolve().name, target.name
    for path in source.iterdir():
        if path.is_file() and not path.name.startswith("."):
            name = f"{new}{path.suffix}" if path.stem == old and path.name != "minutes.json" else path.name
            shutil.copyfile(path, target / name)
