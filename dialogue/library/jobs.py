"""The queue: meetings that wait to be processed, and how far each is. Its files are described in ``job_files``."""

from __future__ import annotations

import os
import secrets
import sqlite3
from dataclasses import dataclass
from urllib.parse import urlsplit

from dialogue.core.files import read_json
from dialogue.core.lock import FileLock
from dialogue.library import catalogue, durable, job_files
from dialogue.library.catalogue import LibraryError
from dialogue.library.job_files import ENDED, FOLDER, KEPT, Job, State, job_of, lock_of, mark_of
from dialogue.library.meetings import Library
from dialogue.library.owners import owned

MOST = 10_000  # jobs that may wait
LOWEST, HIGHEST = -9, 9


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this process works on: nobody else can take it until the lock is released or the process ends."""

    job: Job
    lock: FileLock


class Queue:
    """The jobs of a library, as one user sees them.

    Args:
        library: whose user this is.
        most: jobs that may wait; then no other is accepted.
    """

    def __init__(self, library: Library, most: int = MOST) -> None:
        self.library = library
        self.folder = library.folder / FOLDER
        self.most = most
        self.folder.mkdir(exist_ok=True)

    # For those who want something done ----------------------------------------------------------------------------

    def submit(self, meeting: str, priority: int = 0, webhook: str | None = None) -> Job:
        """Accept a meeting of the library for processing; when this returns, the job survives anything.

        Raises:
            LibraryError: no such meeting, it already waits or runs, or the queue is full. Nothing was accepted.
        """
        owner = self.library.get(meeting).owner
        if not LOWEST <= priority <= HIGHEST:
            raise LibraryError(f"priority: found {priority}. Accepted: {LOWEST} to {HIGHEST}.")
        if webhook is not None and (urlsplit(webhook).scheme not in ("http", "https") or not urlsplit(webhook).netloc):
            raise LibraryError(
                f"webhook: found {webhook!r}. Accepted: an address that begins with http:// or https://."
            )
        with catalogue.writing(self.library.folder) as database:
            job_files.synchronise(database, self.library.folder)
            waiting = database.execute("SELECT meeting FROM jobs WHERE state IN ('submitted', 'running')").fetchall()
            if any(row[0] == meeting for row in waiting):
                raise LibraryError(f"{meeting}: already waiting, or being processed. See `dialogue library jobs`.")
            if len(waiting) >= self.most:
                raise LibraryError(f"{len(waiting)} jobs are waiting, and no more are accepted. Try again later.")
            sequence = database.execute("SELECT coalesce(max(sequence), 0) + 1 FROM jobs").fetchone()[0]
            id = f"{sequence:08}-{secrets.token_hex(4)}"
            job = Job(id, meeting, owner, sequence, priority, job_files.now(), webhook)
            path = self.folder / f"{id}.json"
            try:
                durable.save(path, {name: getattr(job, name) for name in KEPT})
                job_files.insert(database, job)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        return job

    def list(self, waiting: bool = False) -> list[Job]:
        """Return the user's jobs in order of arrival.

        Args:
            waiting: only those that have not ended.
        """
        condition, values = owned(self.library.user)
        if waiting:
            condition += " AND state IN ('submitted', 'running')"
        self._synchronise()
        with catalogue.reading(self.library.folder) as database:
            rows = database.execute(f"SELECT * FROM jobs WHERE {condition} ORDER BY sequence, id", values).fetchall()
        return [job_of(row) for row in rows]

    def get(self, id: str) -> Job:
        """Return one of the user's jobs.

        Raises:
            LibraryError: they have no such job.
        """
        condition, values = owned(self.library.user)
        self._synchronise()
        with catalogue.reading(self.library.folder) as database:
            row = database.execute(f"SELECT * FROM jobs WHERE id = ? AND {condition}", [id, *values]).fetchone()
        if row is None:
            raise LibraryError(f"no job {id!r}. `dialogue library jobs` shows those that there are.")
        return job_of(row)

    def latest(self, meeting: str) -> Job | None:
        """Return the job of a meeting of the user that was accepted last, if it has any."""
        condition, values = owned(self.library.user)
        self._synchronise()
        with catalogue.reading(self.library.folder) as database:
            row = database.execute(
                f"SELECT * FROM jobs WHERE meeting = ? AND {condition} ORDER BY sequence DESC, id DESC LIMIT 1",
                [meeting, *values],
            ).fetchone()
        return job_of(row) if row else None

    def waiting(self) -> int:
        """Return how many jobs of the user have not ended."""
        condition, values = owned(self.library.user)
        self._synchronise()
        with catalogue.reading(self.library.folder) as database:
            query = f"SELECT count(*) FROM jobs WHERE state IN ('submitted', 'running') AND {condition}"
            return int(database.execute(query, values).fetchone()[0])

    def cancel(self, id: str) -> None:
        """Cancel a job; one that is running is stopped by its worker within a second. One that has ended stays so.

        Raises:
            LibraryError: no such job.
        """
        self.get(id)
        with catalogue.writing(self.library.folder) as database:
            state = database.execute("SELECT state FROM jobs WHERE id = ?", [id]).fetchone()[0]
            if state in ENDED:
                return
            mark_of(self.library.folder, id).touch()
            job_files.recover(database, self.library.folder)  # now, if nobody works on it
            if state == "submitted" and (lock := lock_of(self.library.folder, id)):
                job_files.end(database, self.library.folder, id, "cancelled")
                lock.release()

    # For workers --------------------------------------------------------------------------------------------------

    def claim(self) -> Claim | None:
        """Take the next job for this process; ``None`` if none waits.

        The highest priority goes first; then the owner who was not served for longest; then the first to arrive.
        """
        claim = None
        try:
            with catalogue.writing(self.library.folder) as database:
                job_files.synchronise(database, self.library.folder)
                job_files.recover(database, self.library.folder)
                claim = self._next(database)
        except BaseException:
            if claim:
                claim.lock.release()
            raise
        return claim

    def _next(self, database: sqlite3.Connection) -> Claim | None:
        condition, values = owned(self.library.user)
        waiting = database.execute(
            f"""SELECT jobs.id FROM jobs
            LEFT JOIN (SELECT owner AS served, max(turn) AS latest FROM jobs GROUP BY owner) ON served = owner
            WHERE state = 'submitted' AND {condition} ORDER BY priority DESC, latest, sequence, id""",
            values,
        )
        for (id,) in waiting.fetchall():
            lock = lock_of(self.library.folder, id)
            if lock is None:  # the index was made anew while somebody works on it
                database.execute("UPDATE jobs SET state = 'running' WHERE id = ?", [id])
                continue
            database.execute(
                "UPDATE jobs SET state = 'running', process = ?, turn = (SELECT max(turn) + 1 FROM jobs), step = NULL, "
                "share = 0, seconds_left = NULL WHERE id = ?",
                [os.getpid(), id],
            )
            return Claim(job_of(database.execute("SELECT * FROM jobs WHERE id = ?", [id]).fetchone()), lock)
        return None

    def progress(self, claim: Claim, step: str, share: float, left: float) -> None:
        """Say how far a job is."""
        with catalogue.writing(self.library.folder) as database:
            database.execute(
                "UPDATE jobs SET step = ?, share = max(share, ?), seconds_left = ? WHERE id = ?",
                [step, share, left, claim.job.id],
            )

    def end(self, claim: Claim, state: State, cause: str | None = None) -> None:
        """Note how a job ended, and let go of it."""
        with catalogue.writing(self.library.folder) as database:
            job_files.end(database, self.library.folder, claim.job.id, state, cause)
        claim.lock.release()

    def cancelled(self, id: str) -> bool:
        """Tell whether somebody asked to cancel a job."""
        return mark_of(self.library.folder, id).exists()

    def recover(self) -> None:
        """Find the jobs whose process died: they wait again, or end if they were cancelled or have died too often."""
        with catalogue.writing(self.library.folder) as database:
            job_files.recover(database, self.library.folder)

    def notify(self, id: str, accepted: bool) -> None:
        """Note whether the webhook of an ended job has accepted the news, so that it is not told again."""
        path = self.folder / f"{id}.end.json"
        durable.save(path, {**read_json(path), "notified": "yes" if accepted else "no"})
        with catalogue.writing(self.library.folder) as database:
            database.execute("UPDATE jobs SET notified = ? WHERE id = ?", ["yes" if accepted else "no", id])

    def _synchronise(self) -> None:
        with catalogue.reading(self.library.folder) as database:
            if not job_files.unknown(database, self.folder):
                return
        with catalogue.writing(self.library.folder) as database:
            job_files.synchronise(database, self.library.folder)
