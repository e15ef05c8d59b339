"""Summaries compared with those of people: ROUGE of French, and support of names and numbers."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.french.source import Source, names, numbers
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import RougeError, lead, rouge, tokens
from dialogue.scoring.summaries import support

FRENCH = st.text("abcdeéèêàçœæ'’ -.,?!\nÉÀ0123456789", max_size=80)


def test_accented_letters_are_letters() -> None:
    assert tokens("L'été à Nîmes, cœur") == ["l", "été", "à", "nîm", "coeur"]


def test_forms_of_a_word_are_one() -> None:
    assert rouge("ils discutaient", ["il discutait"])["rouge1"] == 1.0


@given(FRENCH)
def test_the_way_accents_are_stored_changes_nothing(text: str) -> None:
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(text)


@given(FRENCH)
def test_a_text_shares_all_with_itself(text: str) -> None:
    if len(tokens(text)) > 1:
        assert set(rouge(text, [text]).values()) == {1.0}


@given(FRENCH, FRENCH)
def test_scores_do_not_care_which_text_is_the_reference(one: str, other: str) -> None:
    forth, back = rouge(one, [other]), rouge(other, [one])
    assert [forth["rouge1"], forth["rouge2"]] == pytest.approx([back["rouge1"], back["rouge2"]])


def test_sentences_in_another_order_keep_their_sequences() -> None:
    one, other = "Le vote est reporté. Anne écrit le rapport.", "Anne écrit le rapport. Le vote est reporté."
    assert rouge(one, [other])["rougeLsum"] == 1.0


def test_of_several_references_the_mean_or_the_nearest() -> None:
    references = ["le vote est reporté", "rien de tel ici"]
    assert rouge(references[0], references)["rouge1"] == 0.5
    assert rouge(references[0], references, "max")["rouge1"] == 1.0


def test_an_empty_text_scores_nothing() -> None:
    assert set(rouge("", ["le vote"]).values()) == {0.0}


def test_without_a_reference_there_is_no_score() -> None:
    with pytest.raises(RougeError, match="no reference"):
        rouge("le vote", [])


def test_the_lead_is_the_first_words() -> None:
    assert lead("un deux\ntrois quatre", 3) == "un deux trois"


def test_names_have_a_capital_inside_a_sentence() -> None:
    text = "Le ministre Jean-Luc Dupont va à Kiev. Ensuite, l’Europe."
    assert names(text) == ["Jean-Luc", "Dupont", "Kiev", "Europe"]


def test_numbers_are_digits_with_what_belongs_to_them() -> None:
    assert numbers("Le G20 du 1er à 17h30 : 10 000 euros, 3,5 % en 2022.") == ["1er", "17h30", "10000", "3,5", "2022"]


@pytest.mark.parametrize(
    ("name", "said"), [("Élodie", "elodie arrive"), ("Jean-Luc", "jean luc"), ("Œuvre", "l'oeuvre")]
)
def test_a_name_is_found_whatever_its_spelling(name: str, said: str) -> None:
    assert Source(said).names(name)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("12", "douze mois"),
        ("75", "75%"),
        ("10000", "10 000 euros"),
        ("1er", "le premier mai"),
        ("20h", "vingt heures"),
    ],
)
def test_a_number_is_found_in_digits_or_in_words(number: str, said: str) -> None:
    assert Source(said).counts(number)


def test_a_name_inside_a_longer_word_is_not_found() -> None:
    assert not Source("les dupontel").names("Dupont")


def test_counts_add_up_over_documents() -> None:
    first = support("On cite Anne et Gertrude, 12 fois.", "anne, douze fois")
    second = support("On cite Paul.", "anne")
    assert first["names"] + second["names"] == Rate(2, 3, {"supported": 1, "unsupported": 2})
    assert first["numbers"] == Rate(0, 1, {"supported": 1, "unsupported": 0})


@given(FRENCH)
def test_a_text_supports_itself(text: str) -> None:
    assert [rate.errors for rate in support(text, text).values()] == [0, 0]


def test_people_agree_more_than_the_first_words_do_and_invent_no_names(dev_data: Path) -> None:
    rows = [json.loads(row) for row in (dev_data / "dialogues/debats_fredsum.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row["official_test"]][:6]
    people, first, kept = 0.0, 0.0, Rate(0, 0)
    for row in rows:
        said = "\n".join(turn["text"] for turn in row["turns"])
        written = row["summary_abstractive"]
        people += rouge(written["1"], [written["3"]])["rouge1"]
        first += rouge(lead(said, 250), [written["3"]])["rouge1"]
        speakers = " ".join(turn["speaker"] for turn in row["turns"])
        kept += support(written["3"], f"{row['id']} {speakers} {said}")["names"]
    assert people > first
    assert kept.value is not None
    assert kept.value < 0.05
