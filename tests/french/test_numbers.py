"""Small numbers in words."""

import re

import pytest

from dialogue.french.numbers import NUMBER, NUMBERS, number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("zero", 0),
        ("une", 1),
        ("premier", 1),
        ("1er", 1),
        ("seize", 16),
        ("dix sept", 17),
        ("vingt et un", 21),
        ("trente-deux", 32),
        ("cinquante  neuf", 59),
        ("12", 12),
    ],
)
def test_a_number_has_its_value(words, value):
    assert number(words) == value


def test_every_number_under_sixty_is_found_whole():
    found = {NUMBERS[re.fullmatch(NUMBER, words)[0]] for words in NUMBERS}
    assert found == set(range(60))


@pytest.mark.parametrize("words", ["soixante", "", "vingt mille"])
def test_what_is_no_number_under_sixty_is_refused(words):
    with pytest.raises(ValueError, match="a French number under 60"):
        number(words)
