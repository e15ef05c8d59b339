"""French dates as they are said; ``phrases_dates.csv`` is the table, for a meeting on Thursday 14 March 2024."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.french.dates import MONTHS, mentions

THURSDAY = datetime.date(2023, 10, 12)


PHRASES = [
    line.rsplit(";", 1)
    for line in (Path(__file__).parent / "phrases_dates.csv").read_text(encoding="utf-8").splitlines()[1:]
    if not line.startswith("#")
]


def iso(text, meeting=THURSDAY):
    return [m.iso(meeting) for m in mentions(text)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("pour vendredi prochain", "2023-10-20"),  # said on a Thursday: not tomorrow
        ("avant vendredi", "2023-10-13"),
        ("avant le trente novembre", "2023-11-30"),
        ("avant le 30 novembre", "2023-11-30"),
        ("le premier mars deux mille vingt-quatre", "2024-03-01"),
        ("pour le vingt et un janvier", "2024-01-21"),
        ("jeudi neuf novembre à dix heures", "2023-11-09T10:00"),
        ("mardi à 14h30", "2023-10-17T14:30"),
        ("mardi à quatorze heures et demie", "2023-10-17T14:30"),
        ("le 30/11", "2023-11-30"),
        ("le 3/2/2024", "2024-02-03"),
        ("demain", "2023-10-13"),
        ("après-demain", "2023-10-14"),
        ("dans quinze jours", "2023-10-26"),
        ("d'ici deux semaines", "2023-10-26"),
        ("la semaine prochaine", "2023-W42"),
        ("fin novembre", "2023-11"),
        ("à la fin du mois", "2023-10-31"),
        ("en janvier", "2024-01"),
        ("mardi en huit", "2023-10-24"),
        ("pour le 15", "2023-10-15"),
    ],
)
def test_a_date_is_resolved_as_far_as_it_was_said(said, expected):
    assert iso(said) == [expected]


@pytest.mark.parametrize(("said", "expected"), PHRASES)
def test_a_date_is_resolved_right_or_left_as_words(said, expected):
    resolved = [day for day in iso(said, datetime.date(2024, 3, 14)) if day]
    assert resolved == ([] if expected == "-" else [expected])


@pytest.mark.parametrize("said", [said for said, _ in PHRASES])
def test_the_words_of_a_date_mean_the_same_alone(said):
    meeting = datetime.date(2024, 3, 14)
    for mention in mentions(said):
        if not mention.past:
            alone = [day for day in iso(said[mention.begin : mention.end], meeting) if day]
            assert alone == ([day] if (day := mention.iso(meeting)) else [])


@pytest.mark.parametrize(
    "said", ["un budget de douze mille", "quinze pour cent", "3.5 degrés", "il y a deux points", "le mai 68"]
)
def test_a_number_is_not_a_date(said):
    assert iso(said) == []


@pytest.mark.parametrize("said", ["lundi dernier", "le mardi 9 novembre", "le 31 novembre"])
def test_impossible_dates_are_not_resolved(said):
    assert iso(said) == [None]  # past; the ninth is a Thursday; no such day


@pytest.mark.parametrize("said", ["vendredi", "demain", "le trente novembre", "la semaine prochaine", "dans un mois"])
def test_nothing_is_resolved_without_the_meeting_date(said):
    assert iso(said, meeting=None) == [None]


def test_a_date_with_its_year_needs_no_meeting_date():
    assert iso("le 3 mai 2024", meeting=None) == ["2024-05-03"]


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)))
def test_a_full_date_comes_back(day):
    first = "1er" if day.day == 1 else str(day.day)
    assert iso(f"le {first} {MONTHS[day.month - 1]} {day.year}") == [day.isoformat()]


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)), st.integers(0, 6))
def test_a_weekday_lies_in_the_week_ahead(meeting, weekday):
    from dialogue.french.dates import WEEKDAYS

    (found,) = iso(f"pour {WEEKDAYS[weekday]}", meeting)
    ahead = datetime.date.fromisoformat(found) - meeting
    assert 1 <= ahead.days <= 7
    assert datetime.date.fromisoformat(found).weekday() == weekday


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for mention in mentions(text):
        mention.iso(THURSDAY)
