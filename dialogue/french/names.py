"""Recognise names of people, and decide whether two spellings are the same name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from dialogue.french.text import plain

SIMILAR = 0.8  # smallest difflib.SequenceMatcher ratio of folded names with the same first letter
NAME = r"[A-ZÀ-Ý][a-zà-ÿ'’]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?"
NOT_NAMES = frozenset(
    """parfait alors bon oui non exactement attention super merci bonjour voila ensuite enfin demain franchement
    monsieur madame docteur bref ecoutez ecoute pardon bien quoi comment pourquoi quand bonsoir salut ok moi toi vous
    nous eux lui elle tu je il elles ils on ca et mais donc puis sinon aujourd'hui lundi mardi mercredi jeudi vendredi
    samedi dimanche tout tous toute rien personne quelqu'un allo excellent entendu effectivement maintenant justement
    dernier premier deuxieme prochaine vraiment peut-etre absolument evidemment finalement voyons attendez attends
    regardez regarde tenez tiens allez vas dites dis autre france paris europe internet""".split()
)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are equal except for accents and case, or a slight misspelling of one another."""
    a, b = plain(one), plain(other)
    if a == b:
        return True
    close = min(len(a), len(b)) >= 4 and a[:1] == b[:1]
    return close and difflib.SequenceMatcher(None, a, b).ratio() >= SIMILAR


def spelling(name: str, known: Sequence[str]) -> str | None:
    """Return the entry of ``known`` that ``name`` refers to, by the full name or by one of its words."""
    for candidate in known:
        if same_name(name, candidate) or any(same_name(name, part) for part in candidate.split()):
            return candidate
    return None
