"""Pseudonyms are consistent, never shared, written as the originals are, and lead nowhere without the key."""

import datetime
import os
import re
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.french.first_names import FIRST_NAMES
from dialogue.privacy.pseudonyms import KeyFileError, Pseudonyms, gender, read_key, table_of
from dialogue.privacy.shifted_dates import shifted, shifted_iso
from dialogue.privacy.written_forms import digits_of, unspelled

KEY = b"k" * 32
DAY = datetime.date(2024, 3, 10)


def of(label: str, text: str, **options: object) -> str:
    return Pseudonyms(KEY, **options).of(label, text, "appel", DAY)


def test_a_key_is_made_for_its_owner_alone(tmp_path):
    assert len(read_key(tmp_path / "a.key")) == 32
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_a_key_that_others_may_read_is_refused(tmp_path):
    read_key(tmp_path / "a.key")
    os.chmod(tmp_path / "a.key", 0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(tmp_path / "a.key")


def test_a_key_in_the_folder_of_the_copy_is_refused(tmp_path):
    with pytest.raises(KeyFileError, match="another folder"):
        read_key(tmp_path / "copy" / "a.key", out=tmp_path / "copy")


def test_a_file_without_a_key_is_refused(tmp_path):
    (tmp_path / "a.key").write_text("secret")
    os.chmod(tmp_path / "a.key", 0o600)
    with pytest.raises(KeyFileError, match="no key"):
        read_key(tmp_path / "a.key")


def test_the_table_is_for_its_owner_and_holds_no_original(tmp_path):
    table = table_of(tmp_path / "a.key")
    Pseudonyms(KEY, table).name("Camille Durand")
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    assert not re.search("camille|durand", table.read_text(), re.IGNORECASE)


def test_a_person_has_the_same_pseudonym_in_three_files(tmp_path):
    table = table_of(tmp_path / "a.key")
    assert len({Pseudonyms(KEY, table).name("Camille Durand") for _ in range(3)}) == 1


def test_by_recording_a_person_is_somebody_else_in_each(tmp_path):
    table = table_of(tmp_path / "a.key")
    assert len({Pseudonyms(KEY, table, recording=r).name("Camille Durand") for r in ("a", "b")}) == 2


def test_another_key_gives_other_names():
    assert Pseudonyms(KEY).name("Camille Durand") != Pseudonyms(b"x" * 32).name("Camille Durand")


def test_many_people_never_become_one():
    pseudonyms = Pseudonyms(KEY)
    names = sorted(FIRST_NAMES)[:1500:3]
    assert len({pseudonyms.of("PRENOM", name).lower() for name in names}) == len(names)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.from_regex(r"0[1-7]( [0-9]{2}){4}", fullmatch=True), unique=True, max_size=20))
def test_phone_numbers_never_become_one(numbers):
    pseudonyms = Pseudonyms(KEY)
    assert len({pseudonyms.of("TEL", n) for n in numbers}) == len(numbers)


def test_a_word_of_the_texts_is_no_pseudonym():
    usual = Pseudonyms(KEY).of("PRENOM", "Thomas")
    assert Pseudonyms(KEY, avoid={usual.lower()}).of("PRENOM", "Thomas") != usual


@pytest.mark.parametrize(("name", "sex"), [("Marie", "f"), ("Thomas", "m"), ("Camille", ""), ("Bernadette", "f")])
def test_the_gender_of_a_first_name(name, sex):
    assert gender(name) == sex


@pytest.mark.parametrize("name", ["Marie", "Thomas", "Chloé", "Jean-Pierre"])
def test_the_gender_stays(name):
    assert gender(of("PRENOM", name)) == gender(name)


@pytest.mark.parametrize("text", ["camille durand", "CAMILLE DURAND"])
def test_the_case_stays(text):
    assert getattr(of("NOM", text), "islower" if text.islower() else "isupper")()


