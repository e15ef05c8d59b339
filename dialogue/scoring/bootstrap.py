"""How much a score would move with other recordings: percentile bootstrap (Efron 1979; Bisani and Ney 2004 for WER)."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.scoring.rate import Rate


def interval(
    rates: Sequence[Rate], confidence: float = 0.95, samples: int = 2000, seed: int = 0
) -> tuple[float, float] | None:
    """Interval of the summed rate when recordings are drawn again with replacement.

    Args:
        rates: one a recording.
        confidence: share of the draws inside the interval.
        samples: number of draws.
        seed: the same seed gives the same interval.

    Returns:
        ``(low, high)``, or ``None`` with fewer than two recordings that have something to score.
    """
    import numpy as np

    errors = np.array([r.errors for r in rates], dtype=float)
    lengths = np.array([r.length for r in rates], dtype=float)
    if (lengths > 0).sum() < 2:
        return None
    draws = np.random.default_rng(seed).integers(len(rates), size=(samples, len(rates)))
    totals = lengths[draws].sum(axis=1)
    values = errors[draws].sum(axis=1)[totals > 0] / totals[totals > 0]
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
