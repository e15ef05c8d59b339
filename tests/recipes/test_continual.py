"""recipes/continual.sh and the recipes that source it, with a stand-in for ``dialogue``; gates of made figures."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.learning import continual

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "recipes/continual_fr"
METHODS = [line.split() for line in (RECIPE / "conf/methods.txt").read_text().splitlines() if not line.startswith("#")]
Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Run a copy of a recipe with a `dialogue` that prints its arguments, and only tasks that are named."""
    for name in ("continual_fr", "trace_fr"):
        ignored = shutil.ignore_patterns("exp", "data")
        shutil.copytree(ROOT / "recipes" / name, tmp_path / "recipes" / name, ignore=ignored)
    for name in ("options.sh", "continual.sh"):
        shutil.copy(ROOT / "recipes" / name, tmp_path / "recipes")
    command = tmp_path / "bin/dialogue"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"}

    def run(recipe: str, stage: str, *options: str, there: str = "") -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "recipes" / recipe
        for task in there.split():
            (folder / "data/tasks" / task).mkdir(parents=True)
            (folder / f"data/tasks/{task}/train.jsonl").touch()
        line = ["./run.sh", "--stage", stage, "--stop-stage", stage, *options]
        return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


def test_each_method_order_and_seed_is_a_run(call: Call) -> None:
    done = call(
        "continual_fr", "train", "--methods", "naive replay30", "--orders=calls,debates debates,calls", "--set", "a=b c"
    )
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[4].rpartition("/")[2] for line in lines] == [
        "naive-calls-debates-0",
        "replay30-calls-debates-0",
        "naive-debates-calls-0",
        "replay30-debates-calls-0",
    ]
    assert lines[1].endswith(
        "--set=method=replay --set=replay.ratio=0.3 --set=training.seed=0 "
        "--set=tasks=[data/tasks/calls,data/tasks/debates] --set=probe=data/tasks/oral --set=a=b c"
    )


def test_a_skill_is_scored_on_development_parts_when_tasks_are(call: Call) -> None:
    done = call("continual_fr", "train", "--config=conf/skill.yaml", "--data=development", "--methods=naive")
    assert done.returncode == 0
    assert "--set=evaluation.skill=data/development/records" in done.stdout.split()
    assert "data/tasks" not in done.stdout


@pytest.mark.parametrize("settings", [settings for _, *settings in METHODS], ids=[name for name, *_ in METHODS])
def test_the_settings_behind_a_name_are_accepted(settings: list[str]) -> None:
    continual.load(RECIPE / "conf/screening.yaml", settings)


def test_every_method_has_its_own_name() -> None:
    assert len({name for name, *_ in METHODS}) == len(METHODS)


def test_tasks_without_data_are_left_out_and_equal_orders_run_once(call: Call) -> None:
    orders = "--orders=lost,fredsum,records fredsum,records records,fredsum"
    done = call("trace_fr", "train", "--methods=naive", orders, there="fredsum records")
    assert done.returncode == 0
    assert [line.split()[4] for line in done.stdout.splitlines()] == [
        "exp/continual/naive-fredsum-records-0",
        "exp/continual/naive-records-fredsum-0",
    ]
    assert "lost,fredsum,records is trained as fredsum,records; the other tasks have no data" in done.stderr


def test_fewer_than_two_tasks_are_refused(call: Call) -> None:
    done = call("trace_fr", "train", "--orders", "meetingbank,fredsum", there="fredsum")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--orders meetingbank,fredsum: in data/tasks are fewer than two of these tasks (fredsum)." in done.stderr


def test_a_missing_corpus_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "given/MeetingBank").mkdir(parents=True)
    done = call("trace_fr", "prepare", "--source", str(tmp_path / "given"))
    assert done.returncode == 0
    assert "prepare ../../corpora/meetingbank/card.yaml" in done.stdout
    assert f"no {tmp_path}/given/20Minuten, so the task 20minuten is left out" in done.stderr
    assert "meetingbank is left out" not in done.stderr


def test_the_first_run_makes_gates_and_a_worse_one_fails(tmp_path: Path) -> None:
    def gated(forgetting: float, seed: int = 0) -> subprocess.CompletedProcess[str]:
        figures = {"average": 1.0, "forgetting": forgetting, "plasticity": 1.0, "drift": None}
        run = {"finished": True, "model": "m", "label": "naive", "order": ["a", "b"], "seed": seed, **figures}
        (tmp_path / "compare.json").write_text(json.dumps([run, {**run, "finished": False}]))
        line = [sys.executable, ROOT / "recipes/trace_fr/gates.py", tmp_path / "compare.json", tmp_path / "gates.yaml"]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    assert "nothing is compared" in gated(0.1).stdout
    assert gated(0.11).returncode == 0
    assert gated(0.13).stderr == "gate: forgetting of naive is 0.130, the limit is 0.12\n"
    other = gated(0.1, seed=1)
    assert other.returncode == 1
    assert "Delete the file" in other.stderr
