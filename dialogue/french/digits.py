"""Write figures, units and money as they are said, and numbers in words in one way.

Digits become words, and not the reverse: "premier", "pour cent" and "un" have no safe form in digits. What is left of
a choice in the words (``onze cents`` or ``mille cent``, ``nonante``, the plural of *cent*) is made alike afterwards.
Cardinals come from num2words; its French ordinals are wrong after a plural (*quatre-vingtsième*), so ordinals are made
here from the cardinals by the rule of the Académie française (Dictionnaire, 9th edition: *-ième* on the last word).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# Units in lower case, read out only after a number: word, and whether it is feminine.
UNITS = {
    "km/h": "kilomètre heure", "m/s": "mètre seconde", "km²": "kilomètre carré", "m²": "mètre carré",
    "cm²": "centimètre carré", "m³": "mètre cube", "cm³": "centimètre cube", "km": "kilomètre", "m": "mètre",
    "cm": "centimètre", "mm": "millimètre", "kg": "kilo", "mg": "milligramme", "l": "litre",
    "cl": "centilitre", "dl": "décilitre", "ml": "millilitre", "ha": "hectare", "min": "minute", "s": "seconde",
    "sec": "seconde", "j": "jour", "ko": "kilooctet", "mo": "mégaoctet", "go": "gigaoctet", "to": "téraoctet",
    "v": "volt", "kv": "kilovolt", "w": "watt", "kw": "kilowatt", "mw": "mégawatt", "kwh": "kilowattheure",
    "hz": "hertz", "khz": "kilohertz", "mhz": "mégahertz", "ghz": "gigahertz", "db": "décibel", "€": "euro",
    "$": "dollar", "£": "livre", "°c": "degré celsius", "°": "degré",
}  # fmt: skip
FEMININE = frozenset(("minute", "seconde", "livre"))
INVARIABLE = frozenset(("heure", "celsius", "hertz", "kilohertz", "mégahertz", "gigahertz"))
LARGE = {"k": "mille", "m": "millions"}
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
PARTS = {"2": "demi", "3": "tiers", "4": "quart"}  # "3/5" is read "trois sur cinq"

PHONE = re.compile(r"(?<![0-9])(?:\+33 ?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}(?![0-9])")
DATE = re.compile(r"(?<![0-9/])([0-3]?[0-9])/([01]?[0-9])/([0-9]{4})(?![0-9/])")
HOUR = re.compile(r"(?<![0-9])([0-9]{1,2})(?: ?h ?([0-5][0-9])?|:([0-5][0-9]))(?![^\W_]|:[0-9])(?: ?min\b)?")
THOUSANDS = re.compile(r"(?<![0-9.,])([0-9]{1,3})((?:[\s.'][0-9]{3})+)(?![0-9])")
COUNTED = re.compile(r"([0-9]+)(?:,([0-9]+))?\s?(k|mds?|mrd|m)s?\s?([€$£])")  # 1,2 M€
DIVIDED = re.compile(
    r"(?<![0-9,])([0-9]+),([0-9]{2})\s?(€|m)(?![\w²³/'])|(?<![0-9,])([0-9]+)\s?(m)\s?([0-9]{2})(?![\w,])"
)
ORDINAL = re.compile(
    r"(?<![0-9.,])([0-9]{1,12})(?:(ers?|i?[eè]?res?|nde?s?|(?<=2)des?|(?:e|è|me)s?)|\s?(i?[eè]mes?))(?![^\W_])"
)
_longest_first = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
MEASURE = re.compile(rf"(?<![^\W_])([0-9]+(?:[.,][0-9]+)?)\s?({_longest_first})(?![\w'²³]|/[a-z])")
FRACTION = re.compile(r"(?<![0-9/.,])([1-9])/([234])(?![0-9/])")
PER = re.compile(r"(?:(?<=[0-9])|(?<=heures)|(?<=jours))\s*/\s*(?=[0-9])")
MINUS = re.compile(r"(?<![\w-])-(?=[0-9])")
PLUS = re.compile(r"\+ ?(?=[0-9])")
ONE = re.compile(r"\b1 (?=(?:heure|minute|seconde|semaine|année|fois|personne|question|page|journée)\b)")
NUMBER = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")


def in_words(text: str) -> str:
    """Return lower-case text without digits: ``1m80`` is ``un mètre quatre-vingts``."""
    for sign, written in FRACTIONS.items():
        text = text.replace(sign, f" {written} ")
    text = PHONE.sub(lambda m: f" {_digits_by_two(m[0])} ", text)
    text = DATE.sub(_date, text)
    text = HOUR.sub(_hour, text)
    text = THOUSANDS.sub(lambda m: m[1] + re.sub(r"[\s.']", "", m[2]), text)
    text = PLUS.sub(" plus ", MINUS.sub(" moins ", text))
    text = COUNTED.sub(_counted, text)
    text = re.sub(r"([0-9]),00 ?€", r"\1 €", text)
    text = DIVIDED.sub(_divided, text)
    text = MEASURE.sub(_measure, text)
    text = ORDINAL.sub(lambda m: f" {ordinal(int(m[1]), m[2] or m[3])} ", text)
    text = FRACTION.sub(_fraction, text)
    text = PER.sub(" sur ", ONE.sub("une ", text))
    return NUMBER.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    whole, sign, fraction = match.groups()
    said = [_cardinal_text(whole)]
    if fraction is not None:
        said.append("virgule" if sign == "," else "point")
        zeros = len(fraction) - len(fraction.lstrip("0"))
        # 3,14 is read as a number, 3,14159 digit by digit
        said += ["zéro"] * zeros if len(fraction) <= 3 else map(_cardinal_text, fraction)
        if len(fraction) <= 3 and zeros < len(fraction):
            said.append(cardinal(int(fraction)))
    return f" {' '.join(said)} "


def _cardinal_text(digits: str) -> str:
    """Return a whole number in words; leading zeros and more than fifteen digits are read digit by digit."""
    if len(digits) > 15 or (len(digits) > 1 and digits.startswith("0")):
        return " ".join(cardinal(int(d)) for d in digits)
    return cardinal(int(digits))


def _digits_by_two(phone: str) -> str:
    digits = "".join(c for c in phone if c in "0123456789")
    said = ["plus", cardinal(33)] if phone.startswith("+") else []
    digits = digits[2:] if said else digits
    first = len(digits) % 2
    pairs = [digits[:first]] * first + [digits[i : i + 2] for i in range(first, len(digits), 2)]
    return " ".join(said + [_cardinal_text(pair) for pair in pairs])


def _date(match: re.Match[str]) -> str:
    day, month, year = map(int, match.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    return f" {'premier' if day == 1 else cardinal(day)} {MONTHS[month - 1]} {cardinal(year)} "


def _hour(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    name = "une heure" if hour == 1 else f"{cardinal(hour)} heures" if hour else "zéro heure"
    return f" {name} {cardinal(minute) if minute else ''} "


def _counted(match: re.Match[str]) -> str:
    """Read ``1,2 M€``; thousands are multiplied out: ``1,5 k€`` is ``mille cinq cents euros``."""
    whole, fraction, size, sign = match.groups()
    unit = f"{UNITS[sign]}s"
    if size == "k" and len(fraction or "") <= 3:
        return f" {cardinal(int(whole) * 1000 + int((fraction or '0').ljust(3, '0')))} {unit} "
    name = LARGE.get(size, "milliards")
    return f" {whole}{f',{fraction}' if fraction else ''} {name} {unit} "


def _divided(match: re.Match[str]) -> str:
    """Read ``12,50 €``, ``1,80 m`` and ``1m80``: the unit stands between."""
    whole, rest, unit = (match[1], match[2], match[3]) if match[1] else (match[4], match[6], match[5])
    if unit == "€" and int(whole) == 0:
        return f" {cardinal(int(rest))} centime{'s' if int(rest) > 1 else ''} "
    return f" {_with_unit(whole, unit)} {cardinal(int(rest)) if int(rest) else ''} "


def _measure(match: re.Match[str]) -> str:
    return f" {_with_unit(match[1], match[2])} "


def _with_unit(amount: str, unit: str) -> str:
    """Return an amount, still in digits, with its unit; the plural begins at two."""
    whole = re.split("[.,]", amount)[0]
    first, *others = UNITS[unit].split()
    few = len(whole) == 1 and int(whole) < 2
    words = [word if few or word in INVARIABLE else f"{word}s" for word in (first, *others)]
    return f"{'une' if amount == '1' and first in FEMININE else amount} {' '.join(words)}"


def _fraction(match: re.Match[str]) -> str:
    many = match[1] != "1" and match[2] != "3"
    return f" {cardinal(int(match[1]))} {PARTS[match[2]]}{'s' if many else ''} "


@lru_cache(maxsize=50_000)
def cardinal(value: int) -> str:
    """Return a whole number in words, as num2words writes it."""
    from num2words import num2words

    return str(num2words(value, lang="fr"))


@lru_cache(maxsize=10_000)
def ordinal(value: int, suffix: str = "e") -> str:
    """Return an ordinal in words; the suffix tells ``première``, ``second``, ``seconde`` and the plural."""
    plural = "s" if suffix.endswith("s") else ""
    if value == 1:
        return f"{'première' if re.fullmatch('i?[eè]?res?', suffix) else 'premier'}{plural}"
    if value == 2 and suffix[0] in "nd":
        return f"{'seconde' if 'e' in suffix else 'second'}{plural}"
    lead, last = re.fullmatch(r"(.*?)([^\s-]+)", cardinal(value)).groups()  # type: ignore[union-attr]
    if last.startswith("milli"):  # millions, milliards
        lead = "" if lead == "un " else lead
    stem = re.sub(r"(?<=million)s$|(?<=milliard)s$|(?<=vingt)s$|(?<=cent)s$|e$", "", last)
    stem = {"cinq": "cinqu", "neuf": "neuv"}.get(stem, stem)
    return f"{lead}{stem}ième{plural}"


@lru_cache(maxsize=10_000)
def roman(text: str) -> int:
    """Return the value of a correct Roman numeral made of i, v and x; 0 for anything else."""
    values = {"i": 1, "v": 5, "x": 10}
    letters = [values.get(c, 0) for c in text.lower()]
    if not letters or 0 in letters or len(letters) > 8:
        return 0
    total = sum(-a if a < b else a for a, b in zip(letters, [*letters[1:], 0], strict=True))
    units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return total if 0 < total < 40 and "x" * (total // 10) + units[total % 10] == text.lower() else 0


# Numbers in words ----------------------------------------------------------------------------------------------------

UNIT_WORDS = "un deux trois quatre cinq six sept huit neuf".split()
HUNDREDS = {word: n for n, word in enumerate("onze douze treize quatorze quinze seize".split(), 11)}
HUNDREDS |= {f"dix {word}": 10 + n for n, word in enumerate(UNIT_WORDS, 1) if n > 6}
TENS = {"septant": 70, "octant": 80, "huitant": 80, "nonant": 90}  # Belgian and Swiss
LAST = {word: n for n, word in enumerate(UNIT_WORDS, 1)} | {"une": 1}
LAST_ORDINALS = {"unième": 1} | {f"{ordinal(n)}{s}": n for n in range(2, 10) for s in ("", "s")}
_counts = "|".join(
    (*UNIT_WORDS, *HUNDREDS, "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "cent", "mille", "zéro")
)
_measured = "|".join(dict.fromkeys(word.split()[0] for word in UNITS.values()))


def _belgian(match: re.Match[str]) -> str:
    """Return ``septante-deux`` and ``nonantième`` as they are counted in France."""
    tens, plural, last_ordinal, last = match.groups()
    value = TENS[tens] + LAST_ORDINALS.get(last_ordinal or "", 0) + LAST.get(last or "", 0)
    said = cardinal(value) if plural is None and last_ordinal is None else ordinal(value, f"e{plural or ''}")
    return said.replace("-", " ")


def _hundreds(match: re.Match[str]) -> str:
    return cardinal(HUNDREDS[match[1]] * 100).removesuffix("s").replace("-", " ")


ONE_WAY: tuple[
    tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...
] = (  # each pattern for words with single spaces, and what replaces it
    (
        re.compile(
            rf"\b({'|'.join(TENS)})(?:ième(s?)|e (?:et )?({'|'.join(LAST_ORDINALS)})|"
            rf"e(?: (?:et )?({'|'.join(LAST)}))?)\b"
        ),
        _belgian,
    ),
    (re.compile(rf"(?<!soixante )(?<!vingt )(?<!et )\b({'|'.join(HUNDREDS)}) cents?\b"), _hundreds),
    (re.compile(rf"\bmil (?=(?:{'|'.join(UNIT_WORDS)}) cents?\b)"), "mille "),
    (re.compile(r"\b(quatre vingt|(?:deux|trois|quatre|cinq|six|sept|huit|neuf) cent)s\b"), r"\1"),
    (re.compile(rf"\b((?:{_counts}) (?:million|milliard))s\b"), r"\1"),
    (re.compile(r"\b(vingt|trente|quarante|cinquante|soixante) et une\b"), r"\1 et un"),
    (re.compile(r"\b(quatre vingt|cent) une\b"), r"\1 un"),
    (re.compile(r"\b(million|milliard)(s?) (?=euros?\b)"), r"\1\2 d' "),
    (re.compile(r"\b(million|milliard)(s?) (?=(?:dollar|livre)s?\b)"), r"\1\2 de "),
    (re.compile(rf"\b((?:zéro|un) (?:virgule|point) (?:\w+ ){{1,4}}?(?:{_measured}))s\b"), r"\1"),
    (re.compile(r"\b(kilomètres?) (?:à l' |par |de l' )heure\b"), r"\1 heure"),
    (re.compile(r"\b(kilo|méga|giga|téra) (?=(?:octet|watt)s?\b|hertz\b)"), r"\1"),
)


def one_way(text: str) -> str:
    """Return words with numbers said in one way: no plural of *cent*, *vingt* and *million*, years by the thousand."""
    for pattern, said in ONE_WAY:
        text = pattern.sub(said, text)
    return text
