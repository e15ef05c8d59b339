"""What appears in a watched folder is submitted once, when it is complete."""

from pathlib import Path

import pytest

from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.watch import WatchedFolder
from tests.library.made import recording


@pytest.fixture
def watched(library: Library, tmp_path: Path) -> WatchedFolder:
    (tmp_path / "in").mkdir()
    return WatchedFolder(tmp_path / "in", Queue(library), settled=0.0)


def looks(watched: WatchedFolder) -> list[str]:
    """Look twice; returns the meetings that were submitted."""
    return [job.meeting for _ in range(2) for job in watched.look()]


def test_a_recording_is_submitted_once_whatever_its_name(watched: WatchedFolder) -> None:
    recording(watched.folder / "a.wav")
    assert looks(watched) == ["a"]
    (watched.folder / "a.wav").rename(watched.folder / "b.wav")
    assert looks(watched) == []


def test_a_file_that_still_grows_waits(watched: WatchedFolder) -> None:
    whole = recording(watched.folder / ".a.wav").read_bytes()
    path = watched.folder / "a.wav"
    for length in (1000, 5000, len(whole)):
        path.write_bytes(whole[:length])
        assert watched.look() == []
    assert [job.meeting for job in watched.look()] == ["a"]


def test_a_file_waits_as_long_as_was_asked(watched: WatchedFolder) -> None:
    watched.settled = 3600.0
    recording(watched.folder / "a.wav")
    assert looks(watched) == []


def test_what_is_no_recording_is_left_alone(watched: WatchedFolder) -> None:
    recording(watched.folder / "a.wav.part")
    recording(watched.folder / ".hidden.wav")
    (watched.folder / "notes.txt").write_text("bonjour")
    (watched.folder / "empty.wav").touch()
    (watched.folder / "folder").mkdir()
    assert looks(watched) == []
    assert watched.queue.library.list() == []


def test_a_new_watcher_knows_what_was_submitted(watched: WatchedFolder) -> None:
    recording(watched.folder / "a.wav")
    assert looks(watched) == ["a"]
    assert looks(WatchedFolder(watched.folder, watched.queue, settled=0.0)) == []


def test_what_a_full_queue_refused_is_submitted_later(watched: WatchedFolder) -> None:
    recording(watched.folder / "a.wav")
    watched.queue.most = 0
    assert looks(watched) == []
    watched.queue.most = 1
    assert looks(watched) == ["a"]
    assert len(watched.queue.library.list()) == 1


def test_what_was_added_but_not_submitted_when_a_watcher_died_is_submitted(watched: WatchedFolder) -> None:
    watched.queue.library.add(recording(watched.folder / "a.wav"))
    assert looks(watched) == ["a"]
