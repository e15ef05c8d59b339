"""Find what a verb is about: its object as said, or what a pronoun stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.french.dates import DateMention
from dialogue.french.sentences import Sentence, clauses
from dialogue.french.text import content_words
from dialogue.minutes.rules import verbs

BACK = 8  # number of sentences searched for an antecedent
CUT = re.compile(
    r"[.?!;:…]|\s(?:parce que|parce qu'|sinon|car|mais|pour que|pour qu'|si|quand|comme ca|donc|s'il te plait|"
    r"s'il vous plait|stp|d'accord|voila|ok|ca marche|ca te va|ca vous va|c'est|on|je|j'|tu|vous|il faut|et apres|puis|"
    r"avant qu'|avant que|oui|merci)(?!\w)"
)
COMMA = re.compile(r",\s*(?!(?:et\s+|ainsi que\s+)?(?:le|la|les|l'|des|du|un|une|mon|ma|mes|ses|leurs?|nos|notre)\b)")
PHRASE = re.compile(
    r"(?<![\w'])(?P<determiner>l'|(?:un|une|le|la|les|des|du|ce|cet|cette|ces|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|"
    r"votre|vos)(?=\s))\s*"
    r"(?P<noun>[a-z][a-z-]{2,})(?P<rest>(?:\s+(?:(?:de|du|des|d'|a|au|aux|en)\s*(?:la\s+|l'|"
    r"les\s+)?)?[a-z][a-z-]{2,}){0,4})"
)
GENDER = {
    "un": "m",
    "le": "m",
    "du": "m",
    "ce": "m",
    "cet": "m",
    "une": "f",
    "la": "f",
    "cette": "f",
    "ma": "f",
    "ta": "f",
    "sa": "f",
}
PLURAL = {"les", "des", "ces", "mes", "tes", "ses", "nos", "vos"}
NOT_OBJECTS = frozenset(
    """semaine lundi mardi mercredi jeudi vendredi samedi dimanche mois jour jours heure heures matin soir fin
    fois prochaine prochain point points question temps peu reste moment an annee apres-midi cas fait probleme
    instant monde suite debut cote chose reunion idee accord""".split()
)
STOP = re.compile(
    r"\s+(?:pour|avec|avant|dans|sur|chez|par|parce|qui|que|est|sont|sera|vers|et|ou|mais|encore|deja|depuis|lundi|"
    r"mardi|mercredi|jeudi|vendredi)\b.*$"
)


def object_of(sentence: Sentence, end: int, due: DateMention | None) -> str:
    """Return the words after the verb that ends at ``end``, up to the end of its clause, without the date."""
    folded = sentence.folded
    stop = next((b for a, b in clauses(folded, end) if b > end), len(folded))
    for limit in (CUT.search(folded, end), COMMA.search(folded, end)):
        if limit and end <= limit.start() < stop:
            stop = limit.start()
    text = sentence.text
    if due is not None and end <= due.begin < stop:
        words = f"{text[end : due.begin]} {text[min(due.end, stop) : stop]}"
    else:
        words = text[end:stop]
    return re.sub(r"\s+", " ", words).strip(" ,.;:!?")


def antecedent(
    spoken: Sequence[Sentence], sentence: Sentence, infinitive: str, pronoun: str
) -> tuple[str, Sentence] | None:
    """Return what ``le``, ``la``, ``les``, ``l'`` or ``en`` stands for, and the sentence that says it.

    This is the object that the same verb had shortly before (``réserver une carte`` ... ``je la réserve``), otherwise
    the last noun phrase that agrees in gender and number.
    """
    before = spoken[max(0, sentence.index - BACK) : sentence.index]
    for earlier in reversed(before):
        for found in re.finditer(r"[a-z]{4,}", earlier.folded):
            form = found[0]
            known = verbs.INFINITIVE.get(form) or verbs.PRESENT.get(form) or verbs.FUTURE.get(form)
            if known == infinitive:
                text = object_of(earlier, found.end(), None)
                if content_words(text) and re.match(
                    r"(?i)(?:un|une|le|la|les|l['’]|des|du|ce|cette|ces|mon|ma|nos|notre|votre)\b", text
                ):
                    return text, earlier
    for earlier in reversed(before[-4:]):
        candidates = [m for m in PHRASE.finditer(earlier.folded) if _agrees(m, pronoun)]
        if candidates:
            chosen = candidates[-1]
            text = earlier.text[chosen.start() : chosen.end()]
            folded = earlier.folded[chosen.start() : chosen.end()]
            shorter = STOP.search(folded)
            return (text[: shorter.start()] if shorter else text), earlier
    return None


def _agrees(phrase: re.Match[str], pronoun: str) -> bool:
    determiner, noun = phrase["determiner"], phrase["noun"]
    if noun in NOT_OBJECTS or (noun in verbs.INFINITIVE and determiner in ("le", "la", "les", "l'")):
        return False
    if pronoun == "les":
        return determiner in PLURAL
    if pronoun == "en":
        return True
    if determiner in PLURAL:
        return False
    wanted = {"le": "m", "la": "f"}.get(pronoun)
    return wanted is None or GENDER.get(determiner, wanted) == wanted
