"""French numbers under 60 in words, as in spoken dates, hours and counts; for folded text."""

from __future__ import annotations

import re

UNITS = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50}
NUMBERS = {word: value for value, word in enumerate(UNITS)} | TENS | {"une": 1, "premier": 1, "1er": 1}
NUMBERS |= {f"dix-{UNITS[unit]}": 10 + unit for unit in (7, 8, 9)}
for _word, _ten in TENS.items():
    NUMBERS |= {f"{_word} et un": _ten + 1, f"{_word} et une": _ten + 1}
    NUMBERS |= {f"{_word}-{UNITS[unit]}": _ten + unit for unit in range(2, 10)}

NUMBER_WORDS = "|".join(  # a pattern, longest words first
    re.escape(w).replace(r"\-", "[- ]").replace(r"\ ", "[- ]") for w in sorted(NUMBERS, key=len, reverse=True)
)
NUMBER = rf"(?:\d{{1,2}}(?:er)?|{NUMBER_WORDS})"


def number(words: str) -> int:
    """Return the value of a number under 60, in digits or in words.

    Raises:
        ValueError: it is no such number.
    """
    words = re.sub(r"\s+", " ", words.strip())
    digits = re.match(r"\d+", words)
    if digits:
        return int(digits[0])
    for key in (words, words.replace(" ", "-"), words.replace("-", " ")):
        if key in NUMBERS:
            return NUMBERS[key]
    raise ValueError(f"found {words!r}. Accepted: a French number under 60.")
