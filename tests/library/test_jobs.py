"""The queue: what is accepted survives, order and fairness, and what the files say when the index says otherwise."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.library import job_files
from dialogue.library.catalogue import LibraryError, writing
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from tests.library.made import recording


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return recording(tmp_path / "a.wav")


def submitted(folder: Path, sound: Path, owner: str = "local", **how) -> str:
    """Add a meeting and submit it; returns the meeting."""
    library = Library(folder, owner)
    id = library.add(sound)
    Queue(library).submit(id, **how)
    return id


def order(folder: Path) -> list[str]:
    """Claim and end everything; returns the meetings in the order in which they were served."""
    queue, served = Queue(Library(folder, user=None)), []
    while (claim := queue.claim()) is not None:
        served.append(claim.job.meeting)
        queue.end(claim, "done")
    return served


def state(library: Library) -> list[str]:
    return [job.state for job in Queue(library).list()]


def test_a_job_goes_from_submitted_to_done(library: Library, sound: Path) -> None:
    queue = Queue(library)
    job = queue.submit(library.add(sound))
    assert (job.state, job.share, job.owner) == ("submitted", 0.0, "local")
    claim = queue.claim()
    assert claim is not None
    assert queue.get(job.id).state == "running"
    queue.progress(claim, "transcribe", 0.4, 12.0)
    assert (queue.get(job.id).step, queue.get(job.id).share, queue.get(job.id).seconds_left) == (
        "transcribe",
        0.4,
        12.0,
    )
    queue.end(claim, "done")
    assert (queue.get(job.id).state, queue.get(job.id).share) == ("done", 1.0)
    assert queue.claim() is None


def test_first_come_first_served(library: Library, sound: Path) -> None:
    ids = [submitted(library.folder, sound) for _ in range(4)]
    assert order(library.folder) == ids


def test_a_higher_priority_goes_first(library: Library, sound: Path) -> None:
    low, normal, high = (submitted(library.folder, sound, priority=n) for n in (-1, 0, 5))
    assert order(library.folder) == [high, normal, low]


def test_owners_take_turns(library: Library, sound: Path) -> None:
    many = [submitted(library.folder, sound, "anne") for _ in range(3)]
    few = [submitted(library.folder, sound, "paul") for _ in range(2)]
    assert order(library.folder) == [many[0], few[0], many[1], few[1], many[2]]


def test_a_clock_that_goes_backwards_changes_no_order(library: Library, sound: Path, monkeypatch) -> None:
    times = iter([f"2026-01-0{9 - n}T00:00:00+00:00" for n in range(9)] * 9)
    monkeypatch.setattr(job_files, "now", lambda: next(times))
    ids = [submitted(library.folder, sound) for _ in range(3)]
    assert order(library.folder) == ids


def test_a_full_queue_accepts_nothing_and_keeps_nothing(library: Library, sound: Path) -> None:
    queue = Queue(library, most=1)
    queue.submit(library.add(sound))
    with pytest.raises(LibraryError, match="1 jobs are waiting, and no more are accepted"):
        queue.submit(library.add(sound))
    assert len(queue.list()) == len([*queue.folder.glob("*.json")]) == 1


def test_a_meeting_waits_once(library: Library, sound: Path) -> None:
    id = submitted(library.folder, sound)
    with pytest.raises(LibraryError, match="already waiting, or being processed"):
        Queue(library).submit(id)


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"priority": 10}, "priority: found 10. Accepted: -9 to 9"),
        ({"webhook": "file:///etc/passwd"}, "Accepted: an address that begins with http"),
        ({"webhook": "http://"}, "webhook: found 'http://'"),
    ],
)
def test_a_wrong_wish_is_refused(library: Library, sound: Path, how, found: str) -> None:
    with pytest.raises(LibraryError) as error:
        submitted(library.folder, sound, **how)
    assert found in str(error.value)
    assert Queue(library).list() == []


def test_a_meeting_that_does_not_exist_has_no_job(library: Library) -> None:
    with pytest.raises(LibraryError, match="no meeting 'x'"):
        Queue(library).submit("x")
    with pytest.raises(LibraryError, match="no job 'x'"):
        Queue(library).cancel("x")


def test_what_waits_can_be_cancelled(library: Library, sound: Path) -> None:
    queue = Queue(library)
    first, second = queue.submit(library.add(sound)), queue.submit(library.add(sound))
    queue.cancel(first.id)
    queue.cancel(first.id)
    assert state(library) == ["cancelled", "submitted"]
    assert order(library.folder) == [second.meeting]


def test_a_full_disk_accepts_no_job(library: Library, sound: Path) -> None:
    id = library.add(sound)
    code = (
        "import resource, sys; from dialogue.library.jobs import Queue; from dialogue.library.meetings import Library\n"
        "library = Library(sys.argv[1]); library.list(); resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "Queue(library).submit(sys.argv[2])"
    )
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    failed = subprocess.run([sys.executable, "-c", code, str(library.folder), id], capture_output=True, text=True)
    assert failed.returncode != 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == before
    assert Queue(library).list() == []


# Processes that end anyhow --------------------------------------------------------------------------------------


def claimed_elsewhere(library: Library) -> tuple[subprocess.Popen, str]:
    """Claim a job in another process, which holds it until it is killed; returns the process and the job."""
    code = (
        "import sys, time; from dialogue.library.jobs import Queue; from dialogue.library.meetings import Library\n"
        "claim = Queue(Library(sys.argv[1], None)).claim(); print(claim.job.id, flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(library.folder)], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def killed(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def held(library: Library, sound: Path):
    submitted(library.folder, sound)
    process, job = claimed_elsewhere(library)
    yield process, job
    killed(process)


def test_what_another_process_works_on_is_not_taken(library: Library, held) -> None:
    assert Queue(library).claim() is None
    assert state(library) == ["running"]


def test_the_job_of_a_killed_process_is_taken_at_once(library: Library, held) -> None:
    process, job = held
    killed(process)
    claim = Queue(library).claim()
    assert claim is not None
    assert claim.job.id == job


def test_an_index_made_anew_takes_no_running_job(library: Library, held) -> None:
    process, job = held
    library.rebuild()
    assert state(library) == ["submitted"]
    assert Queue(library).claim() is None
    assert state(library) == ["running"]
    killed(process)
    assert Queue(library).claim().job.id == job


def test_a_job_that_ended_in_its_file_is_not_done_again(library: Library, held) -> None:
    process, job = held
    killed(process)  # after the file was written, before the index was
    (Queue(library).folder / f"{job}.end.json").write_text('{"state": "done", "ended": "2026"}')
    assert Queue(library).claim() is None
    assert state(library) == ["done"]


def test_a_job_cancelled_while_its_process_died_is_cancelled(library: Library, held) -> None:
    process, job = held
    queue = Queue(library)
    queue.cancel(job)
    assert state(library) == ["running"]  # its worker stops it
    assert queue.cancelled(job)
    killed(process)
    queue.recover()
    assert state(library) == ["cancelled"]


def test_a_job_whose_processes_die_again_and_again_fails(library: Library, sound: Path, monkeypatch) -> None:
    monkeypatch.setattr(job_files, "MOST_DEATHS", 2)
    submitted(library.folder, sound)
    for _ in range(2):
        process, _ = claimed_elsewhere(library)
        killed(process)
        Queue(library).recover()
    [job] = Queue(library).list()
    assert (job.state, job.cause) == ("failed", "its process died 2 times, often for lack of memory")


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.4])
def test_what_was_accepted_before_a_kill_is_there_after_it(library: Library, sound: Path, delay: float) -> None:
    code = (
        "import sys; from pathlib import Path; from dialogue.library.jobs import Queue\n"
        "from dialogue.library.meetings import Library; library = Library(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "while True: print(Queue(library).submit(library.add(Path(sys.argv[2]))).id, flush=True)"
    )
    command = [sys.executable, "-c", code, str(library.folder), str(sound)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    accepted = set(process.communicate()[0].split())
    assert accepted <= {job.id for job in Queue(library).list()}
    for path in library.folder.glob("library.sqlite*"):
        path.unlink()
    assert accepted <= {job.id for job in Queue(library).list()}


def test_files_that_are_no_jobs_are_left_alone(library: Library) -> None:
    queue = Queue(library)
    (queue.folder / "00000001-00000000.json").write_text("{")
    (queue.folder / "00000002-00000000.json").write_text(json.dumps({"id": 3}))
    (queue.folder / "notes.json").write_text("{}")
    assert queue.list() == []
    assert queue.claim() is None


def test_a_job_deleted_by_hand_is_gone(library: Library, sound: Path) -> None:
    submitted(library.folder, sound)
    for path in Queue(library).folder.glob("*.json"):
        path.unlink()
    assert Queue(library).claim() is None
    assert Queue(library).list() == []


def test_an_error_while_claiming_lets_go_of_the_job(library: Library, sound: Path, monkeypatch) -> None:
    submitted(library.folder, sound)
    queue = Queue(library)
    monkeypatch.setattr("dialogue.library.jobs.Claim", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        queue.claim()
    monkeypatch.undo()
    with writing(library.folder) as database:
        assert database.execute("SELECT state FROM jobs").fetchone()[0] == "submitted"
