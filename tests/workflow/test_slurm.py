"""A stage as an array of jobs: the first tests need no cluster, the others one that answers (`make test-slurm`)."""

import dataclasses
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core import models
from dialogue.core.audio import Recording
from dialogue.core.models import ModelError
from dialogue.core.transcript import Transcript, Utterance
from dialogue.workflow import runner, slurm
from dialogue.workflow.runner import Progress, Result, Stage, Task
from dialogue.workflow.slurm import SlurmConfig, SlurmError, dealt

QUICK = SlurmConfig(minutes=5, cpus=1, poll=0.3)


def work(recording: Recording, out: Path, progress: Progress) -> Transcript:
    """Write the text in capitals; what the text says may happen first."""
    text = recording.path.read_text(encoding="utf-8").strip()
    with (recording.path.parent / "calls.txt").open("a") as calls:
        calls.write(f"{recording.id}\n")
    died = recording.path.parent / f"{recording.id}.died"
    match text.split():
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["outlast", "the", "job"] if "SLURM_RESTART_COUNT" not in os.environ:
            time.sleep(600)
        case ["raise"]:
            raise ValueError("this one is bad\nsecond line")
        case ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["die", "once"] if not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return Transcript(recording.id, recording.duration, utterances=(Utterance("u1", None, 0.0, 1.0, text.upper()),))


def make_worker(folder: Path) -> runner.Worker:
    if (folder / "no_model").exists():
        raise FileNotFoundError("the weights of this stage")
    with (folder / "loaded.txt").open("a") as loaded:
        loaded.write(f"{os.environ.get('SLURMD_NODENAME')}\n")
    return work


def stage_of(folder: Path) -> Stage:
    return Stage("upper", 1, functools.partial(make_worker, folder), inputs=lambda r: [r.path])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def recordings(folder: Path, **texts: str) -> list[Recording]:
    for id, text in texts.items():
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
    return [Recording(id, folder / f"{id}.txt", 1.0) for id in texts]


def submitted(folder: Path, made: list[Recording], jobs: int = 2, config: SlurmConfig = QUICK) -> Result:
    return runner.run(stage_of(folder), made, folder / "out", jobs=jobs, launch=slurm.launcher(config), quiet=True)


def calls(folder: Path) -> list[str]:
    return sorted((folder / "calls.txt").read_text().split())


# Without a cluster --------------------------------------------------------------------------------------------------


def task(id: int, seconds: float) -> Task:
    return Task(Recording(f"r{id}", Path("a.wav"), seconds), {}, "", (), False)


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=60), st.integers(1, 9))
def test_every_task_is_dealt_to_one_job(seconds: list[float], jobs: int) -> None:
    tasks = [task(n, s) for n, s in enumerate(seconds)]
    shards = dealt(tasks, jobs)
    assert sorted(t.recording.id for s in shards for t in s) == sorted(t.recording.id for t in tasks)
    assert all(shards)


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=60), st.integers(1, 9))
def test_no_job_has_more_than_its_share_and_the_longest_recording(seconds: list[float], jobs: int) -> None:
    shards = dealt([task(n, s) for n, s in enumerate(seconds)], jobs)
    most = max(sum(t.recording.duration for t in shard) for shard in shards)
    assert most <= sum(seconds) / len(shards) + max(seconds) + 1e-6


def test_a_job_begins_with_its_longest_recording() -> None:
    shards = dealt([task(n, seconds) for n, seconds in enumerate([3.0, 1.0, 9.0, 5.0])], 2)
    assert [[t.recording.duration for t in shard] for shard in shards] == [[9.0], [5.0, 3.0, 1.0]]


def test_what_needs_a_model_that_is_not_here_is_not_submitted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIALOGUE_MODELS", "HF_HUB_CACHE"):
        monkeypatch.setenv(name, str(folder / "none"))
    monkeypatch.setattr("shutil.which", pytest.fail)
    stage = dataclasses.replace(stage_of(folder), models=["gemma-3-270m"])
    with pytest.raises(ModelError, match="dialogue models fetch gemma-3-270m"):
        runner.run(stage, recordings(folder, a="one"), folder / "out", launch=slurm.launcher(QUICK), quiet=True)


def test_a_machine_without_slurm_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SlurmError, match="sbatch: not found"):
        submitted(folder, recordings(folder, a="one"))


