"""Find names of people by what is said around them, by lists, and by their letters.

All of it reads text with capitals: :mod:`dialogue.privacy.recasing` gives them to text without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialogue.french.text import plain
from dialogue.privacy.lists import EVERYBODY, MARKERS, PARTICLES, REGIONS, folded, name_lists
from dialogue.privacy.mentions import Mention

TOKEN = re.compile(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)|\d+|[^\W\d_]+(?:['’][^\W\d_]+)?(?:-[^\W\d_]+)*", re.IGNORECASE
)
TITLES = frozenset(
    """monsieur madame mademoiselle m mme mlle mr mrs docteur dr professeur pr maitre adjudant capitaine lieutenant
    commandant brigadier gendarme general colonel sergent marechal caporal veuve epouse abbe nee messieurs mesdames
    docteure professeure infirmier infirmiere inspecteur inspectrice patient patiente""".split()
)
INTRODUCES = re.compile(
    r"(?:\b(?:[mst]'appell\w+|l'appelle|vous appelez|(?:pre)?nom(?: de (?:famille|jeune fille))?,? (?:c'est|est|:)"
    r"|au nom d[e']|de la part d[e']|se nomme|surnomme\w*|nommee?|dossier d[e']|sonnez chez|je te presente)|\bappelle)\s*:?\s*$"
)
FAMILY = re.compile(
    r"\b(?:m[ao]n?|s[ao]n?|t[ao]n?|notre|votre|leur|l[ea]|un|une)\s(?:petite?s?\s|grande?\s)?(?:fille|fils|femme|mari|frere|"
    r"soeur|sœur|cousine?|oncle|tante|neveu|niece|voisine?|copine?|copain|ami|amie|collegue|beau-frere|belle-soeur|"
    r"belle-sœur|belle-mere|beau-pere|gendre|jumeaux|jumelles|mere|pere|compagne|compagnon|epoux)\s$"
)
DETERMINERS = frozenset(
    """un une le la les des du ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs aucun
    chaque quelle quel premiere premier deux trois tres trop plus moins bien assez si en c'est est""".split()
)
ACTS = frozenset(  # what follows a name that opens a sentence
    """a est va vient dit fait prend etait avait sera aura peut doit m' t' s' n' l' me te se ne et tu on vous il elle
    arrive passe travaille habite veut voulait""".split()
)
_said = r"(?:[a-z]|z[eè]de?|i grec|double v[eé])"
_more = r"(?:accent (?:aigu|grave|circonflexe)|tr[eé]ma|c[eé]dille|tiret|apostrophe)"
SPELLED = re.compile(
    rf"(?<![\w'’-])(?:{_said}(?: {_more})?[ ,.-]+|(?:deux|double) [a-z](?:[ ,.-]+|(?=\W|$))){{2,}}(?:{_said}(?![\w'’]))?(?: {_more})?"
)
AS_IN = re.compile(r"(?<![\w'’])[a-zéè] comme [^\W\d_]+(?:[ ,.]+(?:et )?[a-zéè] comme [^\W\d_]+)+")
PLATE = re.compile(r"plaque|immatricul")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, and the same folded as the lists hold it."""

    text: str
    plain: str
    start: int
    end: int

    @property
    def tall(self) -> bool:
        return self.text[0].isupper()


def tokens(text: str) -> list[Token]:
    """Return the words of a text; an elided article is one, and a compound with hyphens too."""
    return [Token(m[0], plain(m[0]), m.start(), m.end()) for m in TOKEN.finditer(text)]


def opens(text: str, start: int) -> bool:
    """Tell whether a sentence begins at a character."""
    return re.search(r"(?:^|[.?!…\n»:]\s*|[–—-] )$", text[max(0, start - 4) : start]) is not None


def spelled(text: str) -> Iterator[Mention]:
    """Find names that are spelled, letter by letter or as *m comme Marcel*."""
    lower = text.lower()
    for pattern in (SPELLED, AS_IN):
        for found in pattern.finditer(lower):
            said = found[0].rstrip(" ,.-")
            letters = re.findall(r"(?<![\w'’])[a-z](?!\w)", said)
            if len(letters) >= 3 or (pattern is AS_IN and len(letters) >= 2):
                label = "PLAQUE" if PLATE.search(lower[max(0, found.start() - 60) : found.start()]) else "NOM"
                yield Mention(found.start(), found.start() + len(said), label, "rules")


def people(text: str) -> Iterator[Mention]:
    """Find the names of people in a text with capitals."""
    words = tokens(text)
    at = 0
    while at < len(words):
        found = _name(text, words, at)
        yield from found
        at = (
            next((n for n in range(at, len(words)) if words[n].start >= found[-1].end), len(words)) if found else at + 1
        )


def _name(text: str, words: Sequence[Token], at: int) -> list[Mention]:
    """Return the mentions of the name that begins at a word, if one does."""
    word = words[at]
    before = words[at - 1] if at else None
    if not (word.tall or word.plain in PARTICLES):
        return []
    near = before is not None and re.fullmatch(r"[ .]{1,2}", text[before.end : word.start])
    titled = bool(near and before and before.plain in TITLES)
    led = plain(text[max(0, word.start - 45) : word.start])
    announced = titled or bool(INTRODUCES.search(led) or FAMILY.search(led))
    parts = _parts(text, words, at, announced)
    if not parts:
        return []
    lists = name_lists()
    first = parts[0]
    name = folded(first.text)
    if name in lists.first and not (titled and len(parts) == 1):
        if not announced and not _means_person(text, words, at, len(parts)):
            return []
        source = "rules" if announced else "names"
        return [Mention(first.start, first.end, "PRENOM", source, 0.95), *_last(parts[1:], source)]
    if announced:
        given = parts[-1] if len(parts) > 1 and folded(parts[-1].text) in lists.first and titled else None
        family = _last(parts[:-1] if given else parts, "rules")
        return [*family, *([Mention(given.start, given.end, "PRENOM", "rules", 0.95)] if given else [])]
    sure = name in lists.last and not lists.common(name) and name not in lists.places
    if word.tall and sure:
        rest = [Mention(p.start, p.end, "PRENOM", "names", 0.8) for p in parts[1:2] if folded(p.text) in lists.first]
        return [Mention(first.start, first.end, "NOM", "names", 0.8), *rest]
    return []


def _last(parts: Sequence[Token], source: str) -> list[Mention]:
    return [Mention(parts[0].start, parts[-1].end, "NOM", source, 0.95)] if parts else []


def _parts(text: str, words: Sequence[Token], at: int, announced: bool) -> list[Token]:
    """Return the consecutive words that can be one name: with capitals, and the particles between them."""
    found: list[Token] = []
    tall = 0
    for n in range(at, min(len(words), at + 7)):
        word = words[n]
        joined = n == at or re.fullmatch(r"[ ]?", text[words[n - 1].end : word.start])
        if not joined or word.text.isdigit():
            break
        if (
            word.plain.strip("'’") in PARTICLES
            and (word.text[0].islower() or n + 1 < len(words))
            and not (word.tall and tall and not _tall_after(text, words, n))
        ):
            if (n == at and not announced) or not _tall_after(text, words, n):
                break
            found.append(word)
        elif word.tall and word.plain not in MARKERS and not (len(word.text) == 1):
            if tall and word.plain in EVERYBODY:
                break
            found.append(word)
            tall += 1
        else:
            break
    while found and found[-1].plain in PARTICLES and not found[-1].tall:
        found.pop()
    return found if tall else []


def _tall_after(text: str, words: Sequence[Token], n: int) -> bool:
    """Tell whether a capital follows a particle, after at most another particle."""
    for m in range(n + 1, min(len(words), n + 3)):
        if not re.fullmatch(r" ?", text[words[m - 1].end : words[m].start]):
            return False
        if words[m].tall and words[m].plain not in MARKERS:
            return True
        if words[m].plain.strip("'’") not in PARTICLES:
            return False
    return False


def _means_person(text: str, words: Sequence[Token], at: int, length: int) -> bool:
    """Tell whether a first name with a capital is a person here rather than a word or a place."""
    word, name, lists = words[at], folded(words[at].text), name_lists()
    if name in REGIONS or word.plain in EVERYBODY or word.plain in MARKERS:
        return False
    if length > 1:
        return True
    before = words[at - 1].plain if at else ""
    if name in lists.places and before in ("a", "sur", "vers", "depuis", "habite"):
        return False
    if not lists.common(name):
        return True
    if not opens(text, word.start):
        return True
    after = words[at + 1].plain if at + 1 < len(words) else ""
    following = text[word.end : word.end + 2]
    return after in ACTS or following[:1] in (",", "?", "!") or following == " ?"
