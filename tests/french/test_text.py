"""Folding, hesitations, readable quotations, and words that carry meaning: a table of sentences for each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.french.text import (
    content_words,
    cue,
    fold,
    language_of,
    normalised,
    overlap,
    plain,
    spaced,
    tidy,
    unaccented,
)


@given(st.text(max_size=300))
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’ÉTÉ à Noël", "l'ete a noel"),
        ("euh on commence", "    on commence"),
        ("on, hum, commence", "on,      commence"),
        ("Ben, on commence", "     on commence"),
        ("Ben oui", "    oui"),
        ("Ah ben non", "ah     non"),
        ("on ne décide pas quoi que ce soit", "on ne decide pas quoi que ce soit"),
        ("Ben pilote le chantier", "ben pilote le chantier"),
        ("Merci Ben.", "merci ben."),
        ("C'est pour Ben, non ?", "c'est pour ben, non ?"),
        ("Claire appelle Rose et Pierre", "claire appelle rose et pierre"),
    ],
)
def test_hesitations_are_blank_and_names_are_not(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("name", ["Ben", "Bah", "Hein"])
def test_a_participant_is_never_a_hesitation(name):
    said = f"{name}, tu prends la suite ?"
    assert fold(said, {plain(name)}) == plain(said)
    assert tidy(said, {plain(name)}) == f"{name}, tu prends la suite"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("euh on on valide le budget, hein.", "On valide le budget"),
        ("  le maire, euh, viendra  lundi !", "Le maire viendra lundi"),
        ("Ben pilote le chantier de la mairie", "Ben pilote le chantier de la mairie"),
        ("ben je sais pas", "Je sais pas"),
        ("", ""),
    ],
)
def test_a_quotation_is_made_readable(text, shown):
    assert tidy(text) == shown


@given(st.text(max_size=200))
def test_a_readable_quotation_stays_as_it_is(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c'est d'accord pour lundi", True),
        ("c est  d accord", True),
        ("on est d’accord", False),
        ("c'est dac cordial", False),
    ],
)
def test_a_cue_matches_whole_words_whatever_the_spacing(text, found):
    assert bool(cue("c'est d'accord").search(fold(text))) is found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il faut valider le budget de 2024", ("valid", "budge", "2024")),
        ("Est-ce que tu es là ?", ()),
        ("Les élections municipales", ("elect", "munic")),
    ],
)
def test_words_that_carry_meaning(text, words):
    assert content_words(text) == words


def test_overlap_is_the_share_of_the_shorter_text():
    assert overlap("valider le budget", "le budget de la salle est validé lundi") == 1.0
    assert overlap("valider le budget", "la salle") == 0.0
    assert overlap("", "la salle") == 0.0


def test_a_quotation_is_compared_without_marks_or_accents():
    assert normalised("« Bonjour, l'Été ! »") == "bonjour l ete"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("le budget est voté et la salle est prise pour la réunion, il nous en reste plus", "fr"),
        ("the budget is voted and the room is booked for the meeting of monday", "en"),
        ("budget", None),
    ],
)
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_accents_are_removed_and_case_is_kept():
    assert unaccented("Élève à Noël") == "Eleve a Noel"


def test_french_marks_keep_their_space_on_the_line():
    shown = spaced("Qui ? Lui : « oui » à 95 % ; non !").replace("\u00a0", "_")
    assert shown == "Qui_? Lui_: «_oui_» à 95_%_; non_!"
