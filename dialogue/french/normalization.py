"""Normalise French text before scoring, so that only what is said counts, not how it is written.

Digits become words, and not the reverse: "premier", "pour cent" and "un" have no safe form in digits. Marks specific to
a corpus (pauses, pronunciations) are stripped by its importer; only marks that most transcription conventions share are
stripped here.

Levels, each with a version that goes into every file of scores (scores of different versions do not compare):

- ``fr-strict``: all words, disfluencies included;
- ``fr-std``: without hesitations (euh, heu, hum, hm, mm...); ben, bah, hein and ouais are words and stay;
- ``fr-lenient``: also without these words and without word fragments (``chort-``; optional in NIST's scoring); accents
  folded, silent plural ``s`` dropped, ``une`` and ``un`` alike. It shows the cost of spelling; never the only score;
- ``en-std``: English, by Whisper's own normaliser (Radford et al. 2022, appendix C).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from dialogue.french.text import unaccented

VERSIONS = {
    "fr-strict": "fr-strict/1",
    "fr-std": "fr-std/1",
    "fr-lenient": "fr-lenient/1",
    "en-std": "en-std/1",
}

HESITATION = re.compile(r"e+u+h+m*|h+e+u+h*|h+u+m+|h+m+|mm+|mh+m*|hem|uh+m*|um+")
INTERJECTIONS = ("ben", "bah", "beh", "hein", "ouais", "ah", "oh", "eh", "hé")
VARIANTS = {  # one spelling for words that sound alike
    "etc": "et cetera",
    "etcetera": "et cetera",
    "caetera": "cetera",
    "pourcent": "pour cent",
    "pourcents": "pour cent",
    "okay": "ok",
    "ouai": "ouais",
    "zero": "zéro",
    "clef": "clé",
    "clefs": "clés",
    "évènement": "événement",
    "évènements": "événements",
    "mme": "madame",
    "mmes": "mesdames",
    "mlle": "mademoiselle",
    "dr": "docteur",
}
SYMBOLS = {
    "%": "pour cent",
    "‰": "pour mille",
    "md€": "milliards d' euros",
    "m€": "millions d' euros",
    "k€": "mille euros",
    "€": "euros",
    "$": "dollars",
    "£": "livres",
    "n°": "numéro",
    "°c": "degrés celsius",
    "°": "degrés",
    "&": "et",
    "@": "arobase",
}
UNITS = {  # read out only after a number
    "km/h": "kilomètres heure",
    "km²": "kilomètres carrés",
    "m²": "mètres carrés",
    "m³": "mètres cubes",
    "km": "kilomètres",
    "kg": "kilos",
    "cm": "centimètres",
    "mm": "millimètres",
    "mg": "milligrammes",
    "ml": "millilitres",
    "min": "minutes",
}
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()

# Replaced before lower-casing.
TYPOGRAPHY = str.maketrans(
    dict.fromkeys("’‘ʼ′´`", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ﬁ": "fi", "ﬂ": "fl", "º": "°", "ᵉ": "e", "ʳ": "r"}
)
MISTER = re.compile(r"\bM\.\s+(?=[A-ZÀ-Ý])")
ROMAN_ORDINAL = re.compile(r"\b([XVI]{2,5}|[XV])(?:e|ème)\b")  # XXIe, Ve; not "Ce", "Le"
REGNAL = re.compile(
    r"\b(Louis|Henri|Charles|François|Philippe|Napoléon|Paul|Benoît|Pie|Georges|Guillaume|Élisabeth|[Cc]hapitre|[Tt]ome"
    r"|[Aa]cte|[Tt]itre|[Ll]ivre|[Pp]artie|[Aa]nnexe|[Vv]olume|[Pp]hase) ([XVI]{1,5})\b"
)
INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])")  # S.N.C.F.

MARKS = re.compile(
    r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|\*[^\W\d_]+\*"
    r"|\((?:rires?|applaudissements?|musiques?|silences?|pauses?|bruits?|toux|soupirs?|inaudible|incompréhensible"
    r"|brouhaha|souffles?|sonneries?)\)"
)
FRAGMENT = re.compile(r"(?<![^\W_])[^\W\d_]+-(?=[\s,.;:!?…]|$)")
ELIDED = re.compile(r"(?<![^\W_])(?<![^\W_]')((?:(?:l|d|j|m|t|s|n|c|ç|qu|jusqu|lorsqu|puisqu|quoiqu)'+)+)\s*")  # j'l'ai
WORD = re.compile(r"[^\W_]+\0?")


def normalize(text: str, level: str = "fr-std") -> str:
    """Return words separated by single spaces; an elided word keeps its apostrophe. Idempotent.

    ``"L'eau coûte 1 200 €, euh, soit 3,5 % de plus."`` becomes
    ``"l' eau coûte mille deux cent euros soit trois virgule cinq pour cent de plus"``.

    Raises:
        ValueError: the level is unknown.
    """
    if level not in VERSIONS:
        raise ValueError(f"unknown level {level!r}. Accepted: {', '.join(VERSIONS)}.")
    if level == "en-std":
        return _english()(MARKS.sub(" ", text.translate(TYPOGRAPHY))).strip()
    text = _lower(text)
    text = MARKS.sub(" ", text)
    if level == "fr-lenient":
        text = FRAGMENT.sub(" ", text)
    if DIGIT.search(text):
        text = _numbers(text)
    for symbol, words in SYMBOLS.items():
        if symbol in text:
            text = text.replace(symbol, f" {words} ")
    text = ELIDED.sub(lambda m: re.sub("'+", "\0 ", m[1]), text).replace("'", "")  # others: aujourdhui, ptit
    found = (_word(word.replace("\0", "'"), level) for word in WORD.findall(text))
    return _phrases(" ".join(word for word in found if word))


@lru_cache(maxsize=1)
def _english() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer

    normalizer: Callable[[str], str] = EnglishTextNormalizer()
    return normalizer


def _lower(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\0", " ")).translate(TYPOGRAPHY)
    text = MISTER.sub("monsieur ", text).replace("Ier ", "premier ")
    text = ROMAN_ORDINAL.sub(lambda m: _ordinal(_roman(m[1])) if _roman(m[1]) else m[0], text)
    text = REGNAL.sub(lambda m: f"{m[1]} {_cardinal(_roman(m[2]))}" if _roman(m[2]) else m[0], text)
    text = unicodedata.normalize("NFC", text.lower())
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
    return INITIALS.sub(lambda m: m[0].replace(".", ""), text)


@lru_cache(maxsize=100_000)
def _word(word: str, level: str) -> str:
    """Return a word's normal form: empty if the level drops it, several words for an abbreviation."""
    roman = _roman(word) if len(word) > 2 and set(word) != {"x"} else 0  # xxx is unintelligible speech in CHAT
    said = _cardinal(roman).replace("-", " ") if roman else VARIANTS.get(word, word)
    if level == "fr-lenient":
        said = " ".join(LENIENT.get(_fold(part), _fold(part)) for part in said.split())
    if level != "fr-strict" and HESITATION.fullmatch(said):
        return ""
    return said


