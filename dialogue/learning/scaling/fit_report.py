"""Report a fit as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from dialogue.learning.scaling.fit import CHECKED, Estimate, Fit


def as_dict(fit: Fit, at: Iterable[Sequence[float]] = ()) -> dict[str, Any]:
    """Return what ``dialogue scaling fit --json`` prints.

    Args:
        at: sizes at which to predict the response, in the order of ``law.variables``.

    Returns:
        ``law``, ``formula``, ``parameters``, ``intervals`` (``[low, high]``; ``high`` is ``None`` if no limit was
        found; without intervals each is ``None``), ``level``, ``points``, ``objective`` (sum of Huber losses),
        ``noise`` (standard deviation of the logarithm), ``trend`` (``falls``, ``rises`` or ``flat``), ``derived``,
        ``predictions`` (none unless it falls), ``warnings``.
    """
    law, at = fit.points.law, [] if fit.no_law else [*at]
    predictions = [(dict(zip(law.variables, sizes, strict=True)), fit.predict(sizes)) for sizes in at]
    return {
        "law": law.name,
        "formula": law.formula,
        "parameters": {name: estimate.value for name, estimate in fit.parameters.items()},
        "intervals": {name: estimate.interval for name, estimate in fit.parameters.items()},
        "level": fit.level,
        "points": len(fit.points),
        "objective": fit.objective,
        "noise": fit.profile and fit.profile.noise,
        "trend": fit.trend,
        "derived": {name: asdict(estimate) for name, estimate in fit.derived.items()},
        "predictions": [{"at": sizes, **asdict(estimate)} for sizes, estimate in predictions],
        "warnings": [*fit.warnings, *_far(fit, at)],
    }


def as_text(fit: Fit, at: Iterable[Sequence[float]] = ()) -> str:
    """Return the same as text; of points that do not fall, only that."""
    law, at = fit.points.law, [*at]
    ranges = [f"{n} {c.min():g} to {c.max():g}" for n, c in zip(law.variables, fit.points.sizes.T, strict=True)]
    lines = [f"{law.formula}: {len(fit.points)} points, {', '.join(ranges)}"]
    if fit.no_law:
        return "\n".join([*lines, f"warning: {fit.no_law}"])
    names = {"compute_optimal_exponent": "N_opt ~ C^"}
    for name, estimate in {**fit.parameters, **fit.derived}.items():
        lines.append(f"  {names.get(name, name):10} {said(estimate, fit.level)}")
    if fit.profile is not None:
        lines.append(f"  {'noise':10} {100 * fit.profile.noise:.2g} %")
    for sizes in at:
        lines.append(f"at {law.at(sizes)}: {law.response} {said(fit.predict(sizes), fit.level)}")
    return "\n".join([*lines, *(f"warning: {w}" for w in (*fit.warnings, *_far(fit, at)))])


def said(estimate: Estimate, level: float, digits: int = 4) -> str:
    """Return a value and its interval as text."""
    if estimate.interval is None:
        return f"{estimate.value:.{digits}g}, no interval"
    low, high = estimate.interval
    above = "no limit" if high is None else f"{high:.{digits}g}"
    return f"{estimate.value:.{digits}g}, {100 * level:g} % interval {low:.{digits}g} to {above}"


def _far(fit: Fit, at: Iterable[Sequence[float]]) -> list[str]:
    law = fit.points.law
    return [
        f"{law.at(sizes)} is {times:.3g} times beyond the points; intervals were checked up to {CHECKED:g} times."
        for sizes in at
        if (times := fit.points.beyond(sizes)) > CHECKED * (1 + 1e-9)
    ]
