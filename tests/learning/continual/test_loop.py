"""A run: rows of R, resumption, refusals."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.learning.continual import ContinualError, Stream, loop
from dialogue.learning.continual.matrix import Matrix

Streams = Callable[..., Stream]


def quiet(_: str) -> None:
    pass


@pytest.mark.parametrize(
    ("method", "adaptation"),
    [
        (m, "full")
        for m in ("naive", "replay", "kl", "l2sp", "ewc", "wise", "grow", "osf", "replay+kl", "alone", "joint")
    ]
    + [
        (m, "lora")
        for m in ("naive", "kl", "l2sp", "ewc", "wise", "adapters", "adapters+replay", "general", "replay+reptile")
    ]
    + [("naive", "dora"), ("kl", "qlora")],
)
def test_each_method_fills_a_row_a_task(streams: Streams, tmp_path: Path, method: str, adaptation: str) -> None:
    if adaptation == "qlora":
        pytest.importorskip("bitsandbytes", reason="QLoRA needs bitsandbytes")
    stream = streams(method, adaptation={"kind": adaptation}, grow={"every": 1}, ewc={"samples": 4})
    matrix = loop.train(stream, tmp_path, quiet)
    values = matrix.values()
    assert (len(values), {len(row) for row in values}) == (4, {4})
    assert values[1][1] < values[0][1]  # it learned the first task
    assert Matrix.load(tmp_path / "matrix.json").values() == values


class Killed(BaseException):
    pass


def killer(task: int, update: int) -> Callable[[str], None]:
    """Make a report that raises an exception once an update is done."""

    def report(line: str) -> None:
        if line.startswith(f"task {task}, update {update}/"):
            raise Killed

    return report


@pytest.mark.parametrize(
    ("method", "adaptation"),
    [
        ("naive", "full"),
        ("replay", "full"),
        ("kl", "lora"),
        ("ewc", "full"),
        ("wise", "full"),
        ("kl", "full"),
        ("osf", "full"),
        ("adapters", "lora"),
        ("padded+reptile", "lora"),
        ("joint", "full"),
    ],
)
def test_a_run_that_was_killed_comes_to_the_same_matrix(
    streams: Streams, tmp_path: Path, method: str, adaptation: str
) -> None:
    to = "initial" if adaptation == "full" else "previous"
    parts = {"ewc": {"samples": 4}, "kl": {"to": to}, "reptile": {"every": 3}}
    stream = streams(method, adaptation={"kind": adaptation}, **parts)
    whole = loop.train(stream, tmp_path / "whole", quiet).values()
    for task, update in ((1, 1), (1, 5), (2, 4), (3, 3)):
        with pytest.raises(Killed):
            loop.train(stream, tmp_path / "killed", killer(task, update))
    again = loop.train(stream, tmp_path / "killed", quiet).values()
    for row, same in zip(whole, again, strict=True):
        assert same == pytest.approx(row, abs=1e-6)


def test_a_joint_run_says_from_its_first_task_on_that_it_learned_from_all(streams: Streams, tmp_path: Path) -> None:
    matrix = loop.train(streams("joint", training={"steps": 1}), tmp_path, quiet)
    card = json.loads((tmp_path / "task_1/card.json").read_text())
    assert [data["task"] for data in card["data"]] == matrix.tasks
    assert (matrix.metrics()["forgetting"], matrix.metrics()["plasticity"]) == (None, None)


def test_a_finished_run_does_nothing_more(streams: Streams, tmp_path: Path) -> None:
    loop.train(streams(), tmp_path, quiet)
    said: list[str] = []
    loop.train(streams(), tmp_path, said.append)
    assert said == []


def test_seeds_differ_and_one_seed_does_not(streams: Streams, tmp_path: Path) -> None:
    runs = [
        loop.train(streams(training={"seed": seed, "steps": 2}), tmp_path / str(n), quiet).values()
        for n, seed in enumerate((0, 0, 1))
    ]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"method": "ewc"}, "method was naive, now it is ewc"),
        ({"training": {"seed": 3}}, "training was"),
        ({"adaptation": {"kind": "lora"}}, "adaptation was"),
    ],
)
def test_another_run_in_the_folder_is_refused(streams: Streams, tmp_path: Path, changes: dict, found: str) -> None:
    loop.train(streams(training={"steps": 1}), tmp_path, quiet)
    other = {"method": "naive", "training": {"steps": 1}, **changes}
    other["training"] = {"steps": 1, **other["training"]}
    with pytest.raises(ContinualError, match=found):
        loop.train(streams(**other), tmp_path, quiet)


def test_another_order_says_how_to_branch(streams: Streams, tmp_path: Path) -> None:
    stream = streams(training={"steps": 1})
    loop.train(stream, tmp_path, quiet)
    other = streams(training={"steps": 1}, tasks=[stream.tasks[0], stream.tasks[2], stream.tasks[1]])
    with pytest.raises(ContinualError, match=r"task 2 was route, now it is temps. To branch, copy .* --to 1"):
        loop.train(other, tmp_path, quiet)


def test_a_task_may_be_added_at_the_end(streams: Streams, tmp_path: Path) -> None:
    stream = streams(training={"steps": 1})
    loop.train(streams(training={"steps": 1}, tasks=stream.tasks[:2]), tmp_path, quiet)
    assert len(loop.train(stream, tmp_path, quiet).rows) == 4


def test_what_one_task_is_tested_on_is_no_training_of_another(streams: Streams, tmp_path: Path) -> None:
    stream = streams()
    shutil.copytree(stream.tasks[1], tmp_path / "leaking")
    (tmp_path / "leaking/train.jsonl").write_text((stream.tasks[0] / "test.jsonl").read_text())
    with pytest.raises(ContinualError, match="between tasks: recording cuisine"):
        loop.train(streams(tasks=[stream.tasks[0], tmp_path / "leaking"]), tmp_path / "exp", quiet)


def test_a_loss_that_is_no_number_stops_and_keeps_the_examples(streams: Streams, tmp_path: Path) -> None:
    stream = streams(schedule={"peak": 1e30, "warmup": 0.0}, training={"clip": 1e9})
    with pytest.raises(ContinualError, match=r"the loss is (nan|inf)"):
        loop.train(stream, tmp_path, quiet)
    assert (tmp_path / "task_1/failed_batch.jsonl").read_text().strip()
    lower = loop.train(streams(training={"clip": 1e9}), tmp_path, quiet)  # as the error message advises
    assert len(lower.rows) == 4


def test_another_rate_in_a_run_that_did_not_fail_is_refused(streams: Streams, tmp_path: Path) -> None:
    loop.train(streams(training={"steps": 1}), tmp_path, quiet)
    with pytest.raises(ContinualError, match="schedule was"):
        loop.train(streams(training={"steps": 1}, schedule={"peak": 1e-4}), tmp_path, quiet)


@pytest.mark.parametrize("file", ["train", "test"])
def test_an_empty_task_is_refused(streams: Streams, tmp_path: Path, file: str) -> None:
    stream = streams()
    shutil.copytree(stream.tasks[0], tmp_path / "empty")
    (tmp_path / f"empty/{file}.jsonl").write_text("")
    with pytest.raises(ContinualError, match=f"{file}.jsonl: no example"):
        loop.train(streams(tasks=[tmp_path / "empty"]), tmp_path / "exp", quiet)


def test_one_example_is_enough(streams: Streams, tmp_path: Path) -> None:
    stream = streams()
    shutil.copytree(stream.tasks[0], tmp_path / "one")
    path = tmp_path / "one/train.jsonl"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    loop.train(streams(tasks=[tmp_path / "one"], training={"steps": 2}), tmp_path / "exp", quiet)


def test_two_runs_in_one_folder_are_refused(streams: Streams, tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / ".lock"), pytest.raises(ContinualError, match="in use by another run"):
        loop.train(streams(), tmp_path, quiet)


def test_missing_weights_say_what_to_do(streams: Streams, tmp_path: Path) -> None:
    stream = streams(training={"steps": 1})
    loop.train(streams(training={"steps": 1}, tasks=stream.tasks[:1]), tmp_path, quiet)
    (tmp_path / "task_1/weights.safetensors").unlink()
    with pytest.raises(ContinualError, match="roll back"):
        loop.train(stream, tmp_path, quiet)


def test_losses_are_logged_without_text(streams: Streams, tmp_path: Path) -> None:
    loop.train(streams(training={"steps": 2}), tmp_path, quiet)
    first = json.loads((tmp_path / "task_1/losses.jsonl").read_text().splitlines()[0])
    assert set(first) == {"step", "of", "loss", "rate", "tokens"}


def test_the_time_left_counts_later_tasks_and_evaluations(streams: Streams, tmp_path: Path) -> None:
    lines: list[str] = []
    loop.train(streams("naive"), tmp_path, lines.append)
    updates = [line for line in lines if ", update " in line]
    assert all(line.endswith(" left of the run") for line in updates)
    ahead = loop._Ahead(evaluation=10.0, updates=(5, 7))
    assert ahead.seconds(2.0, 3) == 2.0 * (3 + 5 + 7) + 3 * 10.0


def test_tensorboard_has_the_losses(streams: Streams, tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    loop.train(streams("naive"), tmp_path, quiet)
    kept = events.EventAccumulator(str(tmp_path / "task_1"))
    kept.Reload()
    lines = [json.loads(line) for line in (tmp_path / "task_1/losses.jsonl").read_text().splitlines()]
    assert [e.value for e in kept.Scalars("loss")] == pytest.approx([line["loss"] for line in lines], rel=1e-5)
