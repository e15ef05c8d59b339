"""Shift a date and write it in its own form: ``jeudi 12 mars``, ``12/03/48``, ``le premier avril mil neuf cent``.

Dates move by whole weeks, so the day of the week stays true, and so do ``demain`` and ``vendredi prochain``, which are
left as they are: they say nothing without the date of the recording.
"""

from __future__ import annotations

import datetime
import re

from dialogue.french.date_forms import MONTHS as PLAIN_MONTHS
from dialogue.french.date_writing import MONTHS
from dialogue.french.text import plain
from dialogue.privacy.written_forms import SaidNumber, edited, has_hyphens, like, numbers, said

MONTH = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(PLAIN_MONTHS)})(?![^\W\d_])")
ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?!\d)")


def shifted(text: str, weeks: int, today: datetime.date) -> str:
    """Return a date some weeks later, in the form in which it is said; a text without a date comes back as it is.

    Args:
        weeks: negative for earlier.
        today: the day of the recording, from which years that were not said are counted.
    """
    move = datetime.timedelta(weeks=weeks)
    found = _dated(text)
    month = MONTH.search(plain(text))
    day_at, month_at, year_at = _parts(found, month)
    if month is None and month_at is None and year_at is None:
        return text
    month_number = PLAIN_MONTHS.index(month[0]) + 1 if month else int(month_at.digits) if month_at else 7
    year = _year(year_at.digits, today) if year_at else today.year
    try:
        old = datetime.date(year, month_number, int(day_at.digits) if day_at else 1 if month_at or not month else 15)
        new = old + move
    except (ValueError, OverflowError):  # no such day, as it was heard: nothing of it may stay
        new = today + move
    hyphens = has_hyphens(text)
    edits = []
    if month_at:
        edits.append((month_at.start, month_at.end, _number(new.month, month_at, hyphens, True)))
    if year_at:
        value = new.year % 100 if len(year_at.digits) == 2 else new.year
        edits.append((year_at.start, year_at.end, _number(value, year_at, hyphens, True)))
    if day_at:
        first = new.day == 1 and month is not None
        number = (
            ("premier" if day_at.in_words else "1er") if first else _number(new.day, day_at, hyphens, month is None)
        )
        suffix = 2 if plain(text)[day_at.end : day_at.end + 2] == "er" else 0
        edits.append((day_at.start, day_at.end + suffix, number))
    if month:
        before, name = text[month.start() : month.end()], MONTHS["fr"][new.month - 1]
        edits.append((month.start(), month.end(), name.capitalize() if before.istitle() else like(before, name)))
    return _elided(edited(text, sorted(edits)))


def _dated(text: str) -> list[SaidNumber]:
    """Return the numbers of a date: ``zéro six`` is one, and so is ``dix-neuf cent quarante-huit``."""
    found = list[SaidNumber]()
    for number in numbers(text):
        before = found[-1] if found else None
        near = before is not None and before.in_words and number.in_words and number.start - before.end == 1
        if near and before and before.digits == "0" and len(number.digits) == 1:
            found[-1] = SaidNumber(before.start, number.end, f"0{number.digits}", True)
        elif near and before and 11 <= int(before.digits) <= 19 and 100 <= int(number.digits) <= 199:
            found[-1] = SaidNumber(before.start, number.end, f"{before.digits}{number.digits[1:]}", True)
        else:
            found.append(number)
    return found


def _parts(
    found: list[SaidNumber], month: re.Match[str] | None
) -> tuple[SaidNumber | None, SaidNumber | None, SaidNumber | None]:
    """Return where the day, the month as a number, and the year are."""
    if month:
        before = [n for n in found if n.end <= month.start() and len(n.digits) <= 2]
        after = [n for n in found if n.start >= month.end()]
        return before[-1] if before else None, None, after[0] if after else None
    match [len(n.digits) for n in found]:
        case [4, _, _, *_]:
            return found[2], found[1], found[0]
        case [_, _, _, *_]:
            return found[0], found[1], found[2]
        case [4, _]:
            return None, found[1], found[0]
        case [_, 4]:
            return None, found[0], found[1]
        case [_, _]:
            return found[0], found[1], None
        case [4]:
            return None, None, found[0]
    return None, None, None


def _year(digits: str, today: datetime.date) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 5 else century - 100 + year


def _number(value: int, at: SaidNumber, hyphens: bool, padded: bool) -> str:
    zero = at.digits.startswith("0") or (padded and len(at.digits) == 2 and not at.in_words)
    digits = f"{value:02d}" if zero else str(value)
    return said(digits, hyphens) if at.in_words else digits


def _elided(text: str) -> str:
    """Write ``d'avril`` and ``de mars``, whichever the month before was."""
    text = re.sub(
        r"(?i)\bd['’](?=(?:janvier|f[eé]vrier|mars|mai|juin|juillet|septembre|novembre|d[eé]cembre)\b)", "de ", text
    )
    return re.sub(r"(?i)\bde (?=(?:avril|ao[uû]t|octobre)\b)", "d'", text)


def shifted_iso(text: str, weeks: int) -> str:
    """Return an ISO day, day and hour, or month some weeks later; other texts come back as they are."""
    if not (found := ISO.match(text)):
        return text
    try:
        whole = found[0] if len(found[0]) == 10 else f"{found[0]}-15"
        new = datetime.date.fromisoformat(whole) + datetime.timedelta(weeks=weeks)
    except (ValueError, OverflowError):
        return text
    return new.isoformat()[: len(found[0])] + text[found.end() :]
