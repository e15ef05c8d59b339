"""Find French dates as they are said, and resolve them against the meeting's date, never against today's.

A date is resolved only as precisely as it was said: ``le trente novembre`` to a day, ``la semaine prochaine`` to an ISO
week, ``en janvier`` to a month. Without the meeting's date, dates that depend on it stay unresolved. What recurs, lasts
or leaves a choice (``un lundi sur deux``, ``ce week-end``, ``le lundi suivant``) stays as words: a false date is worse.

``vendredi prochain`` is the Friday of the following calendar week (said on a Thursday, it is not tomorrow);
``vendredi`` alone, or ``ce vendredi``, is the first one after the meeting, and ``le vendredi`` every Friday.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dialogue.french.date_forms import DATE, IDIOMS, MONTHS, ORDINALS, WEEKDAYS, Day, Resolved, date_of, week_of
from dialogue.french.feasts import LEAD, needs_lead
from dialogue.french.hours import time_of_day
from dialogue.french.numbers import NUMBER, number
from dialogue.french.text import fold

__all__ = ["MONTHS", "WEEKDAYS", "DateMention", "mentions"]

DEADLINE = re.compile(
    r"(?:(?<!\w)(?:pour|avant|d'ici(?: a)?|jusqu'a|jusqu'au|des|au plus tard|a partir d[eu]|apres|vers|sous|le|la|ce|"
    r"cette|fin)\s+|(?<!\w)l')+$"
)
# What stands before a date, and changes what it means. All end where the date begins.
PLACE = re.compile(
    r"(?<!\w)(?:(?:rue|avenue|boulevard|place|square|quai|pont|cours|impasse|stade|station|metro|gare|college|lycee|ecole|"
    r"appel|loi|decret|arrete|ordonnance|attentats?|nuit|revolution|massacre|rafle|coup d'etat|armistice|discours)"
    r"(?: d[eu]| d')?)\s*$"
)
TITLE = re.compile(r"(?<!\w)(?:monsieur|madame|mme|m\.)\s*$")
SPAN = re.compile(
    r"(?<!\w)(?:week-?ends?|quinzaine|semaines?|vacances|pont|conges?|periode|marches?|fetes|mois|annee|saison)"
    r"(?: qui)? (?:suit|suivant|avant|apres|d[eu]|d')\s*(?:le |la |l')?$"
)
WEEK = re.compile(r"(?<!\w)(?:la )?semaine (?:d[eu]|d')\s*$")
OFFSET = re.compile(
    rf"(?<!\w)(?:(?:la |le |l')?(?P<eve>avant-veille|veille|lendemain|surlendemain) (?:d[eu]|d')"
    rf"|(?P<count>{NUMBER}|une) (?P<unit>jours?|semaines?) (?P<side>avant|apres))\s*(?:le |la |l')?$"
)
EVES = {"avant-veille": -2, "veille": -1, "lendemain": 1, "surlendemain": 2}
LISTED = re.compile(rf"(?<!\w)(?:(?:du|le|les|entre le) )?{NUMBER}\s*(?:et|au|ou|a|,|-|jusqu'au)(?: le)?\s*$")
HABITUAL = re.compile(
    rf"(?<!\w)(?:tous les|toutes les|chaque|les|des|certains|un|une|{NUMBER})(?: (?:{'|'.join(ORDINALS)}))?\s+"
    r"(?:les? )?$"
)
ARTICLE = re.compile(rf"(?<!\w)(?:on est|nous sommes|le|du|au|de|(?:(?:le|du|au|un) )?(?:{'|'.join(ORDINALS)}))\s+$")
EVERY = re.compile(r"(?<!\w)(?<!pour )(?<!avant )(?<!ici )le\s+$")  # "le lundi" is every Monday, "pour le lundi" one
NOT = re.compile(r"(?<!\w)(?:pas(?! de)|sauf|hormis|excepte|plutot que)(?: (?:le|ce|pour|a|au))?\s+$")
OPEN = re.compile(
    r"(?<!\w)(?:depuis|hier|avant-hier|pas avant|a partir d[eu]|apres|autour d[eu]|(?:aux )?alentours d[eu]|"
    r"(?:aux )?environs d[eu])\s*(?:le |la |l'|ce )?$"
)
ABOUT = re.compile(r"(?<!\w)(?:vers|environ)(?: le)?\s+$")
# What follows a date.
REPEATED = re.compile(r"\s+(?:sur (?:deux|trois|quatre|2|3|4)|par (?:mois|semaine|an)|de (?:chaque|tous les))(?!\w)")
VAGUE = re.compile(
    r"(?:-la|\s+(?:en (?:huit|quinze) jours|et demie?|environ|a peu pres|ouvres?|ouvrables?|"
    r"(?:ou|et) (?:le |la |l')?(?:suivante?|lendemain|autre)|"
    r"(?:scolaire|universitaire|fiscale|budgetaire|civile)|derniere?(?!\s+delai)|passee?|ou l'autre))(?!\w)"
)
NUMBERED = re.compile(r"\s+(?:\d\d|mille|dix-?\s?(?:sept|huit|neuf) cent)(?!\s?(?:h|heures|personnes|euros|%)\b)(?!\w)")
CLIMB = re.compile(r"\s+(?:d[eu']|des|sociale|professionnelle|fulgurante)")
# What was done is told with the past tense around a date; a plan with "pour", "avant" is not.
_noun = (
    r"(?:congé|marché|café|comité|musée|lycée|journée|soirée|matinée|année|idée|entrée|arrivée|activité|délégué|employé|"
    r"société)s?(?!\w)"
)
_done = (
    rf"(?:(?!{_noun})[\wà-ÿ]+(?:é|ée|és|ées)|dit|faite?s?|vue?s?|eue?s?|pris|mis|reçue?s?|écrit|tenue?s?|(?:re)?venue?s?|"
    r"(?:re)?partie?s?)"
)
_had = r"(?:ai|as|a|avons|avez|ont|avais|avait|avions|aviez|avaient|étais|était|étions|étiez|étaient)"
_were = (
    r"(?:s['’]est|se sont|nous sommes|vous êtes|me suis|on est|"
    r"(?:est|sont|suis)(?=\s+(?:venu|revenu|parti|reparti|all|arriv|pass|rest|rentr|sorti|retourn)))"
)
DONE = re.compile(
    rf"(?i)(?<!\w)(?:{_had}|{_were})\s+(?:\w+\s+)?{_done}(?:\s+(?!(?:que?|qu|de|pour|à|au|avant|on|je|tu|il|elle|nous|vous)\b)"
    rf"(?!(?:d|j|qu)['’])[\w'’-]+){{0,4}}\s+$|(?<!\w)(?:c['’]était|était|étaient|avait lieu)\s+(?:\w+\s+){{0,3}}$"
)
THEN = re.compile(  # "lundi c'est fait" is a promise
    rf"(?i)[\s,]+(?!c['’]est (?:fait|réglé|bouclé|envoyé)(?!\w))"
    rf"(?:j['’]|je|(?:(?:les?|la|un|une|des|mon|ma|mes|ce|cette)\s|l['’])[\w-]+(?:\s[\w-]+)?|"
    rf"on|nous|vous|ils?|elles?|tu|c['’]|ça)\s*(?:(?:l|m|s|t|n)['’]|(?:les?|la|en|y|se|nous|vous|lui|leur|"
    rf"ne)\s+)*(?:(?:{_had}|est|sont|suis|sommes)\s+(?:\w+\s+)?{_done}(?!\w)|était|étaient|avait|avaient)"
)
AHEAD = re.compile(r"prochain|en (?:huit|quinze)|demain|qui vient|dans|sous")
# What stands between two dates.
THEREOF = re.compile(
    r"\s+(?:qui\s+)?(?P<side>suivant|suit|d'apres|apres|avant|d'avant|precedant|precede)\s+(?:le |la |l')?"
)
IN_WEEK = re.compile(r"\s+de\s+(?:la\s+)?")
CORRECTED = re.compile(r"(?:[\s,]+(?:enfin|non|pardon|ou plutot|plutot|je veux dire))+[\s,]+(?:le )?")
SEVERAL = re.compile(
    r"\s*(?P<by>,|-|(?:,\s*)?(?:et|ou)|ou bien|au|a|jusqu'au|jusqu'a|puis)?\s*"
    r"(?:(?:le|la|en|du|pour|au|a|de)\s+)?"
)
SUBJECT = re.compile(r"[\s,]*(?:je|j'|tu|on|nous|vous|ils?|elles?|c'est|il faut)(?!\w)")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a folded text.

    Attributes:
        begin, end: its span, with the words that make it a deadline (``avant le``).
        start: where the date itself begins.
        deadline: whether it is said to be one.
        stated: whether the words name one day, week or month; otherwise they stay words.
        past: whether it has passed, as said (``lundi dernier``).
        habit: whether it recurs.
        shift: days to add (``la veille de Noël``).
        weekly: whether the week of the day is meant (``la semaine du 8 avril``).
        others: dates said with it (``lundi prochain, le 18 mars``), which must agree with it.
        anchored: the weekday before (-1) or after (1) the date that is meant (``le lundi suivant le 8 avril``), or in
            its week (0).
    """

    begin: int
    end: int
    match: re.Match[str]
    deadline: bool
    start: int
    stated: bool = True
    past: bool = False
    habit: bool = False
    shift: int = 0
    weekly: bool = False
    others: tuple[DateMention, ...] = ()
    anchored: tuple[int, int] | None = None

    @property
    def today(self) -> bool:
        """Whether the words are ``aujourd'hui``, ``ce matin``...: the day of the meeting rather than a deadline."""
        return bool(self.match["relative"] and "demain" not in self.match["relative"])

    def iso(self, meeting: datetime.date | None) -> str | None:
        """Return ISO 8601, as precise as said; ``None`` if the meeting's date is missing or contradicts the words."""
        resolved = self._resolved(meeting)
        for other in self.others:
            resolved = _agreed(resolved, other._resolved(meeting))
        if not isinstance(resolved, Day):
            return resolved
        hour = next((hour for m in (self, *self.others) if (hour := time_of_day(m.match))), None)
        return f"{resolved.isoformat()}T{hour}" if hour else resolved.isoformat()

    def _resolved(self, meeting: Day | None) -> Resolved:
        if not self.stated or self.past or self.habit:
            return None
        try:
            found = date_of(self.match, meeting, self.deadline)
            if not isinstance(found, Day):
                return None if self.shift or self.weekly or self.anchored else found
            found += datetime.timedelta(self.shift)
            if self.anchored:
                weekday, side = self.anchored
                between = weekday - found.weekday()
                found += datetime.timedelta(side * ((between * side - 1) % 7 + 1) if side else between)
        except (ValueError, OverflowError):  # e.g. the 31st of a month of 30 days
            return None
        return week_of(found) if self.weekly else found


