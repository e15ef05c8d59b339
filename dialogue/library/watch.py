"""Take recordings from a folder as they appear there."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dialogue.core.audio import AudioError
from dialogue.core.files import Digests
from dialogue.core.progress import log
from dialogue.library.catalogue import LibraryError
from dialogue.library.job_files import FOLDER, Job
from dialogue.library.jobs import Queue
from dialogue.library.owners import owned

UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".partial", ".filepart")
SETTLED = 5.0  # seconds without a change after which a file is complete


class WatchedFolder:
    """A folder whose recordings are added to a library and its queue, each once, whatever its name.

    Files whose name begins with a dot or ends as an unfinished download are left alone, and so is what is no recording.

    Args:
        settled: seconds without a change after which a file is complete.
        copy: keep a copy of each recording in the library, so that the folder may be emptied.
    """

    def __init__(self, folder: Path, queue: Queue, settled: float = SETTLED, copy: bool = False) -> None:
        self.folder, self.queue, self.settled, self.copy = folder, queue, settled, copy
        self.digests = Digests(queue.library.folder / FOLDER / "watched.json")
        self.seen: dict[Path, tuple[tuple[int, int], float]] = {}  # size and time of change, and since when
        self.over: dict[Path, tuple[int, int]] = {}  # what was submitted, known or no recording

    def look(self) -> list[Job]:
        """Submit the recordings that are complete and not in the library; returns their jobs.

        Raises:
            OSError: the folder cannot be read.
        """
        found, now = [], time.monotonic()
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith(".") or path.suffix.lower() in UNFINISHED or not path.is_file():
                continue
            try:
                state = path.stat()
            except OSError:  # just removed
                continue
            size = (state.st_size, state.st_mtime_ns)
            if self.over.get(path) == size or not state.st_size:
                continue
            before, since = self.seen.get(path, (None, now))
            self.seen[path] = size, since if before == size else now
            if before == size and now - since >= self.settled and (job := self._submit(path)):
                found.append(job)
        self.digests.save()
        return found

    def _submit(self, path: Path) -> Job | None:
        size = self.seen.pop(path)[0]
        try:
            digest = self.digests(path)
            id = self._known(digest) or self.queue.library.add(path, copy=self.copy, digest=digest)
            job = self.queue.submit(id) if self._is_new(id) else None
            self.over[path] = size
            return job
        except AudioError as error:
            log.warning("%s", error)
        except LibraryError as error:  # the queue is full: at a later look
            log.warning("%s: %s", path.name, error)
            return None
        except OSError as error:
            log.warning("%s: %s", os.fspath(path), error.strerror)
            return None
        self.over[path] = size
        return None

    def _known(self, digest: str) -> str | None:
        """Return the meeting of a recording, if the user has it."""
        condition, values = owned(self.queue.library.user)
        with self.queue.library.reading() as database:
            asked = f"SELECT id FROM meetings WHERE sha256 = ? AND {condition}"
            found = database.execute(asked, [digest, *values]).fetchone()
        return found and str(found[0])

    def _is_new(self, id: str) -> bool:
        """Tell whether a meeting never had a job, nor anything else that made a transcript of it."""
        unread = not (self.queue.library.folder / id / f"{id}.json").exists()
        return unread and not any(job.meeting == id for job in self.queue.list())
