"""Find what somebody takes on with a pronoun (``je m'en occupe``, ``Gaëlle s'en charge``): what was just said.

This is the last request or need (``Il faut réserver la salle.``), or a thing that was asked about or found wanting
(``Et pour les clés ?``, ``Le devis n'est pas signé.``), which is then to be seen to. Otherwise it is nothing: no task
is made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words
from dialogue.minutes.rules import verbs
from dialogue.minutes.rules.objects import NOT_OBJECTS, PHRASE, STOP
from dialogue.minutes.rules.task_phrases import (
    NEED,
    REQUEST,
    Candidate,
    asked_who,
    due_of,
    fold_verb,
    phrase,
    said_infinitive,
    takes,
    told_to,
)

RECENT = 5  # number of sentences searched for a request or a need
NEAR = 2  # for a thing that was only named
SHORT = 12  # words of a sentence about one thing
_lead = r"[\s,]*(?:(?:et|bon|alors|ensuite|donc|ok|sinon|maintenant|mais|oui|non|tiens|dernier point)[\s,]+)*"
ABOUT = re.compile(
    rf"{_lead}(?:(?P<about>pour|concernant|cote|quid (?:de|d')|ou en (?:est|sont)(?:-on)?(?: avec| pour)?|"
    r"on en est ou (?:avec|pour|sur)|qu'?est-ce qu'?on fait (?:pour|avec|de)|"
    r"il (?:y a|reste|manque)(?: aussi| encore)?|"
    r"qui (?:s'occupe|s'occupera|se charge|se chargera|va s'occuper)(?: de(?= )| d'(?=un))?)\s*)?"
)
WANTING = re.compile(
    r"(?<!\w)(?:pas|plus|personne|rien|panne|manque|manquent|bloquee?s?|cassee?s?|(?:en|du) retard|urgente?s?|"
    r"a (?:faire|refaire|revoir|finir|terminer))(?!\w)"
)
SOMEBODY = re.compile(r"(?<!\w)(?:il|elle|ils|elles|je|j')(?!\w)")  # "mon père, il veut pas trop"
OWN = frozenset("mon ma mes ton ta tes son sa ses".split())
DONE = re.compile(
    r"(?<!\w)(?:quelqu'?un|on|tu|vous|qui) (?:n')?(?:a|as|avez)(?: pas)?(?: deja| bien)? (?P<verb>[a-z]{4,})(?!\w)"
)
OF = {"le": "du ", "les": "des ", "des": "des ", "du": "du ", "un": "d'un ", "une": "d'une ", "l'": "de l'"}


def taken(spoken: Sequence[Sentence], sentence: Sentence, begin: int | None = None) -> Candidate | None:
    """Return the task that a pronoun stands for, without an owner.

    Args:
        begin: where the words that take it on begin; what stands before them in the sentence may be their object.
    """
    first = max(0, sentence.index - RECENT)
    for earlier in reversed(spoken[first : sentence.index + 1]):
        here = earlier is sentence
        if not here and earlier.speaker != sentence.speaker and takes(earlier.folded):
            return None  # somebody else took it
        task = _need(earlier)
        if task is None and sentence.index - earlier.index <= NEAR and len(sentence.folded.split()) <= SHORT:
            task = _thing(earlier, begin if here else None)
        if task:
            return task
    return None


def _need(earlier: Sentence) -> Candidate | None:
    """Read a request or a need."""
    folded = earlier.folded
    found = REQUEST.search(folded) or NEED.search(folded)
    told = None if found else told_to(folded)
    infinitive, end = (said_infinitive(earlier, found), found.end()) if found else told[:2] if told else (None, 0)
    spoken_to = found and found["verb"] in verbs.SAYING and re.search(r"\b(?:me|nous)\b", found[0])
    if not infinitive and earlier.question:
        infinitive, end = _asked(earlier)
    if infinitive and not spoken_to:
        due = due_of(earlier, end)
        what = phrase(earlier, infinitive, end, found["between"] if found else "", due)
        if len(content_words(what)) >= 2:
            return Candidate(fold_verb(infinitive), what, None, None, (earlier,), None, 0.5, due)
    missing = re.search(r"\bil (?:manque|reste) (?=(?:le|la|l'|les|un|une|des|encore)\b)", folded)
    if missing:
        what = phrase(earlier, "s'occuper", missing.end(), "", None)
        return Candidate(None, re.sub(r"^s'occuper ", "S'occuper : ", what), None, None, (earlier,), None, 0.4)
    return None


def _asked(earlier: Sentence) -> tuple[str | None, int]:
    """Read the verb of ``Qui prévient la mairie ?`` and ``Quelqu'un a commandé les chaises ?``."""
    if who := asked_who(earlier):
        return who[:2]
    found = DONE.search(earlier.folded)
    written = earlier.text[slice(*found.span("verb"))].lower() if found else ""
    if found and re.search(r"ée?s?$", written):
        return verbs.INFINITIVE.get(found["verb"].rstrip("s").removesuffix("ee") or found["verb"]), found.end()
    return None, 0


def _thing(earlier: Sentence, stop: int | None) -> Candidate | None:
    """Read a thing that is asked about (``Et le car ?``), that lacks something, or that stands before ``stop``."""
    folded = earlier.folded[:stop]
    about = ABOUT.match(folded)
    found = PHRASE.match(folded, about.end()) if about else None
    if (
        found is None
        or found["noun"] in NOT_OBJECTS
        or fold_verb(verbs.INFINITIVE.get(found["noun"], "")) == found["noun"]
    ):
        return None
    shorter = STOP.search(found[0])
    end = found.start() + (shorter.start() if shorter else len(found[0]))
    rest = folded[end:]
    if stop is not None:
        clear = re.fullmatch(r"[\s,]*(?:(?:ca|moi|c'est|ok|oui|bon|donc)[\s,]*)*", rest) is not None
    else:
        named = (earlier.question and re.match(r"\s*(?:[?,]|$|qui\b|on\b|tu\b)", rest)) or (
            about and about["about"] and re.match(r"\s*[?,.]|\s*$", rest)
        )
        lacking = WANTING.search(rest) and not SOMEBODY.search(rest) and found["determiner"] not in OWN
        clear = len(folded.split()) <= SHORT and bool(named or lacking)
    if not clear:
        return None
    determiner = found["determiner"]
    said = earlier.text[found.start() : end]
    what = f"s'occuper {OF.get(determiner, f'de {determiner} ')}{said[len(determiner) :].lstrip()}"
    return Candidate(None, what, None, None, (earlier,), None, 0.5)
