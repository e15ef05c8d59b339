"""A complete run: for each task, train, evaluate on all tasks, write a row of R. It resumes wherever it was killed.

SIGUSR2, which clusters send before a time limit, ends it after a checkpoint.

exp/stream.json          description of the run
exp/matrix.json          R so far, with the bits and bytes behind each cell
exp/task_1/              weights at the end of the first task, state of its methods, its losses, its card
exp/task_2/checkpoint/   weights and optimizer state within the second task
"""

from __future__ import annotations

import json
import math
import resource
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogue.core import config, ledger, models, tainted
from dialogue.core.files import digest_of, read_json, resealed, save_json, sealed, sha256
from dialogue.core.lock import try_lock
from dialogue.core.progress import rough_duration
from dialogue.learning import tasks
from dialogue.learning.continual import abilities, checkpoints, methods, model_card, tensorboard, world
from dialogue.learning.continual.curriculum import Lesson, lessons
from dialogue.learning.continual.dpo import DPO
from dialogue.learning.continual.encoding import IGNORED, Encoded, Packed, cross_entropy, rows
from dialogue.learning.continual.evaluation import Cells, divergence, evaluate, machine, tests_of
from dialogue.learning.continual.learner import WEIGHTS, Learner
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.continual.world import World

MATRIX, STREAM, CONFIG = "matrix.json", "stream.json", "config.json"
CHECKPOINT, LOSSES, FAILED = "checkpoint", "losses.jsonl", "failed_batch.jsonl"
FREE = ("save_every", "threads", "sharded")  # training options that may change when a run resumes


def train(stream: Stream, exp: Path, report: Any = print) -> Matrix:
    """Train on the tasks of a stream in turn; the same call resumes where it was stopped.

    Args:
        exp: folder of the run.
        report: called with a line of text to report progress.

    Raises:
        ContinualError: the folder belongs to another run or is in use, a task is empty, or a loss is not finite.
        KeyboardInterrupt: one of the processes got SIGUSR2, and a checkpoint was written.
    """
    exp.mkdir(parents=True, exist_ok=True)
    with _told() as told:
        if not world.join().first:
            return _train(stream, exp, told, lambda line: None)
        if (lock := try_lock(exp / ".lock")) is None:
            raise ContinualError(f"{exp}: in use by another run. Wait for it, or name another folder.")
        try:
            return _train(stream, exp, told, report)
        finally:
            lock.release()


@contextmanager
def _told() -> Iterator[threading.Event]:
    """Yield an event that SIGUSR2 sets, where there is such a signal and this is the thread that gets it."""
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGUSR2"):
        yield told
        return
    before = signal.signal(signal.SIGUSR2, lambda number, frame: told.set())
    try:
        yield told
    finally:
        signal.signal(signal.SIGUSR2, before)


def _train(stream: Stream, exp: Path, told: threading.Event, report: Any) -> Matrix:
    data = [_read(t) for t in stream.tasks]
    model_card.refuse_licence(stream.licence, {t.name: {e.licence for e in t.train} for t in data})
    for folder in exp.glob("task_*"):
        tainted.refuse(folder)
    tasks.refuse_erased([e for t in data for e in (*t.train, *t.test)], exp, *stream.tasks)
    model_card.refuse_personal(stream, {t.name: t.train for t in data})
    learner = Learner(stream)
    first = learner.world.first  # the process that writes
    matrix = _resumed(stream, exp, data, write=first)
    used = [*methods.make(stream, learner), DPO(stream, learner)]
    tests = tests_of(stream, learner)
    if not matrix.rows:
        report("initial model: evaluating")
        matrix.rows.append({})
    began = time.monotonic()
    for number, row in enumerate(matrix.rows):  # the initial model, and columns of tasks added since
        if number:
            learner.restore(exp / f"task_{number}" / WEIGHTS)
        if new := {name: t for name, t in tests.items() if name not in row}:
            row |= _evaluated(learner, new, told)
            _note_machine(matrix, learner)
        matrix.points += [{}] * (len(matrix.points) <= number)
        matrix.points[number] |= abilities.measure(stream, learner, matrix.points[number])
    if first:
        matrix.save(exp / MATRIX)
    done = len(matrix.rows) - 1
    ahead = _Ahead((time.monotonic() - began) / len(matrix.rows))
    for method in used if done else ():
        method.restore(exp / f"task_{done}")
    mixed = "joint" in stream.methods  # every task's training sees the data of all
    needed = data if mixed and done < len(data) else data[done:]
    found = lessons(stream, [[learner.encoder(e) for e in task.train] for task in needed], done)
    for index, lesson in enumerate(found, start=done):
        folder = exp / f"task_{index + 1}"
        ahead.updates = [len(later.plan) for later in found[index - done + 1 :]]
        if cut := sum(e.cut for e in lesson.examples):
            report(
                f"{data[index].name}: {cut} of {len(lesson.examples)} examples did not fit the context and were cut "
                "at a turn"
            )
        spent = train_task(stream, learner, used, index, lesson, folder, ahead, told, report)
        for method in used:
            method.end(index, lesson.examples)
        learner.save(folder / WEIGHTS)
        for method in used:
            method.save(folder)
        began = time.monotonic()
        matrix.rows.append(_evaluated(learner, tests, told))
        matrix.points.append(abilities.measure(stream, learner))
        ahead.evaluation = time.monotonic() - began
        matrix.kl.append(divergence(learner, tests[data[index].name]))
        rate = config.to_dict(stream.schedule)  # recorded for each task, because a failure may lower it
        _account(matrix, stream, learner, {"task": data[index].name, "cut": cut, "spent": spent, "schedule": rate})
        if first:
            learned = data if mixed else data[: index + 1]
            model_card.write(stream, [(t.name, t.digest, t.train) for t in learned], matrix, folder)
            matrix.run["tasks"][-1]["files"] = _written(folder)
            matrix.save(exp / MATRIX)
            shutil.rmtree(folder / CHECKPOINT, ignore_errors=True)
            fresh = data if mixed else [data[index]]
            seen = {e.recording for t in fresh for e in t.train}
            ledger.record(exp, "train", ids=seen, counts={"recordings": len(seen)}, digests=[t.digest for t in fresh])
        report(_said(matrix, data[index].name))
    return matrix


