"""The index may be lost, damaged or from elsewhere: nothing is lost with it, and the user is told what to do."""

import sqlite3
import threading
from pathlib import Path

import pytest

from dialogue.core.lock import locked
from dialogue.library import catalogue
from dialogue.library.catalogue import LibraryError
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.search import search
from tests.library.made import CHOIR, put


def contents(library: Library) -> dict[str, list[tuple]]:
    """Return the rows of all tables but for the numbers of the meetings."""
    with library.reading() as database:
        meetings = {row["number"]: row["id"] for row in database.execute("SELECT * FROM meetings")}
        passages = [(meetings[r[0] >> 20], r[0] & 0xFFFFF, *r[1:]) for r in database.execute("SELECT * FROM passages")]
        jobs = [tuple(r) for r in database.execute("SELECT id, meeting, owner, state, cause FROM jobs")]
        entries = [tuple(r)[1:] for r in database.execute("SELECT * FROM meetings")]
    return {"meetings": sorted(entries, key=str), "passages": sorted(passages, key=str), "jobs": sorted(jobs)}


def lose(library: Library) -> None:
    for path in library.folder.glob("library.sqlite*"):
        path.unlink()


def test_a_lost_index_loses_nothing(two: Library) -> None:
    queue = Queue(two)
    queue.cancel(queue.submit("choeur").id)
    queue.submit("choeur")
    before = contents(two)
    lose(two)
    queue.list()
    assert contents(two) == before


def test_a_rebuilt_index_is_the_same(two: Library) -> None:
    Queue(two).submit("choeur")
    before = contents(two)
    assert two.rebuild() == 2
    assert contents(two) == before


def test_a_changed_meeting_leaves_no_trace_in_the_index(two: Library) -> None:
    before = contents(two)
    path = two.folder / "suite/suite.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("concert", "trompette"), encoding="utf-8")
    two.refresh()
    path.write_text(text, encoding="utf-8")
    assert contents(two)["passages"] == before["passages"]
    assert search(two, "trompette") == []
    assert len(search(two, "concert in:words")) == 3


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be read as one" * 100, b"SQLite format 3\0" * 99]
)
def test_a_damaged_index_says_how_to_make_it_anew(two: Library, content: bytes) -> None:
    two.list()
    lose(two)
    (two.folder / catalogue.NAME).write_bytes(content)
    with pytest.raises(LibraryError, match=r"damaged .* Nothing is lost.*`dialogue library rebuild`"):
        two.list()
    assert two.rebuild() == 2
    assert len(two.list()) == 2


def test_an_index_of_a_newer_version_is_refused(two: Library) -> None:
    two.list()
    with sqlite3.connect(two.folder / catalogue.NAME) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match=r"made by a newer version of dialogue \(database 99, this one reads 2\)"):
        two.list()
    assert two.rebuild() == 2
    assert len(two.list()) == 2


def test_an_index_of_an_earlier_version_is_made_anew(two: Library, monkeypatch) -> None:
    Queue(two).submit("choeur")
    before = contents(two)
    monkeypatch.setattr(catalogue, "VERSION", 2)
    assert len(Queue(two).list()) == 1
    assert contents(two) == before


def test_a_full_disk_is_told_and_the_index_stays(two: Library, monkeypatch) -> None:
    two.list()
    connected = catalogue._connected

    def small(path: Path) -> sqlite3.Connection:
        database = connected(path)
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        return database

    put(two.folder, "long", "\n".join(f"Camille: mot{n} {n * ' phrase'}" for n in range(200)))
    monkeypatch.setattr(catalogue, "_connected", small)
    with pytest.raises(LibraryError, match="no room left on its disk"):
        two.list()
    monkeypatch.undo()
    assert {e.id for e in two.list()} == {"choeur", "suite", "long"}


def test_an_index_is_not_replaced_while_somebody_reads_it(two: Library, monkeypatch) -> None:
    two.list()
    rebuilt = threading.Event()
    with catalogue.reading(two.folder) as database:
        thread = threading.Thread(target=lambda: (two.rebuild(), rebuilt.set()))
        thread.start()
        assert not rebuilt.wait(0.5)
        assert database.execute("SELECT count(*) FROM meetings").fetchone()[0] == 2
    assert rebuilt.wait(60)
    thread.join()


def test_two_rebuilds_at_once_are_refused(two: Library) -> None:
    with locked(two.folder / ".rebuild.lock"), pytest.raises(LibraryError, match="being rebuilt"):
        two.rebuild()


def test_a_rebuild_that_fails_leaves_the_old_index(two: Library, monkeypatch) -> None:
    two.list()
    monkeypatch.setattr("dialogue.library.meetings.index_meeting", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        two.rebuild()
    monkeypatch.undo()
    assert len(search(two, "concert in:words")) == 3


def test_an_index_that_holds_a_new_meeting_holds_the_old_ones(library: Library) -> None:
    for number in range(3):
        put(library.folder, f"m{number}", CHOIR)
        assert len(library.list()) == number + 1
        assert len(search(library, "budget in:words")) == number + 1
