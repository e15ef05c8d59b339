"""Workers in real processes, on a small task in place of recognition: kills, cancellations, failures."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.worker import work
from tests.library.made import recording

ROOT = Path(__file__).parents[2]
STEPS = 3


def steps(library: Library, job, report) -> None:
    """Do a job in steps, each of which is a file; note what was done, and by which process."""
    with (library.folder.parent / "notes.txt").open("a") as notes:
        notes.write(f"begin {job.meeting} {os.getpid()}\n")
        notes.flush()
        for number in range(STEPS):
            done = library.folder / job.meeting / f"step{number}"
            if not done.exists():
                time.sleep(0.05)
                done.touch()
                notes.write(f"step{number} {job.meeting} {os.getpid()}\n")
                notes.flush()
            report(f"step{number}", (number + 1) / STEPS, 1.0)


def small() -> Callable:
    return steps


def sleeping() -> Callable:
    def sleep(library: Library, job, report) -> None:
        report("asleep", 0.5, 60.0)
        time.sleep(60)

    return sleep


def failing() -> Callable:
    def fail(library: Library, job, report) -> None:
        if job.sequence == 1:
            raise ValueError("the first line\nthe second line")

    return fail


def dying() -> Callable:
    def die(library: Library, job, report) -> None:
        if job.sequence == 1:
            os.kill(os.getpid(), signal.SIGSEGV)

    return die


@pytest.fixture
def queue(library: Library, tmp_path: Path) -> Queue:
    queue = Queue(library)
    sound = recording(tmp_path / "a.wav")
    for _ in range(2):
        queue.submit(library.add(sound))
    return queue


def states(queue: Queue) -> list[str]:
    return [job.state for job in queue.list()]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def test_one_process_does_all_jobs(queue: Queue) -> None:
    said = []
    work(queue.library.folder, task=small, say=lambda job: said.append((job.sequence, job.state)))
    assert states(queue) == ["done", "done"]
    assert [entry for entry in said if entry[1] == "done"] == [(1, "done"), (2, "done")]
    notes = (queue.library.folder.parent / "notes.txt").read_text().split("\n")
    assert len({line.split()[2] for line in notes if line}) == 1


def test_a_job_that_fails_says_why_and_the_others_go_on(queue: Queue) -> None:
    work(queue.library.folder, task=failing)
    assert [(job.state, job.cause) for job in queue.list()] == [("failed", "the first line"), ("done", None)]


def test_a_job_that_kills_its_process_fails_and_the_others_go_on(queue: Queue) -> None:
    work(queue.library.folder, task=dying, again=0.0)
    assert states(queue) == ["failed", "done"]


def test_a_running_job_is_cancelled_whatever_it_does(queue: Queue) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(queue.library.folder,), kwargs={"task": sleeping, "stop": stop})
    worker.start()
    until(lambda: queue.list()[0].share == 0.5)
    queue.cancel(queue.list()[0].id)
    until(lambda: states(queue) == ["cancelled", "running"])
    stop.set()
    worker.join()
    assert states(queue) == ["cancelled", "submitted"]


def test_a_worker_waits_for_jobs_if_asked(queue: Queue, tmp_path: Path) -> None:
    stop = threading.Event()
    how = {"task": small, "stop": stop, "forever": True}
    worker = threading.Thread(target=work, args=(queue.library.folder,), kwargs=how)
    worker.start()
    until(lambda: states(queue) == ["done", "done"])
    queue.submit(queue.library.add(tmp_path / "a.wav"))
    until(lambda: states(queue) == ["done", "done", "done"])
    stop.set()
    worker.join()


def test_the_process_that_works_ends_with_the_one_that_watches(queue: Queue) -> None:
    code = f"from tests.library.test_worker import *; work(Path({str(queue.library.folder)!r}), task=sleeping)"
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: queue.list()[0].share == 0.5)
    worker.kill()
    worker.wait()
    until(lambda: bool(queue.recover() or states(queue)[0] == "submitted"))


def test_nothing_is_lost_or_done_twice_when_processes_are_killed(queue: Queue, tmp_path: Path) -> None:
    for _ in range(4):
        queue.submit(queue.library.add(tmp_path / "a.wav"))
    code = f"from tests.library.test_worker import *; work(Path({str(queue.library.folder)!r}), task=small, again=0.0)"
    for _ in range(6):
        workers = [
            subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        time.sleep(0.6)
        for worker in workers:
            worker.kill()
            worker.wait()
    work(queue.library.folder, task=small)
    assert set(states(queue)) == {"done"}
    notes = [line.split() for line in (tmp_path / "notes.txt").read_text().splitlines()]
    made = [(what, meeting) for what, meeting, _ in notes if what != "begin"]
    assert len(made) == len(set(made)) == STEPS * 6
    holder: dict[str, str] = {}
    for what, meeting, process in notes:  # nothing by a process after another has begun
        if what == "begin":
            holder[meeting] = process
        assert holder[meeting] == process
