"""Words as the index holds them: folded, and reduced to light stems, so that ``décidées`` finds ``décidé``.

The stems are those of Savoy's minimal stemmer (A Stemming Procedure and Stopword List for General French Corpora,
JASIS 50(10), 1999), with two differences: words are folded first, because neither recognisers nor people type all
accents, and a final ``e`` is also removed before the ``r``, so that ``première`` is ``premier``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dialogue.french.text import STOPWORDS, fold, plain

WORD = re.compile(r"\d+|[^\W\d_]+")
SHORTEST = 3  # letters that a stem keeps


def stems(text: str) -> list[str]:
    """Return the stems of all words of a text, in order; hesitations have none."""
    return [stem(word) for word in WORD.findall(fold(text))]


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in order."""
    words = WORD.findall(fold(text))
    return [stem(w) for w in words if w not in STOPWORDS and (len(w) > 2 or w.isdigit())]


def positions(text: str) -> list[tuple[str, int, int]]:
    """Return the stems with the place of each word in the text: start, and end, exclusive."""
    return [(stem(found[0]), *found.span()) for found in WORD.finditer(plain(text))]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    if word.endswith("aux") and len(word) > SHORTEST + 1:
        word = word[:-1] if word.endswith("eaux") else f"{word[:-2]}l"
    for ending in ("s", "x", "e", "r", "e"):
        if len(word) > SHORTEST and word.endswith(ending):
            word = word[:-1]
    if len(word) > SHORTEST and word[-1] == word[-2]:
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > SHORTEST and word.endswith("y") else word
