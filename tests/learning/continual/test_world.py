"""Several processes train like one: real processes, connected by gloo."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.core import config
from dialogue.learning.continual import ContinualError, Stream, loop, world
from dialogue.learning.continual.matrix import Matrix

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parents[3]


def quiet(_: str) -> None:
    pass


@pytest.mark.parametrize(
    ("method", "adaptation", "sharded"),
    [("ewc", "full", True), ("replay+kl", "lora", True), ("naive+wise", "lora", True), ("adapters", "lora", False)],
)
def test_two_processes_come_to_the_weights_and_scores_of_one(
    streams: Callable[..., Stream], tmp_path: Path, method: str, adaptation: str, sharded: bool
) -> None:
    training = {"steps": 4, "sharded": sharded}
    stream = streams(method, adaptation={"kind": adaptation}, ewc={"samples": 4}, training=training)
    alone = loop.train(stream, tmp_path / "alone", quiet)
    together = torchrun(stream, tmp_path / "together")
    for row, same in zip(alone.values(), together.values(), strict=True):
        assert same == pytest.approx(row, abs=1e-4)  # sums are computed in another order
    assert together.kl == pytest.approx(alone.kl, abs=1e-4)
    assert_same_weights(tmp_path / "alone", tmp_path / "together")


def assert_same_weights(exp: Path, other: Path) -> None:
    from safetensors.torch import load_file

    last = sorted(exp.glob("task_*"))[-1].name
    mine, theirs = (load_file(folder / last / "weights.safetensors") for folder in (exp, other))
    assert mine.keys() == theirs.keys()
    print(max(float((mine[n] - theirs[n]).abs().max()) for n in mine))
    for name, value in mine.items():
        assert torch.allclose(value, theirs[name], atol=1e-4), name


def test_one_process_goes_on_where_two_stopped(streams: Callable[..., Stream], tmp_path: Path) -> None:
    stream = streams("naive", training={"steps": 4})
    alone = loop.train(stream, tmp_path / "alone", quiet).values()
    torchrun(streams("naive", training={"steps": 4}, tasks=stream.tasks[:1]), tmp_path / "run")
    assert loop.train(stream, tmp_path / "run", quiet).values()[-1] == pytest.approx(alone[-1], abs=1e-4)


@pytest.mark.slurm
def test_the_batch_script_trains_on_two_nodes(streams: Callable[..., Stream], tmp_path: Path) -> None:
    stream = streams("naive", training={"steps": 2})
    (tmp_path / "stream.json").write_text(json.dumps(config.to_dict(stream)))
    command = [
        "sbatch",
        "--wait",
        "--nodes",
        "2",
        "--output",
        str(tmp_path / "log"),
        "--export",
        "ALL,PROCESSES=1",
    ]
    command += ["train.sbatch", str(tmp_path / "stream.json"), str(tmp_path / "exp")]
    done = subprocess.run(command, cwd=ROOT / "recipes/continual_fr", capture_output=True, text=True)
    assert done.returncode == 0, (tmp_path / "log").read_text()
    assert Matrix.load(tmp_path / "exp/matrix.json").run["processes"] == 2


def torchrun(stream: Stream, exp: Path) -> Matrix:
    """Train with two processes on this machine."""
    if torch.cuda.is_available() and torch.cuda.device_count() < 2:
        pytest.skip("two processes need two GPUs, or none")
    exp.parent.mkdir(exist_ok=True)
    path = exp.parent / "stream.json"
    path.write_text(json.dumps(config.to_dict(stream)))  # JSON is YAML
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["-m", "dialogue", "continual", "train", str(path), "--exp", str(exp)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return Matrix.load(exp / "matrix.json")


def test_a_process_without_a_gpu_beside_one_that_has_one_is_refused(monkeypatch) -> None:
    for name, value in {"WORLD_SIZE": "2", "LOCAL_RANK": "1", "RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(
        ContinualError, match=r"process 2 of this machine, which has 1 GPU\. Accepted: torchrun --nproc"
    ):
        world.join()
