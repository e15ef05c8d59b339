"""Plots are separate files, SVG or PNG, with the same bytes for the same picture."""

from pathlib import Path

import pytest

from dialogue.core import plots


def test_ids_do_not_depend_on_the_last_digit_of_a_place(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    for name, nudge in (("a.svg", 0.0), ("b.svg", 1e-13)):
        figure = Figure()
        figure.add_axes((0.1 + nudge, 0.1, 0.8, 0.8)).plot([0, 1], [0, 1], marker="o")
        plots.save(figure, tmp_path / name, "a line")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(plots.PictureError, match=r"\.svg, \.png"):
        plots.kind(tmp_path / "a.gif")
