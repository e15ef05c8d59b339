"""Classify how others answer a proposal or question: they agree, refuse, or do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, cue

WINDOW = 6  # number of sentences searched for an answer
PATIENCE = 30.0  # seconds after which an agreement refers to something else
TURNS_AWAY = re.compile(
    r"\b(?:premier|deuxieme|troisieme|quatrieme|dernier|prochain) (?:point|sujet)|\bpoint suivant|"
    r"\bpass(?:e|ons) (?:au|a la|aux) \w{4}"
)
Answer = Literal["strong", "weak", "no", "unknown"]

_LEAD = re.compile(
    r"(?:[\s,.!-]*(?:ah|oh|bon|alors|eh bien|mais|donc|moi|et|pour moi|ecoute|ecoutez|oui|ouais|ok|okay|"
    r"si)(?!\w)[\s,.!]*)*"
)
_STRONG = cue(
    "(?:je suis |on est |tout a fait |entierement |nous sommes )*d'accord", "ok", "okay", "validee?s?", "valider",
    "ca marche",
    "ca (?:me|nous) (?:va|convient)", "parfait", "tres bien",
    "(?:c'est )?(?:une )?(?:tres )?(?:bonne|excellente) idee", "entendu",
    "adoptee?s?", "(?:pas|aucune) (?:d')?objections?", "tout a fait", "(?:tres|bien) (?:juste|vu)",
    "je suis (?:pour|favorable)",
    "je valide", "je vote pour", "vendu", "allons-y", "on (?:fait|y va)(?: comme)?(?: ca)?",
    "c'est (?:bon|ok|note|entendu|parfait|valide)",
    "(?:tu as|t'as|vous avez) raison", "exactement", "volontiers", "bien sur", "avec plaisir",
    "pas de (?:souci|probleme)s?",
    "sans probleme", "absolument", "je veux bien", "moi aussi", "super", "bien entendu", "ca roule", "nickel",
    "impeccable",
    "c'est note", "je note", "carrement", "sans souci", "je suis partante?", "partante?",
)  # fmt: skip
_WEAK = re.compile(r"[\s,.!]*(?:ah |bon |ben |mais |si )*(?:oui|ouais|si si)(?!\w)")
_NO = cue(
    "non(?! plus)", "pas (?:du tout )?d'accord",
    "je (?:ne )?suis (?:pas|absolument pas|plutot pas) (?:d'accord|pour|favorable|convaincue?)",
    "je suis (?:plutot )?contre", "hors de question", "pas question", "surtout pas", "je m'y oppose", "impossible",
    "je (?:ne )?(?:crois|pense|prefere) pas", "je (?:ne )?(?:peux|pourrai|pourrais) pas",
    "ca (?:ne )?(?:marche|va|me va) pas",
    "c'est (?:beaucoup )?trop (?:tot|tard|cher|risque|court|long|juste)", "c'est pas possible", "ce n'est pas possible",
    "desolee?", "je (?:n')?ai pas le temps", "mauvaise idee", "contre",
)  # fmt: skip
_UNKNOWN = cue(
    "(?:on|je|nous) (?:ne )?(?:le |la |les |l')?(?:sait|sais|savons) (?:pas|toujours pas|pas encore|pas trop)",
    "aucune idee", "bonne question",
    "(?:a|reste a) (?:voir|verifier|confirmer|trancher|definir|decider|preciser)",
    "ca reste a (?:voir|definir|decider)",
    "je (?:n')?en sais rien", "on (?:n')?en sait rien", "(?:c'est|ca reste) une (?:question ouverte|bonne question)",
    "on verra",
    "(?:il )?(?:faut|faudra|faudrait) (?:que je |qu'on |que nous )?(?:leur |lui )?(?:demander|demande|verifier|verifie|"
    "regarder|se renseigner)",
    "je (?:n')?ai pas (?:la|de) reponse", "on (?:n')?a pas (?:encore )?(?:la|de) reponse",
    "c'est pas (?:encore )?(?:clair|defini|tranche|decide)",
    "ce n'est pas (?:encore )?(?:clair|defini|tranche|decide)",
    "(?:n'est|est) pas (?:encore )?(?:definie?|tranchee?|fixee?)", "a verifier",
    "question ouverte",
)  # fmt: skip


def read(folded: str) -> Answer | None:
    """Return what a sentence answers, judged by its beginning, or by all of it for a doubt (``je ne sais pas``)."""
    if _UNKNOWN.search(folded):
        return "unknown"
    lead = _LEAD.match(folded)
    start = lead.end() if lead else 0
    for begin in (0, start):
        refused = _NO.match(folded, begin) or _NO.match(folded.lstrip(" ,.!"), 0)
        if refused:
            return "no"
    if _STRONG.match(folded, start) or _STRONG.match(folded.lstrip(" ,.!")):
        return "strong"
    if _WEAK.match(folded):
        return "weak"
    return "strong" if re.match(r"[\s,]*(?:ok|okay)\b", folded) else None


def others(spoken: Sequence[Sentence], index: int, window: int = WINDOW) -> Iterator[Sentence]:
    """Yield the sentences of other speakers after sentence ``index``; without speakers, all that follow."""
    asking = spoken[index].speaker
    for sentence in spoken[index + 1 : index + 1 + window]:
        if sentence.speaker != asking or asking is None:
            yield sentence


def answers(
    spoken: Sequence[Sentence], index: int, window: int = WINDOW, patience: int = 2
) -> list[tuple[Answer, Sentence]]:
    """Return the answers to sentence ``index``, in order.

    They end at a new question or topic, or after ``patience`` sentences about something else.
    """
    found: list[tuple[Answer, Sentence]] = []
    asking, discussed = spoken[index].speaker, 0
    for sentence in spoken[index + 1 : index + 1 + window]:
        if sentence.start - spoken[index].end > PATIENCE or TURNS_AWAY.search(sentence.folded):
            break
        if sentence.speaker == asking and asking is not None:
            if sentence.question and len(content_words(sentence.text)) >= 2:
                break  # another question: what follows answers it
            continue
        answer = read(sentence.folded)
        if answer and not (sentence.question and answer in ("weak", "unknown")):
            found.append((answer, sentence))
        elif found or (sentence.question and patience < 2):
            break
        elif sentence.question or len(content_words(sentence.text)) >= 3:
            discussed += 1
            if discussed == patience:
                break
    return found