def mentions(text: str, folded: str | None = None) -> Iterator[DateMention]:
    """Find the dates in a text, from left to right."""
    folded = fold(text) if folded is None else folded
    last: DateMention | None = None
    for found in DATE.finditer(folded):
        begin = last.end if last else 0
        if not _is_date(found, text, folded, begin):
            continue
        new = _mention(found, text, folded, begin)
        joined = _joined(last, new, folded) if last else None
        if last and not joined:
            yield last
        last = joined or new
    if last:
        yield last


def _is_date(found: re.Match[str], text: str, folded: str, last: int) -> bool:
    """Tell whether the words are a date at all, and one that is meant (``pas lundi``)."""
    before = folded[last : found.start()]
    if found["day"] and not 1 <= number(found["day"]) <= 31:
        return False
    if found["nday"] and not (found["the"] or found["nweekday"] or found["nyear"] or DEADLINE.search(before)):
        return False  # three quarters
    if found["feast"] and needs_lead(found["feast"]) and not LEAD.search(folded, 0, found.start()):
        return False
    after = text[found.end() :]
    if found["feast"] == "ascension" and CLIMB.match(fold(after)):
        return False
    name = re.search(r"[\w-]+$", text[: found.end()])
    if name and name[0][:1].isupper() and not found["feast"] and re.match(r"\s[A-ZÀ-Ý][a-zà-ÿ]", after):
        return False  # Avril Lavigne
    return not (TITLE.search(before) or NOT.search(before) or (found["day"] and PLACE.search(before)))


