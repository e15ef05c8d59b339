"""The log keeps every correction, whatever happens to its writers."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.corrections import Correction, CorrectionError, append, read
from dialogue.corrections import log as log_module

WRITER = """
import sys
from pathlib import Path
from dialogue.corrections import Correction, append
for n in range(200):
    append(Path(sys.argv[1]), Correction("", "", sys.argv[2], "réunion", "undo", target=f"c{n + 1}"))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "réunion" / "corrections.jsonl"


def undo(target: str = "c1") -> Correction:
    return Correction("", "", "Anne", "réunion", "undo", target=target)


def test_ids_follow_the_lines_and_times_are_utc(path: Path) -> None:
    assert [append(path, undo()).id for _ in range(3)] == ["c1", "c2", "c3"]
    assert all(c.at.endswith("+00:00") for c in read(path, "réunion").corrections)


def test_two_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    calls = [[sys.executable, "-c", WRITER, str(path), by] for by in ("Anne", "Karim")]
    processes = [subprocess.Popen(call) for call in calls]
    assert [p.wait() for p in processes] == [0, 0]
    found = read(path, "réunion")
    assert found.damaged == ()
    assert [c.id for c in found.corrections] == [f"c{n}" for n in range(1, 401)]
    assert [sum(c.by == by for c in found.corrections) for by in ("Anne", "Karim")] == [200, 200]


@pytest.mark.parametrize("left", [1, 20, 60])
def test_a_cut_line_is_reported_skipped_and_kept(path: Path, left: int) -> None:
    append(path, undo())
    second = append(path, undo("c9"))
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    path.write_bytes(whole[: start + left])
    found = read(path, "réunion")
    assert [c.id for c in found.corrections] == ["c1"]
    assert found.damaged == ("line 2: not JSON, or cut. It is skipped, and stays in the file.",)
    third = append(path, undo("c7"))
    assert (second.id, third.id) == ("c2", "c3")
    assert [c.target for c in read(path, "réunion").corrections] == ["c1", "c7"]
    assert path.read_bytes().startswith(whole[: start + left] + b"\n")


def test_a_log_of_another_recording_is_refused(path: Path) -> None:
    append(path, undo())
    with pytest.raises(CorrectionError, match="is of recording 'réunion'"):
        read(path, "autre")


def test_a_clock_that_goes_backwards_changes_nothing(path: Path) -> None:
    append(path, undo("c5"))
    late = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**late, "at": "2999-01-01T00:00:00+00:00"}) + "\n", encoding="utf-8")
    append(path, undo("c6"))
    assert [c.target for c in read(path, "réunion").corrections] == ["c5", "c6"]


def test_a_full_disk_leaves_the_log_readable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(path, undo())
    before = path.read_bytes()

    def full(file: int, content: bytes) -> None:
        os.write(file, content[:30])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(log_module, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        append(path, undo("c2"))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert append(path, undo("c2")).id == "c2"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"do": "renam"}, "line 1.do: found 'renam'. Did you mean rename"),
        ({"nonsense": 1}, "unknown key line 1.nonsense"),
        ({"do": "rename"}, "rename without speaker. Accepted: speaker, after."),
        ({"do": "text", "after": "x", "words": [{"start": 3.0, "end": 2.0, "text": "a"}]}, "at 3.0 to 2.0 s"),
        (
            {"do": "cut", "words": [{"start": 3.0, "end": 4.0, "text": "a"}]},
            "cut with 1 passages. Accepted: 2 or more.",
        ),
    ],
)
def test_a_line_that_is_no_correction_says_what_is_accepted(path: Path, change: dict, found: str) -> None:
    append(path, undo())
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(value | change) + "\n", encoding="utf-8")
    [line] = read(path, "réunion").damaged
    assert found in line
