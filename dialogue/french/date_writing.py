"""Dates as people write them: ``2023-11-09T10:00`` is ``jeudi 9 novembre 2023 à 10 h``, and ``9/11/2023`` is read."""

from __future__ import annotations

import datetime
import re

from dialogue.french.text import plain

NBSP = "\u00a0"
DAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
WEEK = {"fr": "semaine du {}", "en": "week of {}"}
SPELLED = re.compile(rf"(?:le )?(?:(?:{'|'.join(DAYS['fr'])}) )?(\d{{1,2}})(?:er)? ([a-z]+) (\d{{4}})")


def written(iso: str, language: str = "fr", *, weekday: bool = True) -> str:
    """Return a date in words; a text that is no date is returned as it is.

    Args:
        iso: a day, a day and an hour, a week (``2023-W42``) or a month (``2023-11``).
        language: ``fr`` or ``en``; anything else is written in English.
        weekday: whether the day of the week comes first.
    """
    language = language if language in DAYS else "en"
    months = MONTHS[language]
    try:
        if month := re.fullmatch(r"(\d{4})-(\d\d)", iso):
            return f"{months[int(month[2]) - 1]} {month[1]}"
        if re.fullmatch(r"\d{4}-W\d\d", iso):
            monday = datetime.date.fromisocalendar(int(iso[:4]), int(iso[6:]), 1)
            return WEEK[language].format(_day(monday, months))
        moment = datetime.datetime.fromisoformat(iso)
    except (ValueError, IndexError):
        return iso
    day = _day(moment.date(), months)
    if weekday:
        day = f"{DAYS[language][moment.weekday()]} {day}"
    return f"{day} {_hour(moment, language)}" if "T" in iso else day


def _day(day: datetime.date, months: list[str]) -> str:
    first = day.day == 1 and months is MONTHS["fr"]
    return f"{day.day}{'er' if first else ''}{NBSP}{months[day.month - 1]} {day.year}"


def _hour(moment: datetime.datetime, language: str) -> str:
    if language == "en":
        return f"at {moment.hour}:{moment.minute:02d}"
    return f"à {moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def lasting(seconds: float) -> str:
    """Return a duration in words, the same in both languages: ``1 h 05 min``, ``2 min 20 s``, ``57 s``."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60}{NBSP}h {minutes % 60:02d}{NBSP}min"
    return f"{minutes}{NBSP}min {rest:02d}{NBSP}s" if minutes else f"{rest}{NBSP}s"


def read_day(text: str) -> datetime.date:
    """Return the day that somebody typed: ``2023-10-12``, ``12/10/2023``, ``12.10.2023`` or ``12 octobre 2023``.

    Raises:
        ValueError: it is none of these, or there is no such day.
    """
    text = " ".join(text.split())
    if ordered := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", text):
        return datetime.date(int(ordered[4]), int(ordered[3]), int(ordered[1]))
    if spelled := SPELLED.fullmatch(plain(text)):
        months = [plain(month) for month in MONTHS["fr"]]
        return datetime.date(int(spelled[3]), months.index(spelled[2]) + 1, int(spelled[1]))
    return datetime.date.fromisoformat(text)
