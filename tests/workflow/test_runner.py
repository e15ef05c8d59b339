"""The runner's promises: files are the truth, stale outputs are detected, one bad recording fails alone."""

import errno
import functools
import json
import logging
import os
import pathlib
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.core import files, models
from dialogue.core.audio import Recording
from dialogue.core.transcript import Transcript, Utterance
from dialogue.workflow import runner
from dialogue.workflow.runner import Progress, Result, Stage

ROOT = Path(__file__).parents[2]
SECRET = "what was said"


def upper(trouble: str, recording: Recording, out: Path, progress: Progress) -> Transcript:
    """A worker that writes the recording's text in capitals; files named after a kind of trouble cause it."""
    text = recording.path.read_text(encoding="utf-8").strip()
    with (recording.path.parent / "calls.txt").open("a") as calls:
        calls.write(f"{recording.id}\n")
    progress(0.5)
    if recording.id == trouble.partition(" ")[0]:
        match trouble.partition(" ")[2]:
            case "raises":
                raise ValueError("this one is bad\nsecond line")
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case "dies once":
                if not (recording.path.parent / "died").exists():
                    (recording.path.parent / "died").touch()
                    (out / f".{recording.id}.json.1.part").write_text('{"made_by": {')  # as if in the middle of writing
                    os.kill(os.getpid(), signal.SIGKILL)
            case "interrupted":
                raise KeyboardInterrupt
    return Transcript(recording.id, recording.duration, utterances=(Utterance("u1", None, 0.0, 1.0, text.upper()),))


def make_worker(trouble: str) -> runner.Worker:
    if trouble == "unloadable":
        raise models.ModelError("weights are missing. Type: dialogue models fetch")
    if trouble == "loading dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if trouble == "loading raises what cannot travel":
        raise UnicodeEncodeErrorLike("a", "b")
    return functools.partial(upper, trouble)


