"""Numbers that identify people, in digits and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from dialogue.privacy.number_rules import numbers, runs


def found(text: str) -> list[tuple[str, str]]:
    return [(m.label, text[m.start : m.end]) for m in numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon numéro c'est le 06 12 34 56 78", [("TEL", "06 12 34 56 78")]),
        ("le 06.12.34.56.78.", [("TEL", "06.12.34.56.78")]),
        ("au +33 6 12 34 56 78", [("TEL", "+33 6 12 34 56 78")]),
        (
            "zéro six, douze, euh, trente-quatre, vingt, onze",
            [("TEL", "zéro six, douze, euh, trente-quatre, vingt, onze")],
        ),
        ("zéro un deux fois quarante-sept dix-huit onze", [("TEL", "zéro un deux fois quarante-sept dix-huit onze")]),
        ("ma carte vitale, 2 85 03 75 116 042 37", [("SECU", "2 85 03 75 116 042 37")]),
        ("le digicode c'est 12B46, voilà", [("DIGICODE", "12B46")]),
        ("une Clio, AB-123-CD", [("PLAQUE", "AB-123-CD")]),
        ("l'IPP c'est le 8 0 0 4 5", [("IPP", "8 0 0 4 5")]),
        ("code postal trente-cinq mille", [("ZIP", "trente-cinq mille")]),
    ],
)
def test_a_number_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "appelez le quinze, ou le cent douze",
        "deux cent trente personnes, soixante-quinze de plus",
        "ça coûte 12 450 euros hors taxes",
        "le train de sept heures quarante-deux arrive à neuf heures dix",
        "dix-huit de tension et une saturation à quatre-vingt-douze",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert found(text) == []


def test_a_number_said_in_parts_is_found_on_each_line() -> None:
    text = "votre numéro ?\nzéro six\noui\nvingt-trois quarante-cinq\nd'accord\nonze zéro huit"
    assert [words for _, words in found(text)] == ["zéro six", "vingt-trois quarante-cinq", "onze zéro huit"]


def test_the_key_of_social_security_is_found_with_it() -> None:
    text = "sécu un soixante-douze zéro huit cinquante-neuf trois cent cinquante zéro quarante-six\net la clé ?\nvingt"
    assert found(text)[-1] == ("SECU", "vingt")


@given(st.integers(0, 999_999))
def test_any_number_in_words_is_read(value: int) -> None:
    [run] = runs(num2words(value, lang="fr"))
    assert [said.digits for said in run] == [str(value)]


@given(st.lists(st.integers(10, 99), min_size=4, max_size=4), st.integers(1, 9))
def test_any_telephone_in_words_is_found(pairs: list[int], area: int) -> None:
    said = ", ".join(num2words(n, lang="fr") for n in pairs)
    text = f"zéro {num2words(area, lang='fr')}, {said}"
    assert found(f"c'est le {text}.") == [("TEL", text)]


@given(st.text(alphabet="zéro un deux cent mille fois 06+\n,.-?clé comme", max_size=60))
def test_mentions_lie_in_the_text(text: str) -> None:
    assert all(0 <= m.start < m.end <= len(text) for m in numbers(text))
