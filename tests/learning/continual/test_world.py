"""Several processes train like one: real processes, connected by gloo."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dialogue.cli import main
from dialogue.core import config
from dialogue.core.config import ConfigError
from dialogue.core.files import read_json
from dialogue.learning import tasks
from dialogue.learning.continual import ContinualError, Stream, checkpoint_scores, loop, scores, world
from dialogue.learning.continual.matrix import Matrix
from dialogue.workflow import slurm
from tests.learning.continual.test_evaluation import asked

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parents[3]


def quiet(_: str) -> None:
    pass


CASES = {  # options of a run; all are trained by one call of torchrun, because starting it takes most of the time
    "ewc": {"method": "ewc", "adaptation": {"kind": "full"}, "ewc": {"samples": 4}, "training": {"sharded": True}},
    "replay": {"method": "replay+kl", "adaptation": {"kind": "lora"}, "training": {"sharded": True}},
    "wise": {"method": "wise", "adaptation": {"kind": "lora"}, "training": {"sharded": True}},
    "adapters": {"method": "adapters", "adaptation": {"kind": "lora"}},
    "naive": {"method": "naive"},
}
SURE = {"schedule": {"peak": 1e-2}, "training": {"steps": 30}}  # no two tokens are nearly as likely, on any processor
TEXTS = {"whole": SURE, "sharded": {**SURE, "adaptation": {"kind": "lora"}, "training": {"steps": 30, "sharded": True}}}


@pytest.fixture(scope="module")
def runs(streams: Callable[..., Stream], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``alone/CASE`` by one process, ``together/CASE`` and ``texts/CASE`` by two; ``begun``, the first of two tasks."""
    folder = tmp_path_factory.mktemp("runs")
    summaries = folder / "summaries"
    written = [asked(n, "Ana.") for n in range(4)]
    written[::2] = [replace(e, rejected="Le vote.") for e in written[::2]]
    tasks.write(written, summaries / "train.jsonl")
    tasks.write([asked(1, "Un vote.", recording="r2"), asked(2, "Ana.", recording="r3")], summaries / "test.jsonl")
    calls = []
    for name, options in CASES.items():
        stream = stream_of(streams, options, summaries)
        loop.train(stream, folder / "alone" / name, quiet)
        calls.append(train_call(stream, folder / "together" / name))
    for name, options in TEXTS.items():
        exp = folder / "texts" / name
        calls += [train_call(stream_of(streams, options, summaries), exp), ["evaluate", str(exp)]]
    calls += [train_call(stream_of(streams, CASES["naive"]), folder / "begun")]
    torchrun(calls)
    return folder


def stream_of(streams: Callable[..., Stream], options: Mapping[str, Any], *more: Path) -> Stream:
    """Return a stream of one task, and ``more``."""
    training = {"steps": 3, "context": 256, **options.get("training", {})}
    return streams(**{**options, "training": training, "tasks": [streams().tasks[0], *more]})


@pytest.mark.parametrize("name", CASES)
def test_two_processes_come_to_the_weights_and_scores_of_one(runs: Path, name: str) -> None:
    alone, together = (Matrix.load(runs / who / name / "matrix.json") for who in ("alone", "together"))
    assert together.run["processes"] == 2
    for row, same in zip(alone.values(), together.values(), strict=True):
        assert same == pytest.approx(row, abs=1e-4)  # sums are computed in another order
    assert together.kl == pytest.approx(alone.kl, abs=1e-4)
    assert_same_weights(runs / "alone" / name, runs / "together" / name)
    margins = [read_json(runs / who / name / "task_2/margins.json") for who in ("alone", "together")]
    assert margins[1] == pytest.approx(margins[0], abs=1e-3)


@pytest.mark.parametrize("name", TEXTS)
def test_an_evaluation_by_two_processes_says_the_same_and_writes_the_same_texts(runs: Path, name: str) -> None:
    exp = runs / "texts" / name
    together = read_json(exp / "task_2/evaluation.json")
    scores.save(checkpoint_scores.score(exp, report=quiet), exp)
    alone = read_json(exp / "task_2/evaluation.json")  # of the same weights
    assert len(alone["outputs"]["summaries"]) == 2
    assert together["outputs"] == alone["outputs"]
    for column, same in zip(alone["columns"], together["columns"], strict=True):
        assert same["bits_per_byte"]["value"] == pytest.approx(column["bits_per_byte"]["value"], abs=1e-4)
        assert same["documents"] == column["documents"]


