"""Plot the points, the law and its band."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.core import plots
from dialogue.learning.scaling.fit import CHECKED, Fit
from dialogue.learning.scaling.fit_report import as_text
from dialogue.learning.scaling.law import POWER, response

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRAWN = 60  # sizes at which the law is computed
BAND = 12  # sizes at which its band is computed, which takes a second each if the floor is poorly determined
BLUE, ORANGE = "#0072b2", "#d55e00"


def draw(fit: Fit, path: Path, size: str = "x", value: str = "y") -> None:
    """Plot a fit: ``y = a x^-g + b`` with its band, as far as the points fall and allow; the other law as
    measured over fitted.

    Args:
        size, value: labels of the axes.
    """
    plots.kind(path)  # raises before anything is computed
    import numpy as np

    with plots.figure(6, 3.8) as figure:
        axes = figure.subplots()
        measured = np.exp(fit.points.log_values)
        if fit.points.law is POWER:
            sizes = fit.points.sizes[:, 0]
            if fit.no_law is None:
                _law(axes, fit)
            axes.plot(sizes, measured, "o", color=ORANGE, label="measured")
            axes.axvline(sizes.max(), color="grey", linewidth=0.8, linestyle=":")
            axes.set_xscale("log")
            axes.set_xlabel(size)
            axes.set_ylabel(value)
            axes.legend(frameon=False)
        else:
            fitted = np.exp(fit.points.residuals(fit.vector) + fit.points.log_values)
            ends = [min(fitted.min(), measured.min()), max(fitted.max(), measured.max())]
            axes.plot(ends, ends, color="grey", linewidth=0.8)
            axes.plot(fitted, measured, "o", color=ORANGE, markersize=3)
            axes.set_xlabel(f"{fit.points.law.formula}, fitted")
            axes.set_ylabel("measured")
        plots.save(figure, path, as_text(fit))


def _law(axes: Axes, fit: Fit) -> None:
    """Draw the law and its band."""
    import numpy as np

    sizes = fit.points.sizes[:, 0]
    far = 1.0 if fit.points.too_few else CHECKED
    places = np.geomspace(sizes.min(), sizes.max() * far, DRAWN)
    curve = [response(POWER, [place], fit.points.origin) for place in places]
    drawn = [law.natural(law.at(fit.vector)[0]) for law in curve]
    axes.plot(places, drawn, color=BLUE, label=fit.points.law.formula)
    places = np.geomspace(places[0], places[-1], BAND)
    bands = [fit.predict([place]).interval for place in places]
    if all(band and band[1] is not None for band in bands):
        low, high = zip(*[band for band in bands if band], strict=True)
        axes.fill_between(places, low, high, color=BLUE, alpha=0.2, label=f"{100 * fit.level:g} % interval")
