"""Recognise names of people, and decide whether two spellings are the same name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from dialogue.french.first_names import FIRST_NAMES
from dialogue.french.text import plain

SIMILAR = 0.8  # smallest difflib.SequenceMatcher ratio of folded names with the same first letter
NAME = r"[A-ZÀ-Ý][a-zà-ÿ'’]+(?:-[A-ZÀ-Ý][a-zà-ÿ'’]+)?"
# Words that open a sentence or address somebody, and resemble a name. Those of the second part are names of a few
# people, but above all feasts and months, countries and towns, titles, members of a family, adjectives.
NOT_NAMES = frozenset(
    """parfait alors bon oui non exactement attention super merci bonjour voila ensuite enfin demain franchement
    monsieur madame docteur bref ecoutez ecoute pardon bien quoi comment pourquoi quand bonsoir salut ok moi toi vous
    nous eux lui elle tu je il elles ils on ca et mais donc puis sinon aujourd'hui lundi mardi mercredi jeudi vendredi
    samedi dimanche tout tous toute rien personne quelqu'un allo excellent entendu effectivement maintenant justement
    dernier premier deuxieme prochaine vraiment peut-etre absolument evidemment finalement voyons attendez attends
    regardez regarde tenez tiens allez vas dites dis autre europe internet

    noel toussaint assomption epiphanie ascension pentecote conception incarnation avril mai juin juillet july june
    janvier paris france israel albanie argentine kenya tchad fidji arizona islam sydney santiago bahia
    jersey lourdes alsace medina damas
    prince reine sultan emir hadj saint don sire maitre abbe frere mama maman papa mamy papy tata tonton bibi
    christ chretien clair junior juste loup just fidele fortune harmonie esperance grace prudent vital urbain van
    """.split()
)
ADVERB = re.compile(r"[a-z]{3,}m[ae]nt")


def is_first_name(word: str) -> bool:
    """Tell whether a word, or each part of a compound, is a first name given in France and usually means a person."""
    name = plain(word)
    parts = [name] if name in FIRST_NAMES else name.split("-")
    return all(part in FIRST_NAMES and part not in NOT_NAMES for part in parts)


def is_word(word: str) -> bool:
    """Tell whether a word is a common one that resembles names: ``mardi`` is not Marie, ``clairement`` not Clément."""
    name = plain(word)
    return name in NOT_NAMES or (name not in FIRST_NAMES and ADVERB.fullmatch(name) is not None)


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


def numbered(speaker: str, language: str | None = "fr") -> str:
    """Return what to call a voice without a name: ``spk2`` is Intervenant 2; any other label stays as it is."""
    word = "Speaker" if language == "en" else "Intervenant"
    return f"{word} {speaker[3:]}" if re.fullmatch(r"spk\d+", speaker) else speaker