def test_one_process_goes_on_where_two_stopped(streams: Callable[..., Stream], runs: Path) -> None:
    values = loop.train(stream_of(streams, CASES["naive"], runs / "summaries"), runs / "begun", quiet).values()
    assert values[-1] == pytest.approx(Matrix.load(runs / "alone/naive/matrix.json").values()[-1], abs=1e-4)


@pytest.mark.parametrize(("method", "adaptation"), [("osf", "full"), ("adapters", "lora"), ("naive", "qlora")])
def test_what_cannot_be_sharded_is_refused(streams: Callable[..., Stream], method: str, adaptation: str) -> None:
    with pytest.raises(ConfigError, match=r"training\.sharded=true with \w+, whose weights cannot be shared out"):
        streams(method, adaptation={"kind": adaptation}, training={"sharded": True})


@pytest.mark.slurm
def test_a_job_on_two_nodes_told_of_its_limit_is_queued_again_and_comes_to_the_weights_of_an_undisturbed_run(
    streams: Callable[..., Stream], tmp_path: Path
) -> None:
    one = streams("naive").tasks[:1]
    stream = streams("naive", tasks=one, training={"steps": 80, "save_every": 1000, "sharded": True})
    exp, log = tmp_path / "exp", tmp_path / "log"
    command = ["sbatch", "--parsable", "--nodes", "2", "--output", str(log), "--export", "ALL,PROCESSES=1"]
    command += ["train.sbatch", str(written(stream, exp)), str(exp)]
    job = subprocess.run(command, cwd=ROOT / "recipes/continual_fr", check=True, capture_output=True, text=True).stdout
    wait_for(lambda: (exp / "task_1/losses.jsonl").exists() or not slurm.is_queued(job.strip()))
    subprocess.run(
        ["scancel", "--batch", "--signal", "USR2", job.strip()], check=True
    )  # as Slurm does before the limit
    wait_for(lambda: not slurm.is_queued(job.strip()))
    steps = [json.loads(line)["step"] for line in (exp / "task_1/losses.jsonl").read_text().splitlines()]
    assert steps == [*range(1, 81)], log.read_text()  # no update is lost or repeated, so it went on from a checkpoint
    said = subprocess.run(["scontrol", "show", "job", job.strip()], check=True, capture_output=True, text=True).stdout
    assert "Restarts=1 " in said
    assert "JobState=COMPLETED " in said
    loop.train(stream, tmp_path / "alone", quiet)
    assert_same_weights(tmp_path / "alone", exp, 1e-3)


def wait_for(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(0.2)


def assert_same_weights(exp: Path, other: Path, within: float = 1e-4) -> None:
    from safetensors.torch import load_file

    last = sorted(exp.glob("task_*"))[-1].name
    mine, theirs = (load_file(folder / last / "weights.safetensors") for folder in (exp, other))
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        assert torch.allclose(value, theirs[name], atol=within), (name, float((value - theirs[name]).abs().max()))


def written(stream: Stream, exp: Path) -> Path:
    path = exp.with_name(f"{exp.name}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config.to_dict(stream)))  # JSON is YAML
    return path


def train_call(stream: Stream, exp: Path) -> list[str]:
    return ["train", str(written(stream, exp)), "--exp", str(exp)]


def torchrun(calls: Sequence[Sequence[str]]) -> None:
    """Make calls of ``dialogue continual`` with two processes on this machine, one after the other."""
    if torch.cuda.is_available() and torch.cuda.device_count() < 2:
        pytest.skip("two processes need two GPUs, or none")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["-m", "tests.learning.continual.calls", json.dumps(calls)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("bits per byte | change") == sum(call[0] == "evaluate" for call in calls)  # said once


def test_a_process_without_a_gpu_beside_one_that_has_one_is_refused(monkeypatch) -> None:
    for name, value in {"WORLD_SIZE": "2", "LOCAL_RANK": "1", "RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(
        ContinualError, match=r"process 2 of this machine, which has 1 GPU\. Accepted: torchrun --nproc"
    ):
        world.join()


@pytest.mark.parametrize(
    "call", [["verify"], ["publish", "--out", "model"], ["blend", "--alpha", "0.5", "--out", "model"]]
)
def test_what_one_process_writes_is_refused_to_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: list[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["continual", call[0], str(tmp_path), *call[1:]]) == 2
    assert f"{call[0]}: 2 processes. Accepted: one, without torchrun." in capsys.readouterr().err
