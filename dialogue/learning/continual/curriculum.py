"""Which examples each update of a task sees, and at which learning rate."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.options import Stream


@dataclass(frozen=True)
class Lesson:
    """The training of a task.

    Attributes:
        examples: all examples that it may draw from.
        plan: for each update, the places of its examples in ``examples``.
        rates: learning rate of each update.
    """

    examples: Sequence[Encoded]
    plan: Sequence[Sequence[int]]
    rates: Sequence[float]


def lessons(stream: Stream, examples: Sequence[Sequence[Encoded]], done: int) -> list[Lesson]:
    """Return the lessons of a stream that are not done yet.

    Args:
        examples: of each such task; of every task for ``joint``, whose lessons mix them.
        done: number of tasks that are done.
    """
    if "joint" in stream.methods:
        return _joint(stream, examples)[done:]
    made = []
    for task, own in enumerate(examples, start=done):
        plan = plan_of(stream, task, own)
        rates = [stream.schedule.rate(step, len(plan), task, len(stream.tasks)) for step in range(len(plan))]
        made.append(Lesson(own, plan, rates))
    return made


def _joint(stream: Stream, examples: Sequence[Sequence[Encoded]]) -> list[Lesson]:
    """Return as many lessons as there are tasks; together they see what those of ``naive`` see, mixed.

    The number of updates of each is the same too; the learning rate follows one schedule over all of them.
    """
    plans = [plan_of(stream, task, own) for task, own in enumerate(examples)]
    starts = [sum(map(len, examples[:task])) for task in range(len(examples))]
    pool = [start + i for start, plan in zip(starts, plans, strict=True) for update in plan for i in update]
    random.Random(f"{stream.training.seed}/joint").shuffle(pool)
    count = sum(map(len, plans))
    mixed = [pool[n::count] for n in range(count)]  # none is empty, as none of the plans' updates was
    rates = [stream.schedule.rate(step, count, 0, 1) for step in range(count)]
    together = [e for own in examples for e in own]
    made, at = [], 0
    for plan in plans:
        end = at + len(plan)
        made.append(Lesson(together, mixed[at:end], rates[at:end]))
        at = end
    return made


def plan_of(stream: Stream, task: int, examples: Sequence[Encoded]) -> list[list[int]]:
    """Return the updates of a task, from 0, see :func:`updates`."""
    training = stream.training
    return updates(examples, training.tokens, training.steps, training.epochs, f"{training.seed}/{task}")


def updates(examples: Sequence[Encoded], tokens: int, steps: int | None, epochs: float, seed: str) -> list[list[int]]:
    """Return which examples each update holds: shuffled once per epoch, in groups of about ``tokens``.

    The result depends only on the arguments.
    """
    draw = random.Random(seed)
    plan: list[list[int]] = []
    epoch = 0
    while (len(plan) < steps) if steps is not None else epoch < math.ceil(epochs):
        order = list(range(len(examples)))
        draw.shuffle(order)
        if steps is None and epochs - epoch < 1:
            order = order[: max(1, round(len(order) * (epochs - epoch)))]
        room = 0
        for i in order:
            if not plan or room < examples[i].size:
                plan.append([])
                room = tokens
            plan[-1].append(i)
            room -= examples[i].size
        epoch += 1
    return plan if steps is None else plan[:steps]
