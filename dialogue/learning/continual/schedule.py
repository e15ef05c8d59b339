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
    done, floor = (step + 1) / max(1, steps), schedule.floor
    warmup = min(1.0, done / schedule.warmup) if schedule.warmup > 0 else 1.0
    down = floor + (1 - floor) * max(0.0, 1 - done) / DECAY  # in the last fifth
    past = max(0.0, (done - schedule.warmup) / max(1e-9, 1 - schedule.warmup))
    cosine = floor + (1 - floor) * (1 + math.cos(math.pi * min(1.0, past))) / 2
    shares = {
        "small": floor,
        "wsd": min(warmup, down, 1.0),
        "infinite": min(1.0 if task else warmup, down if task == tasks - 1 else 1.0, 1.0),
        "rewarm_cosine": min(warmup, cosine),
    }
    return schedule.peak * shares[schedule.kind]
