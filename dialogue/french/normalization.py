"""Normalise French text before scoring, so that only what is said counts, not how it is written.

Digits become words (:mod:`dialogue.french.digits`). Marks specific to a corpus (pauses, pronunciations) are stripped by
its importer; only marks that most transcription conventions share are stripped here.

Levels, each with a version that goes into every file of scores (scores of different versions do not compare):

- ``fr-strict``: all words, disfluencies included;
- ``fr-std``: without hesitations (euh, heu, hum, hm, mm...); ben, bah, hein and ouais are words and stay;
- ``fr-lenient``: also without these words and without word fragments (``chort-``; optional in NIST's scoring); accents
  folded, silent plural ``s`` dropped, ``une`` and ``un`` alike. It shows the cost of spelling; never the only score;
- ``en-std``: English, by Whisper's own normaliser (Radford et al. 2022, appendix C).

Version 2 of the French levels corrects ordinals (``80e`` was *quatre-vingtsième*), and reads units, fractions, money
and Belgian and Swiss numbers like their spoken forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from dialogue.french.digits import cardinal, in_words, one_way, ordinal, roman
from dialogue.french.text import unaccented

VERSIONS = {
    "fr-strict": "fr-strict/2",
    "fr-std": "fr-std/2",
    "fr-lenient": "fr-lenient/2",
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
    "€": "euros",
    "$": "dollars",
    "£": "livres",
    "n°": "numéro",
    "°c": "degrés celsius",
    "°": "degrés",
    "×": "fois",
    "&": "et",
    "@": "arobase",
}
# Replaced before lower-casing.
TYPOGRAPHY = str.maketrans(
    dict.fromkeys("’‘ʼ′´`", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ﬁ": "fi", "ﬂ": "fl", "º": "°", "ᵉ": "e", "ʳ": "r"}
)
MISTER = re.compile(r"\bM\.\s+(?=[A-ZÀ-Ý])")
FIRST = re.compile(r"\bI(er|re|ère)\b")
ROMAN_ORDINAL = re.compile(r"\b([XVI]{2,5}|[XV]|[xvi]{1,5}(?=(?:e|ème) siècles?\b))(?:e|ème)\b")  # XXIe, Ve; not "Ce"
GRAMS = re.compile(r"(?<![\w.,])([0-9]+(?:[.,][0-9]+)?)\s?g(?![\w'])")  # before lower-casing: 5G is no mass
MILLIONS = re.compile(r"([0-9])\s?M(?![\w'€$£²³./])")
FIGURES = frozenset("0123456789½⅓⅔¼¾")
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
    if any(c in FIGURES for c in text):
        text = in_words(text)
    for symbol, words in SYMBOLS.items():
        if symbol in text:
            text = text.replace(symbol, f" {words} ")
    text = ELIDED.sub(lambda m: re.sub("'+", "\0 ", m[1]), text).replace("'", "")  # others: aujourdhui, ptit
    found = (_word(word.replace("\0", "'"), level) for word in WORD.findall(text))
    text = one_way(" ".join(word for word in found if word))
    return " ".join(said for word in text.split() if (said := _lenient(word))) if level == "fr-lenient" else text


@lru_cache(maxsize=1)
def _english() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer

    normalizer: Callable[[str], str] = EnglishTextNormalizer()
    return normalizer


def _lower(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\0", " ")).translate(TYPOGRAPHY)
    text = MISTER.sub("monsieur ", text)
    text = FIRST.sub(lambda m: "premier" if m[1] == "er" else "première", text)
    text = MILLIONS.sub(r"\1 millions", GRAMS.sub(lambda m: f"{m[1]} gramme{'' if m[1] in '01' else 's'}", text))
    text = ROMAN_ORDINAL.sub(lambda m: ordinal(roman(m[1])) if roman(m[1]) else m[0], text)
    text = REGNAL.sub(lambda m: f"{m[1]} {cardinal(roman(m[2]))}" if roman(m[2]) else m[0], text)
    text = unicodedata.normalize("NFC", text.lower())
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
    return INITIALS.sub(lambda m: m[0].replace(".", ""), text)


@lru_cache(maxsize=100_000)
def _word(word: str, level: str) -> str:
    """Return a word's normal form: empty if the level drops it, several words for an abbreviation."""
    value = roman(word) if len(word) > 2 and set(word) != {"x"} else 0  # xxx is unintelligible speech in CHAT
    said = cardinal(value).replace("-", " ") if value else VARIANTS.get(word, word)
    if level != "fr-strict" and HESITATION.fullmatch(said):
        return ""
    return said


def _lenient(word: str) -> str:
    folded = _fold(word)
    return "" if HESITATION.fullmatch(folded) else LENIENT.get(folded, folded)


def _fold(word: str) -> str:
    """Remove accents, and the silent plural ``s`` of words of four letters or more."""
    plain = unaccented(word)
    return plain.rstrip("s") if len(plain) > 3 else plain


LENIENT = {_fold(word): " ".join(map(_fold, said.split())) for word, said in VARIANTS.items()}
LENIENT |= {_fold(word): "" for word in INTERJECTIONS} | {"une": "un"}