def _evaluated(learner: Learner, tests: Mapping[str, Sequence[Encoded]], told: threading.Event) -> Cells:
    """Return a row of R, unless one of the processes was told to stop: then the last checkpoint holds all there is."""
    row: Cells = {}
    for name, examples in tests.items():
        if any(learner.world.total([told.is_set()])):
            raise KeyboardInterrupt
        row |= evaluate(learner, {name: examples})
    return row


@dataclass
class _Ahead:
    """What a run has still to do after the current task.

    Attributes:
        evaluation: seconds that the last evaluation took.
        updates: updates of each later task.
    """

    evaluation: float
    updates: Sequence[int] = ()

    def seconds(self, pace: float, left: int) -> float:
        """Return the seconds left, with so many updates of the current task, at ``pace`` seconds each."""
        return pace * (left + sum(self.updates)) + self.evaluation * (1 + len(self.updates))


def train_task(
    stream: Stream,
    learner: Learner,
    used: Sequence[methods.Method],
    index: int,
    lesson: Lesson,
    folder: Path,
    ahead: _Ahead,
    told: threading.Event,
    report: Any,
) -> dict[str, float]:
    """Train on one task; returns the tokens and seconds spent on it.

    Raises:
        KeyboardInterrupt: one of the processes was told to stop; a checkpoint was written.
    """
    import torch

    training, plan = stream.training, lesson.plan
    for method in used:
        method.begin(index)
    batches = _batches(used, lesson, index)
    for method in used:
        method.meet([e for new, old in batches for e in (*new, *old)])
    optimizer = torch.optim.AdamW(learner.trainable().values(), lr=1.0, weight_decay=training.weight_decay)
    state = checkpoints.restore(folder / CHECKPOINT, learner, optimizer)
    if learner.world.size > 1 and not learner.sharded:  # what a method computed may differ a little
        learner.world.align(learner.trainable().values())
    since, before = time.monotonic(), state["seconds"]
    saved = int(state["step"])  # step of the last checkpoint
    learner.model.train()
    for step in range(int(state["step"]), len(plan)):
        new, old = batches[step]
        rate = lesson.rates[step]
        packed = rows([*new, *old], learner.context, learner.device, pairs=True)
        loss = update(learner, used, optimizer, packed, rate, training.clip)
        if not math.isfinite(loss):
            if step == saved:  # no finite loss since the last checkpoint, so it is unusable
                saved = 0
            if learner.world.first:
                tasks.write([e.example for e in (*new, *old)], folder / FAILED)
                if not saved:
                    shutil.rmtree(folder / CHECKPOINT, ignore_errors=True)
            raise ContinualError(
                f"task {index + 1}, update {step + 1}: the loss is {loss}. Its examples are in {folder / FAILED}; "
                f"lower schedule.peak and run again: it resumes after update {saved} of the task."
            )
        for method in used:
            method.stepped(step, len(plan), optimizer)
        state["tokens"] += sum(e.size for e in (*new, *old))
        state["step"] = step + 1
        state["seconds"] = before + time.monotonic() - since
        if learner.world.first:
            now = {"step": step + 1, "of": len(plan), "loss": loss, "rate": rate, "tokens": state["tokens"]}
            _log(folder, now)
        stop = any(learner.world.total([told.is_set()]))
        if stop or ((step + 1) % training.save_every == 0 and step + 1 < len(plan)):
            checkpoints.save(folder / CHECKPOINT, learner, optimizer, state)
            saved = step + 1
        if stop:
            raise KeyboardInterrupt
        pace = (time.monotonic() - since) / (step + 1 - int(state["from"]))
        left = rough_duration(ahead.seconds(pace, len(plan) - step - 1))
        report(
            f"task {index + 1}, update {step + 1}/{len(plan)}: {loss:.3f} nats a token; about {left} left of the run"
        )
    return {"tokens": state["tokens"], "seconds": state["seconds"]}


