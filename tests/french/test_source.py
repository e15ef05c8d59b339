"""Names and numbers of a text, and whether its source supports them."""

import pytest

from dialogue.french.source import Source, names, numbers, unsupported


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On a vu Anne et Jean-Luc à Lyon.", ["Anne", "Jean-Luc", "Lyon"]),
        ("La salle est prise.", []),
        ("C'est l'Europe", ["Europe"]),
        ("the meeting of Monday", []),
    ],
)
def test_a_capital_inside_a_sentence_is_a_name(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("10 000 euros et 3,5 %", ["10000", "3,5"]), ("le 1er à 17h30", ["1er", "17h30"]), ("le G20", [])],
)
def test_numbers_in_digits(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("On vote 120 euros avec Jean-Luc", []),
        ("On vote 121 euros avec Anne", ["Anne", "121"]),
        ("On revote 20 euros", []),
    ],
)
def test_what_the_source_does_not_hold(text, unknown):
    assert unsupported(text, Source("jean luc propose cent vingt euros")) == unknown
