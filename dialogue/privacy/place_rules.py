"""Find addresses, towns, hospitals, employers, schools and mail addresses, in text with capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dialogue.french.text import plain
from dialogue.privacy.date_rules import SMALL
from dialogue.privacy.lists import EVERYBODY, MARKERS, PARTICLES, REGIONS, folded, name_lists
from dialogue.privacy.mentions import Mention
from dialogue.privacy.name_rules import Token, tokens
from dialogue.privacy.number_rules import runs

_count = rf"(?:\d{{1,4}}|(?:(?:{SMALL} )?(?:cents?|mille) ?){{0,3}}{SMALL}|(?:{SMALL} )?cents?)"
STREET = re.compile(
    rf"(?<![\w-])(?P<number>{_count}(?: ?(?:bis|ter|quater|[a-d](?= ))\b)?,? ?)?"
    r"(?P<kind>rue|avenue|boulevard|bd|impasse|allees?|faubourg|ruelle|esplanade|residence|lotissement|lieu-dit|hameau|"
    r"zone (?:artisanale|industrielle)|"
    r"quai|square|place|chemin|route|cours|passage|cite|villa|sentier|promenade|montee|chaussee|rond-point)\b"
)
CERTAIN = frozenset(
    "rue avenue boulevard bd impasse allee allees faubourg ruelle residence lotissement lieu-dit hameau".split()
)
NAMED = frozenset(("lieu-dit", "hameau"))  # the name alone is the address
INSIDE = frozenset(
    """general marechal docteur professeur president saint sainte colonel capitaine abbe petit petite grand grande vieux
    vieille neuf mai juin juillet aout septembre octobre novembre decembre""".split()
)
AFTERWARDS = re.compile(rf"[ ,]*(?:au|numero) (?P<number>{_count})(?![\w-]| (?:eme|heures?|euros?))")
HOSPITAL = re.compile(
    r"(?<![\w-])(?:clinique|polyclinique|hopital|ehpad|maternite|chu|chru|chr|centre hospitalier)\b", re.IGNORECASE
)
HOSPITALS = re.compile(
    r"(?<![\w-])(?:pitie[- ]salpetriere|salpetriere|lariboisiere|cochin|necker|bichat|tenon|la timone|beaujon|"
    r"val-de-grace|purpan|rangueil|pellegrin|pompidou)(?![\w-])"
)
ORGANISATION = re.compile(
    r"(?<![\w-])(?:lycee|college|ecole(?: maternelle| primaire| elementaire)?|universite|association|asso|societe|"
    r"entreprise|cabinet|groupe|fondation|club|boite|creche)\b"
)
NAMED_SCHOOL = re.compile(r"(?:lycee|college|ecole|association|universite|creche)")
EMPLOYED = re.compile(
    r"\b(?:travaill\w+|boss\w+|bosse|embauche\w*|employ\w+|salarie\w*|stage|chauffeur|ans)(?: \w+){0,2} chez $"
)
IN = re.compile(  # what stands before a town
    r"(?:\b(?:a|vers|depuis|habit\w+|sur|jusqu'a|pres de|ville de|village de|commune de|mairie de|venant de|viens de|"
    r"vient de|gare de|pharmacie de|de|quitte\w*|rejoint|par) |\bd'|\bcode postal[\w ]*,? |\d{5},? )$"
)
AT = re.compile(
    r"\b(?:a|habit\w+|ville de|village de|commune de|mairie de|nee? a|domicilie\w* a|depuis|pharmacie de) $"
)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_sign = r"(?: ?(?:point|tiret(?: du (?:bas|haut|six|huit|6|8)| bas)?|underscore|plus) ?| ?[._-] ?)"
SAID_AT = re.compile(r"\b(?:arr?obase|at|chez)\b")
SPOKEN_MAIL = re.compile(
    rf"(?P<who>[\w-]+(?:{_sign}[\w-]+){{0,6}}) (?:arr?obase|at|chez) "
    rf"(?P<where>[\w-]+(?: ?(?:point|tiret) ?[\w-]+){{1,5}})"
)


def mails(text: str) -> Iterator[Mention]:
    """Find mail addresses, written or said."""
    folded_text = plain(text)
    for found in MAIL.finditer(text):
        yield Mention(found.start(), found.end(), "MAIL", "rules")
    for sign in SAID_AT.finditer(folded_text):
        around = max(0, sign.start() - 100)
        if said := SPOKEN_MAIL.search(folded_text, around, sign.end() + 100):
            yield Mention(said.start(), said.end(), "MAIL", "rules")


def places(text: str) -> Iterator[Mention]:
    """Find the places and organisations of a text with capitals."""
    words, lower = tokens(text), plain(text)
    streets = list(_streets(text, lower, words))
    yield from streets
    for street in streets:
        if after := AFTERWARDS.match(lower, street.end):
            yield Mention(*after.span("number"), "ADRESSE", "rules")
    yield from _hospitals(text, lower, words)
    yield from _organisations(text, lower, words)
    towns = list(_towns(text, lower, words))
    yield from towns
    yield from _postal_codes(text, towns)


def _at(words: Sequence[Token], position: int) -> int:
    return next((n for n, word in enumerate(words) if word.start >= position), len(words))


def _tail(text: str, words: Sequence[Token], at: int, free: int) -> int:
    """Return the end of the name of a street or an organisation that begins at a word, or 0 without one.

    Args:
        free: how many words without a capital may be its name, after a particle.
    """
    end = tall = 0
    particle = False
    for n in range(at, min(len(words), at + 9)):
        word = words[n]
        if n > at and not re.fullmatch(r" ?", text[words[n - 1].end : word.start]):
            break
        bare = word.plain.rstrip("'’")
        if word.tall and word.plain not in MARKERS:
            end, tall, particle = word.end, tall + 1, False
        elif word.text.isdigit() and particle:
            end = word.end
        elif bare in PARTICLES or bare in ("aux", "et", "sur", "en", "l", "d"):
            if end and not _name_follows(text, words, n + 1) and not free:
                break
            if bare in ("et", "sur", "en", "a") and not _name_follows(text, words, n + 1):
                break
            particle = True
        elif word.plain in INSIDE and (particle or not end):
            end = word.end
        elif (free and particle and not name_lists().common(word.plain)) or (free and particle and len(word.plain) > 3):
            end, free, particle = word.end, free - 1, False
        else:
            break
    return end


def _name_follows(text: str, words: Sequence[Token], n: int) -> bool:
    while n < len(words) and words[n].plain.rstrip("'’") in {*PARTICLES, "l", "d"} and not words[n].tall:
        n += 1
    return n < len(words) and words[n].tall and re.fullmatch(r" ?", text[words[n - 1].end : words[n].start]) is not None


def _streets(text: str, lower: str, words: Sequence[Token]) -> Iterator[Mention]:
    for found in STREET.finditer(lower):
        kind, number = found["kind"], found["number"]
        if number and number.strip(" ,") in ("un", "une"):
            number = None
        at = _at(words, found.end())
        before = lower[max(0, found.start("kind") - 14) : found.start("kind")]
        certain = kind in CERTAIN or kind.startswith("zone")
        end = _tail(text, words, at, 1 if certain or number else 0) if at < len(words) else 0
        follows = at < len(words) and re.fullmatch(r" ", text[found.end() : words[at].start])
        if (
            not end
            or not follows
            or (re.search(r"\b(?:en|la prochaine|une|des) $", before) and not number and not certain)
        ):
            continue
        if not certain and not number and not any(w.tall for w in words[at : _at(words, end)]):
            continue
        start = found.end() + 1 if kind in NAMED else found.start("number") if number else found.start("kind")
        yield Mention(start, end, "ADRESSE", "rules")


def _hospitals(text: str, lower: str, words: Sequence[Token]) -> Iterator[Mention]:
    for found in HOSPITAL.finditer(lower):
        at = _at(words, found.end())
        if at < len(words) and text[found.end() : words[at].start] == " ":
            contracted = words[at].plain in ("des", "du", "saint", "sainte", "nord", "sud")
            if end := _tail(text, words, at, int(contracted)):
                yield Mention(found.start(), end, "HOPITAL", "rules")
            elif words[at].plain in ("nord", "sud", "est"):
                yield Mention(found.start(), words[at].end, "HOPITAL", "rules")
    for found in HOSPITALS.finditer(lower):
        yield Mention(found.start(), found.end(), "HOPITAL", "rules")


def _organisations(text: str, lower: str, words: Sequence[Token]) -> Iterator[Mention]:
    for found in ORGANISATION.finditer(lower):
        at = _at(words, found.end())
        if at >= len(words) or text[found.end() : words[at].start] != " ":
            continue
        named = words[at].tall or words[at].plain in ("les", "la", "le", "l'")
        end = _tail(text, words, at, 2 if found[0] == "association" and words[at].plain in ("les", "la", "le") else 0)
        if end and named:
            bare = NAMED_SCHOOL.match(found[0]) is None
            yield Mention(words[at].start if bare else found.start(), end, "ORG", "rules")
    for found in re.finditer(r"\bchez ", lower):
        at = _at(words, found.end())
        named = at < len(words) and words[at].tall and words[at].plain not in EVERYBODY | MARKERS
        if named and EMPLOYED.search(lower[max(0, found.end() - 60) : found.end()]):
            yield Mention(words[at].start, _tail(text, words, at, 0) or words[at].end, "ORG", "rules", 0.9)


def _towns(text: str, lower: str, words: Sequence[Token]) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        size = next((n for n in range(6, 0, -1) if _is_town(text, lower, words, at, n)), 0)
        if size:
            yield Mention(words[at].start, words[at + size - 1].end, "VILLE", "names", 0.85)
        at += size or 1


def _is_town(text: str, lower: str, words: Sequence[Token], at: int, size: int) -> bool:
    if at + size > len(words):
        return False
    first, last, lists = words[at], words[at + size - 1], name_lists()
    if not (first.tall or (size > 1 and first.plain in ("le", "la", "les", "l'") and words[at + 1].tall)):
        return False
    name = " ".join(folded(text[first.start : last.end]).replace("l' ", "l'").split())
    if name not in lists.places or name in REGIONS or first.plain in EVERYBODY | MARKERS:
        return False
    before = lower[max(0, first.start - 24) : first.start]
    if lists.person(name):
        return IN.search(before) is not None and not (name in lists.first and not AT.search(before))
    return not lists.common(name) or AT.search(before) is not None


def _postal_codes(text: str, towns: Sequence[Mention]) -> Iterator[Mention]:
    """Find the postal codes beside towns: ``34 400 Lunel``, ``Narbonne, onze mille cent``."""
    for run in runs(text):
        digits = "".join(said.digits for said in run)
        if len(run) <= 2 and len(digits) == 5 and 1000 <= int(digits) <= 98999:
            start, end = run[0].start, run[-1].end
            near = any(0 <= town.start - end <= 5 or 0 <= start - town.end <= 5 for town in towns)
            if near and not re.match(r" ?(?:euros?|habitants|personnes)", text[end:]):
                yield Mention(start, end, "ZIP", "rules")
