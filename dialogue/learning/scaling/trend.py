"""Does the response fall at all? The laws cannot rise, and fitted to a curve that does, they predict a constant.

Of two points where no size of the second is smaller, the second should be lower. The balance of such pairs (for one
size, Kendall's tau, Biometrika 30, 1938) is compared with those of shuffled responses.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from dialogue.learning.scaling.points import Points

SHUFFLES = 999
RISES, FALLS = 0.05, 0.2  # largest share of shuffles with as much of a trend; a fall is what is expected
Trend = Literal["falls", "rises", "flat"]
ADVICE = {
    "rises": "{y} rises with {x}, and {formula} can only fall: nothing is predicted from it. If more is better "
    "(accuracy, F1), fit what is missing to the best value, such as 1 - {y}.",
    "flat": "{y} has no trend over {x}, so nothing is predicted from {formula}.",
}


def trend(points: Points) -> Trend:
    """Tell whether the response falls with the sizes, rises, or does neither beyond chance."""
    sizes = points.sizes
    larger = (sizes[None] >= sizes[:, None]).all(-1) & (sizes[None] > sizes[:, None]).any(-1)
    small, large = np.nonzero(larger)
    if not len(small):
        return "falls"  # no two points can be compared

    def balance(values: np.ndarray) -> float:
        return float(np.sign(values[large] - values[small]).mean())

    found = balance(points.log_values)
    if abs(found) == 1:
        return "rises" if found > 0 else "falls"
    generator = np.random.default_rng(0)
    shuffled = [balance(generator.permutation(points.log_values)) for _ in range(SHUFFLES)]
    chance = (1 + sum(abs(b) >= abs(found) - 1e-12 for b in shuffled)) / (1 + SHUFFLES)
    if found > 0 and chance < RISES:
        return "rises"
    return "falls" if found < 0 and chance < FALLS else "flat"
