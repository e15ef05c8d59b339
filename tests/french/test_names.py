"""When two spellings are the same name."""

import pytest

from dialogue.french.names import same_name, spelling


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Gaëlle", "Gaelle", True),
        ("Nadia", "nadia", True),
        ("Julien", "Jullien", True),
        ("Camille", "Kamille", False),  # the first letters differ
        ("Ben", "Bah", False),
        ("Ben", "Zen", False),
        ("Pierre", "Pierrot", False),
        ("Rose", "Rosa", False),
    ],
)
def test_a_slight_misspelling_is_the_same_name(one, other, same):
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("name", "known"),
    [("Lefèvre", "Anne Lefebvre"), ("anne", "Anne Lefebvre"), ("Ben", "Ben Diallo"), ("Luc", None)],
)
def test_a_name_is_spelled_as_the_participant_it_stands_for(name, known):
    assert spelling(name, ["Anne Lefebvre", "Ben Diallo"]) == known
