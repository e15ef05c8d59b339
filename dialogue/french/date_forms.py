"""The forms in which French dates are said, each with the function that resolves it against the meeting's date.

A function returns a day; a week or a month as ISO text; or nothing, if the words leave a choice. Whether the context
lets a form be a date at all (``rue du 4 septembre``, ``tous les lundis``) is decided in :mod:`dialogue.french.dates`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from dialogue.french.feasts import FEAST, feast
from dialogue.french.hours import HOUR
from dialogue.french.numbers import NUMBER, NUMBER_WORDS, number

MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
RECENT = 60  # days; a date that passed since may be meant as past, unless a deadline says that it lies ahead
NEAR = 62  # days; "lundi 18" is this month's or the next one's
IDIOMS = {8: 7, 15: 14}  # "huit jours" is a week, "quinze jours" two
YEAR = rf"(?:1[0-9]\d\d|20\d\d|deux mille (?:{NUMBER_WORDS}))"
ORDINALS = {
    "premier": 1, "1er": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "dernier": -1,
    "avant-dernier": -2, "avant dernier": -2,
}  # fmt: skip
ORDINALS |= {f"{n}{ending}": n for n in range(2, 6) for ending in ("e", "eme")}
_weekdays, _months, _nth = "|".join(WEEKDAYS), "|".join(MONTHS), "|".join(ORDINALS)
WHICH = (
    r"prochain|qui vient|en (?:huit|quinze)(?! jours)|dernier|passe|suivant|d'apres|qui suit|d'avant|precedent|"
    r"qui precede|"
    r"de la semaine (?:prochaine|derniere|passee|suivante|d'apres)|de cette semaine"
)

Day = datetime.date
Resolved = datetime.date | str | None
_days = datetime.timedelta
Resolver = Callable[[re.Match[str], Day, bool], Resolved]  # the match, the meeting's date, whether it is a deadline


def date_of(found: re.Match[str], meeting: Day | None, deadline: bool) -> Resolved:
    """Return what a match of :data:`DATE` refers to, given the date of the meeting.

    Raises:
        ValueError: the day does not exist.
    """
    if found["iso"]:
        return Day.fromisoformat(found["iso"])
    if meeting is None:
        if not any(found[group] for group in ("year", "nyear", "byyear", "nthyear", "feastyear")):
            return None
        meeting = Day(1, 1, 1)  # the year was said
    return next((resolve(found, meeting, deadline) for form, (_, resolve) in FORMS.items() if found[form]), None)


def _year(words: str) -> int:
    return int(words) if words.isdigit() else 2000 + number(" ".join(words.split()).removeprefix("deux mille "))


def _next(of: Callable[[int], Day], meeting: Day, deadline: bool) -> Day | None:
    """Return the next of a yearly day; nothing if it has just passed, unless it is a deadline: plans lie ahead."""
    this = of(meeting.year)
    if this >= meeting:
        return this
    return of(meeting.year + 1) if deadline or (meeting - this).days > RECENT else None


def _day_and_month(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    """Resolve ``le 30 novembre``, ``30/11/2023``; without a year, the next one after the meeting."""
    day = number(found["day"] or found["nday"])
    month = MONTHS.index(found["month"]) + 1 if found["month"] else int(found["nmonth"])
    said = found["year"] or found["nyear"]
    resolved: Day | None
    if said:
        year = _year(said)
        resolved = Day(year + 2000 if year < 100 else year, month, day)
    else:
        resolved = _next(lambda year: Day(year, month, day), meeting, deadline)
    weekday = found["weekday"] or found["nweekday"]
    return None if weekday and resolved and resolved.weekday() != WEEKDAYS.index(weekday) else resolved


def _nth_weekday(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    """Resolve ``le premier lundi d'avril``, ``le dernier vendredi du mois``.

    ``Le premier lundi du mois`` that has passed is the next month's, or every month's: nothing.
    """
    nth = ORDINALS[" ".join(found["nth"].split())]

    def of(year: int, month: int) -> Day:
        first = Day(year, month, 1)
        days = [first + _days(n) for n in range(31) if (first + _days(n)).month == month]
        if found["nthday"] != "jour":
            days = [d for d in days if WEEKDAYS[d.weekday()] == found["nthday"]]
        if nth > len(days):
            raise ValueError("no such day in the month")
        return days[nth if nth < 0 else nth - 1]

    if found["nthmonth"]:
        month = MONTHS.index(found["nthmonth"]) + 1
        if found["nthyear"]:
            return of(_year(found["nthyear"]), month)
        return _next(lambda year: of(year, month), meeting, deadline)
    base = _next_month(meeting) if "prochain" in found["nthin"] else meeting
    resolved = of(base.year, base.month)
    return resolved if resolved >= meeting else None


def _month_name(found: re.Match[str], meeting: Day, deadline: bool) -> str | None:
    """Resolve ``en janvier``, ``mi-avril``: a month, and nothing more precise."""
    month = MONTHS.index(found["bymonth"]) + 1
    if found["byyear"]:
        return f"{_year(found['byyear'])}-{month:02d}"
    if not deadline and 0 < meeting.month - month <= RECENT // 30:
        return None
    return f"{meeting.year + (month < meeting.month)}-{month:02d}"


def _weekday(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    """Resolve ``vendredi prochain``, or ``jeudi 9``: the next Thursday the ninth, if there is one soon."""
    index, which = WEEKDAYS.index(found["wday"]), " ".join((found["which"] or "").split())
    if found["dayonly"]:
        day = number(found["dayonly"])
        ahead = (meeting + _days(n) for n in range(NEAR))
        return next((d for d in ahead if d.day == day and d.weekday() == index), None)
    monday = meeting - _days(meeting.weekday())
    if which in ("prochain", "de la semaine prochaine"):
        return monday + _days(7 + index)
    if which == "de cette semaine":
        return monday + _days(index)
    if which in ("", "qui vient", "en huit", "en quinze"):
        following = meeting + _days((index - meeting.weekday() - 1) % 7 + 1)
        return following + _days({"en huit": 7, "en quinze": 14}.get(which, 0))
    return None


def _near(found: re.Match[str], meeting: Day, deadline: bool) -> Day:
    """Resolve ``aujourd'hui``, ``demain``, ``apres-demain``, ``demain en huit``."""
    later = {"huit": 7, "quinze": 14}.get((found["later"] or "").split(" ")[-1], 0)
    return meeting + _days({"apres": 2, "demai": 1}.get(found["relative"][:5], 0) + later)


