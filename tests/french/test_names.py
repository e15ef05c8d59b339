"""When two spellings are the same name."""

import pytest

from dialogue.french.names import is_first_name, is_word, same_name, spelling


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


@pytest.mark.parametrize("word", ["Mardi", "Clairement", "Juste", "Demain", "Évidemment"])
def test_a_common_word_is_no_misspelled_name(word):
    assert is_word(word)


@pytest.mark.parametrize("name", ["Clément", "clement", "Élodie", "Jean-Eudes", "Anne-Lucie"])
def test_a_first_name_is_known_with_and_without_its_accents(name):
    assert is_first_name(name)
    assert not is_word(name)


@pytest.mark.parametrize("word", ["Marie-Concrètement", "Paris", "Noël", "Budget", "-"])
def test_a_word_that_is_not_given_to_people_is_no_first_name(word):
    assert not is_first_name(word)
