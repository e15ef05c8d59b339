"""The picture of the wings matches the source."""

import re
from pathlib import Path

from docs import walk
from tests.test_layers import WINGS


def test_the_picture_in_the_repository_is_what_the_script_draws(tmp_path: Path) -> None:
    walk.draw(tmp_path / "walk.svg")
    drawn, kept = (
        without_positions(path.read_text(encoding="utf-8")) for path in (tmp_path / "walk.svg", walk.PICTURE)
    )
    assert drawn == kept, "docs/walk.svg is out of date. Type: python -m docs.walk"


def without_positions(svg: str) -> str:
    """The picture without the positions of its words, which differ slightly between versions of matplotlib."""
    return re.sub(r' (?:x|y|transform)="[^"]*"', "", svg)


def test_every_wing_with_code_has_a_box_and_stops_follow_the_order() -> None:
    wings = walk.wings()
    assert wings == [name for name in WINGS if name in wings]
    picture = walk.PICTURE.read_text(encoding="utf-8")
    assert [name for name in wings if f">{name}</text>" not in picture] == []
    assert list(walk.STOPS) == [name for name in wings if name in walk.STOPS]