def _batches(used: Sequence[methods.Method], lesson: Lesson, index: int) -> list[tuple[list[Encoded], list[Encoded]]]:
    """Return the new and the old examples of each update."""
    new = [[lesson.examples[i] for i in update] for update in lesson.plan]
    tokens = [sum(e.size for e in update) for update in new]
    old = zip(*(method.old(index, tokens) for method in used), strict=True)
    return [(fresh, [e for extra in each for e in extra]) for fresh, each in zip(new, old, strict=True)]


def update(
    learner: Learner,
    used: Sequence[methods.Method],
    optimizer: Any,
    packed: Sequence[Packed],
    rate: float,
    clip: float,
) -> float:
    """Take one optimizer step over some rows; returns the mean cross-entropy in nats per token."""
    import torch

    count = sum(int((row.labels != IGNORED).sum()) for row in packed)
    optimizer.zero_grad(set_to_none=True)
    total = 0.0
    for row in shared_out(packed, learner.world):
        prepared = [method.prepare_row(row) for method in used]
        logits = learner.logits(row)
        loss = cross_entropy(row, logits)
        total += loss.item()
        for method, ready in zip(used, prepared, strict=True):
            if (extra := method.row_loss(row, logits, ready)) is not None:
                loss = loss + extra
        (loss * learner.world.size / count).backward()  # the processes' gradients are averaged
        del logits, loss  # otherwise they stay in memory while those of the next row are computed
    for method in used:
        if (extra := method.loss()) is not None:
            extra.backward()
    if learner.world.size > 1 and not learner.sharded:
        learner.world.average(p.grad for p in learner.trainable().values() if p.grad is not None)
    [total] = learner.world.total([total])
    torch.nn.utils.clip_grad_norm_(list(learner.trainable().values()), clip)
    for group in optimizer.param_groups:
        group["lr"] = rate
    if math.isfinite(total):
        optimizer.step()
    return total / max(1, count)


def shared_out(packed: Sequence[Packed], world: World) -> list[Packed]:
    """Return the rows of this process. All processes get equally many, so the last may have nothing to learn."""
    if world.size == 1:
        return list(packed)
    silent = replace(packed[0], labels=packed[0].labels.new_full(packed[0].labels.shape, IGNORED), pairs=())
    padded = [*packed, *[silent] * (-len(packed) % world.size)]
    return padded[world.rank :: world.size]


# Files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StreamTask:
    """The examples of a task, and the digest of its files."""

    name: str
    train: list[tasks.Example]
    test: list[tasks.Example]
    digest: str


def _read(folder: Path) -> StreamTask:
    train, test = tasks.read(folder / "train.jsonl"), tasks.read(folder / "test.jsonl")
    for what, found in (("train", train), ("test", test)):
        if not found:
            raise ContinualError(f"{folder / what}.jsonl: no example. Accepted: at least one.")
    return StreamTask(
        folder.name,
        train,
        test,
        digest_of_data(folder),
    )


def digest_of_data(folder: Path) -> str:
    """Return the digest of the files of a task, or of a probe, which may have no training data."""
    files = [folder / f"{name}.jsonl" for name in ("train", "test")]
    return digest_of([sha256(path) for path in files if path.exists()])


def beside(stream: Stream) -> dict[str, Path]:
    """Return the folders of the data that are no tasks: the probe, and those that ``replay`` is given."""
    public = stream.replay.public if "replay" in stream.methods and stream.replay.source == "public" else None
    return {name: folder for name, folder in (("probe", stream.probe), ("public", public)) if folder}


