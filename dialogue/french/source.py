"""Support: are the names and the numbers of a text in what it was written from?

A cheap sign of what a model made up, and one that tells systems apart where ROUGE does not. A word with a capital inside a
sentence stands for a name (a title, a nationality is one too); the name counts as supported when it stands in the source, accents
and case aside. A number in digits is supported when the source has it, in digits or in words ("cent vingt" holds 20 too). Support
says nothing of what is said about a name: 100 % is needed, and is not enough.
"""

from __future__ import annotations

import re
from functools import cached_property

from dialogue.french.normalization import normalize
from dialogue.french.text import unaccented

# After a small letter, a comma or another name: not the first word of a sentence. After an elision (l'Europe) always.
PROPER = re.compile(r"(?:(?<=[a-zà-ÿœ,;]\s)|(?<=\w['’]))[A-ZÀ-ÖØ-ÞŒ][\w-]{2,}")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?:er|ère|e|ème|h\d*)?(?!\w)")  # 12; 3,5; 1er; 17h30; not G20
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")  # 10 000
MONTH_OR_DAY = frozenset(  # a capital in English, and no name
    """january february march april may june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday""".split()
)


class Source:
    """What a text must be found in: a transcript, its title, the names of its speakers; read once for many texts."""

    def __init__(self, text: str) -> None:
        self._text = text

    def names(self, name: str) -> bool:
        """Whether the parts of a name stand there in a row: ``Jean-Luc`` is ``jean luc``."""
        return f" {_parts(name)} " in self._said

    def counts(self, number: str) -> bool:
        """Whether a number stands there, in digits or in French words."""
        return f" {_parts(number)} " in self._said or f" {normalize(number, 'fr-strict')} " in self._spelt

    @cached_property
    def _said(self) -> str:
        return f" {_parts(_joined(self._text))} "

    @cached_property
    def _spelt(self) -> str:
        return f" {normalize(self._text, 'fr-strict')} "


def names(text: str) -> list[str]:
    """The names of a text in order, each as often as it is there."""
    return [found for found in PROPER.findall(text) if _lower(found) not in MONTH_OR_DAY]


def numbers(text: str) -> list[str]:
    """The numbers in digits, in order; ``10 000`` is ``10000``."""
    return NUMBER.findall(_joined(text))


def unsupported(text: str, source: Source) -> list[str]:
    """Names and numbers of a text that its source does not hold, once each."""
    unknown = [n for n in names(text) if not source.names(n)] + [n for n in numbers(text) if not source.counts(n)]
    return list(dict.fromkeys(unknown))


def _joined(text: str) -> str:
    return THOUSANDS.sub(lambda found: re.sub(r"\s", "", found[0]), text)


def _parts(text: str) -> str:
    """Runs of letters and runs of digits, folded: ``20h`` is ``20 h``."""
    return " ".join(re.findall(r"\d+|[^\W\d_]+", _lower(text)))


def _lower(text: str) -> str:
    return unaccented(text.lower().replace("œ", "oe").replace("æ", "ae"))