def _fold(word: str) -> str:
    """Remove accents, and the silent plural ``s`` of words of four letters or more."""
    plain = unaccented(word)
    return plain.rstrip("s") if len(plain) > 3 else plain


LENIENT = {_fold(word): " ".join(map(_fold, said.split())) for word, said in VARIANTS.items()}
LENIENT |= {_fold(word): "" for word in INTERJECTIONS} | {"une": "un"}

DOZEN = re.compile(r"\bdix (sept|huit|neuf) cent\b")
PLURAL = re.compile(r"\b(quatre vingt|(?:deux|trois|quatre|cinq|six|sept|huit|neuf) cent)s\b")
AND_ONE = re.compile(r"\b(vingt|trente|quarante|cinquante|soixante) et une\b")


def _phrases(text: str) -> str:
    """Write numbers in words in one way: no plural of cent and vingt, years by the thousand."""
    text = AND_ONE.sub(r"\1 et un", PLURAL.sub(r"\1", text))
    return DOZEN.sub(r"mille \1 cent", text)


# Numbers -------------------------------------------------------------------------------------------------------------

DIGIT = re.compile("[0-9]")
PHONE = re.compile(r"(?<![0-9])(?:\+33 ?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}(?![0-9])")
DATE = re.compile(r"(?<![0-9/])([0-3]?[0-9])/([01]?[0-9])/([0-9]{4})(?![0-9/])")
HOUR = re.compile(r"(?<![0-9])([0-9]{1,2})(?: ?h ?([0-5][0-9])?|:([0-5][0-9]))(?![^\W_]|:[0-9])(?: ?min\b)?")
THOUSANDS = re.compile(r"(?<![0-9.,])([0-9]{1,3})((?:[\s.][0-9]{3})+)(?![0-9])")
PRICE = re.compile(r"([0-9]+),([0-9]{2}) ?€")
ORDINAL = re.compile(r"(?<![0-9.,])([0-9]{1,9})(ers?|res?|ères?|nde?s?|(?:e|è|ème|eme|ième|ieme|me)s?)(?![^\W_])")
UNIT = re.compile(rf"(?<=[0-9])\s?({'|'.join(map(re.escape, UNITS))})(?![^\W_])")
MINUS = re.compile(r"(?<![\w-])-(?=[0-9])")
PLUS = re.compile(r"\+ ?(?=[0-9])")
OVER = re.compile(r"(?<=[0-9])\s?/\s?(?=[0-9])")
ONE = re.compile(r"\b1 (?=(?:heure|minute|seconde|semaine|année|fois|personne|question|page|journée)\b)")
NUMBER = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")