def test_what_is_up_to_date_is_not_submitted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recordings(folder, a="one")
    runner.run(stage_of(folder), made, folder / "out", quiet=True)
    monkeypatch.setenv("PATH", "")
    assert submitted(folder, made).current == ("a",)


def test_recordings_that_wait_are_not_opened_at_each_look(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = {f"r{n}": task(n, 1.0) for n in range(9)}
    looks, opened = iter([True, True, False]), []
    monkeypatch.setattr(slurm, "is_queued", lambda array: next(looks))
    monkeypatch.setattr(
        slurm, "is_made", lambda task, out: opened.append(task.recording.id) or (out / "r1.json").exists()
    )
    (folder / "r1.json").touch()
    assert [o.recording for o in slurm._watched("1", tasks, folder, 0.0)] == ["r1"] + [
        f"r{n}" for n in range(9) if n != 1
    ]
    assert opened == ["r1"] + [f"r{n}" for n in range(9) if n != 1]


# With one -----------------------------------------------------------------------------------------------------------


@pytest.mark.slurm
def test_recordings_are_done_by_jobs_that_load_once(folder: Path) -> None:
    result = submitted(folder, recordings(folder, **{f"r{n}": "text" for n in range(6)}))
    assert (len(result.done), dict(result.failed)) == (6, {})
    nodes = (folder / "loaded.txt").read_text().split()
    assert len(nodes) == 2
    assert "None" not in nodes
    assert [*(folder / "out").rglob("*.pkl")] == []  # they would name the recordings


@pytest.mark.slurm
def test_one_that_raises_fails_alone_with_the_first_line_of_its_cause(folder: Path) -> None:
    result = submitted(folder, recordings(folder, a="raise", b="text", c="text"))
    assert dict(result.failed) == {"a": "this one is bad"}
    assert sorted(result.done) == ["b", "c"]


@pytest.mark.slurm
def test_only_what_failed_is_tried_again(folder: Path) -> None:
    made = recordings(folder, a="raise", b="text")
    submitted(folder, made)
    (folder / "c.txt").write_text("text")
    made = [*recordings(folder, a="text now"), made[1], Recording("c", folder / "c.txt", 1.0)]
    result = runner.run(
        stage_of(folder), made, folder / "out", launch=slurm.launcher(QUICK), only_failed=True, quiet=True
    )
    assert (result.done, calls(folder)) == (("a",), ["a", "a", "b"])


@pytest.mark.slurm
def test_jobs_that_cannot_load_their_model_fail_with_what_they_said(folder: Path) -> None:
    (folder / "no_model").touch()
    result = submitted(folder, recordings(folder, a="text", b="text"), jobs=1)
    assert result.failed.keys() == {"a", "b"}
    assert "ended before it began: FileNotFoundError: the weights of this stage; see " in result.failed["a"]


@pytest.mark.slurm
@pytest.mark.parametrize(("interrupt", "goes_on"), [("leave", True), ("cancel", False)])
def test_ctrl_c_leaves_the_jobs_or_cancels_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, interrupt: Literal["leave", "cancel"], goes_on: bool
) -> None:
    made = recordings(folder, a="sleep 600")

    def sleep(seconds: float) -> None:
        if (folder / "calls.txt").exists():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", sleep)
        with pytest.raises(KeyboardInterrupt):
            submitted(folder, made, config=dataclasses.replace(QUICK, interrupt=interrupt, poll=0))
    array = (folder / "out/slurm/array").read_text().strip()
    asked = ["squeue", "--noheader", "--jobs", array, "--format", "%T"]
    states = subprocess.run(asked, capture_output=True, text=True).stdout.split()
    subprocess.run(["scancel", "--signal", "KILL", array], capture_output=True)  # without the seconds that Slurm grants
    assert ("RUNNING" in states) is goes_on


@pytest.mark.slurm
def test_a_killed_job_loses_nothing(folder: Path) -> None:
    made = recordings(folder, a="die once", b="text", c="text", d="text")
    result = submitted(folder, made, jobs=1)
    assert (sorted(result.done), dict(result.failed)) == (["a", "b", "c", "d"], {})


@pytest.mark.slurm
def test_one_that_always_kills_its_job_fails_and_the_others_are_done(folder: Path) -> None:
    result = submitted(folder, recordings(folder, a="die", b="text", c="text"), jobs=1)
    assert sorted(result.done) == ["b", "c"]
    assert result.failed["a"].startswith("its job died 2 times")