def _written(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of what a task left in its folder; its card has its own, and tensorboard writes on."""
    apart = (model_card.CARD, FAILED)
    files = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith((".", "events."))]
    return {p.name: sha256(p) for p in files if p.name not in apart}


def _refuse_leaks(stream: Stream, data: Sequence[StreamTask]) -> None:
    """Check that no task's test data, nor the probe's or the skill's, is another task's training data."""
    probe = tasks.read(stream.probe / "test.jsonl") if stream.probe else []
    skill = tasks.read(stream.evaluation.skill / "test.jsonl") if stream.evaluation.skill else []
    tested = [*probe, *skill, *(e for t in data for e in t.test)]
    try:
        tasks.refuse_leaks({"train": [e for t in data for e in t.train], "test": tested}, speakers=False)
    except tasks.TaskError as error:
        raise ContinualError(f"between tasks: {error}") from error


def _resumed(stream: Stream, exp: Path, data: Sequence[StreamTask], *, write: bool = True) -> Matrix:
    """Return the matrix so far, after checking that the folder holds this run."""
    said: dict[str, Any] = {"stream": identity(stream), "tasks": [[t.name, t.digest] for t in data]}
    path = exp / STREAM
    if not path.exists():
        said["beside"] = {name: digest_of_data(folder) for name, folder in beside(stream).items()}
        if write:
            _refuse_leaks(stream, data)
            _say(exp, stream, sealed(said))
        return Matrix(stream.names)
    matrix = Matrix.load(exp / MATRIX) if (exp / MATRIX).exists() else Matrix(stream.names)
    before = read_json(path)
    begun = len(matrix.rows) - 1 + (exp / f"task_{len(matrix.rows)}" / CHECKPOINT).exists()
    for number, (old, new) in enumerate(zip(before["tasks"], said["tasks"], strict=False), start=1):
        if old != new and number <= begun:
            raise ContinualError(
                f"{exp}: task {number} was {old[0]}, now it is {new[0]}"
                f"{' with other data' if old[0] == new[0] else ''}. To branch, copy the folder, run "
                f"`dialogue continual rollback COPY --to {number - 1}`, and train there."
            )
    failed = (exp / f"task_{len(matrix.rows)}" / FAILED).exists()  # only then may the learning rate change
    for key, old in completed(before["stream"], stream).items():
        if old != said["stream"].get(key) and not (failed and key == "schedule"):
            raise ContinualError(
                f"{exp}: {key} was {old}, now it is {said['stream'].get(key)}. Name another folder for another run."
            )
    if write:
        if said["tasks"] != before["tasks"] or said["stream"].keys() != before["stream"].keys():
            _refuse_leaks(stream, data)
        _say(exp, stream, resealed({**before, **said}, before))
    matrix.names = stream.names
    return matrix


def _say(exp: Path, stream: Stream, said: dict[str, Any]) -> None:
    save_json(exp / STREAM, said)
    save_json(exp / CONFIG, config.to_dict(stream))


def identity(stream: Stream) -> dict[str, Any]:
    """Return the options that may not change within a run, and the digest of the initial model."""
    return {**_fixed(stream), "base": models.digest(stream.model)}  # the weights behind a name or a folder may change


def completed(then: Mapping[str, Any], stream: Stream) -> dict[str, Any]:
    """Return the :func:`identity` that a run recorded; options that an earlier version did not know have defaults."""
    usual = _fixed(Stream(stream.model, stream.tasks))
    parts = {**usual, **then}
    return {k: {**(usual.get(k) or {}), **v} if isinstance(v, dict) else v for k, v in parts.items()}


def _fixed(stream: Stream) -> dict[str, Any]:
    value = config.to_dict(stream)
    value["training"] = {k: v for k, v in value["training"].items() if k not in FREE}
    value |= {f"evaluation.{k}": v for k, v in value.pop("evaluation").items() if v}  # one may be added to a run
    return {k: v for k, v in value.items() if k not in ("tasks", "guard")}


def _log(folder: Path, line: dict[str, float]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOSSES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    tensorboard.add(folder, line)


def _note_machine(matrix: Matrix, learner: Learner) -> None:
    """Note on what R is computed: on the same machine, the same weights give the same bits."""
    known = matrix.run.get("machines", ["unknown"] if len(matrix.rows) > 1 else [])
    matrix.run["machines"] = sorted({*known, machine(learner)})


def _account(matrix: Matrix, stream: Stream, learner: Learner, task: dict[str, Any]) -> None:
    run = matrix.run
    run |= {"method": stream.method, "seed": stream.training.seed, "order": [t.name for t in stream.tasks]}
    run |= {"model": stream.model, "adaptation": stream.adaptation.kind, "schedule": stream.schedule.kind}
    run["tasks"] = [*run.get("tasks", []), task]
    run["tokens"] = sum(t["spent"]["tokens"] for t in run["tasks"])
    run["seconds"] = round(sum(t["spent"]["seconds"] for t in run["tasks"]), 1)
    _note_machine(matrix, learner)
    run |= {"processes": learner.world.size, "device": learner.device}
    run["memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _said(matrix: Matrix, task: str) -> str:
    found = {k: v for k, v in matrix.metrics().items() if v is not None}
    return f"{task}: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()) + " bits per byte"
