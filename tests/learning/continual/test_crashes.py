"""A run that the system stops: killed, or out of disk space. Real processes."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.core import config
from dialogue.learning.continual import ContinualError, Stream, loop
from dialogue.learning.continual.matrix import Matrix

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parents[3]


def quiet(_: str) -> None:
    pass


def started(stream: Stream, exp: Path) -> subprocess.Popen:
    path = exp.parent / "stream.json"
    path.write_text(json.dumps(config.to_dict(stream)))  # JSON is YAML
    command = [sys.executable, "-m", "dialogue", "continual", "train", str(path), "--exp", str(exp)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def test_a_run_killed_in_the_middle_of_a_task_comes_to_the_same_matrix(
    streams: Callable[..., Stream], tmp_path: Path
) -> None:
    stream = streams("replay", training={"steps": 40, "save_every": 2, "threads": 1})
    exp = tmp_path / "killed"
    process = started(stream, exp)
    deadline = time.monotonic() + 120
    while not (exp / "task_2/checkpoint/state.json").exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "no checkpoint of the second task"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(Matrix.load(exp / "matrix.json").rows) == 2  # it had got no further
    assert started(stream, exp).wait(timeout=300) == 0
    whole = tmp_path / "whole"
    assert started(stream, whole).wait(timeout=300) == 0
    killed, uninterrupted = (Matrix.load(p / "matrix.json").values() for p in (exp, whole))
    for row, same in zip(uninterrupted, killed, strict=True):
        assert same == pytest.approx(row, abs=1e-6)


def test_a_run_told_to_stop_leaves_a_checkpoint_and_comes_to_the_same_matrix(
    streams: Callable[..., Stream], tmp_path: Path
) -> None:
    stream = streams("replay", training={"steps": 4, "save_every": 1000})
    whole = loop.train(stream, tmp_path / "whole", quiet).values()
    exp = tmp_path / "told"

    def report(line: str) -> None:
        if line.startswith("task 2, update 1/"):
            os.kill(os.getpid(), signal.SIGUSR2)  # as a cluster does before a time limit

    with pytest.raises(KeyboardInterrupt):
        loop.train(stream, exp, report)
    assert json.loads((exp / "task_2/checkpoint/state.json").read_text())["step"] == 2
    assert loop.train(stream, exp, quiet).values() == whole
    assert signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL


def test_a_full_disk_leaves_the_checkpoint_before(streams: Callable[..., Stream], tmp_path: Path) -> None:
    stream = streams("naive", training={"steps": 6, "save_every": 2})
    whole = loop.train(stream, tmp_path / "whole", quiet).values()
    exp = tmp_path / "full"
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)

    def report(line: str) -> None:
        if line.startswith("task 1, update 3/"):  # after the first checkpoint: limit files to a kilobyte from now on
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))

    try:
        with pytest.raises(ContinualError, match="cannot be written"):
            loop.train(stream, exp, report)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert json.loads((exp / "task_1/checkpoint/state.json").read_text())["step"] == 2
    for row, same in zip(whole, loop.train(stream, exp, quiet).values(), strict=True):
        assert same == pytest.approx(row, abs=1e-6)


def test_two_runs_in_one_folder_are_refused(streams: Callable[..., Stream], tmp_path: Path) -> None:
    process = started(streams("naive", training={"steps": 2000}), tmp_path / "exp")
    try:
        while not (tmp_path / "exp/task_1/losses.jsonl").exists():
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        with pytest.raises(ContinualError, match="in use by another run"):
            loop.train(streams("naive"), tmp_path / "exp", quiet)
    finally:
        process.kill()
        process.wait()


def test_other_base_weights_under_the_same_name_are_refused(
    streams: Callable[..., Stream], tiny: Path, tmp_path: Path
) -> None:
    import shutil

    from transformers import AutoModelForCausalLM

    shutil.copytree(tiny, tmp_path / "model")
    stream = streams("naive", training={"steps": 1}, model=str(tmp_path / "model"))
    loop.train(
        streams("naive", training={"steps": 1}, model=str(tmp_path / "model"), tasks=stream.tasks[:2]),
        tmp_path / "exp",
        quiet,
    )
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    model.model.norm.weight.data.mul_(1.1)
    model.save_pretrained(tmp_path / "model")
    with pytest.raises(ContinualError, match=r"base was .* Name another folder"):
        loop.train(stream, tmp_path / "exp", quiet)


def test_missing_weights_are_said(streams: Callable[..., Stream], tmp_path: Path) -> None:
    stream = streams("naive", training={"steps": 1})
    loop.train(streams("naive", training={"steps": 1}, tasks=stream.tasks[:1]), tmp_path, quiet)
    (tmp_path / "task_1/weights.safetensors").unlink()
    with pytest.raises(ContinualError, match="roll back to the task before it"):
        loop.train(stream, tmp_path, quiet)
