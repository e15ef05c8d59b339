"""Find numbers that identify people, in digits or in words: telephones, social security, accounts, plates, codes.

A run is what is said of a number without a break but a pause, a hesitation, or a listener's "oui". Its numbers are
written one after the other in digits, and what it is follows from how many there are, and from the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogue.french.in_digits import TENS, UNITS
from dialogue.french.text import plain
from dialogue.privacy.mentions import Mention

VALUES = {plain(word): value for value, word in enumerate(UNITS)} | {"une": 1} | TENS
VALUES |= {"vingts": 20}
SCALES = frozenset(("cent", "cents", "mille"))
PIECE = re.compile(r"\d+|[^\W\d_]+")
PAUSE = re.compile(r"(?:[ \t,.;:/–—-]|\b(?:euh|heu|hum|hm|ben|bah)\b)*")
CONTINUES = re.compile(  # a listener's turn, then the next part
    r"[ ,.;:!?…-]*\n(?:[ ,.]*(?:oui|ouais|ok|okay|d'accord|tres bien|hm|mhm|allez-y|je note|je vous ecoute|voila|"
    r"pardon|ensuite|et apres|bien)[ ,.!?…]*(?:\n|(?=[ ,.]|\w)))*"
    r"(?:[ ,.]*(?:oui|euh|alors|et|puis|c'est|le|apres)\b)*[ ,.]*"
)
KEY = re.compile(r"[\s,.;:!?]*(?:et )?(?:la )?cl(?:e|ef)\b[\s,.;:!?]*(?:c'est )?(?:le )?")

PHONE_CUE = re.compile(
    r"telephone|portable|\bfixe\b|mobile|numero|joindre|rappel|appel|joignable|\btel\b|ligne|bureau|\bfax\b|whatsapp|"
    r"\bsms\b|coordonnees"
)
SOCIAL_CUE = re.compile(r"\bsecu\b|securite sociale|assure|vitale|\bnir\b|immatriculation sociale")
NUMBERED = {
    "IPP": re.compile(r"\bipp\b|identifiant patient|numero (?:de |du )?patient"),
    "NDA": re.compile(r"\bnda\b|numero (?:de |du )?(?:sejour|dossier administratif)"),
    "RPPS": re.compile(r"\brpps\b|\badeli\b"),
    "IBAN": re.compile(r"\biban\b|\brib\b|carte (?:bancaire|bleue)|numero de (?:compte|carte)"),
}
CODE_CUE = re.compile(
    r"\bdigicode\b|\bcode(?! postal| de la route| civil| penal| promo| couleur)\b|\binterphone\b|\bportail\b"
)
PLATE_CUE = re.compile(r"\bplaques?\b|\bimmatricul")
POSTAL_CUE = re.compile(r"code postal|\bcp\b")
_letter = (
    r"(?:(?:double v[eé]|i grec|[bcdgptv]é|effe?|emme|enne|erre|esse|ixe|z[eè]de?|ka|ache|[a-z])(?: comme [^\W\d_]+)?)"
)
_numbers = "|".join(sorted([*VALUES, *SCALES, "et"], key=len, reverse=True)).replace("zero", "z[eé]ro")
CODE = re.compile(
    rf"(?<![\w'’])(?:{_letter}|{_numbers}|(?=[a-z]*\d)[a-z\d]{{1,10}})(?![\w'’])"
    rf"(?:[ ,.-]{{1,3}}(?:{_letter}|{_numbers}|(?=[a-z]*\d)[a-z\d]{{1,10}})(?![\w'’]))*"
)
PLATE = re.compile(
    r"(?<![\w-])[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}(?![\w-])|(?<![\w-])[a-z]{2}[ -]\d{3}[ -][a-z]{2}(?![\w-])"
)
IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?(?=[a-z]{0,4}\d)[a-z0-9]{1,4}){3,8}(?!\w)", re.IGNORECASE)
BETWEEN = 45  # characters from a cue to the code that it announces
BEFORE = 90  # characters before a number in which its cue is looked for


@dataclass(frozen=True, slots=True)
class NumberInWords:
    """A number in a text: its digits, in order, and its span."""

    digits: str
    start: int
    end: int


def runs(text: str) -> Iterator[list[NumberInWords]]:
    """Yield the runs of numbers of a text."""
    folded = plain(text)
    run: list[NumberInWords] = []
    for said in _numbers_of(folded):
        if run and not _continues(folded, run[-1].end, said.start):
            yield run
            run = []
        run.append(said)
    if run:
        yield run


def _continues(folded: str, end: int, start: int) -> bool:
    between = folded[end:start]
    return PAUSE.fullmatch(between) is not None or CONTINUES.fullmatch(between) is not None


def _numbers_of(folded: str) -> list[NumberInWords]:
    pieces = [(m[0], m.start(), m.end()) for m in PIECE.finditer(folded)]
    found: list[NumberInWords] = []
    at = 0
    while at < len(pieces):
        word, start, end = pieces[at]
        if word.isdigit():
            found.append(NumberInWords(word, start, end))
            at += 1
        elif word == "fois" and found and at + 1 < len(pieces) and _joined(folded, found[-1].end, start):
            value, after = _value(folded, pieces, at + 1)
            times = int(found[-1].digits)
            if value is not None and times < 6:
                found[-1] = NumberInWords(str(value) * times, found[-1].start, pieces[after - 1][2])
                at = after
            else:
                at += 1
        else:
            value, after = _value(folded, pieces, at)
            if value is None:
                at += 1
            else:
                found.append(NumberInWords(str(value), start, pieces[after - 1][2]))
                at = after
    return found


def _joined(folded: str, end: int, start: int) -> bool:
    return re.fullmatch(r"[ -]", folded[end:start]) is not None


def _value(folded: str, pieces: list[tuple[str, int, int]], at: int) -> tuple[int | None, int]:
    """Return the largest number in words that begins at a piece, and the piece after it."""

    def word(n: int) -> str:
        together = n == at or (n < len(pieces) and _joined(folded, pieces[n - 1][2], pieces[n][1]))
        return pieces[n][0] if n < len(pieces) and together else ""

    def small(n: int) -> tuple[int | None, int]:  # under a hundred
        first = VALUES.get(word(n))
        if first is None:
            return None, n
        digit = n > 0 and pieces[n - 1][0] == "zero" and folded[pieces[n][2] : pieces[n][2] + 1] != "-"  # zéro quatre
        if first == 4 and word(n + 1) in ("vingt", "vingts") and not digit:
            first, n = 80, n + 1
        unit = VALUES.get(word(n + 1))
        if first == 10 and unit in (7, 8, 9):
            return first + unit, n + 2
        if first >= 20:
            most = 20 if first in (60, 80) else 10
            if word(n + 1) == "et" and VALUES.get(word(n + 2)) in (1, 11):
                return first + VALUES[word(n + 2)], n + 3
            if unit is not None and 1 <= unit < most:
                if unit == 10 and VALUES.get(word(n + 2)) in (7, 8, 9):
                    return first + 10 + VALUES[word(n + 2)], n + 3
                return first + unit, n + 2
        return first, n + 1

    def hundreds(n: int) -> tuple[int | None, int]:
        if word(n) in ("cent", "cents"):
            value, n = 100, n + 1
        else:
            begun, after = small(n)
            if begun is None or not (2 <= begun <= 9 and word(after) in ("cent", "cents")):
                return begun, after
            value, n = begun * 100, after + 1
        rest, after = small(n)
        return (value + rest, after) if rest else (value, n)

    value, after = (1, at) if word(at) == "mille" else hundreds(at)
    if value is not None and value and word(after) == "mille":
        value, after = value * 1000, after + 1
        rest, end = hundreds(after)
        if rest:
            value, after = value + rest, end
    return value, after


def numbers(text: str) -> Iterator[Mention]:
    """Find the numbers of a text that identify somebody."""
    folded = plain(text)
    for run in runs(text):
        before = _before(folded, run[0].start)
        label, chosen = _kind(folded, run, before)
        if label:
            yield from _by_line(folded, chosen, label)
            if label == "SECU":
                yield from _key(folded, chosen[-1].end)
    yield from _codes(text, folded)
    for pattern, label in ((IBAN, "IBAN"), (PLATE, "PLAQUE")):
        for found in pattern.finditer(text):
            yield Mention(found.start(), found.end(), label, "rules")


def _before(folded: str, start: int) -> str:
    """Return what is said before a number: on its line and the two before it, near it."""
    lines = folded[max(0, start - BEFORE) : start].split("\n")
    return "\n".join(lines[-3:])


def _kind(folded: str, run: list[NumberInWords], before: str) -> tuple[str | None, list[NumberInWords]]:
    digits = "".join(said.digits for said in run)
    last = re.split(r"[\n?!]|\bet\b", before)[-1] if re.search(r"\w{3}", re.split(r"[\n?!]", before)[-1]) else before
    for label, cue in NUMBERED.items():
        if len(digits) >= 4 and cue.search(last):
            return label, run
    if 5 <= len(digits) <= 17 and SOCIAL_CUE.search(before) and not (digits.startswith("0") and len(digits) <= 10):
        return "SECU", run
    social = _part(run, re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)\d{8}(?:\d\d)?"))
    if social:
        return "SECU", social
    if phone := _phone(folded, run):
        return "TEL", phone
    if len(run) >= 5 and run[0].digits in "12" and len(run[1].digits) == 2 and 11 <= len(digits) <= 16:
        return "SECU", run  # soixante onze is 71, or 60 and 11
    if 7 <= len(digits) <= 12 and PHONE_CUE.search(before) and (digits.startswith("0") or len(run) >= 4):
        return "TEL", run
    if len(run) >= 4 and re.fullmatch(r"0[1-9]\d{6,10}", digits):
        return "TEL", run
    if POSTAL_CUE.search(last) and 4 <= len(digits) <= 6:
        return "ZIP", run
    return None, []


def _phone(folded: str, run: list[NumberInWords]) -> list[NumberInWords]:
    found = _part(run, re.compile(r"(?:0033|33)?0?[1-9]\d{8}")) if _plus(folded, run[0].start) else []
    if found:
        return [NumberInWords(found[0].digits, _plus(folded, run[0].start) or 0, found[0].end), *found[1:]]
    return _part(run, re.compile(r"(?:0033[1-9]|0[1-9])\d{8}"))


def _plus(folded: str, start: int) -> int | None:
    found = re.search(r"(?:\+|\bplus) ?\(?$", folded[:start])
    return found.start() if found else None


def _part(run: list[NumberInWords], shape: re.Pattern[str]) -> list[NumberInWords]:
    """Return the first consecutive numbers of a run whose digits have a shape."""
    for first in range(len(run)):
        digits = ""
        for last in range(first, len(run)):
            digits += run[last].digits
            if len(digits) > 20:
                break
            if shape.fullmatch(digits):
                longer = last + 1 < len(run) and shape.fullmatch(digits + run[last + 1].digits)
                if not longer:
                    return run[first : last + 1]
    return []


def _by_line(folded: str, run: list[NumberInWords], label: str) -> Iterator[Mention]:
    start = run[0].start
    for one, two in zip(run, [*run[1:], None], strict=True):
        if two is None or "\n" in folded[one.end : two.start]:
            yield Mention(start, one.end, label, "rules")
            start = two.start if two else 0


def _key(folded: str, end: int) -> Iterator[Mention]:
    """Find the key that is said after a number of social security."""
    if found := KEY.match(folded, end):
        rest = _numbers_of(folded[found.end() : found.end() + 40])
        if rest and rest[0].start == 0 and len(rest[0].digits) <= 2:
            yield Mention(found.end(), found.end() + rest[0].end, "SECU", "rules")


def _codes(text: str, folded: str) -> Iterator[Mention]:
    """Find codes of letters and numbers after the words that announce them."""
    lower = text.lower()
    for cues, label, least, most in (
        (CODE_CUE, "DIGICODE", 3, 8),
        (PLATE_CUE, "PLAQUE", 3, 9),
        (NUMBERED["IBAN"], "IBAN", 10, 40),
    ):
        for cue in cues.finditer(folded):
            for found in CODE.finditer(lower, cue.end(), min(len(lower), cue.end() + 140)):
                if found.start() - cue.end() > BETWEEN:
                    break
                code = re.sub(r"(?:[ ,.-]+et)+$", "", found[0])
                if least <= _length(code) <= most:
                    yield Mention(found.start(), found.start() + len(code), label, "rules")
                    break


def _length(code: str) -> int:
    """Return how many characters a code has once its numbers are in digits; 0 if it has no number."""
    folded = plain(code)
    said = _numbers_of(folded)
    letters = re.sub(r" comme \w+", "", folded)
    for number in reversed(said):
        letters = letters[: number.start] + letters[number.end :] if number.end <= len(letters) else letters
    letters = re.sub(r"double ve|i grec", "x", letters)
    return sum(len(n.digits) for n in said) + len(re.findall(r"\b[a-z]{2,}|[a-z](?![a-z]{2})", letters)) if said else 0
