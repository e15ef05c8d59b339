"""Tables in Markdown, and numbers as text."""

import pytest

from dialogue.core.tables import measured


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"value": 0.125, "interval": (0.05, 0.2)}, "+12.5 (+5.0 to +20.0)"),
        ({"value": 0.125, "interval": None}, "+12.5"),
        ({"value": -0.125}, "-12.5"),
        ({"value": None}, "-"),
        (None, "-"),
    ],
)
def test_a_value_has_its_interval_in_brackets(found: dict | None, text: str) -> None:
    assert measured(found, "+.1f", 100) == text
