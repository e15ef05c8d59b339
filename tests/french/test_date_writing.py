"""Dates as people write them."""

import datetime

import pytest

from dialogue.french.date_writing import lasting, read_day, written


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2023-11-09T10:00", "jeudi 9 novembre 2023 à 10 h"),
        ("2023-11-09T14:05", "jeudi 9 novembre 2023 à 14 h 05"),
        ("2024-02-01", "jeudi 1er février 2024"),
        ("2023-W42", "semaine du 16 octobre 2023"),
        ("2023-11", "novembre 2023"),
        ("2023-13", "2023-13"),
        ("demain", "demain"),
    ],
)
def test_a_date_is_written_in_french(iso, words):
    assert written(iso).replace("\u00a0", " ") == words


def test_a_date_is_written_in_english():
    assert written("2023-11-09T10:00", "en").replace("\u00a0", " ") == "Thursday 9 November 2023 at 10:00"


@pytest.mark.parametrize(
    "typed",
    """2023-02-01|01/02/2023|1/2/2023|01-02-2023|1.2.2023|1 février 2023|1er février 2023|1 FEVRIER 2023
    |mercredi 1er février 2023|le 1 février 2023""".split("|"),
)
def test_a_day_is_read_however_it_is_typed_and_comes_before_the_month(typed):
    assert read_day(typed) == datetime.date(2023, 2, 1)


@pytest.mark.parametrize(
    "typed", ["31/02/2023", "12/31/2023", "1/2-2023", "12 octobre", "12 octembre 2023", "", "demain"]
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011
        read_day(typed)


@pytest.mark.parametrize(("seconds", "words"), [(57.9, "57 s"), (140, "2 min 20 s"), (3900, "1 h 05 min"), (0, "0 s")])
def test_a_duration_cannot_be_taken_for_another(seconds, words):
    assert lasting(seconds).replace("\u00a0", " ") == words