@pytest.mark.parametrize("text", ["D, U, R, A, N, D", "d-u-r-a-n-d", "dé u erre a enne dé"])
def test_a_spelled_name_is_spelled(text):
    assert unspelled(of("NOM", text)) == unspelled(text) != "" or unspelled(of("NOM", text)) == of("NOM", "durand")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("06 12 34 56 78", r"06 39 98 \d\d \d\d"),
        ("01.44.55.66.77", r"01\.99\.00\.\d\d\.\d\d"),
        ("+33 6 12 34 56 78", r"\+33 6 39 98 \d\d \d\d"),
        ("zéro quatre, douze, trente-quatre, douze, dix", r"zéro quatre, soixante-cinq, soixante et onze, .+, .+"),
    ],
)
def test_phone_numbers_are_those_of_fiction(text, form):
    assert re.fullmatch(form, of("TEL", text))


def test_a_number_is_the_same_in_digits_and_in_words():
    pseudonyms = Pseudonyms(KEY)
    spoken = pseudonyms.of("TEL", "zéro six douze trente-quatre cinquante-six soixante-dix-huit")
    assert digits_of(spoken) == digits_of(pseudonyms.of("TEL", "06 12 34 56 78"))


def test_a_social_security_number_is_valid_for_nobody():
    number = digits_of(of("SECU", "1 85 05 78 006 084 36"))
    assert len(number) == 15
    assert (97 - int(number[:13]) % 97) != int(number[13:])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("12 rue des Lilas", r"\d\d rue d\S+ ?.+"),
        ("hôpital Cochin", r"hôpital [A-Z].+"),
        ("camille.durand@gmail.com", r"[a-z-]+\.[a-z-]+@example\.org"),
        ("camille point durand arobase gmail point com", r"[a-z-]+ point [a-z-]+ arobase exemple point org"),
        ("AB-123-CD", r"[IOU]{2}-\d{3}-[IOU]{2}"),
        ("quarante-deux B", r"\S+ [A-H]"),
    ],
)
def test_other_kinds_keep_their_form(text, form):
    kinds = {"12": "ADRESSE", "hô": "HOPITAL", "ca": "MAIL", "AB": "PLAQUE", "qu": "DIGICODE"}
    new = of(kinds[text[:2]], text)
    assert re.fullmatch(form, new)
    assert new != text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("jeudi 12 mars", "jeudi 6 juin"),
        ("12/03/48", "06/06/47"),
        ("le premier avril mille neuf cent vingt", "le vingt-six juin mille neuf cent dix-neuf"),
        ("1er avril", "26 juin"),
        ("2024-03-12", "2023-06-06"),
        ("le vingt-deux zéro six quarante-huit", "le seize zéro neuf quarante-sept"),
        ("vingt-deux juin dix-neuf cent quarante-huit", "seize septembre mille neuf cent quarante-sept"),
        ("au mois d'avril", "au mois de juillet"),
        ("demain", "demain"),
        ("vendredi prochain", "vendredi prochain"),
    ],
)
def test_dates_move_in_their_form(text, new):
    assert shifted(text, -40, DAY) == new


@given(st.dates(datetime.date(1930, 1, 1), datetime.date(2030, 12, 31)))
def test_the_day_of_the_week_stays(day):
    moved = datetime.date.fromisoformat(shifted_iso(day.isoformat(), -40))
    assert (moved.weekday(), moved < day) == (day.weekday(), True)


def test_a_day_that_does_not_exist_is_replaced_all_the_same():
    assert "30" not in shifted("30 février 1981", -40, DAY)


def test_titles_stay():
    assert of("NOM", "monsieur Martin").startswith("monsieur ")


def test_tags_count_people():
    pseudonyms = Pseudonyms(KEY, mode="tag")
    said = [pseudonyms.of("PRENOM", name) for name in ("Nadia", "Paul", "Nadia")]
    assert said == ["[PRENOM_1]", "[PRENOM_2]", "[PRENOM_1]"]
