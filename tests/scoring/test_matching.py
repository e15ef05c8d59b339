"""Matching statements of the minutes with those of the reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.scoring.matching import Pair, f_measure, match, stems

STATEMENTS = st.lists(st.text("abcdeéèç'’ -.,?15", max_size=30), max_size=5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Geler les partitions", "Les partitions sont gelées"),
        ("Montrer la démonstration le 15 décembre", "On montre la démonstration le quinze décembre"),
        ("L'EMBAUCHE EST REPORTÉE", "l’embauche est reportée"),
    ],
)
def test_other_forms_of_the_same_words_are_the_same_statement(one: str, other: str) -> None:
    [pair] = match([one], [other])
    assert pair.kind == "matched"


def test_words_without_meaning_do_not_make_a_match() -> None:
    [missed, extra] = match(["On a décidé que le budget est voté"], ["On a décidé que Paul est absent"])
    assert (missed.kind, extra.kind) == ("missed", "extra")


def test_a_statement_stands_for_one_reference_only() -> None:
    pairs = match(["préparer les partitions", "préparer les partitions gelées"], ["préparer les partitions"])
    assert [p.kind for p in pairs] == ["matched", "missed"]


def test_the_best_assignment_is_taken_not_the_first() -> None:
    references = ["budget vote salle", "budget vote salle conseil points"]
    pairs = match(references, ["budget vote salle conseil", "budget vote"])
    assert [(p.reference, p.found) for p in pairs if p.kind == "matched"] == [(0, 1), (1, 0)]


def test_a_missed_reference_is_shown_with_the_nearest_statement() -> None:
    [missed, *_] = match(["réserver une carte graphique"], ["acheter du café", "vendre une carte routière postale"])
    assert (missed.found, 0 < missed.f < 0.5) == (1, True)


def test_without_statements_every_reference_is_missed() -> None:
    assert match(["le budget"], []) == [Pair("missed", 0, None, 0.0)]
    assert match([], ["le budget"]) == [Pair("extra", None, 0, 0.0)]


@given(STATEMENTS, STATEMENTS)
def test_every_statement_is_in_exactly_one_pair(references: list[str], found: list[str]) -> None:
    pairs = match(references, found)
    assert [p.reference for p in pairs if p.kind != "extra"] == [*range(len(references))]
    assert sorted(p.found for p in pairs if p.kind != "missed") == [*range(len(found))]  # type: ignore[type-var]


@given(st.text("abcdeéèç'’ -.,?15", max_size=30), st.text("abcdeéèç'’ -.,?15", max_size=30))
def test_which_text_is_the_reference_changes_nothing(one: str, other: str) -> None:
    assert f_measure(stems(one), stems(other)) == f_measure(stems(other), stems(one))
