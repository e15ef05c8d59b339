"""Dates that tell one day from another, and those of birth."""

import pytest

from dialogue.privacy.date_rules import dates
from dialogue.privacy.mentions import separate


def found(text: str) -> list[tuple[str, str]]:
    return [(m.label, text[m.start : m.end]) for m in separate(list(dates(text)))]


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("on se voit le vingt-deux janvier à dix heures", "DATE", "vingt-deux janvier"),
        ("le mardi 9 novembre 2021 vers midi", "DATE", "mardi 9 novembre 2021"),
        ("en octobre quatre-vingt-dix-sept", "DATE", "octobre quatre-vingt-dix-sept"),
        ("rendez-vous le 14/02 à midi", "DATE", "14/02"),
        ("née le onze mai quarante-huit", "DATE_NAISSANCE", "onze mai quarante-huit"),
        ("né en deux mille douze", "DATE_NAISSANCE", "deux mille douze"),
        ("Date de naissance ?\n12/07/1984", "DATE_NAISSANCE", "12/07/1984"),
        (
            "née le trente et un, zéro cinq, soixante-dix-huit",
            "DATE_NAISSANCE",
            "trente et un, zéro cinq, soixante-dix-huit",
        ),
    ],
)
def test_a_date_is_found(text: str, label: str, words: str) -> None:
    assert found(text) == [(label, words)]


@pytest.mark.parametrize(
    "text", ["à lundi", "demain matin", "en mars", "dans les années quatre-vingt", "il ne dit rien"]
)
def test_what_tells_no_day_stays(text: str) -> None:
    assert found(text) == []