def _numbers(text: str) -> str:
    text = PHONE.sub(lambda m: f" {_digits_by_two(m[0])} ", text)
    text = DATE.sub(_date, text)
    text = HOUR.sub(_hour, text)
    text = THOUSANDS.sub(lambda m: m[1] + re.sub(r"[\s.]", "", m[2]), text)
    text = PRICE.sub(lambda m: m[0] if m[2] == "00" else rf"{m[1]} euros {int(m[2])} ", text)
    text = re.sub(r"([0-9]),00 ?€", r"\1 €", text)
    text = ORDINAL.sub(lambda m: f" {_ordinal(int(m[1]), m[2])} ", text)
    text = UNIT.sub(lambda m: f" {UNITS[m[1]]} ", text)
    text = OVER.sub(" sur ", PLUS.sub(" plus ", MINUS.sub(" moins ", ONE.sub("une ", text))))
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
            said.append(_cardinal(int(fraction)))
    return f" {' '.join(said)} "


def _cardinal_text(digits: str) -> str:
    """Return a whole number in words; leading zeros and more than fifteen digits are read digit by digit."""
    if len(digits) > 15 or (len(digits) > 1 and digits.startswith("0")):
        return " ".join(_cardinal(int(d)) for d in digits)
    return _cardinal(int(digits))


def _digits_by_two(phone: str) -> str:
    digits = "".join(c for c in phone if c in "0123456789")
    said = ["plus", _cardinal(33)] if phone.startswith("+") else []
    digits = digits[2:] if said else digits
    first = len(digits) % 2
    pairs = [digits[:first]] * first + [digits[i : i + 2] for i in range(first, len(digits), 2)]
    return " ".join(said + [_cardinal_text(pair) for pair in pairs])


def _date(match: re.Match[str]) -> str:
    day, month, year = map(int, match.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    return f" {'premier' if day == 1 else _cardinal(day)} {MONTHS[month - 1]} {_cardinal(year)} "


def _hour(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    name = "une heure" if hour == 1 else f"{_cardinal(hour)} heures" if hour else "zéro heure"
    return f" {name} {_cardinal(minute) if minute else ''} "


@lru_cache(maxsize=50_000)
def _cardinal(value: int) -> str:
    from num2words import num2words

    return str(num2words(value, lang="fr"))


@lru_cache(maxsize=10_000)
def _ordinal(value: int, suffix: str = "e") -> str:
    from num2words import num2words

    if suffix.startswith("nd"):
        said = {2: "seconde" if "e" in suffix else "second"}.get(value, str(num2words(value, lang="fr", to="ordinal")))
    elif value == 1:
        said = "première" if suffix.startswith(("r", "è")) else "premier"
    else:
        said = str(num2words(value, lang="fr", to="ordinal"))
    return said + ("s" if suffix.endswith("s") else "")


@lru_cache(maxsize=10_000)
def _roman(text: str) -> int:
    """Return the value of a correct Roman numeral made of i, v and x; 0 for anything else."""
    values = {"i": 1, "v": 5, "x": 10}
    letters = [values.get(c, 0) for c in text.lower()]
    if not letters or 0 in letters or len(letters) > 8:
        return 0
    total = sum(-a if a < b else a for a, b in zip(letters, [*letters[1:], 0], strict=True))
    units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return total if 0 < total < 40 and "x" * (total // 10) + units[total % 10] == text.lower() else 0
