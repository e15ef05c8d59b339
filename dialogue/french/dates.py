"""Find French dates as they are said, and resolve them against the meeting's date, never against today's.

A date is resolved only as precisely as it was said: ``le trente novembre`` to a day, ``la semaine prochaine`` to an ISO
week, ``en janvier`` to a month. Without the meeting's date, dates that depend on it stay unresolved.

``vendredi prochain`` is the Friday of the following calendar week (said on a Thursday, it is not tomorrow);
``vendredi`` alone, or ``ce vendredi``, is the first one after the meeting.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dialogue.french.numbers import NUMBER, NUMBER_WORDS, number
from dialogue.french.text import fold

MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
YEAR = rf"(?:(?:19|20)\d\d|deux mille (?:{NUMBER_WORDS}))"
HOUR = (
    rf"(?:a |vers |des |avant )?(?:(?P<hour>{NUMBER})\s?(?:heures?|h)(?!\w)\s?(?P<minute>{NUMBER}|et demie|et quart)?|"
    rf"(?P<hour2>\d{{1,2}})h(?P<minute2>\d\d)|(?P<noon>midi)(?! de)(?P<half> et demie| trente)?)"
)
_weekdays, _months = "|".join(WEEKDAYS), "|".join(MONTHS)
DATE = re.compile(
    rf"(?<![\w'])(?:"
    rf"(?:(?P<weekday>{_weekdays}),? )?(?:le )?(?P<day>{NUMBER}) (?P<month>{_months})(?: (?P<year>{YEAR}))?"
    rf"|(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?:le )?(?P<nday>\d{{1,2}})/(?P<nmonth>\d{{1,2}})(?:/(?P<nyear>\d{{4}}|\d\d))?(?![\d/])"
    rf"|(?:(?P<wday>{_weekdays})(?P<which> (?:prochain|en huit|en quinze|de la semaine prochaine|dernier|passe))?"
    rf"(?: (?:le )?(?P<dayonly>\d{{1,2}}|{NUMBER_WORDS})(?!\w| heure| h|h\d|\s?pour))?"
    rf"(?: (?:matin|apres-midi|soir)| au matin)?)"
    rf"|(?P<relative>apres[- ]demain|demain|aujourd'hui|ce soir|ce matin|cet apres[- ]midi)"
    rf"(?: (?:matin|soir|apres-midi))?"
    rf"|(?:dans|d'ici(?: a)?|sous) (?P<count>{NUMBER}|une|un) (?P<unit>jours?|semaines?|mois)"
    rf"|(?P<week>(?:la )?semaine prochaine|cette semaine|(?:la )?fin de (?:la )?semaine(?! prochaine))"
    rf"|(?P<endofmonth>(?:la )?fin du mois|(?:la )?fin de mois|(?:le )?mois prochain|ce mois-ci)"
    rf"|(?P<part>fin|mi|debut|courant|en|d'ici|au mois de|fin du mois de|pour)[- ]"
    rf"(?P<bymonth>{_months})(?: (?P<byyear>{YEAR}))?"
    rf"|(?:le )?(?P<mday>\d{{1,2}}|{NUMBER_WORDS}) (?:de ce mois|du mois prochain|du mois)"
    rf"|(?:(?<=pour )|(?<=avant )|(?<=ici )|(?<=tard ))le (?P<bare>\d{{1,2}}|{NUMBER_WORDS})"
    rf"(?=\s*(?:[,.;?!]|$|au plus))"
    rf")(?!\w)(?:,? {HOUR})?"
)
DEADLINE = re.compile(
    r"(?:(?<!\w)(?:pour|avant|d'ici(?: a)?|jusqu'a|jusqu'au|des|au plus tard|a partir de|vers|sous|le|la|ce|cette|"
    r"fin)\s+)+$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a folded text. ``begin`` includes the words that make it a deadline (``avant le``)."""

    begin: int
    end: int
    match: re.Match[str]
    deadline: bool

    @property
    def past(self) -> bool:
        return bool(self.match["which"] and re.search("dernier|passe", self.match["which"]))

    @property
    def today(self) -> bool:
        """Whether the words are ``aujourd'hui``, ``ce matin``...: the day of the meeting rather than a deadline."""
        return bool(self.match["relative"] and "demain" not in self.match["relative"])

    def iso(self, meeting: datetime.date | None) -> str | None:
        """Return ISO 8601, as precise as said; ``None`` if the meeting's date is missing or contradicts the words."""
        found = self.match
        try:
            day = _resolve(found, meeting)
        except ValueError:  # e.g. the 31st of a month of 30 days
            return None
        if not isinstance(day, datetime.date):
            return day
        hour = _hour(found)
        return f"{day.isoformat()}T{hour}" if hour else day.isoformat()


def mentions(text: str, folded: str | None = None) -> Iterator[Mention]:
    """Find the dates in a text, from left to right."""
    folded = fold(text) if folded is None else folded
    for found in DATE.finditer(folded):
        if found["day"] and not 1 <= number(found["day"]) <= 31:
            continue
        lead = DEADLINE.search(folded, 0, found.start())
        begin = lead.start() if lead else found.start()
        words = lead[0] if lead else ""
        first = found[0].split()[0]
        deadline = bool(re.search(r"pour|avant|ici|jusqu|des|tard|partir|sous", words)) or first in (
            "d'ici",
            "dans",
            "sous",
            "pour",
        )
        yield Mention(begin, found.end(), found, deadline)


def _year(words: str) -> int:
    return int(words) if words.isdigit() else 2000 + number(words.removeprefix("deux mille "))