def _mention(found: re.Match[str], text: str, folded: str, last: int) -> DateMention:
    """Read a date in its context; ``last`` is the end of the date before it."""
    before = folded[last : found.start()]
    start, shift, weekly = found.start(), 0, False
    if offset := OFFSET.search(before):
        start, shift = last + offset.start(), _shift(offset)
    elif week := WEEK.search(before):
        start, weekly = last + week.start(), True
    follows = last and THEREOF.fullmatch(before)  # "le lundi après Pâques"
    unclear = None if offset or weekly or follows else _unclear_before(found, before)
    start = last + unclear.start() if unclear else start
    lead = DEADLINE.search(folded, last, start)
    vague, habit = _after(found, folded[found.end() :])
    before_habit = HABITUAL.search(before) if _day_said(found) else None
    words = lead[0] if lead else ""
    deadline = bool(re.search(r"pour|avant|ici|jusqu|des|tard|partir|sous", words)) or found[0].split()[0] in (
        "d'ici", "dans", "sous", "pour", "avant", "des",
    )  # fmt: skip
    led = LEAD.search(folded, last, found.start()) if found["feast"] else None
    begins = [start, *(m.start() for m in (lead, led) if m)]
    if before_habit:
        begins.append(last + before_habit.start())
    return DateMention(
        min(begins),
        found.end() + max(vague, habit),
        found,
        deadline,
        start,
        stated=not (unclear or vague or found["span"]),
        past=_past(found, text, last, deadline),
        habit=bool(before_habit or habit or (unclear and _bare(found) and EVERY.search(before))),
        shift=shift,
        weekly=weekly,
    )


