"""Normalisation of French text before scoring; ``phrases_numbers.csv`` holds pairs of a written and a spoken form."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialogue.french.normalization import VERSIONS, normalize

SAID = [
    (
        "L'eau coûte 1 200 €, euh, soit 3,5 % de plus.",
        "l' eau coûte mille deux cent euros soit trois virgule cinq pour cent de plus",
    ),
    ("l' eau, j'l'ai", "l' eau j' l' ai"),
    ("L’eau qu’il a jusqu'à demain", "l' eau qu' il a jusqu' à demain"),
    ("aujourd'hui, p'tit", "aujourdhui ptit"),
    ("« 'bonjour' » dit-il", "bonjour dit il"),
    ("peut-être est-ce un rendez‑vous ?", "peut être est ce un rendez vous"),
    ("le cœur et la sœur, ex æquo", "le coeur et la soeur ex aequo"),
    ("à 14h30 ou 14 h 30 ou 14:30", "à quatorze heures trente ou quatorze heures trente ou quatorze heures trente"),
    ("à 9h, à 21 h, à 1h, 12h05", "à neuf heures à vingt et un heures à une heure douze heures cinq"),
    ("vingt et une heures", "vingt et un heures"),
    ("pendant 1 heure", "pendant une heure"),
    ("1er 1re 1ère 2e 2ème 2nd 3es", "premier première première deuxième deuxième second troisièmes"),
    ("le XXIe siècle, la Ve République, la vie", "le vingt et unième siècle la cinquième république la vie"),
    (
        "Louis XIV, louis xiv, François Ier et Henri IV",
        "louis quatorze louis quatorze françois premier et henri quatre",
    ),
    ("D0.2 et A380", "d zéro point deux et a trois cent quatre vingt"),
    ("06 12 34 56 78", "zéro six douze trente quatre cinquante six soixante dix huit"),
    ("+33 6 12 34 56 78", "plus trente trois six douze trente quatre cinquante six soixante dix huit"),
    ("en 1984", "en mille neuf cent quatre vingt quatre"),
    ("dix-neuf cent quatre-vingt-quatre", "mille neuf cent quatre vingt quatre"),
    ("quatre-vingts et quatre vingts et 80", "quatre vingt et quatre vingt et quatre vingt"),
    ("deux cents et 200 et vingt-et-un et 21", "deux cent et deux cent et vingt et un et vingt et un"),
    ("2 000 000, 1.200.000, 3.5", "deux million un million deux cent mille trois point cinq"),
    (
        "0,05 et 3,14 et 3,14159",
        "zéro virgule zéro cinq et trois virgule quatorze et trois virgule un quatre un cinq neuf",
    ),
    ("007", "zéro zéro sept"),
    ("-5 °C, 20°", "moins cinq degrés celsius vingt degrés"),
    ("de 10-15 personnes, 24h/24, 3/5", "de dix quinze personnes vingt quatre heures sur vingt quatre trois sur cinq"),
    (
        "le 12/10/2023 et le 01/02/2024",
        "le douze octobre deux mille vingt trois et le premier février deux mille vingt quatre",
    ),
    ("12,50 € ou 12,00 € ou 5 M€", "douze euros cinquante ou douze euros ou cinq million d' euros"),
    ("90 km/h, 5 kg, 30 m²", "quatre vingt dix kilomètres heure cinq kilos trente mètres carrés"),
    ("etc. et cætera etcetera", "et cetera et cetera et cetera"),
    ("M. Dupont et Mme Durand, Dr House", "monsieur dupont et madame durand docteur house"),
    ("la S.N.C.F. et l'O.N.U.", "la sncf et l' onu"),
    ("bonjour + oui * non # <rire> [bruit] (rires) *toux* fin", "bonjour oui non fin"),
    ("il a dit (enfin presque) oui", "il a dit enfin presque oui"),
    ("n°5 & co@ici", "numéro cinq et co arobase ici"),
    ("j- j- je", "j j je"),
    ("mm-hmm heu hum euuuh mmm hm ben bah hein ouais", "ben bah hein ouais"),
    ("j'ai eu un hameau", "j' ai eu un hameau"),
    ("", ""),
    ("… ! ?", ""),
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_standard_level(text: str, expected: str) -> None:
    assert normalize(text) == expected


PAIRS = [
    line.split(";")
    for line in (Path(__file__).parent / "phrases_numbers.csv").read_text(encoding="utf-8").splitlines()[1:]
    if not line.startswith("#")
]


@pytest.mark.parametrize("level", [level for level in VERSIONS if level.startswith("fr")])
@pytest.mark.parametrize(("written", "spoken"), PAIRS)
def test_a_number_is_one_whether_written_or_spoken(written: str, spoken: str, level: str) -> None:
    once = normalize(written, level)
    assert once == normalize(spoken, level)
    assert normalize(once, level) == once


def test_strict_level_keeps_hesitations() -> None:
    assert normalize("Euh, j- je, hum [rire]", "fr-strict") == "euh j je hum"


def test_lenient_level_hears_and_does_not_spell() -> None:
    one = normalize("Ben, les événements etc. sont passés, ouais, j- une fois", "fr-lenient")
    two = normalize("les évenement et cetera sont passé un foi", "fr-lenient")
    assert one == two == "les evenement et cetera sont passe un foi"


def test_unknown_level_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="fr-strict, fr-std, fr-lenient"):
        normalize("oui", "fr")


PIECES = st.sampled_from([text for pair in SAID for text in pair[0].split()])
TEXTS = st.one_of(
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=4).map("".join),
    st.text(max_size=40),
)


@settings(max_examples=200)
@pytest.mark.parametrize("level", [level for level in VERSIONS if level.startswith("fr")])
@given(text=TEXTS)
@example(text="x.i.v.")
@example(text="euhs")
@example(text="ETCETERAS")
@example(text="i'i'i")
@example(text="A'J'")
@example(text="Xe\u0301")
def test_applied_twice_it_changes_nothing(level: str, text: str) -> None:
    once = normalize(text, level)
    assert normalize(once, level) == once


@given(TEXTS)
def test_words_are_separated_by_single_spaces(text: str) -> None:
    for level in VERSIONS:
        assert normalize(text, level) == " ".join(normalize(text, level).split())


def test_no_digit_is_left() -> None:
    text = " ".join(f"{n} {n}e {n}h {n},5 {n}%" for n in range(0, 2100, 7))
    assert not any(c.isdigit() for c in normalize(text))


def test_english_is_normalised_as_whisper_does() -> None:
    assert (
        normalize("Mr. Smith’s twenty five colours, um, he'd gone [laugh]", "en-std")
        == "mister smith is 25 colors he had gone"
    )
