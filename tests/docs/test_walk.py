"""The picture of the wings is that of the source as it is."""

from pathlib import Path

from docs import walk
from tests.test_layers import WINGS


def test_the_picture_in_the_repository_is_what_the_script_draws(tmp_path: Path) -> None:
    walk.draw(tmp_path / "walk.svg")
    drawn = (tmp_path / "walk.svg").read_bytes()
    assert drawn == walk.PICTURE.read_bytes(), "docs/walk.svg is out of date. Type: python -m docs.walk"


def test_every_wing_with_code_has_a_box_and_stops_follow_the_order() -> None:
    wings = list(walk.sizes())
    assert wings == [name for name in WINGS if name in wings]
    picture = walk.PICTURE.read_text(encoding="utf-8")
    assert [name for name in wings if f">{name}</text>" not in picture] == []
    assert list(walk.STOPS) == [name for name in wings if name in walk.STOPS]
