"""Write one thing in the form of another: digits or number words, spelled letters, lower or upper case."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dialogue.french.digits import cardinal
from dialogue.french.in_digits import VALUES, in_digits
from dialogue.french.text import plain

NUMBER_WORDS = frozenset(map(plain, VALUES)) | {"vingts", "cent", "cents", "mille", "premier", "premiere"}
JOINED = 9  # words of the longest number: mille neuf cent quatre-vingt-dix-neuf
APART = re.compile(
    r"\b(?:vingt|trente|quarante|cinquante|soixante|quatre|dix) (?:vingt|dix|onze|[dtqcsnu]\w+)\b(?<!cent)"
)
LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "a|bé|cé|dé|e|effe|gé|hache|i|ji|ka|elle|emme|enne|o|pé|cu|erre|esse|té|u|vé|double vé|ixe|i grec|zède".split(
            "|"
        ),
        strict=True,
    )
)
SPOKEN = {plain(said): letter for letter, said in LETTERS.items()} | {letter: letter for letter in LETTERS}
_letter = "|".join(sorted((said.replace(" ", "[ -]") for said in SPOKEN), key=len, reverse=True))
SPELLED = re.compile(rf"(?:{_letter})(?:[\s,.\-]+(?:{_letter}))+[.,]?")


class SaidNumber(NamedTuple):
    """A number in a text: its characters, its digits (leading zeros included), and whether it is in words."""

    start: int
    end: int
    digits: str
    in_words: bool


def numbers(text: str) -> list[SaidNumber]:
    """Return the numbers of a text in order; of number words, the longest that are one number.

    ``zéro six, douze`` is 0, 6, 12 and ``soixante-dix-huit`` 78.
    """
    folded = plain(text)
    pieces = list(re.finditer(r"\d+|[^\W\d_]+", folded))
    found, place = list[SaidNumber](), 0
    while place < len(pieces):
        piece = pieces[place]
        last = place
        if piece[0].isdecimal():
            found.append(SaidNumber(piece.start(), piece.end(), text[piece.start() : piece.end()], False))
        elif piece[0] in NUMBER_WORDS:
            while (
                last + 1 < min(len(pieces), place + JOINED)
                and (pieces[last + 1][0] in NUMBER_WORDS or pieces[last + 1][0] == "et")
                and folded[pieces[last].end() : pieces[last + 1].start()] in (" ", "-")
            ):
                last += 1
            for end in range(last, place - 1, -1):
                if value := _value(folded[piece.start() : pieces[end].end()]):
                    found.append(SaidNumber(piece.start(), pieces[end].end(), value, True))
                    last = end
                    break
            else:
                last = place
        place = last + 1
    return found


def _value(words: str) -> str:
    if words in ("un", "une", "premier", "premiere"):
        return "1"
    value = in_digits(re.sub(r"\bzero\b", "zéro", words))
    return value if value.isdecimal() else ""


def said(digits: str, hyphens: bool = True) -> str:
    """Return digits in words; leading zeros are said one by one: ``05`` is ``zéro cinq``."""
    rest = digits.lstrip("0")
    words = ["zéro"] * (len(digits) - len(rest)) + ([cardinal(int(rest))] if rest else [])
    return " ".join(words) if hyphens else " ".join(words).replace("-", " ")


def digits_of(text: str) -> str:
    """Return all digits of a text, those of number words included."""
    return "".join(number.digits for number in numbers(text))


def with_digits(text: str, digits: str) -> str:
    """Return a text with other digits, as many as it has, each number in digits or in words as it was."""
    found, first = list[tuple[int, int, str]](), 0
    hyphens = has_hyphens(text)
    for number in numbers(text):
        taken = digits[first : first + len(number.digits)]
        first += len(number.digits)
        found.append((number.start, number.end, said(taken, hyphens) if number.in_words else taken))
    return edited(text, found)


def has_hyphens(text: str) -> bool:
    """Tell whether number words are joined by hyphens (``trente-deux``); if none shows it, they are."""
    return not any(n.in_words and APART.search(plain(text[n.start : n.end])) for n in numbers(text))


def edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """Return a text in which characters ``start`` to ``end`` are replaced; the edits are in order, without overlap."""
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


def like(original: str, new: str) -> str:
    """Return a name in the case of another: all lower, all upper, or as it is."""
    if original.islower():
        return new.lower()
    return new.upper() if original.isupper() and sum(c.isalpha() for c in original) > 1 else new


def unspelled(text: str) -> str:
    """Return the letters of a spelled name, ``D, U, R`` or ``dé u erre``; empty if it is not spelled."""
    folded = plain(text).strip()
    if not SPELLED.fullmatch(folded):
        return ""
    return "".join(SPOKEN[re.sub("[ -]", " ", found)] for found in re.findall(_letter, folded))


def spelled_like(text: str, new: str) -> str:
    """Return a name spelled as another is: with the same signs between letters, said by name or not, in its case."""
    folded = plain(text)
    signs = re.findall(rf"(?:{_letter})([\s,.\-]+)(?=(?:{_letter}))", folded)
    by_name = any(len(found) > 1 for found in re.findall(_letter, folded))
    letters = [c for c in plain(new) if c.isalpha()]
    spell: Callable[[str], str] = LETTERS.__getitem__ if by_name else str
    return like(
        text, (signs[0] if signs else " ").join(spell(c).upper() if text.isupper() else spell(c) for c in letters)
    )
