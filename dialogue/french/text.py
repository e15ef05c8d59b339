"""Fold French text so that cue phrases match spoken French, remove hesitations, and compare texts by content words.

Folding keeps the length of a text, so that a span found in the folded text is the same span of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

# Capitalised "Ben" is a name ("Ben pilote le chantier") unless it opens a sentence and the next words show otherwise
# ("Ben, je..."); "Bah" and "Hein" are names only if participants have them.
HESITATION = re.compile(
    r"\b(?:(?i:euh|heu|hum|hm|mh|mmh)|ben|bah|hein|(?P<capital>Bah|Hein|(?:(?<=^)|(?<=[.?!…] ))Ben(?=\s*,"
    r"|\s+(?i:euh|heu|hum|ben|bah|hein|oui|non|ouais|si|voilà|ça|je|tu|on|nous|vous)\b|\s+(?:j|c)['’])))\b[ ,]*"
)
STOPWORDS = frozenset(
    """a ai aie aient ait alors apres as au aucun aurait aussi autre autres aux avait avant avec avoir avons
    ayant beaucoup bien bon bonjour c ca car ce cela celle celui ces cet cette ceux chaque chose choses comme
    comment c'est d dans de deja depuis des deux dire dit doit donc dont du elle elles en encore enfin ensuite
    entre es est et etaient etait etant etc ete etes etre eu euh eux fais fait faire fait faut fois font hein
    ici il ils j jamais je jusque l la le les leur leurs lui m ma mais me meme memes merci mes moi moins mon n
    ne ni non nos notre nous on ont ou oui par parce parfait pas peu peut peux plus plutot pour pourquoi pouvez
    puis qu quand que quel quelle quelles quelque quelques quels qui quoi rien s sa sais sait sans se sera
    serait ses si soit son sont sous suis super sur surtout t ta tandis te tes toi ton toujours tous tout toute
    toutes tres trop tu un une va vais vas vers veux voila vont vos votre vous voulez vraiment vu y avez avaient
    aujourd hui madame monsieur accord allez aller effectivement exactement justement finalement peuvent propose
    proposons veut faudrait""".split()
)
FRENCH = frozenset("le la les des est une dans pour que qui pas avec sur du au et en on il nous plus".split())
ENGLISH = frozenset("the of and to is for that with are was will this on in it be not we have from".split())


def unaccented(text: str) -> str:
    """Remove accents: ``é`` becomes ``e``. The length may change, the case does not."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in "’ʼ‘`´":
        return "'"
    return unicodedata.normalize("NFD", character.lower())[0]


def plain(text: str) -> str:
    """Return the text in lower case, without accents, with straight apostrophes; of the same length."""
    return "".join(map(_plain_character, text))


def fold(text: str, people: Collection[str] = ()) -> str:
    """Return :func:`plain` text with hesitations replaced by spaces; of the same length.

    Args:
        people: plain words of names that are not hesitations, such as ``ben``.
    """
    folded = plain(text)
    for found in HESITATION.finditer(text):
        if not _is_name(found, people):
            folded = folded[: found.start()] + " " * len(found[0]) + folded[found.end() :]
    return folded


def _is_name(hesitation: re.Match[str], people: Collection[str]) -> bool:
    return bool(hesitation["capital"]) and plain(hesitation["capital"]) in people


def spaced(text: str) -> str:
    """Return a French text with no-break spaces before ``: ; ? ! %`` and inside quotation marks."""
    return re.sub(r"(?<=«) | (?=[:;?!%»])", "\u00a0", text)


def tidy(text: str, people: Collection[str] = ()) -> str:
    """Make a quotation readable: no hesitations or repeated words, first letter upper-case, no final punctuation.

    Args:
        people: as for :func:`fold`.
    """
    found = reversed(list(re.finditer(rf"(?:,\s*)?{HESITATION.pattern.removesuffix('[ ,]*')},?", text)))
    for hesitation in found:
        if not _is_name(hesitation, people):
            text = text[: hesitation.start()] + text[hesitation.end() :]
    text = re.sub(r"(?i)\b(\w+)(\s+\1\b)+", r"\1", text)
    text = re.sub(r"\s+", " ", text).strip(' ,;:.?!…-«»"')
    return text[:1].upper() + text[1:]


def cue(*alternatives: str) -> re.Pattern[str]:
    """Build a pattern of whole words for folded text; a space matches any spacing, and apostrophes are optional."""
    joined = "|".join(a.replace("'", r"'?\s?").replace(" ", r"[\s,]+") for a in alternatives)
    return re.compile(rf"(?<![\w'])(?:{joined})(?!\w)")


@lru_cache(maxsize=4096)  # the minutes' rules ask for the same sentences many times
def content_words(text: str) -> tuple[str, ...]:
    """Return stems (five letters) of the words that carry meaning; numbers are kept whole."""
    words = re.findall(r"\d+|[^\W\d_]+", fold(text))
    return tuple(w if w.isdigit() else w[:5] for w in words if (len(w) > 2 or w.isdigit()) and w not in STOPWORDS)


def overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's content words that the longer one holds, in [0, 1]."""
    a, b = set(content_words(one)), set(content_words(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def normalised(text: str) -> str:
    """Return folded letters and digits with single spaces, for comparing quotations."""
    folded = "".join(c if c.isalnum() else " " for c in fold(text))
    return " ".join(folded.split())


def language_of(text: str) -> str | None:
    """Return ``fr`` or ``en`` by common words, or ``None`` if there are too few to decide."""
    words = re.findall(r"[a-z]+", fold(text))
    french, english = sum(w in FRENCH for w in words), sum(w in ENGLISH for w in words)
    if french + english < 8 or french == english:
        return None
    return "fr" if french > english else "en"


def other_language(text: str, wanted: str) -> str:
    """Return what is wrong with the language of a text, or an empty string."""
    found = language_of(text)
    return f"in another language ({found})" if found not in (None, wanted) else ""
