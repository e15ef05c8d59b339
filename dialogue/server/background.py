"""What a server does beside answering: it works on the queue, and brings files up to date after corrections.

Recordings are read and worked on in other processes, so that one that ends its process ends nothing else.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from dialogue.core.errors import DialogueError
from dialogue.core.progress import log
from dialogue.library import worker
from dialogue.library.catalogue import LibraryError
from dialogue.privacy import retention

QUIET = 1.5  # seconds without another correction before files are brought up to date
MINUTE = 60.0
STALE = ".stages/stale"  # a file for each meeting whose files are older than its corrections

T = TypeVar("T")


class Background:
    """The processes and threads of a server.

    Args:
        folder: of the library.
        workers: processes that work on its queue, each with its own models; with 0, others do.
    """

    def __init__(self, folder: Path, workers: int = 1) -> None:
        self.folder = folder
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._due: dict[str, float] = {}  # meeting -> when its files are brought up to date
        self._corrections: Counter[str] = Counter()  # of each meeting, since the start
        self._lock = threading.Lock()
        self._pool = _pool()
        self._threads = [
            threading.Thread(target=each, name=each.__name__, daemon=True)
            for each in (*[self._work] * workers, self._refresh_all, self._keep_promises)
        ]

    def start(self) -> None:
        """Begin, with what an earlier server left undone."""
        for path in (self.folder / STALE).glob("*"):
            self._due[path.name] = 0.0
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all processes and threads; the job of the moment waits again."""
        self._stop.set()
        self._changed.set()
        for thread in self._threads[:-1]:  # deleting waits for nothing
            thread.join()
        self._pool.shutdown(cancel_futures=True)  # what is being written is soon finished

    def pause(self, seconds: float) -> None:
        """Wait, unless the server ends."""
        self._stop.wait(seconds)

    def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in a process of its own.

        Raises:
            BrokenProcessPool: the process ended.
            Exception: what the function raises.
        """
        with self._lock:
            future: Future[T] = self._pool.submit(function, *arguments)
        try:
            return future.result()
        except BrokenProcessPool:
            with self._lock:
                self._pool.shutdown(wait=False)
                self._pool = _pool()
            raise

    # Files after corrections ----------------------------------------------------------------------------------------

    def corrected(self, id: str) -> None:
        """Have the files of a meeting brought up to date soon."""
        path = self.folder / STALE / id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._corrections[id] += 1
        self._due[id] = time.monotonic() + QUIET
        self._changed.set()

    def fresh(self, id: str) -> bool:
        """Tell whether the files of a meeting have all corrections."""
        return not (self.folder / STALE / id).exists()

    def wait(self, id: str, patience: float = 120.0) -> None:
        """Wait until the files of a meeting have all corrections.

        Raises:
            LibraryError: they could not be written.
        """
        if id in self._due:
            self._due[id] = 0.0
            self._changed.set()
        end = time.monotonic() + patience
        while not self.fresh(id):
            if id not in self._due or time.monotonic() > end:
                raise LibraryError(f"{id}: its files could not be brought up to date with the corrections.")
            time.sleep(0.1)

    def _refresh_all(self) -> None:
        while not self._stop.is_set():
            self._changed.wait(QUIET)
            self._changed.clear()
            for id in [id for id, due in list(self._due.items()) if due <= time.monotonic()]:
                if not self._stop.is_set():
                    self._refresh(id)

    def _refresh(self, id: str) -> None:
        seen = self._corrections[id]
        try:
            problem = self.run(refresh, self.folder / id)
        except Exception as error:
            problem = str(error) or type(error).__name__
        if problem:
            log.warning("%s: its files were not brought up to date: %s", id, problem)
        if self._corrections[id] == seen:  # not corrected meanwhile
            if not problem:
                (self.folder / STALE / id).unlink(missing_ok=True)
            del self._due[id]

    # The queue, and dates until which meetings are kept -------------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                worker.work(self.folder, forever=True, stop=self._stop)
            except Exception as error:  # a full disk: at a later time
                log.warning("the queue is not worked on: %s", error)
                self._stop.wait(worker.AGAIN)

    def _keep_promises(self) -> None:
        """Delete what is kept no longer, now and every minute."""
        while not self._stop.is_set():
            try:
                done, failed = retention.purge(self.folder, retention.terms_of(self.folder))
            except (DialogueError, OSError) as error:
                done, failed = [], [f"nothing is deleted: {error}"]
            for each in done:
                log.info("deleted: %s", each)
            for problem in failed:
                log.warning("%s", problem)
            self._stop.wait(MINUTE)


def refresh(folder: Path) -> str | None:
    """Bring the files of one meeting up to date; returns the problem, if any."""
    from dialogue.workflow.revision import Revision

    return next(iter(Revision(folder).refresh().failed.values()), None)


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
