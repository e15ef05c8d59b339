"""How much a score would vary with other recordings: percentile bootstrap (Efron 1979; Bisani and Ney 2004 for WER)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogue.scoring.rate import Rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONFIDENCE = 0.95
SAMPLES = 2000
FEWEST = 5  # units; with fewer, no interval is reliable


def interval(
    rates: Sequence[Rate], confidence: float = CONFIDENCE, samples: int = SAMPLES, seed: int = 0
) -> tuple[float, float] | None:
    """Return the interval of the summed rate when recordings are resampled with replacement.

    Args:
        rates: one per recording.
        confidence: share of the draws inside the interval.
        samples: number of draws.
        seed: the same seed gives the same interval.

    Returns:
        ``(low, high)``, or ``None`` with fewer than :data:`FEWEST` recordings that have something to score.
    """
    if sum(r.length > 0 for r in rates) < FEWEST:
        return None
    return quantiles(resample(rates, samples, seed), confidence)


def resample(rates: Sequence[Rate], samples: int = SAMPLES, seed: int = 0) -> NDArray[np.float64]:
    """Return ``(draw,)`` summed rates; the same seed draws the same positions, so that two systems can be paired."""
    import numpy as np

    errors = np.array([r.errors for r in rates], dtype=float)
    lengths = np.array([r.length for r in rates], dtype=float)
    draws = np.random.default_rng(seed).integers(len(rates), size=(samples, len(rates)))
    totals = lengths[draws].sum(axis=1)
    drawn: NDArray[np.float64] = errors[draws].sum(axis=1)[totals > 0] / totals[totals > 0]
    return drawn


def quantiles(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return ``(low, high)`` of the central ``confidence`` share of the draws."""
    import numpy as np

    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