class UnicodeEncodeErrorLike(Exception):
    """An exception that can be pickled but not unpickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def beside(folder: Path, name: str, recording: Recording, out: Path) -> list[Path]:
    return [folder / name.format(recording.id)]


def make_two(name: str, content: bytes = b"data") -> runner.Worker:
    """Return a worker that writes a second file, too."""

    def work(recording: Recording, out: Path, progress: Progress) -> Transcript:
        path = recording.path.parent / name.format(recording.id)
        files.save_bytes(path, content)
        return upper("", recording, out, progress)

    return work


def make_with_gpu(folder: Path) -> runner.Worker:
    """Return a worker whose process leaves a file named after the GPUs that it sees."""
    (folder / os.environ.get("CUDA_VISIBLE_DEVICES", "unset")).touch()
    return functools.partial(upper, "")


def own_path(recording: Recording) -> list[Path]:
    return [recording.path]


def stage(trouble: str = "", **changes: object) -> Stage:
    made = Stage("upper", 1, functools.partial(make_worker, trouble), own_path, {"size": 1})
    return replace(made, **changes)  # type: ignore[arg-type]


class Corpus:
    """Text files as recordings, an output folder, and how often the worker was called."""

    def __init__(self, folder: Path, count: int = 3) -> None:
        self.folder, self.out = folder, folder / "out"
        self.recordings = []
        for number in range(count):
            path = folder / f"r{number}.txt"
            if not path.exists():
                path.write_text(f"{SECRET} {number}")
            self.recordings.append(Recording(f"r{number}", path, 10.0 + number))

    def run(self, trouble: str = "", changes: dict | None = None, **options: object) -> Result:
        return runner.run(stage(trouble, **changes or {}), self.recordings, self.out, quiet=True, **options)  # type: ignore[arg-type]

    @property
    def calls(self) -> list[str]:
        path = self.folder / "calls.txt"
        found = path.read_text().split() if path.exists() else []
        path.unlink(missing_ok=True)
        return found

    def files(self, pattern: str) -> list[str]:
        return sorted(p.name for p in self.out.glob(pattern))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


def test_each_recording_becomes_a_file_that_says_what_made_it(corpus: Corpus) -> None:
    result = corpus.run()
    assert (sorted(result.done), result.current, result.failed, result.table()) == (
        ["r0", "r1", "r2"],
        (),
        {},
        "",
    )
    made = json.loads((corpus.out / "r1.json").read_text())
    assert made["utterances"][0]["text"] == f"{SECRET} 1".upper()
    made_by = {k: v for k, v in made["made_by"].items() if k != "body"}
    assert made_by == {
        "stage": "upper",
        "version": 1,
        "options": {"size": 1},
        "models": {},
        "inputs": {"r1.txt": files.sha256(corpus.folder / "r1.txt")},
        "attributes": {},
    }
    [entry] = made["provenance"]
    assert entry.items() >= made_by.items()
    assert entry["seconds"] >= 0
    assert entry["real_time_factor"] == pytest.approx(entry["seconds"] / 11.0, abs=1e-4)
    assert runner.read_fingerprint(corpus.out / "r1.json") == made["made_by"]


def test_the_longest_go_first(corpus: Corpus) -> None:
    corpus.run()
    assert corpus.calls == ["r2", "r1", "r0"]


def test_nothing_is_done_twice(corpus: Corpus) -> None:
    corpus.run()
    before = {p: p.read_bytes() for p in corpus.out.rglob("*") if p.is_file()}
    assert corpus.calls
    assert corpus.run().current == ("r0", "r1", "r2")
    assert corpus.calls == []
    assert {p: p.read_bytes() for p in corpus.out.rglob("*") if p.is_file()} == before


def test_a_worker_that_was_kept_is_not_made_again(corpus: Corpus) -> None:
    loaded: runner.Loaded = {}
    for version in (1, 2):
        runner.run(stage(version=version), corpus.recordings, corpus.out, quiet=True, loaded=loaded)
    assert len(loaded) == 1
    runner.run(stage("other", version=3), corpus.recordings, corpus.out, quiet=True, loaded=loaded)
    assert len(loaded) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "version changed: 1 -> 2"),
        ({"options": {"size": 2}}, "options.size changed: 1 -> 2"),
        ({"options": {}}, "options.size changed: 1 -> None"),
        ({"options": {"size": 1, "deep": {"x": [1]}}}, "options.deep changed: None -> {'x': [1]}"),
        ({"attributes": ("speakers",)}, "attributes.speakers changed: None -> 4"),
    ],
)
def test_what_changed_is_reported_and_redone(corpus: Corpus, capsys, changes: dict, reason: str) -> None:
    corpus.run()
    corpus.recordings = [replace(r, attributes={"speakers": 4}) for r in corpus.recordings]
    assert corpus.calls
    assert corpus.run(changes={}).done == ()  # attributes that the stage does not read have no effect
    corpus.run(changes=changes, dry_run=True)
    assert capsys.readouterr().out.splitlines() == [f"upper r{n}: {reason}" for n in range(3)]
    assert corpus.calls == []
    assert len(corpus.run(changes=changes).done) == 3
    assert corpus.run(changes=changes).done == ()


def test_a_changed_input_redoes_only_that_recording(corpus: Corpus, capsys) -> None:
    corpus.run()
    (corpus.folder / "r1.txt").write_text("something else")
    assert corpus.run(explain=True).done == ("r1",)
    lines = capsys.readouterr().out.splitlines()
    assert [lines[0], lines[2]] == ["upper r0: up to date", "upper r2: up to date"]
    assert "inputs.r1.txt changed" in lines[1]


def test_recordings_that_moved_are_not_processed_again(corpus: Corpus, tmp_path: Path) -> None:
    corpus.run()
    (tmp_path / "elsewhere").mkdir()
    for number, recording in enumerate(corpus.recordings):
        moved = recording.path.rename(tmp_path / "elsewhere" / recording.path.name)
        corpus.recordings[number] = replace(recording, path=moved)
    assert corpus.run().done == ()


def test_two_inputs_of_one_name_are_both_watched(corpus: Corpus, tmp_path: Path) -> None:
    twins = [tmp_path / side / "asr/r.txt" for side in ("a", "b")]
    for path in twins:
        path.parent.mkdir(parents=True)
        path.write_text(path.parts[-3])
    changes = {"inputs": lambda recording: twins}
    corpus.recordings = corpus.recordings[:1]
    corpus.run(changes=changes)
    for path in twins:
        path.write_text(path.parts[-3] * 2)
        assert corpus.run(changes=changes).done == ("r0",)


def test_a_changed_model_redoes_everything(corpus: Corpus) -> None:
    (corpus.folder / "model").mkdir()
    (corpus.folder / "model/weights").write_text("1")
    changes = {"models": [str(corpus.folder / "model")]}
    corpus.run(changes=changes)
    assert corpus.run(changes=changes).done == ()
    (corpus.folder / "model/weights").write_text("22")
    assert len(corpus.run(changes=changes).done) == 3


def test_a_missing_model_stops_before_anything_is_done(corpus: Corpus, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIALOGUE_MODELS", str(tmp_path / "none"))
    with pytest.raises(models.ModelError, match="Type: dialogue models fetch campplus"):
        corpus.run(changes={"models": ["campplus"]})
    assert corpus.calls == []
    assert corpus.files("*.error") == []


@pytest.mark.parametrize("content", ["", "{", "not json", '{"made_by": {', '{"made_by": 3}', "[]", "\xff"])
def test_an_incomplete_output_is_made_again(corpus: Corpus, content: str) -> None:
    corpus.run()
    (corpus.out / "r1.json").write_bytes(content.encode("latin-1"))
    assert corpus.run().done == ("r1",)


def test_an_output_that_was_cut_anywhere_is_made_again(corpus: Corpus) -> None:
    corpus.run()
    path = corpus.out / "r1.json"
    whole = path.read_bytes()
    for size in {whole.index(b"\n") + 1, *range(0, len(whole) - 1, 37), len(whole) - 2}:
        path.write_bytes(whole[:size])
        assert corpus.run().done == ("r1",), size


@pytest.mark.parametrize(
    ("name", "content", "damaged"),
    [
        ("out/extra/{}.npz", b"", True),
        ("out/extra/{}.npz", b"dat", True),
        ("for people/{}.srt", b"", True),
        ("for people/{}.srt", b"corrected by someone", False),
    ],
)
def test_a_damaged_file_beside_an_output_is_made_again(
    corpus: Corpus, name: str, content: bytes, damaged: bool
) -> None:
    changes = {
        "outputs": functools.partial(beside, corpus.folder, name),
        "make_worker": functools.partial(make_two, name),
        "for_people": name.startswith("for people"),
    }
    corpus.run(changes=changes)
    path = corpus.folder / name.format("r1")
    assert path.read_bytes() == b"data"
    assert corpus.run(changes=changes).done == ()
    path.write_bytes(content)
    assert corpus.run(changes=changes).done == (("r1",) if damaged else ())


PEOPLE = "for people/{}.srt"


def for_people(corpus: Corpus, content: bytes) -> dict:
    return {
        "outputs": functools.partial(beside, corpus.folder, PEOPLE),
        "make_worker": functools.partial(make_two, PEOPLE, content),
        "options": {"content": content.decode()},
        "for_people": True,
    }


def test_a_file_that_a_person_changed_stays_and_the_new_one_goes_beside_it(corpus: Corpus, caplog) -> None:
    corpus.run(changes=for_people(corpus, b"one"))
    path = corpus.folder / PEOPLE.format("r1")
    path.write_bytes(b"corrected")
    for content in (b"two", b"three"):
        assert corpus.run(changes=for_people(corpus, content)).done
        assert path.read_bytes() == b"corrected"
        assert path.with_name("r1.new.srt").read_bytes() == content
        assert path.with_name("r2.srt").read_bytes() == content
        assert "r1.srt was changed by hand, so it stays; the new one is r1.new.srt" in caplog.text
    assert corpus.run(changes=for_people(corpus, b"three")).done == ()


def test_a_new_file_that_a_person_takes_is_ours_again(corpus: Corpus) -> None:
    corpus.run(changes=for_people(corpus, b"one"))
    path = corpus.folder / PEOPLE.format("r1")
    path.write_bytes(b"corrected")
    corpus.run(changes=for_people(corpus, b"two"))
    path.with_name("r1.new.srt").replace(path)
    corpus.run(changes=for_people(corpus, b"three"))
    assert path.read_bytes() == b"three"
    assert not path.with_name("r1.new.srt").exists()


def test_a_file_that_is_there_before_the_first_run_stays(corpus: Corpus) -> None:
    path = corpus.folder / PEOPLE.format("r1")
    path.parent.mkdir()
    path.write_bytes(b"notes of mine")
    corpus.run(changes=for_people(corpus, b"one"))
    assert path.read_bytes() == b"notes of mine"
    assert path.with_name("r1.new.srt").read_bytes() == b"one"


def test_a_file_equal_to_the_new_one_has_none_beside_it(corpus: Corpus, caplog) -> None:
    path = corpus.folder / PEOPLE.format("r1")
    path.parent.mkdir()
    path.write_bytes(b"one")  # as after a kill between the file and its record
    corpus.run(changes=for_people(corpus, b"one"))
    assert sorted(p.name for p in path.parent.iterdir()) == ["r0.srt", "r1.srt", "r2.srt"]
    assert "changed by hand" not in caplog.text


def test_an_output_that_a_person_changed_stays_and_counts_as_done(corpus: Corpus) -> None:
    corpus.run()
    path = corpus.out / "r1.json"
    mine = path.read_text().replace(f"{SECRET} 1".upper(), "corrected")
    path.write_text(mine)
    changes = {"options": {"size": 2}}
    assert sorted(corpus.run(changes=changes).done) == ["r0", "r1", "r2"]
    assert path.read_text() == mine
    assert '"size": 2' in path.with_name("r1.new.json").read_text().splitlines()[0]
    assert corpus.run(changes=changes).done == ()


def test_an_output_saved_in_another_encoding_stays_and_stops_nothing(corpus: Corpus) -> None:
    corpus.run()
    path = corpus.out / "r1.json"
    mine = path.read_bytes().replace(f"{SECRET} 1".upper().encode(), "Zoé".encode("latin-1"))
    path.write_bytes(mine)
    assert sorted(corpus.run(changes={"options": {"size": 2}}).done) == ["r0", "r1", "r2"]
    assert path.read_bytes() == mine


def test_an_output_that_a_person_broke_is_set_aside(corpus: Corpus) -> None:
    corpus.run()
    path = corpus.out / "r1.json"
    broken = path.read_text()[:-3] + ",}"
    path.write_text(broken)
    assert corpus.run().done == ("r1",)
    assert path.with_name("r1.json.damaged").read_text() == broken


def test_a_person_s_file_survives_a_failure(corpus: Corpus) -> None:
    corpus.run(changes=for_people(corpus, b"one"))
    path = corpus.folder / PEOPLE.format("r1")
    path.write_bytes(b"corrected")
    corpus.run(changes=for_people(corpus, b"two") | {"make_worker": functools.partial(make_worker, "r1 raises")})
    corpus.run(changes=for_people(corpus, b"two"))
    assert path.read_bytes() == b"corrected"


@pytest.mark.parametrize("record", ["4", "[]", '[4, "x", 1]', "null", '"x"'])
def test_a_record_in_another_form_is_ignored(corpus: Corpus, record: str) -> None:
    corpus.run(changes=for_people(corpus, b"one"))
    path = corpus.out / "r1.json"
    path.write_text(re.sub(r'"r1\.srt": \[[^]]*\]', f'"r1.srt": {record}', path.read_text()))
    assert corpus.run(changes=for_people(corpus, b"one")).done == ()


def test_an_output_that_is_rightly_empty_is_not_made_again(corpus: Corpus) -> None:
    name = "out/{}.rttm"
    changes = {
        "outputs": functools.partial(beside, corpus.folder, name),
        "make_worker": functools.partial(make_two, name, b""),
    }
    corpus.run(changes=changes)
    assert corpus.run(changes=changes).done == ()


def test_temporary_files_of_killed_processes_are_removed(corpus: Corpus) -> None:
    corpus.out.mkdir(parents=True)
    gone, ours = (corpus.out / f".other.json.{process}.part" for process in (2**22 + 1, os.getpid()))
    for part in (gone, ours):
        part.touch()
    corpus.run()
    assert not gone.exists()
    assert ours.exists()


def test_an_input_that_is_a_pipe_fails_alone(corpus: Corpus) -> None:
    corpus.recordings[1].path.unlink()
    os.mkfifo(corpus.recordings[1].path)
    result = corpus.run()
    assert (len(result.done), list(result.failed)) == (2, ["r1"])
    assert "Not a regular file" in result.failed["r1"]


def test_a_finished_run_on_a_read_only_disk_is_up_to_date(corpus: Corpus, monkeypatch) -> None:
    corpus.run()

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for name in ("unlink", "write_bytes", "touch", "replace"):
        monkeypatch.setattr(pathlib.Path, name, refused)
    assert len(corpus.run().current) == 3


def test_an_output_that_another_tool_rewrote_keeps_its_fingerprint(corpus: Corpus) -> None:
    corpus.run()
    path = corpus.out / "r1.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=4))
    assert corpus.run().done == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_bad_recording_of_ten_fails_alone(tmp_path: Path, jobs: int) -> None:
    corpus = Corpus(tmp_path, 10)
    result = corpus.run("r4 raises", jobs=jobs)
    assert (len(result.done), result.failed) == (9, {"r4": "this one is bad"})
    assert result.table() == "upper: 1 of 10 recordings failed\n  r4: this one is bad"
    assert len(corpus.files("r*.json")) == 9
    assert corpus.files("*.error") == ["r4.error"]
    error = (corpus.out / "r4.error").read_text()
    assert error.startswith("this one is bad\nsecond line")
    assert "Traceback" in error


def test_running_again_retries_what_failed(corpus: Corpus, capsys) -> None:
    corpus.run("r1 raises")
    assert corpus.calls
    assert corpus.run(explain=True).done == ("r1",)
    assert "upper r1: failed before" in capsys.readouterr().out
    assert corpus.calls == ["r1"]
    assert corpus.files("*.error") == []


def test_only_failed_leaves_the_others_alone(corpus: Corpus) -> None:
    corpus.run("r1 raises")
    (corpus.out / "r2.json").unlink()
    assert corpus.run(only_failed=True).done == ("r1",)
    assert corpus.files("r*.json") == ["r0.json", "r1.json"]


def test_a_stale_output_that_cannot_be_made_anew_does_not_stay(corpus: Corpus) -> None:
    corpus.run()
    corpus.run("r1 raises", changes={"version": 2})
    assert corpus.files("r*.json") == ["r0.json", "r2.json"]


def test_a_missing_input_fails_only_its_recording(corpus: Corpus) -> None:
    corpus.run()
    (corpus.folder / "r1.txt").rename(corpus.folder / "away")
    assert corpus.calls
    result = corpus.run()
    assert result.failed == {"r1": f"{corpus.folder / 'r1.txt'}: No such file or directory. It is an input of upper."}
    assert corpus.files("*.error") == ["r1.error"]
    (corpus.folder / "away").rename(corpus.folder / "r1.txt")  # e.g. a disk that was not mounted
    assert corpus.run().current == ("r0", "r1", "r2")
    assert corpus.calls == []
    assert corpus.files("*.error") == []


@pytest.mark.parametrize(("seen", "given"), [("4,GPU-7", ["4", "GPU-7"]), ("5", ["5"])])
def test_processes_take_the_gpus_in_turn(corpus: Corpus, monkeypatch, seen: str, given: list[str]) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", seen)
    assert corpus.run(jobs=2, changes={"make_worker": functools.partial(make_with_gpu, corpus.folder)}).failed == {}
    assert [name for name in ("4", "5", "GPU-7", "4,GPU-7") if (corpus.folder / name).exists()] == given


def test_a_killed_worker_fails_only_its_recording(corpus: Corpus) -> None:
    result = corpus.run("r1 dies", jobs=2)
    assert sorted(result.done) == ["r0", "r2"]
    assert result.failed == {"r1": "the worker process died (SIGKILL; often a lack of memory: try fewer --jobs)"}
    assert "SIGKILL" in (corpus.out / "r1.error").read_text()
    assert corpus.run(jobs=2).done == ("r1",)


@pytest.mark.parametrize(
    ("trouble", "kind", "found"),
    [
        ("unloadable", models.ModelError, "weights are missing. Type: dialogue models fetch"),
        (
            "loading dies",
            ChildProcessError,
            "upper: the worker process died .*SIGKILL.* while it loaded its models",
        ),
        ("loading raises what cannot travel", RuntimeError, "UnicodeEncodeErrorLike: a and b"),
    ],
)
def test_a_worker_that_cannot_start_stops_the_run(corpus: Corpus, trouble: str, kind: type, found: str) -> None:
    with pytest.raises(kind, match=found):
        corpus.run(trouble, jobs=2)
    assert corpus.files("*.error") == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_kill_9_then_the_same_command_finishes_the_rest(tmp_path: Path, jobs: int) -> None:
    code = (
        "import sys, pathlib; from tests.workflow.test_runner import Corpus\n"
        f"print(sorted(Corpus(pathlib.Path(sys.argv[1]), 6).run('r2 dies once', jobs={jobs}).done))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    if jobs == 1:
        assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    else:  # the parent sees its worker die, and continues
        assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    corpus = Corpus(tmp_path, 6)
    done = corpus.files("r*.json")
    assert "r2.json" not in done
    assert corpus.files(".r2.json.*.part") == [".r2.json.1.part"]
    before = {name: (corpus.out / name).read_bytes() for name in done}
    assert corpus.calls
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    assert sorted(corpus.calls) == sorted({f"r{n}" for n in range(6)} - {n.removesuffix(".json") for n in done})
    assert len(corpus.files("r*.json")) == 6
    assert {name: (corpus.out / name).read_bytes() for name in done} == before


def test_ctrl_c_stops_the_run_and_keeps_what_is_done(corpus: Corpus) -> None:
    with pytest.raises(KeyboardInterrupt):
        corpus.run("r1 interrupted")
    assert corpus.files("r*.json") == ["r2.json"]
    assert corpus.files("*.error") == []
    assert sorted(corpus.run().done) == ["r0", "r1"]


def full_disk(names: str) -> Callable:
    real = pathlib.Path.write_bytes

    def write_bytes(self: Path, *args: object, **options: object) -> int:
        if any(name in self.name for name in names.split()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, *args, **options)  # type: ignore[arg-type]

    return write_bytes


@pytest.mark.parametrize("names", ["r1.json", "r1.json r1.error stage.json .digests"])
def test_a_full_disk_is_reported_and_leaves_no_half_file(corpus: Corpus, monkeypatch, names: str) -> None:
    monkeypatch.setattr(pathlib.Path, "write_bytes", full_disk(names))
    result = corpus.run()
    assert (sorted(result.done), list(result.failed)) == (["r0", "r2"], ["r1"])
    assert "No space left on device" in result.failed["r1"]
    assert corpus.files("*r1.json*") == []
    monkeypatch.undo()
    assert corpus.run().done == ("r1",)


def test_a_folder_that_cannot_be_written_is_an_error(corpus: Corpus) -> None:
    corpus.out = corpus.folder / "r0.txt" / "out"
    with pytest.raises(OSError, match=r"r0\.txt"):
        corpus.run()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"jobs": 0}, r"jobs: found 0\. Accepted: 1 or more"),
        ({"jobs": -2}, r"jobs: found -2"),
    ],
)
def test_an_impossible_call_is_refused(corpus: Corpus, options: dict, found: str) -> None:
    with pytest.raises(ValueError, match=found):
        corpus.run(**options)
    assert not corpus.out.exists()


def test_two_recordings_with_one_id_are_refused(corpus: Corpus) -> None:
    corpus.recordings.append(corpus.recordings[0])
    with pytest.raises(ValueError, match=r"two recordings are called r0\. Ids must be unique"):
        corpus.run()


@pytest.mark.parametrize("id", ["stage", "../r", "a/b", "", "-r", ".r", "a b", "a\nb", "r\0"])
def test_an_id_that_cannot_name_a_file_is_refused(corpus: Corpus, id: str) -> None:
    corpus.recordings[0] = replace(corpus.recordings[0], id=id)
    with pytest.raises(ValueError, match="cannot name a file"):
        corpus.run()


def test_a_dry_run_leaves_no_trace(corpus: Corpus) -> None:
    assert corpus.run(dry_run=True).done == ()
    assert not corpus.out.exists()


def test_a_thousand_unchanged_recordings_are_checked_without_reading_them(tmp_path: Path, monkeypatch) -> None:
    corpus = Corpus(tmp_path, 1000)
    corpus.run()
    assert len(corpus.calls) == 1000
    read = 0
    real = pathlib.Path.open

    class Counted:
        def __init__(self, file) -> None:
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def readline(self) -> bytes:
            nonlocal read
            line = self.file.readline()
            read += len(line)
            return line

        def seek(self, place: int) -> None:
            self.file.seek(place)

        def read(self, *_: object) -> bytes:
            end = self.file.read()
            assert len(end) <= 3, "a whole file was read"
            return end

    def counting(self: Path, *args: object, **options: object):
        file = real(self, *args, **options)  # type: ignore[arg-type]
        return Counted(file) if self.name.startswith("r") else file

    monkeypatch.setattr(pathlib.Path, "open", counting)
    assert len(corpus.run().current) == 1000
    monkeypatch.undo()
    assert corpus.calls == []
    assert 0 < read < 1000 * 400


class Id(str):
    """An id whose comparisons can be counted: they are calls of Python."""

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_the_work_for_a_recording_does_not_grow_with_their_number(tmp_path: Path, capsys) -> None:
    def calls_a_recording(count: int) -> float:
        (tmp_path / str(count)).mkdir()
        corpus = Corpus(tmp_path / str(count), count)
        corpus.recordings = [replace(r, id=Id(r.id)) for r in corpus.recordings]
        calls = 0

        def counting(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(counting)
        try:
            runner.run(stage("r1 raises"), corpus.recordings, corpus.out)
            runner.pending(stage(), corpus.recordings, corpus.out)
        finally:
            sys.setprofile(None)
        return calls / count

    calls_a_recording(1)  # imports
    assert calls_a_recording(300) < 1.1 * calls_a_recording(75)


def test_the_summary_says_what_ran_where(corpus: Corpus) -> None:
    corpus.run("r1 raises")
    summary = json.loads((corpus.out / "stage.json").read_text())
    assert (summary["stage"], summary["version"], summary["options"], summary["jobs"]) == (
        "upper",
        1,
        {"size": 1},
        1,
    )
    assert summary["counts"] == {"done": 2, "current": 0, "failed": 1}
    assert summary["failed"] == {"r1": "this one is bad"}
    assert summary["sound_seconds"] == 22.0
    assert summary["peak_memory_mib"] > 0
    assert {"git", "python", "host", "finished", "seconds", "real_time_factor"} <= set(summary)


def test_the_log_says_what_happened_and_never_what_was_said(corpus: Corpus) -> None:
    corpus.run("r1 raises")
    logging.shutdown()
    [path] = (corpus.out / "logs").glob("*-upper.log")
    text = path.read_text()
    assert "upper r0: done" in text
    assert "upper r1: failed: this one is bad" in text
    assert SECRET.upper() not in text.upper()


def test_progress_is_a_line_a_recording_where_there_is_no_terminal(corpus: Corpus, capsys) -> None:
    runner.run(stage(), corpus.recordings, corpus.out)
    assert capsys.readouterr().err.splitlines() == [f"upper {n}/3 r{3 - n}: done" for n in (1, 2, 3)]


def test_no_recordings_are_no_error(corpus: Corpus) -> None:
    corpus.recordings = []
    assert corpus.run() == Result("upper")