def _bare(found: re.Match[str]) -> bool:
    """Tell whether a match is a day of the week and nothing else."""
    return bool(found["wday"] and not found["dayonly"] and not found["which"])


def _day_said(found: re.Match[str]) -> bool:
    """Tell whether a match is a day that may come back every week, month or year."""
    return bool(_bare(found) or found["mday"] or found["day"] or found["nth"] or found["feast"])


def _unclear_before(found: re.Match[str], before: str) -> re.Match[str] | None:
    """Find the words before a date with which it is no longer one day: ``après``, ``le`` before a day of the week."""
    unclear = SPAN.search(before) or OPEN.search(before)
    if not unclear and (found["day"] or found["nday"]):
        unclear = LISTED.search(before) or ABOUT.search(before)
    if not unclear and _bare(found):
        unclear = ARTICLE.search(before)
    return unclear


def _after(found: re.Match[str], after: str) -> tuple[int, int]:
    """Return how many letters after a date make it unclear, and how many make it recur."""
    vague = VAGUE.match(after)
    if not vague and (found["month"] or found["bymonth"]):
        vague = NUMBERED.match(after)
    repeated = REPEATED.match(after) if _day_said(found) else None
    return len(vague[0]) if vague else 0, len(repeated[0]) if repeated else 0


def _past(found: re.Match[str], text: str, last: int, deadline: bool) -> bool:
    if re.search(r"(?:derniere?|passee?|d'avant|precedent|precede)$", found["which"] or found["span"] or ""):
        return True
    if deadline or AHEAD.search(found[0]) or found["year"]:
        return False
    return bool(DONE.search(text[last : found.start()]) or THEN.match(text[found.end() :]))


def _shift(offset: re.Match[str]) -> int:
    """Return the days between a date and what is said of it: ``la veille de``, ``une semaine après``."""
    if offset["eve"]:
        return EVES[offset["eve"]]
    count = number(offset["count"])
    days = count * 7 if offset["unit"].startswith("semaine") else IDIOMS.get(count, count)
    return days if offset["side"] == "apres" else -days


def _joined(one: DateMention, two: DateMention, folded: str) -> DateMention | None:
    """Return two dates that are said as one, or nothing if each stands alone."""
    between, direct = folded[one.end : two.start], folded[one.end : two.match.start()]
    deadline, past = one.deadline or two.deadline, one.past or two.past
    both = replace(two, begin=one.begin, start=one.start, deadline=deadline, past=past)
    if one.match["wday"] and not one.match["dayonly"]:
        index = WEEKDAYS.index(one.match["wday"])
        if two.weekly and IN_WEEK.fullmatch(between):
            return replace(both, weekly=False, anchored=(index, 0))
        if side := THEREOF.fullmatch((one.match["which"] or "") + direct):
            after = side["side"] not in ("avant", "d'avant", "precedant", "precede")
            lead = ARTICLE.search(folded, 0, one.match.start())
            nth = lead[0].split()[-1] if lead else "le"
            clear = nth in ("le", "premier" if after else "dernier")
            return replace(both, anchored=(index, 1 if after else -1), stated=two.stated and clear)
    if CORRECTED.fullmatch(between):
        return replace(two, begin=one.begin)
    connected = SEVERAL.fullmatch(between)
    if connected is None or (connected["by"] not in (None, "au", "a") and SUBJECT.match(folded, two.end)):
        return None
    if connected["by"] in (None, ","):  # the same day, said twice
        return replace(both, others=(*two.others, one))
    return replace(both, stated=False)


def _agreed(one: Resolved, other: Resolved) -> Resolved:
    """Return the more precise of two dates if they can be the same, otherwise nothing."""
    if isinstance(one, str) and isinstance(other, Day):
        one, other = other, one
    if isinstance(one, Day) and isinstance(other, str):
        return one if other in (week_of(one), f"{one:%Y-%m}") else None
    return one if one == other else None
