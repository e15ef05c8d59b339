"""Check support: do the names and numbers of a text occur in its source?

This is a cheap sign of invented content, and distinguishes systems where ROUGE does not. A capitalised word inside a
sentence counts as a name (also a title or a nationality); it is supported if it occurs in the source, whatever its
accents and case. A number in digits is supported if the source has it, in digits or in words ("cent vingt" holds 20
too). Support says nothing about the claims on a name: 100 % is necessary, but not sufficient.
"""

from __future__ import annotations

import re
from functools import cached_property

from dialogue.french.normalization import normalize
from dialogue.french.text import unaccented

# After a lower-case letter, a comma or another name, so not the first word of a sentence. After an elision (l'Europe)
# always.
PROPER = re.compile(r"(?:(?<=[a-zà-ÿœ,;]\s)|(?<=\w['’]))[A-ZÀ-ÖØ-ÞŒ][\w-]{2,}")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?:er|ère|e|ème|h\d*)?(?!\w)")  # 12; 3,5; 1er; 17h30; not G20
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")  # 10 000
MONTH_OR_DAY = frozenset(  # capitalised in English, but not names
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)


class Source:
    """Text that supports others: a transcript, its title, the names of its speakers; prepared once for many texts."""

    def __init__(self, text: str) -> None:
        self._text = text

    def names(self, name: str) -> bool:
        """Tell whether the parts of a name occur consecutively: ``Jean-Luc`` is ``jean luc``."""
        return f" {_parts(name)} " in self._said

    def counts(self, number: str) -> bool:
        """Tell whether a number occurs, in digits or in French words."""
        return f" {_parts(number)} " in self._said or f" {normalize(number, 'fr-strict')} " in self._spelt

    @cached_property
    def _said(self) -> str:
        return f" {_parts(_joined(self._text))} "

    @cached_property
    def _spelt(self) -> str:
        return f" {normalize(self._text, 'fr-strict')} "


def names(text: str) -> list[str]:
    """Return the names in a text in order, with repetitions."""
    return [found for found in PROPER.findall(text) if _lower(found) not in MONTH_OR_DAY]


def numbers(text: str) -> list[str]:
    """Return the numbers in digits, in order; ``10 000`` is ``10000``."""
    return NUMBER.findall(_joined(text))


def unsupported(text: str, source: Source) -> list[str]:
    """Return the names and numbers of a text that its source does not hold, once each."""
    unknown = [n for n in names(text) if not source.names(n)] + [n for n in numbers(text) if not source.counts(n)]
    return list(dict.fromkeys(unknown))


def _joined(text: str) -> str:
    return THOUSANDS.sub(lambda found: re.sub(r"\s", "", found[0]), text)


def _parts(text: str) -> str:
    """Split into folded runs of letters and runs of digits: ``20h`` is ``20 h``."""
    return " ".join(re.findall(r"\d+|[^\W\d_]+", _lower(text)))


def _lower(text: str) -> str:
    return unaccented(text.lower().replace("œ", "oe").replace("æ", "ae"))
