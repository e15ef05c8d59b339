"""Read the time of day as it is said after a date: ``à 9 heures moins le quart``, ``à midi et demi``, ``vers 18h``."""

from __future__ import annotations

import re

from dialogue.french.numbers import NUMBER, number

# The words after an hour are a time only if no second hour follows ("9h ou 10h").
HOUR = (
    rf"(?:a |vers |des |avant )?(?:"
    rf"(?P<hour>{NUMBER})\s?(?:heures?|h)(?!\w)"
    rf"(?:\s?(?P<minute>{NUMBER}|et demie?|et quart|moins (?:le quart|{NUMBER}))(?!\w))?"
    rf"|(?P<hour2>\d{{1,2}})[h:](?P<minute2>\d\d)(?!\w)"
    rf"|(?P<noon>midi)(?!\w)(?! de)(?:\s(?P<half>et demie?|et quart|moins (?:le quart|{NUMBER})|{NUMBER})(?!\w))?)"
    rf"(?P<period> du matin| du soir| de l'apres[- ]midi)?"
    rf"(?!(?: \d\d)? ou )"
)
PART = re.compile(r"matin|soir|apres[- ]midi")
PARTS = {"et demi": 30, "et demie": 30, "et quart": 15, "moins le quart": -15}


def time_of_day(found: re.Match[str]) -> str | None:
    """Return ``HH:MM`` of a match that holds :data:`HOUR`; ``None`` if no hour was said or there is no such hour.

    ``le soir`` and ``l'après-midi`` make eight o'clock 20:00 and three o'clock 15:00.
    """
    said = found["hour"] or found["hour2"]
    if not (said or found["noon"]):
        return None
    hour = number(said) if said else 12
    minutes = hour * 60 + _minutes(found["minute"] or found["minute2"] or found["half"])
    part = PART.search(found["period"] or found[0])
    latest = {"s": 11, "a": 7}.get(part[0][0], 0) if part else 0
    if (4 if part and part[0] == "soir" else 1) <= hour <= latest:
        minutes += 12 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}" if hour < 24 and 0 <= minutes < 24 * 60 else None


def _minutes(words: str | None) -> int:
    """Return minutes after the hour, negative before it; a day's worth if there are none such."""
    if words is None:
        return 0
    words = " ".join(words.split())
    if words in PARTS:
        return PARTS[words]
    value = number(words.removeprefix("moins "))
    if value > 59:
        return 24 * 60
    return -value if words.startswith("moins") else value
