"""Scaling laws: how a loss falls with data or parameters, with valid intervals, and the gain from more of them.

Exponents that are easily confused:

- *of a learning curve*, error ~ D^-g with D the training data: 0.07 to 0.35 depending on the domain (Hestness et al.
  2017, arXiv 1712.00409). This is ``g`` in ``y = a x^-g + b``. No value is typical of finetuning: fit it.
- *of the loss with compute*, L ~ C^-0.050 with C spent optimally; with parameters alone L ~ N^-0.076, with data alone
  L ~ D^-0.095, each without a floor (Kaplan et al. 2020, arXiv 2001.08361).
- *of the two terms above a floor*, L = E + A/N^alpha + B/D^beta: alpha 0.34, beta 0.28 (Hoffmann et al. 2022, arXiv
  2203.15556); fitted again to the same runs alpha 0.348, beta 0.366, because the first optimiser had stopped too early
  (Besiroglu et al. 2024, arXiv 2404.10102). They are larger than Kaplan's because the floor is a separate term.
- *of the compute-optimal size*, N_opt ~ C^0.5, which is not the exponent of a loss. It is beta / (alpha + beta), about
  one half because alpha and beta are nearly equal.

So "L(N) = A / N^a with a about 0.5 (once 0.05)" confuses the last with the second; neither is built in here.
"""

from dialogue.learning.scaling.curve import CurveRun, learning_curve, nested_subsets, read_runs
from dialogue.learning.scaling.fit import Estimate, Fit, fit
from dialogue.learning.scaling.law import CHINCHILLA, LAWS, POWER, Law, ScalingError
from dialogue.learning.scaling.points import Points, read

__all__ = [
    "CHINCHILLA",
    "LAWS",
    "POWER",
    "CurveRun",
    "Estimate",
    "Fit",
    "Law",
    "Points",
    "ScalingError",
    "fit",
    "learning_curve",
    "nested_subsets",
    "read",
    "read_runs",
]
