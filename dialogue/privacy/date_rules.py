"""Find the dates that say a day or a month of one year: of birth, or others.

Weekdays, feasts and ``demain`` are no mentions: :mod:`dialogue.french.dates` resolves those, this only finds what tells
one day from another whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogue.french.date_forms import MONTHS, WEEKDAYS
from dialogue.french.text import plain
from dialogue.privacy.mentions import Mention
from dialogue.privacy.number_rules import runs

_units = "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf"
_teens = "dix[ -](?:sept|huit|neuf)|dix|onze|douze|treize|quatorze|quinze|seize"
_tens = "quatre[ -]vingts?|soixante|vingt|trente|quarante|cinquante|septante|huitante|octante|nonante"
SMALL = rf"(?:(?:{_tens})(?:[ -](?:et[ -])?(?:{_teens}|{_units}))?|{_teens}|(?:zero )?(?:{_units})|zero)"  # under 100
_day = rf"(?:premier|1er|[0-3]?\d|{SMALL})"
_not_year = r"(?! ?(?:h\b|heures?|ans\b|euros?|%|personnes|fois|minutes|km|kilo|pour cent))"
YEAR = (
    rf"(?:mille neuf cents?(?: {SMALL})?|dix[ -]neuf cents?(?: {SMALL})?|deux mille(?: (?:et )?{SMALL})?|"
    rf"(?:19|20)\d\d|(?:{_tens})(?:[ -](?:et[ -])?(?:{_teens}|{_units}))?{_not_year}|zero (?:{_units})|\d\d(?!\d){_not_year})"
)
_full = (
    rf"(?:mille neuf cents?(?: {SMALL})?|dix[ -]neuf cents?(?: {SMALL})?|deux mille(?: (?:et )?{SMALL})?|(?:19|20)\d\d)"
)
_month = "|".join(MONTHS)
DATES = (
    re.compile(  # le quatre ou le cinq octobre 2021
        rf"(?<![\w-])(?:(?:{'|'.join(WEEKDAYS)}) )?(?:{_day}(?: (?:au|et|ou)(?: le)? |, ){_day} |{_day} )(?:{_month})"
        rf"(?:,? (?:de l'an )?{YEAR})?(?![\w-])"
    ),
    re.compile(rf"(?<![\w-])(?:{_month}) (?:de |19|20)?{YEAR}(?![\w-])"),
    re.compile(r"(?<![\d/.,-])(?:[0-2]?\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d{2})(?![\d/.,-]\d|\d)"),
    re.compile(r"(?<![\d/.,])(?:[0-2]\d|3[01])/(?:0[1-9]|1[0-2])(?![\d/]|,\d)"),
    re.compile(r"(?<![\d-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])(?![\d-])"),
)
BIRTH = re.compile(  # with accents: "ne" is no birth
    r"\bnée?s?\b|naissance|\bnaqui|\bnaît\b|\bje suis de(?= (?:\d|mille|dix|deux|l'année))|\bsuis né|anniversaire"
)
BIRTH_YEAR = re.compile(r"(?:\bnée?s?(?: \w+){0,3} (?:en|de)|\bje suis de(?: l'année)?|année de naissance(?: \S+)?) ")
ONE_YEAR = re.compile(rf"{_full}|{YEAR}")
NEAR = 70  # characters from the birth that is announced to its date


def dates(text: str) -> Iterator[Mention]:
    """Find the dates of a text."""
    folded, lower = plain(text), text.lower()
    for pattern in DATES:
        for found in pattern.finditer(folded):
            yield Mention(found.start(), found.end(), _label(lower, found.start()), "rules")
    for found in BIRTH_YEAR.finditer(lower):
        if year := ONE_YEAR.match(folded, found.end()):
            yield Mention(year.start(), year.end(), "DATE_NAISSANCE", "rules")
    for run in runs(text):  # trente et un, zéro cinq, soixante-dix-huit
        said = [s for s in run if "\n" not in folded[run[0].start : s.end]]
        values = [value for s in said if (value := int(s.digits))]
        date = 3 <= len(values) <= 4 and values[0] <= 31 and values[1] <= 12
        if date and _label(lower, run[0].start) == "DATE_NAISSANCE":
            yield Mention(said[0].start, said[-1].end, "DATE_NAISSANCE", "rules")


def _label(lower: str, start: int) -> str:
    """Tell a date of birth from another one by the words before it, on its line or the one before."""
    lines = lower[max(0, start - NEAR) : start].split("\n")[-2:]
    return "DATE_NAISSANCE" if BIRTH.search("\n".join(lines)) else "DATE"
