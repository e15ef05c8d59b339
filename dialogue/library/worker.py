"""Work on the queue of a library.

:func:`work` watches over a process that takes one job after the other and keeps its models loaded, so that a job can be
cancelled, and its process killed, whatever it is doing. If the one who watches dies, the process that works ends too,
and the locks of both are free. Any number of workers may serve a library.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing import connection
from pathlib import Path
from typing import Any

from dialogue.core import config
from dialogue.core.progress import log
from dialogue.library import remote, webhook
from dialogue.library.catalogue import LibraryError
from dialogue.library.facts import read_facts
from dialogue.library.job_files import Job
from dialogue.library.jobs import Claim, Queue
from dialogue.library.meetings import SOUNDS, TEXTS, Library
from dialogue.workflow.config import Config
from dialogue.workflow.runner import Loaded

POLL = 0.2  # seconds between looks at what was cancelled
IDLE = 1.0  # seconds between looks at an empty queue
LOOK = 0.05  # seconds between looks at whether a job was added to it, which cost nothing
AGAIN = 5.0  # seconds before a process is started in place of one that died

Report = Callable[[str, float, float], None]  # step, share done, seconds left
Task = Callable[[Library, Job, Report], None]  # does the job, or raises
Say = Callable[[Job], None]


def work(
    folder: Path,
    *,
    forever: bool = False,
    task: Callable[[], Task] | None = None,
    say: Say = lambda job: None,
    stop: threading.Event | None = None,
    again: float = AGAIN,
) -> None:
    """Process the jobs of a library until none waits.

    Args:
        folder: of the library.
        forever: wait for others.
        task: makes what does a job, in the process that works; it must pickle. By default :func:`meetings`.
        say: called with a job when it begins and when it has ended.
        stop: ends the work when it is set; the job of the moment waits again.
        again: seconds before another process takes the place of one that died.
    """
    queue = Queue(Library(folder, user=None))
    stop = stop or threading.Event()
    spawn = multiprocessing.get_context("spawn")
    with webhook.delivering(queue):
        while not stop.is_set():
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs, folder, forever, task or meetings))
            process.start()
            theirs.close()
            try:
                ended = _watch(process, ours, queue, stop, say)
            finally:
                process.kill()
                process.join()
                ours.close()
                queue.recover()
            if ended:
                return
            stop.wait(again if process.exitcode != -9 else 0)


def _watch(process: Any, pipe: Any, queue: Queue, stop: threading.Event, say: Say) -> bool:
    """Watch over a process until it ends, or has to; returns whether it ended because no job waits."""
    job: str | None = None
    while not stop.is_set():
        try:
            if pipe.poll(POLL):
                ended, job = job, pipe.recv()
                with contextlib.suppress(LibraryError):  # it was removed meanwhile
                    say(queue.get(job or ended or ""))
        except (EOFError, OSError):
            process.join()
            if job:
                queue.recover()
                say(queue.get(job))
            return bool(process.exitcode == 0)
        if job and queue.cancelled(job):
            process.kill()
    return True


def _serve(pipe: Any, folder: Path, forever: bool, task: Callable[[], Task]) -> None:
    """Take jobs, in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who watches handles ctrl-C
    threading.Thread(target=end_with_parent, daemon=True).start()
    queue = Queue(Library(folder, user=None))
    do = task()
    while True:
        seen = _news(queue)
        claim = queue.claim()
        if claim is None:
            if not forever:
                return
            end = time.monotonic() + IDLE
            while _news(queue) == seen and time.monotonic() < end:
                time.sleep(LOOK)
            continue
        pipe.send(claim.job.id)
        try:
            do(queue.library, claim.job, partial(_report, queue, claim))
        except Exception as problem:
            first = (str(problem).strip() or type(problem).__name__).splitlines()[0]
            log.debug("%s", traceback.format_exc())
            queue.end(claim, "failed", first)
        else:
            queue.end(claim, "done")
        pipe.send(None)


def _news(queue: Queue) -> int:
    """Return what changes when a job is added, or ends."""
    return queue.folder.stat().st_mtime_ns


def _report(queue: Queue, claim: Claim, step: str, share: float, left: float) -> None:
    with contextlib.suppress(LibraryError, OSError):  # a full disk stops no work
        queue.progress(claim, step, share, left)


def end_with_parent() -> None:
    """Wait until the process that started this one has ended, however it did, and end too; for a thread."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


class MeetingTask:
    """Runs :func:`dialogue.workflow.meeting.run` on the meeting of a job, with the models of earlier jobs."""

    def __init__(self) -> None:
        self.loaded: Loaded = {}

    def __call__(self, library: Library, job: Job, report: Report) -> None:
        from dialogue.library import suggestions
        from dialogue.workflow import meeting

        facts, id = read_facts(library.folder / job.meeting), job.meeting
        paths = {text: library.folder / id / name for text, name in TEXTS.items()}
        given: dict[str, Any] = {text: path for text, path in paths.items() if path.exists()}
        sound = library.sound(id) or remote.fetch(library.folder / id, library.folder / SOUNDS / id)
        if sound is None and "transcript" not in given:
            raise LibraryError(f"{id}: its sound was deleted ({facts.sound or 'nothing says where it was'}).")
        options = config.build(Config, facts.options)
        try:
            result = meeting.run(
                [sound or library.folder / SOUNDS / f"{id}.none"],
                library.folder,
                heard=sound is not None,
                config=options,
                participants=facts.participants,
                **given,
                date=facts.date,
                title=facts.title,
                report=lambda bar: report(bar.current, bar.shown, bar.left),
                loaded=self.loaded,
            )
            if options.results.people and not result.failed:
                suggestions.identify(library.folder, id, facts.owner, options.results)
        finally:  # not if the process is killed: then the job is done again
            if not options.results.keep_sound:
                library.forget_sound(id)
        if result.failed:
            raise LibraryError(result.failed[id])
        library.refresh()


def meetings() -> Task:
    """Return what does the jobs of a library: it makes meetings of recordings."""
    return MeetingTask()