@pytest.mark.slurm
def test_a_second_call_waits_for_the_jobs_of_the_first(folder: Path) -> None:
    made = recordings(folder, **{f"r{n}": "sleep 2" for n in range(4)})
    program = (
        "import sys; from pathlib import Path; from tests.workflow import test_slurm as t; folder = Path(sys.argv[1]); "
        "t.submitted(folder, t.recordings(folder, **{f'r{n}': 'sleep 2' for n in range(4)}))"
    )
    first = subprocess.Popen([sys.executable, "-c", program, str(folder)])
    while not (folder / "out/slurm/array").exists():
        time.sleep(0.1)
    first.kill()
    first.wait()
    (folder / "out/slurm/array").unlink()  # as if it had been killed just before it wrote this
    assert len(submitted(folder, made).done) == 4
    assert calls(folder) == ["r0", "r1", "r2", "r3"]


@pytest.mark.slurm
def test_a_job_at_its_time_limit_goes_on_where_it_was(folder: Path) -> None:
    made = recordings(folder, a="text", b="outlast the job", c="text")
    limit = SlurmConfig(minutes=1, warning=55, cpus=1, poll=0.3)
    result = submitted(folder, made, jobs=1, config=limit)
    assert sorted(result.done) == ["a", "b", "c"]
    assert calls(folder) == ["a", "b", "b", "c"]  # only what was interrupted is repeated


@pytest.mark.slurm
def test_a_drained_node_gets_no_jobs(folder: Path) -> None:
    subprocess.run(["scontrol", "update", "nodename=n1", "state=drain", "reason=test"], check=True)
    try:
        assert len(submitted(folder, recordings(folder, a="text", b="text")).done) == 2
        assert set((folder / "loaded.txt").read_text().split()) == {"n2"}
    finally:
        subprocess.run(["scontrol", "update", "nodename=n1", "state=resume"], check=True)


@pytest.mark.slurm
def test_jobs_that_slurm_refuses_are_an_error_in_its_words(folder: Path) -> None:
    with pytest.raises(SlurmError, match="Invalid partition"):
        submitted(folder, recordings(folder, a="text"), config=SlurmConfig(partition="none"))


@pytest.mark.slurm
def test_the_examination_sees_a_shared_folder_and_a_missing_partition(folder: Path) -> None:
    lines, able = slurm.examine(SlurmConfig(cpus=1, gpus=1, setup=("export A=1",)), folder)
    assert able, lines
    assert f"a node sees {folder}" in lines
    assert "a node gives a job GPUs: 1 asked for, 1 there" in lines
    lines, able = slurm.examine(SlurmConfig(cpus=1, partition="none"), folder)
    assert not able
    assert "partition none: not found. Accepted: test." in lines


@pytest.mark.slurm
def test_the_examination_says_what_a_node_lacks(folder: Path) -> None:
    undone = ("unset HF_HUB_OFFLINE", "CUDA_VISIBLE_DEVICES=", "module load none", "export DIALOGUE_MODELS=/elsewhere")
    lines, able = slurm.examine(SlurmConfig(cpus=1, gpus=1, setup=undone), folder)
    assert not able
    assert "MISSING: a node that takes the lines of setup" in lines
    assert f"MISSING: a node that has models in {models.folder()}, as here" in lines
    assert "MISSING: a node that has the variables that keep jobs from the network" in lines
    assert "MISSING: a node that gives a job GPUs: 1 asked for, 0 there" in lines
    lines, able = slurm.examine(SlurmConfig(cpus=1, gpus=7), folder)
    assert not able
    assert "no job runs with these options (gpus: 7; " in lines[-1]


@pytest.mark.slurm
def test_nothing_is_lost_when_jobs_are_killed_at_random(folder: Path) -> None:
    import random

    chance, ended = random.Random(0), threading.Event()

    def kill() -> None:
        while not ended.wait(chance.uniform(0.5, 1.5)):
            ours = f"submitit.core._submit {folder}/"
            found = subprocess.run(["pgrep", "-f", ours], capture_output=True, text=True).stdout
            if pids := found.split():
                os.kill(int(chance.choice(pids)), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    made = recordings(folder, **{f"r{n}": "sleep 0.3" for n in range(12)})
    try:
        for _ in range(10):
            result = submitted(folder, made)
            if not result.failed:
                break
    finally:
        ended.set()
        killer.join()
    assert sorted([*result.done, *result.current]) == sorted(r.id for r in made)
