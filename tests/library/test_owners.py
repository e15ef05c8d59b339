"""Nobody sees or changes what another has, by any public method."""

import inspect
from pathlib import Path

import pytest

from dialogue.library.asking import ask_all
from dialogue.library.catalogue import LibraryError
from dialogue.library.follow_up import follow
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.search import search
from dialogue.library.watch import WatchedFolder
from tests.library.made import CHOIR, put, recording

FILES = {"refresh", "rebuild", "reading"} | {"add", "add_transcript", "add_remote"}  # of all, or making something new
OF_A_MEETING = sorted(n for n in vars(Library) if not n.startswith("_") and n not in FILES | {"list"})
OF_WORKERS = {"progress", "end", "cancelled", "recover", "notify"}  # of a job that was claimed
OF_ALL = {"list", "waiting", "latest", "claim", "submit"}  # tested one by one
OF_A_JOB = sorted(n for n in vars(Queue) if not n.startswith("_") and n not in OF_WORKERS | OF_ALL)


@pytest.fixture
def hers(library: Library, tmp_path: Path) -> Library:
    """Return a library in which Anne has a meeting and a job."""
    put(library.folder, "choeur", CHOIR, owner="anne", date="2023-10-12", tags=("chorale",))
    anne = Library(library.folder, "anne")
    Queue(anne).submit(anne.add(recording(tmp_path / "a.wav")))
    return anne


@pytest.fixture
def paul(hers: Library) -> Library:
    return Library(hers.folder, "paul")


@pytest.mark.parametrize("name", OF_A_MEETING)
def test_no_method_shows_or_changes_the_meeting_of_another(hers: Library, paul: Library, name: str) -> None:
    getattr(hers, name)("choeur") if name != "remove" else None
    files = sorted(hers.folder.rglob("*"))
    with pytest.raises(LibraryError, match="no meeting 'choeur'"):
        getattr(paul, name)("choeur")
    assert sorted(hers.folder.rglob("*")) == files


@pytest.mark.parametrize("name", OF_A_JOB)
def test_no_method_shows_or_changes_the_job_of_another(hers: Library, paul: Library, name: str) -> None:
    [job] = Queue(hers).list()
    with pytest.raises(LibraryError, match="no job"):
        getattr(Queue(paul), name)(job.id)
    assert [j.state for j in Queue(hers).list()] == ["submitted"]


def test_nothing_of_another_is_listed_found_answered_or_followed(hers: Library, paul: Library) -> None:
    assert [len(each) for each in everything(hers)] == [2, 1, 1, 1, 1]
    assert everything(paul) == [[], [], [], [], []]


def test_the_jobs_of_another_are_not_counted_or_found_by_their_meeting(hers: Library, paul: Library) -> None:
    assert (Queue(hers).waiting(), Queue(paul).waiting()) == (1, 0)
    assert Queue(hers).latest("a") is not None
    assert Queue(paul).latest("a") is None


def everything(library: Library) -> list[list]:
    return [
        library.list(),
        Queue(library).list(),
        search(library, "partitions in:words"),
        ask_all(library, "Quel est le budget de la salle ?"),
        follow(library, "decision"),
    ]


def test_the_job_of_another_is_not_taken_or_submitted_again(hers: Library, paul: Library) -> None:
    assert Queue(paul).claim() is None
    with pytest.raises(LibraryError, match="no meeting 'a'"):
        Queue(paul).submit("a")


def test_a_finished_meeting_of_another_is_not_adopted(hers: Library, paul: Library) -> None:
    with pytest.raises(LibraryError, match="no meeting 'choeur'"):
        paul.add(paul.folder / "choeur")


def test_a_recording_that_another_has_is_new(hers: Library, paul: Library, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    recording(tmp_path / "in/a.wav")
    watched = WatchedFolder(tmp_path / "in", Queue(paul), settled=0.0)
    watched.look()
    assert [job.owner for job in watched.look()] == ["paul"]


def test_the_keeper_sees_what_everyone_has(hers: Library) -> None:
    keeper = Library(hers.folder, user=None)
    assert [e.owner for e in keeper.list()] == ["anne", "anne"]
    assert Queue(keeper).claim() is not None


def test_what_everyone_calls_takes_a_meeting_first() -> None:
    """The tests above call every method with nothing but an id: a new one that needs more has to be tested here."""
    for name in OF_A_MEETING:
        first, *others = list(inspect.signature(getattr(Library, name)).parameters.values())[1:]
        assert first.name == "id"
        assert all(p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in others)
