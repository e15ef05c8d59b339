"""Scaling laws: measure the coverage of the intervals, and the time of a fit.

OPENBLAS_NUM_THREADS=1 python benchmarks/scaling.py
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import tables

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from dialogue.learning.scaling import POWER, Points, ScalingError, fit
from tests.learning.scaling.test_scaling import TRUE, power, sweep

CURVES, DRAWS = 200, 200


def coverage() -> str:
    """Measure the coverage of 95 % intervals, also of a bootstrap of the residuals, on curves of seven points."""
    truth = {"g": 0.35, "b": 1.8, "y at 8 times the range": 20 * 512e3**-0.35 + 1.8}
    ours, naive, errors = dict.fromkeys(truth, 0), 0, []
    for seed in range(CURVES):
        found = fit(power(seed=seed))
        predicted = found.predict([512e3])
        errors.append(abs(predicted.value / truth["y at 8 times the range"] - 1))
        estimates = dict(zip(truth, (found.parameters["g"], found.parameters["b"], predicted), strict=True))
        for name, estimate in estimates.items():
            low, high = estimate.interval
            ours[name] += low <= truth[name] <= (np.inf if high is None else high)
        if seed < CURVES // 4:
            naive += bootstrap_holds(found, seed, truth["y at 8 times the range"])
    rows = ["| 95 % interval of | holds the truth |", "| --- | ---: |"]
    rows += [f"| {name} | {100 * count / CURVES:.1f} % |" for name, count in ours.items()]
    rows.append(
        f"| y at 8 times the range, bootstrap of residuals ({CURVES // 4} curves, {DRAWS} draws) | "
        f"{100 * naive / (CURVES // 4):.1f} % |"
    )
    head = f"{CURVES} curves y = 20 x^-0.35 + 1.8, 7 points from 1,000 to 64,000, noise 0.4 %.\n"
    return "\n".join([head, *rows, f"\nMedian error of the extrapolation: {100 * statistics.median(errors):.2f} %."])


def bootstrap_holds(found, seed: int, truth: float) -> bool:
    """Return whether the usual percentile interval of a bootstrap of the residuals contains the true value."""
    draw = np.random.default_rng(seed)
    fitted = found.points.log_values + found.points.residuals(found.vector)
    residuals = found.points.residuals(found.vector)
    values = []
    for _ in range(DRAWS):
        drawn = np.exp(fitted - draw.choice(residuals, len(residuals)))
        rows = tuple((row[0], float(y)) for row, y in zip(found.points.rows, drawn, strict=True))
        try:
            values.append(fit(Points(POWER, rows)).predict([512e3]).value)
        except ScalingError:
            continue
    low, high = np.percentile(values, [2.5, 97.5])
    return bool(low <= truth <= high)


def speed() -> str:
    points, seconds = sweep(), []
    for _ in range(3):
        start = time.process_time()
        found = fit(points)
        estimates = found.parameters
        seconds.append(time.process_time() - start)
    rows = ["| parameter | true | found | 95 % interval |", "| --- | ---: | ---: | --- |"]
    for name, estimate in estimates.items():
        low, high = estimate.interval
        rows.append(f"| {name} | {TRUE[name]:g} | {estimate.value:.5g} | {low:.5g} to {high:.5g} |")
    head = (
        "L = E + A/N^alpha + B/D^beta on 240 made runs (noise 0.01 %), fit and intervals: "
        f"{statistics.median(seconds):.2f} CPU s, median of three.\n"
    )
    return "\n".join([head, *rows])


if __name__ == "__main__":
    tables.write("Scaling laws: coverage", coverage())
    tables.write("Scaling laws: time", speed())
