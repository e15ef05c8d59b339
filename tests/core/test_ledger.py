"""The ledger: appended to by several processes, and whatever is changed in it is found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core import ledger
from dialogue.core.ledger import LedgerError


def lines(folder: Path) -> list[str]:
    return (folder / ledger.FOLDER / ledger.NAME).read_text().splitlines()


def put(folder: Path, changed: list[str]) -> None:
    (folder / ledger.FOLDER / ledger.NAME).write_text("".join(f"{line}\n" for line in changed))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for action in ("prepare", "train", "export", "erase"):
        ledger.record(tmp_path, action, ids=["appel-zq17"], counts={"recordings": 1})
    return tmp_path


def test_what_was_done_is_read_back(folder: Path) -> None:
    assert [(e.number, e.action, e.counts) for e in ledger.read(folder)] == [
        (n, action, {"recordings": 1}) for n, action in enumerate(("prepare", "train", "export", "erase"), start=1)
    ]


def test_no_id_is_in_it_and_who_has_one_finds_its_lines(folder: Path) -> None:
    assert not any(b"appel-zq17" in p.read_bytes() for p in folder.rglob("*") if p.is_file())
    ledger.record(folder, "prepare", ids=["another"])
    assert len(ledger.of(folder, "appel-zq17")) == 4
    assert len(ledger.of(folder, "another")) == 1
    assert ledger.of(folder, "nobody") == []


@given(st.integers(0, 3), st.sampled_from(["change", "remove", "repeat", "move", "cut"]))
def test_whatever_is_changed_is_found(tmp_path_factory: pytest.TempPathFactory, place: int, what: str) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    for n in range(5):
        ledger.record(folder, "prepare", counts={"recordings": n})
    before = lines(folder)
    row = json.loads(before[place])
    changes = {
        "change": [*before[:place], json.dumps({**row, "counts": {"recordings": 9}}), *before[place + 1 :]],
        "remove": [*before[:place], *before[place + 1 :]],
        "repeat": [*before[: place + 1], before[place], *before[place + 1 :]],
        "move": [*before[:place], before[place + 1], before[place], *before[place + 2 :]],
        "cut": before[: place + 1],
    }
    assert ledger.read(folder)
    put(folder, changes[what])
    with pytest.raises(LedgerError):
        ledger.read(folder)


def test_a_ledger_that_is_gone_is_missed(folder: Path) -> None:
    (folder / ledger.FOLDER / ledger.NAME).unlink()
    with pytest.raises(LedgerError, match="the last ones were removed"):
        ledger.read(folder)


def test_a_line_that_was_cut_when_its_process_was_killed_is_no_change(folder: Path) -> None:
    with (folder / ledger.FOLDER / ledger.NAME).open("a") as file:
        file.write('{"number": 5, "at": "20')
    assert len(ledger.read(folder)) == 4
    ledger.record(folder, "purge")
    assert [e.action for e in ledger.read(folder)][-2:] == ["erase", "purge"]


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from dialogue.core import ledger\n"
    code += "for _ in range(20): ledger.record(Path(sys.argv[1]), sys.argv[2])"
    writers = [subprocess.Popen([sys.executable, "-c", code, tmp_path, name]) for name in ("one", "two")]
    assert [w.wait() for w in writers] == [0, 0]
    assert sorted(e.action for e in ledger.read(tmp_path)) == ["one"] * 20 + ["two"] * 20
