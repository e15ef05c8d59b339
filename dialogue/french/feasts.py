"""The feasts of the French calendar, fixed or movable with Easter.

Easter is computed by the algorithm of Meeus, Jones and Butcher (J. Meeus, Astronomical Algorithms, 1991, chapter 8).
"""

from __future__ import annotations

import datetime
import re

# Pattern of the folded name -> days after Easter, or month and day.
WHOLE: dict[str, int | tuple[int, int]] = {  # names that nothing else has
    "mardi gras": -47,
    "mercredi des cendres": -46,
    "dimanche des rameaux": -7,
    "jeudi saint": -3,
    "vendredi saint": -2,
    "samedi saint": -1,
    "dimanche de paques": 0,
    "lundi de paques": 1,
    "jeudi de l'ascension": 39,
    "dimanche de (?:la )?pentecote": 49,
    "lundi de (?:la )?pentecote": 50,
    "saint-sylvestre": (12, 31),
    "saint-valentin": (2, 14),
    "jour de l'an": (1, 1),
    "nouvel an": (1, 1),
    "chandeleur": (2, 2),
    "assomption": (8, 15),
    "toussaint": (11, 1),
    "pentecote": 49,
}
WITH_LEAD: dict[str, int | tuple[int, int]] = {  # also first names, or words: dates only after "à", "avant", "pour"...
    "paques": 0,
    "ascension": 39,
    "noel": (12, 25),
}
FEASTS = WHOLE | WITH_LEAD
NAMES = {pattern: re.compile(pattern) for pattern in FEASTS}
FEAST = "|".join(FEASTS)
LEAD = re.compile(
    r"(?<![\w'])(?:a|pour|avant|apres|ici(?: a)?|jusqu'a|des|suit|suivant|vers|"
    r"(?:jour|veille|avant-veille|(?:sur)?lendemain|matin|soir)s? d[e'])"
    r"\s*$"
)


def needs_lead(name: str) -> bool:
    """Tell whether a name is a feast only after a preposition: ``Noël envoie le devis`` is about a person."""
    return any(NAMES[pattern].fullmatch(name) for pattern in WITH_LEAD)


def feast(name: str, year: int) -> datetime.date:
    """Return the day of a feast, by its folded name."""
    found = next(FEASTS[pattern] for pattern, known in NAMES.items() if known.fullmatch(" ".join(name.split())))
    if isinstance(found, int):
        return easter(year) + datetime.timedelta(found)
    return datetime.date(year, *found)


def easter(year: int) -> datetime.date:
    """Return Easter Sunday in the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    line = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * line) // 451
    month, day = divmod(h + line - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)