def _hour(found: re.Match[str]) -> str | None:
    if found["noon"]:
        return "12:30" if found["half"] else "12:00"
    if not (found["hour"] or found["hour2"]):
        return None
    hour = number(found["hour"] or found["hour2"])
    said = found["minute"] or found["minute2"]
    minute = {None: 0, "et demie": 30, "et quart": 15}.get(said, -1)
    minute = number(said) if minute < 0 else minute
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


Day = datetime.date
Resolved = datetime.date | str | None  # a day; a week or month as text; nothing that can be resolved
_days = datetime.timedelta


def _resolve(found: re.Match[str], meeting: Day | None) -> Resolved:
    """Return what a date refers to, given the date of the meeting.

    Raises:
        ValueError: the day does not exist.
    """
    if found["iso"]:
        return Day.fromisoformat(found["iso"])
    if found["day"] or found["nday"]:
        return _day_and_month(found, meeting)
    if found["bymonth"] and found["byyear"]:
        return f"{_year(found['byyear'])}-{MONTHS.index(found['bymonth']) + 1:02d}"
    if meeting is None:
        return None
    return next((resolve(found, meeting) for group, resolve in RELATIVE.items() if found[group]), None)


def _day_and_month(found: re.Match[str], meeting: Day | None) -> Day | None:
    """Resolve ``le 30 novembre``, ``30/11/2023``; without a year, the next one after the meeting."""
    day = number(found["day"] or found["nday"])
    month = MONTHS.index(found["month"]) + 1 if found["month"] else int(found["nmonth"])
    if said := found["year"] or found["nyear"]:
        year = _year(said)
        resolved = Day(year + 2000 if year < 100 else year, month, day)
    elif meeting is None:
        return None
    else:
        resolved = Day(meeting.year, month, day)
        if resolved < meeting:  # plans lie ahead
            resolved = Day(meeting.year + 1, month, day)
    weekday = found["weekday"]
    return None if weekday and resolved.weekday() != WEEKDAYS.index(weekday) else resolved


def _month_name(found: re.Match[str], meeting: Day) -> str:
    """Resolve ``en janvier``."""
    month = MONTHS.index(found["bymonth"]) + 1
    return f"{meeting.year + (month < meeting.month)}-{month:02d}"


def _weekday(found: re.Match[str], meeting: Day) -> Day | None:
    """Resolve ``vendredi prochain``, or ``jeudi 9``: the next Thursday the ninth within a year, if there is one."""
    index, which = WEEKDAYS.index(found["wday"]), (found["which"] or "").strip()
    if found["dayonly"]:
        day = number(found["dayonly"])
        ahead = (meeting + _days(n) for n in range(366))
        return next((d for d in ahead if d.day == day and d.weekday() == index), None)
    if which in ("dernier", "passe"):
        return None
    if which in ("prochain", "de la semaine prochaine"):
        return meeting - _days(meeting.weekday()) + _days(7 + index)
    following = meeting + _days((index - meeting.weekday() - 1) % 7 + 1)
    return following + _days({"en huit": 7, "en quinze": 14}.get(which, 0))


def _near(found: re.Match[str], meeting: Day) -> Day:
    """Resolve ``aujourd'hui``, ``demain``, ``apres-demain``."""
    return meeting + _days({"apres": 2, "demai": 1}.get(found["relative"][:5], 0))


def _ahead(found: re.Match[str], meeting: Day) -> Day | str:
    """Resolve ``dans quinze jours``, ``sous deux mois``; "huit jours" is one week, "quinze jours" two."""
    count, unit = number(found["count"]), found["unit"]
    if unit.startswith("mois"):
        month = meeting.month - 1 + count
        return f"{meeting.year + month // 12}-{month % 12 + 1:02d}"
    if unit.startswith("jour"):
        count = {8: 7, 15: 14}.get(count, count)
    return meeting + _days(count * (7 if unit.startswith("semaine") else 1))


def _week(found: re.Match[str], meeting: Day) -> str:
    """Resolve ``la semaine prochaine``."""
    week = (meeting + _days(7 if "prochaine" in found["week"] else 0)).isocalendar()
    return f"{week[0]}-W{week[1]:02d}"


def _month(found: re.Match[str], meeting: Day) -> Day | str:
    """Resolve ``fin du mois``, ``le mois prochain``, ``ce mois-ci``."""
    following = _next_month(meeting)
    if "prochain" in found["endofmonth"]:
        return f"{following.year}-{following.month:02d}"
    return following - _days(1) if "fin" in found["endofmonth"] else f"{meeting.year}-{meeting.month:02d}"


def _bare_day(found: re.Match[str], meeting: Day) -> Day | None:
    """Resolve ``pour le 12``."""
    day = number(found["bare"])
    return next((d for d in (meeting + _days(n) for n in range(62)) if d.day == day), None)


def _day_of_month(found: re.Match[str], meeting: Day) -> Day:
    """Resolve ``le 12 du mois prochain``."""
    base = _next_month(meeting) if "prochain" in found[0] else meeting
    return base.replace(day=number(found["mday"]))


def _next_month(day: Day) -> Day:
    """Return the first day of the next month."""
    return (day.replace(day=1) + _days(32)).replace(day=1)


RELATIVE: dict[str, Callable[[re.Match[str], Day], Resolved]] = {  # group of DATE -> function that resolves it
    "bymonth": _month_name,
    "wday": _weekday,
    "relative": _near,
    "count": _ahead,
    "week": _week,
    "endofmonth": _month,
    "bare": _bare_day,
    "mday": _day_of_month,
}
