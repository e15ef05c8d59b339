"""Write numbers in words as digits: ``vingt-trois mille`` is ``23000``, and ``un`` stays a word."""

from __future__ import annotations

import re
from functools import lru_cache

UNITS = """zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize""".split()
TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "octante": 80,
    "huitante": 80,
    "nonante": 90,
}
VALUES = {**{word: value for value, word in enumerate(UNITS)}, **TENS, "une": 1}
ELSEWHERE = {
    "septante": "soixante dix",
    "octante": "quatre vingt",
    "huitante": "quatre vingt",
    "nonante": "quatre vingt dix",
}
WORD = rf"(?:{'|'.join(sorted([*VALUES, 'vingts', 'cents?', 'mille'], key=len, reverse=True))})"
RUN = re.compile(rf"(?<![\w-]){WORD}(?:(?:[ -]et[ -]|[ -]){WORD})*(?![\w-])", re.IGNORECASE)
ALONE = ("un", "une")  # articles as often as numbers


def in_digits(text: str) -> str:
    """Return text with its cardinal numbers in digits; words that are not one number, as *deux trois*, stay."""
    return RUN.sub(lambda found: _digits(found[0].lower()) or found[0], text)


@lru_cache(4096)
def _digits(words: str) -> str | None:
    from num2words import num2words

    if words in ALONE:
        return None
    parts = [word.removesuffix("s") if word in ("vingts", "cents") else word for word in re.split("[ -]", words)]
    total = rest = 0
    for word in parts:
        if word == "cent":
            rest = max(1, rest) * 100
        elif word == "mille":
            total, rest = total + max(1, rest) * 1000, 0
        elif word == "vingt" and rest % 100 == 4:
            rest += 76
        else:
            rest += VALUES.get(word, 0)
    value = total + rest
    return str(value) if _same(" ".join(parts), num2words(value, lang="fr")) else None


def _same(said: str, written: str) -> bool:
    """Tell whether two numbers in words are one, whatever the hyphens, plurals and the words of Brussels or Geneva."""

    def plain(text: str) -> str:
        text = re.sub("[ -]+", " ", text).replace("vingts", "vingt").replace("cents", "cent").replace("une", "un")
        for there, here in ELSEWHERE.items():
            text = text.replace(f"{there} et un", f"{here} un").replace(there, here)
        return text.replace(" et ", " ")

    return _tens(plain(said)) == _tens(plain(written))


def _tens(text: str) -> str:
    """Join what is counted from ten on: *soixante dix deux*, as of *septante-deux*, is *soixante douze*."""
    for value, word in enumerate(UNITS[1:7], start=1):
        text = re.sub(rf"\bdix {word}\b", UNITS[10 + value], text)
    return text
