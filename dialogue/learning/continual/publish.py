"""Publish the model of a run if it did not forget too much, blend it with earlier weights, or roll the run back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from dialogue.core import config, tainted
from dialogue.core.files import SEAL, read_json, save_json, save_text, sealed
from dialogue.learning.continual import abilities, loop, model_card, run_evidence
from dialogue.learning.continual.evaluation import evaluate, tests_of
from dialogue.learning.continual.learner import WEIGHTS, Learner
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.methods.wise import blend as mean
from dialogue.learning.continual.options import ContinualError, Stream

STEPS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)  # shares of the new weights that a guard tries


def stream_of(exp: Path) -> Stream:
    """Return the stream of the run in a folder.

    Raises:
        ContinualError: the folder holds no run.
    """
    path = exp / loop.CONFIG
    if not path.exists():
        raise ContinualError(f"{exp}: no run. Make one: dialogue continual train CONFIG --exp {exp}.")
    return config.build(Stream, read_json(path))


def publish(exp: Path, out: Path, report: Any = print, *, with_evidence: bool = True) -> Matrix:
    """Write the whole model, adapters merged, with its card and its evidence, if the run was verified.

    Args:
        out: a new folder, which :func:`dialogue.llm.load` can load.
        with_evidence: otherwise only the guard decides, and the card says that nobody verified the run.

    Returns:
        R, with the published model in the last row.

    Raises:
        ContinualError: no task is done, the run was not verified as it is or was refused, more was forgotten than
            allowed, or the folder exists.
        TaintedError: it learned from data that were erased since.
    """
    stream, matrix = stream_of(exp), Matrix.load(exp / loop.MATRIX)
    done = len(matrix.rows) - 1
    if done < 1:
        raise ContinualError(f"{exp}: no task is done yet.")
    if out.exists():
        raise ContinualError(f"{out}: exists. Name a new folder.")
    tainted.refuse(exp / f"task_{done}")
    verified = run_evidence.current(exp) if with_evidence else None
    learner, share = Learner(stream), 1.0
    if done > 1:
        learner.restore(exp / f"task_{done - 1}" / WEIGHTS)
    before = learner.state()
    learner.restore(exp / f"task_{done}" / WEIGHTS)
    limit, forgot = stream.guard.max_forgetting, matrix.metrics()["forgetting"]
    if limit is not None and not stream.guard.allows(forgot):
        said = f"forgetting is {forgot:.3f} bits per byte, more than {limit:g}"
        if stream.guard.on_fail == "refuse":
            raise ContinualError(
                f"{exp}: {said}. Not published. Set guard.on_fail=blend, or train with another method."
            )
        share = _blended(stream, exp, learner, before, matrix, limit)
        report(f"{said}; blended: {share:g} of the weights after the last task, {1 - share:g} of those before it")
    learner.export(out)
    card = read_json(exp / f"task_{done}" / model_card.CARD)
    card |= {
        "metrics": matrix.metrics(),
        "R": {**card["R"], "rows": matrix.values()},
        "abilities": matrix.shares(),
        "evidence": None,
    }
    result = run_evidence.figures(matrix)
    save_text(out / model_card.README, model_card.text(card, result["figures"], verified))
    if verified:
        written = run_evidence.write_published(verified, out, result, share)
        card["evidence"] = {"verdict": "accepted", "date": verified["date"], SEAL: written[SEAL]}
    save_json(out / model_card.CARD, sealed(card))
    return matrix


def blend(exp: Path, alpha: float, out: Path) -> None:
    """Write a model with a share ``alpha`` of the trained weights and the rest of the initial ones, without the guard.

    Raises:
        ContinualError: the share is outside [0, 1], no task is done, or the folder exists.
    """
    if not 0 <= alpha <= 1:
        raise ContinualError(f"alpha is {alpha:g}. Accepted: 0 (initial) to 1 (as trained).")
    if out.exists():
        raise ContinualError(f"{out}: exists. Name a new folder.")
    stream, matrix = stream_of(exp), Matrix.load(exp / loop.MATRIX)
    learner = Learner(stream)
    initial = learner.state()
    learner.restore(exp / f"task_{len(matrix.rows) - 1}" / WEIGHTS)
    learner.put(mean(initial, learner.state(), alpha))
    learner.export(out)
    shutil.copy(exp / f"task_{len(matrix.rows) - 1}" / model_card.CARD, out / model_card.CARD)


def _blended(stream: Stream, exp: Path, learner: Learner, before: Any, matrix: Matrix, limit: float) -> float:
    """Set the largest share of the last task's weights that passes the guard, and update the last row of R.

    The rest are the weights before that task, not the initial ones, which do not know the earlier tasks.
    """
    final = learner.state()
    tests = tests_of(stream, learner)
    for alpha in STEPS:
        learner.put(mean(before, final, alpha))
        matrix.rows[-1] = evaluate(learner, tests)
        forgot = matrix.metrics()["forgetting"]
        if forgot is not None and forgot <= limit:
            matrix.points[-1:] = [abilities.measure(stream, learner)]
            return alpha
    raise ContinualError(f"{exp}: no blend forgets less than {limit:g} bits per byte. Not published.")


def rollback(exp: Path, to: int) -> None:
    """Delete the tasks after the first ``to``: their weights, and their rows of R.

    Raises:
        ContinualError: fewer tasks are done.
    """
    matrix = Matrix.load(exp / loop.MATRIX)
    done = len(matrix.rows) - 1
    if not 0 <= to <= done:
        raise ContinualError(f"{exp}: {done} tasks are done. Accepted: --to 0 to {done}.")
    matrix.rows, matrix.points, matrix.kl = matrix.rows[: to + 1], matrix.points[: to + 1], matrix.kl[:to]
    kept = [row["spent"] for row in matrix.run.get("tasks", [])[:to]]
    matrix.run |= {"tasks": matrix.run.get("tasks", [])[:to], "tokens": sum(s["tokens"] for s in kept)}
    matrix.run["seconds"] = round(sum(s["seconds"] for s in kept), 1)
    matrix.save(exp / loop.MATRIX)
    for folder in exp.glob("task_*"):
        if int(folder.name.removeprefix("task_")) > to:
            shutil.rmtree(folder)
