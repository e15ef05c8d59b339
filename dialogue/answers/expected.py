"""What kind of answer a question expects: a date, an hour, an amount of money, a duration, a number, a person.

The first step of classical question answering (Prager, Open-Domain Question-Answering, 2006): a passage that names the
subject but holds no number does not answer "combien". Patterns are searched in folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogue.french.numbers import NUMBERS
from dialogue.french.text import fold

_COUNT = rf"(?:\d[\d .,]*|{'|'.join(w for w in NUMBERS if w not in ('un', 'une') and ' ' not in w)}|cents?|mille)"
_WHAT = r"quel(?:le)?s? (?:est |sont |etait |etaient |sera |serait )?(?:le |la |les |l')?(?:nouve(?:au|lle) )?"
_UNITS = "minutes?|heures?|jours?|semaines?|mois|ans?|annees?|journee|demi-journee|nuits?|quinzaine"
_DAYS = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|janvier|fevrier|mars|avril|mai|juin|juillet|aout|"
    r"septembre|octobre|novembre|decembre|semaine|quinzaine|ce soir|maintenant|avant midi|vacances|rentree|"
    r"\d{1,2}/\d{1,2}"
)


@dataclass(frozen=True)
class Kind:
    """A kind of answer.

    Attributes:
        asks: how a question asks for it.
        answers: how an answer looks.
        needed: whether only such a passage answers; if not, it is preferred.
    """

    asks: re.Pattern[str]
    answers: re.Pattern[str]
    needed: bool = True


def _kind(asks: str, answers: str, needed: bool = True) -> Kind:
    return Kind(re.compile(rf"(?<!\w)(?:{asks})(?!\w)"), re.compile(rf"(?<![\w])(?:{answers})(?!\w)"), needed)


KINDS = (  # the first that a question asks for counts
    _kind("a quelle heure", rf"midi|minuit|\d{{1,2}} ?h(?: ?\d\d)?|(?:une|{_COUNT}) heures?"),
    _kind(rf"quand|{_WHAT}(?:date|jours?|echeance|delai|mois)", _DAYS),
    _kind(
        r"combien (?:ca |cela )?(?:coute|coutent|couterait|coutera|paie|paient|paierait|vaut)|"
        rf"{_WHAT}(?:prix|montant|budget|cout|tarif|somme|salaire)",
        r"euros?|€|centimes|mille euros|hors taxes",
    ),
    _kind(
        rf"combien de temps|{_WHAT}duree|combien (?:d'|de )(?:{_UNITS})", rf"(?:une? |demi-?|{_COUNT}[ -])(?:{_UNITS})"
    ),
    _kind(rf"{_WHAT}(?:pourcentage|part|proportion|taux)", "pour cent|%|la moitie|un tiers|un quart|les deux tiers"),
    _kind(rf"combien|{_WHAT}(?:nombre|quantite|volume|effectif|moyenne|taille|code|numero)", _COUNT),
    _kind("qui|a qui|par qui", "je|j|moi|tu|m'en|s'en", needed=False),
)
COUNTED = re.compile(rf"(?<!\w)combien (?:de |d')(?!{_UNITS}|temps)(?P<noun>\w+)")


def expected(question: str) -> Kind | None:
    """Return the kind of answer that a question expects; ``None`` for "pourquoi", "comment" and all others.

    "Combien de lits" expects a number of just that: ``vingt lits``, ``deux grands lits``.
    """
    folded = fold(question)
    if counted := COUNTED.search(folded):
        return _kind("combien", rf"{_COUNT} (?:\w+ )?{counted['noun'][:5]}\w*")
    return next((kind for kind in KINDS if kind.asks.search(folded)), None)
