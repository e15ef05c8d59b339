"""Learning rate of a step, as a share of the peak: see :class:`dialogue.learning.continual.options.Schedule`."""

from __future__ import annotations

import math

from dialogue.learning.continual.options import Schedule

DECAY = 0.2  # share of each task (wsd), or of the last one (infinite), in which the rate decays


def rate(schedule: Schedule, step: int, steps: int, task: int, tasks: int) -> float:
    """Return the learning rate.

    Args:
        step: step of the task, from 0; there are ``steps`` of them.
        task: number of the task, from 0; there are ``tasks`` of them.
    """
    return schedule.peak * share(schedule, step, steps, task, tasks)


def share(schedule: Schedule, step: int, steps: int, task: int, tasks: int) -> float:
    done = (step + 1) / max(1, steps)
    warmup = min(1.0, done / schedule.warmup) if schedule.warmup > 0 else 1.0
    down = schedule.floor + (1 - schedule.floor) * max(0.0, 1 - done) / DECAY  # in the last fifth
    if schedule.kind == "small":
        return schedule.floor
    if schedule.kind == "wsd":
        return min(warmup, down, 1.0)
    if schedule.kind == "infinite":
        if task > 0:
            warmup = 1.0
        return min(warmup, down if task == tasks - 1 else 1.0, 1.0)
    past = max(0.0, (done - schedule.warmup) / max(1e-9, 1 - schedule.warmup))
    cosine = schedule.floor + (1 - schedule.floor) * (1 + math.cos(math.pi * min(1.0, past))) / 2
    return min(warmup, cosine)