def _ahead(found: re.Match[str], meeting: Day, deadline: bool) -> Day | str:
    """Resolve ``dans quinze jours``, ``sous deux mois``; "huit jours" is one week, "quinze jours" two."""
    count, unit = number(found["count"]), found["unit"]
    if unit.startswith("mois"):
        month = meeting.month - 1 + count
        return f"{meeting.year + month // 12}-{month % 12 + 1:02d}"
    if unit.startswith("jour"):
        count = IDIOMS.get(count, count)
    return meeting + _days(count * (7 if unit.startswith("semaine") else 1))


def _week(found: re.Match[str], meeting: Day, deadline: bool) -> str:
    """Resolve ``la semaine prochaine``."""
    return week_of(meeting + _days(7 if "prochaine" in found["week"] else 0))


def week_of(day: Day) -> str:
    """Return the ISO week of a day: ``2024-W12``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _month(found: re.Match[str], meeting: Day, deadline: bool) -> Day | str:
    """Resolve ``fin du mois``, ``le mois prochain``, ``ce mois-ci``."""
    following = _next_month(meeting)
    if "prochain" in found["endofmonth"]:
        return f"{following.year}-{following.month:02d}"
    return following - _days(1) if "fin" in found["endofmonth"] else f"{meeting.year}-{meeting.month:02d}"


def _end_of_year(found: re.Match[str], meeting: Day, deadline: bool) -> Day:
    return Day(meeting.year + ("prochaine" in found["endofyear"]), 12, 31)


def _bare_day(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    """Resolve ``pour le 12``."""
    day = number(found["bare"])
    return next((d for d in (meeting + _days(n) for n in range(NEAR)) if d.day == day), None)


def _day_of_month(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    """Resolve ``le 12 du mois prochain``; a day of this month that has passed is every month's, or the next one's."""
    base = _next_month(meeting) if "prochain" in found[0] else meeting
    resolved = base.replace(day=number(found["mday"]))
    return resolved if resolved >= meeting else None


def _feast(found: re.Match[str], meeting: Day, deadline: bool) -> Day | None:
    if found["feastyear"]:
        return feast(found["feast"], _year(found["feastyear"]))
    return _next(lambda year: feast(found["feast"], year), meeting, deadline)


def _span(found: re.Match[str], meeting: Day, deadline: bool) -> None:
    """Leave as words what lasts, or what readers count differently (``sous huitaine``: seven or eight days)."""


def _next_month(day: Day) -> Day:
    """Return the first day of the next month."""
    return (day.replace(day=1) + _days(32)).replace(day=1)


FORMS: dict[str, tuple[str, Resolver]] = {  # group that a form always fills -> pattern, function; first match wins
    "nth": (
        rf"(?:le |l')?(?P<nth>{_nth}) (?P<nthday>{_weekdays}|jour) "
        rf"(?:d(?:e |'|u mois de |u mois d')(?P<nthmonth>{_months})(?: (?P<nthyear>{YEAR})| prochain)?"
        rf"|(?P<nthin>du mois prochain|de ce mois|du mois(?! d)))",
        _nth_weekday,
    ),
    "feast": (rf"(?:le |l')?(?P<feast>{FEAST})(?: (?P<feastyear>{YEAR})| prochaine?)?", _feast),
    "day": (
        rf"(?:(?P<weekday>{_weekdays}),? )?(?:le )?(?P<day>{NUMBER}) (?P<month>{_months})"
        rf"(?: (?P<year>{YEAR})| prochain)?",
        _day_and_month,
    ),
    "iso": (r"(?P<iso>\d{4}-\d\d-\d\d)", _span),
    "nday": (
        rf"(?:(?P<nweekday>{_weekdays}) )?(?P<the>le |au |du )?(?P<nday>\d{{1,2}})/(?P<nmonth>\d{{1,2}})"
        rf"(?:/(?P<nyear>\d{{4}}|\d\d))?(?![\d/]| d[eu'])",
        _day_and_month,
    ),
    "wday": (
        rf"(?P<wday>{_weekdays})(?:(?P<which> (?:{WHICH})(?! delais?))"
        rf"| (?:le )?(?P<dayonly>\d{{1,2}}|(?!une?\b)(?:{NUMBER_WORDS})(?! (?!nous|vous|ils|elles|pas|plus)\w+[sx]\b))"
        rf"(?![\w-]| heure| h\b|h\d|\s?pour|:\d))?"
        rf"(?: (?:matin|apres-midi|soir)| au matin)?",
        _weekday,
    ),
    "relative": (
        r"(?P<relative>apres[- ]demain|demain|aujourd'hui|ce midi|ce soir|ce matin|cet apres[- ]midi)"
        r"(?P<later> en huit| en quinze)?(?: (?:matin|soir|apres-midi))?",
        _near,
    ),
    "count": (
        rf"(?:dans|d'ici(?: a)?|sous) (?P<count>{NUMBER}|une|un) (?P<unit>jours?|semaines?|mois)",
        _ahead,
    ),
    "week": (
        r"(?P<week>(?:(?:en )?(?:debut|milieu) de )?(?:la )?semaine prochaine|cette semaine|"
        r"(?:la )?fin de (?:la )?semaine(?! prochaine))",
        _week,
    ),
    "bymonth": (
        rf"(?:(?:fin d'|(?:fin|mi|debut|courant|en|d'ici|pour|avant|des)[- ])|"
        rf"(?:(?:la )?(?:fin|debut|milieu|courant) du |le |au |ce )?mois (?:de |d'))"
        rf"(?P<bymonth>{_months})(?: (?P<byyear>{YEAR})| prochain)?",
        _month_name,
    ),
    "endofmonth": (
        r"(?P<endofmonth>(?:(?:la )?(?:fin|debut|milieu) d[ue] |mi[- ]|le )?mois prochain|"
        r"(?:la )?fin d[ue] mois(?! d[e'])|ce mois-ci)",
        _month,
    ),
    "endofyear": (r"(?P<endofyear>(?:la )?fin de (?:l'|cette )annee(?: prochaine)?)", _end_of_year),
    "mday": (rf"(?:le )?(?P<mday>\d{{1,2}}|{NUMBER_WORDS}) (?:de ce mois|du mois prochain|du mois)", _day_of_month),
    "bare": (
        rf"(?:(?<=pour\s)|(?<=avant\s)|(?<=ici\s)|(?<=tard\s))le (?P<bare>\d{{1,2}}|{NUMBER_WORDS})"
        rf"(?=\s*(?:[,.;?!]|$|au plus))",
        _bare_day,
    ),
    "span": (
        rf"(?P<span>(?:ce|le|un) week-?end(?: prochain| suivant)?(?! d[eu'])|"
        rf"(?:sous|a|dans la|d'ici(?: une)?) (?:huitaine|quinzaine)|"
        rf"sous {NUMBER}\s?(?:heures|h)|dans {NUMBER} ans?|"
        rf"(?:la )?semaine (?:suivante|d'apres|derniere|passee)|(?:le |la |l')(?:sur)?(?:lendemain|veille)(?! d[eu'])|"
        rf"(?:le )?mois (?:dernier|passe|suivant|d'apres)|(?:l')?annee (?:prochaine|derniere|suivante)|"
        rf"(?:fin|debut|mi)[- ]{YEAR}|(?:au|ce|le|d'ici le) printemps|(?:cet|l'|a l'|d'ici l'|en )\s?(?:automne|hiver)|"
        rf"(?:cet|l')\s?ete|a la rentree|la rentree(?: prochaine)?|"
        rf"(?:au|le|ce|du) (?:(?:{_nth}) )?(?:trimestre|semestre)(?: prochain)?)",
        _span,
    ),
}


def _spaced(pattern: str) -> str:
    """Let any spacing stand for a space: removed hesitations leave several."""
    return re.sub(r"(?<!\[-) ", r"\\s+", pattern)


DATE = re.compile(
    rf"(?<![\w'])(?:{'|'.join(_spaced(pattern) for pattern, _ in FORMS.values())})(?!\w)(?:,?\s+{_spaced(HOUR)})?"
)
