"""Give capitals back to the names of a text in lower case, so that what reads capitals finds them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from dialogue.french.text import plain
from dialogue.privacy.lists import EVERYBODY, MARKERS, PARTICLES, REGIONS, folded, name_lists
from dialogue.privacy.name_rules import ACTS, DETERMINERS, FAMILY, INTRODUCES, TITLES, Token, tokens
from dialogue.privacy.place_rules import AT, EMPLOYED

NAMED_AFTER = frozenset(  # streets and houses that bear a name
    "rue avenue boulevard lycee college ecole hopital clinique square allee impasse quai".split()
)
NOBLE = frozenset("de du d van von ben el da di o".split())
GREETS = re.compile(r"\b(?:bonjour|merci|salut|allo|coucou|bonsoir|au revoir|d'accord|et toi|et vous) $")
CLITIC = re.compile(
    r".*-(?:moi|toi|lui|nous|vous|leur|les?|la|y|en|ce|ils?|elles?|on|tu|je|ci|là|même|mêmes)", re.IGNORECASE
)
FEW = 0.005  # share of letters that are capitals, below which a text has none


class Lexicon(Protocol):
    """What is known of words.

    Attributes:
        knows_words: whether it knows the ordinary words, so that another one is likely to be a name.
    """

    knows_words: bool

    def proper(self, word: str) -> bool:
        """Tell whether a word in lower case is much rarer than with a capital, and is a name nearly always."""

    def rather(self, word: str) -> bool:
        """Tell whether a word in lower case is rarer than with a capital: a name as often as not."""

    def ordinary(self, word: str) -> bool:
        """Tell whether a word is a frequent one of the language."""


class ListedWords:
    """A lexicon of the lists alone."""

    knows_words = False

    def proper(self, word: str) -> bool:
        return name_lists().sure(folded(word))

    def rather(self, word: str) -> bool:
        return self.proper(word)

    def ordinary(self, word: str) -> bool:
        lists = name_lists()
        return lists.common(folded(word)) and not lists.person(folded(word))


def cased(text: str) -> bool:
    """Tell whether a text has capitals."""
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > FEW * len(letters)


def recased(text: str, lexicon: Lexicon, known: Collection[str] = ()) -> str:
    """Return a text in lower case with the first letter of names as a capital; of the same length.

    Args:
        known: folded words of names that are known for the recording.
    """
    words = tokens(text)
    tall: set[int] = set()
    for at, word in enumerate(words):
        before = words[at - 1] if at and text[words[at - 1].end : word.start].strip() == "" else None
        if word.plain in MARKERS or word.plain in EVERYBODY or len(word.plain) < 2 or CLITIC.fullmatch(word.text):
            continue
        if word.plain in known or _announced(text, words, at, before, lexicon):
            determined = before is not None and before.plain in DETERMINERS and name_lists().common(folded(word.text))
            if not determined or word.plain not in known or _announced(text, words, at, before, lexicon):
                tall.add(at)
        elif (
            len(word.plain) > 2
            and folded(word.text) not in REGIONS
            and word.plain not in PARTICLES
            and lexicon.proper(word.text)
        ):
            tall.add(at)
    tall |= _long_places(words, lexicon)
    letters = list(text)
    for at in tall:
        start = words[at].start
        letters[start] = letters[start].upper() if len(letters[start].upper()) == 1 else letters[start]
        for hyphen in re.finditer(r"-(?=[a-zà-ÿ]{3})", words[at].text):
            letters[start + hyphen.end()] = letters[start + hyphen.end()].upper()
    return "".join(letters)


def _announced(text: str, words: list[Token], at: int, before: Token | None, lexicon: Lexicon) -> bool:
    """Tell whether the words before a word say that it is a name."""
    word = words[at]
    if _subject(text, words, at):
        return True
    if before is None or word.plain in PARTICLES or word.plain.endswith("'"):
        return False
    named = name_lists().person(folded(word.text))
    listed = named or folded(word.text) in name_lists().places
    led = plain(text[max(0, words[at].start - 45) : words[at].start])
    if before.plain in NAMED_AFTER or (
        at > 1 and words[at - 2].plain in NAMED_AFTER and named and before.plain not in PARTICLES
    ):
        return listed or not lexicon.ordinary(word.text)
    if AT.search(led) and folded(word.text) in name_lists().places:
        return lexicon.rather(word.text)
    if EMPLOYED.search(led) or (GREETS.search(led) and named):
        return named or not lexicon.ordinary(word.text)
    back = at - 1
    while back > 0 and words[back].plain.strip("'’") in PARTICLES:
        back -= 1
    through = back < at - 1
    titled = words[back].plain in TITLES and "\n" not in text[words[back].start : word.start]
    if titled and words[back].plain in ("general", "patient", "patiente") and not named:
        return False
    if titled and through and words[back + 1].plain.strip("'’") in NOBLE:  # madame de la tour, not monsieur le maire
        return True
    if titled:
        return named or not lexicon.ordinary(word.text)
    if INTRODUCES.search(led):
        return named or not lexicon.ordinary(word.text)
    if FAMILY.search(led):
        return folded(word.text) in name_lists().first
    # what follows a first name that is nothing else
    first = folded(before.text)
    sure = first in name_lists().first and not name_lists().common(first)
    unheard = lexicon.knows_words and not lexicon.ordinary(word.text)
    return sure and (named or unheard) and not re.search(r"\n", text[before.end : word.start])


def _subject(text: str, words: list[Token], at: int) -> bool:
    """Tell whether a first name opens a line and something is said of it: *claire va passer*."""
    name, lists = folded(words[at].text), name_lists()
    opening = not text[: words[at].start].rpartition("\n")[2].strip()
    after = words[at + 1].plain.replace("’", "'") if at + 1 < len(words) else ""
    return opening and name in lists.first and name not in REGIONS and after in ACTS


def _long_places(words: list[Token], lexicon: Lexicon) -> set[int]:
    """Return the words of places that have several: ``aix les bains``."""
    lists, found = name_lists(), set()
    for at in range(len(words)):
        for size in range(5, 1, -1):
            group = words[at : at + size]
            if len(group) == size and group[-1].start - group[0].start < 40:
                name = " ".join(folded(w.text) for w in group)
                if (
                    name in lists.places
                    and not lists.common(name)
                    and name not in REGIONS
                    and any(w.plain not in PARTICLES and not lexicon.ordinary(w.text) for w in group)
                ):
                    found |= {at + n for n in range(size) if group[n].plain not in PARTICLES or n == 0}
                    break
    return found
