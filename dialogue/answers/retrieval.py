"""Find the passages of a transcript that a question is about: BM25 (Robertson and Zaragoza 2009), without a model.

BM25 scores utterances. Words are stems of five letters without accents, as in the minutes; the rarest words of a
question say what it is about, so a passage must hold a large share of their weight, or the answer was not said.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript, Utterance
from dialogue.french.numbers import NUMBERS
from dialogue.french.text import content_words, fold

NEAR = 1  # utterances before and after one that belong to its passage: the question, the answer
ENOUGH = 0.45  # share of the weight of the question's words that a passage must hold
ASKING = frozenset(  # words for the kind of answer, not for the subject
    "combien heure date personne moment endroit nom raison lieu aura avons parle parler montant nombre dit disent "
    "evoque mentionne decide decision occupe".split()
)
WHEN = re.compile(r"(?<!\w)(?:quand|quelle date|quel jour|quelle echeance|a quelle heure)(?!\w)")
HOW_MANY = re.compile(r"(?<!\w)(?:combien|quel (?:montant|nombre|pourcentage|prix|budget))(?!\w)")
DATE = re.compile(
    r"(?<!\w)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|janvier|fevrier|mars|avril|mai|juin|juillet"
    r"|aout|septembre|octobre|novembre|decembre|semaine|\d{1,2}\s?h)(?!\w)"
)
NUMBER = re.compile(
    r"\d|(?<!\w)(?:"
    + "|".join(w for w in NUMBERS if w not in ("un", "une") and " " not in w)
    + r"|cent|cents|mille)(?!\w)"
)
# shares of the scores of the utterances before and after one, which may hold the question and the answer
BEFORE, AFTER = 0.5, 0.25
ASKS = 0.5  # factor for an utterance that is itself a question
RIGHT_KIND = 1.5  # factor for an utterance with a date or a number if the question asks for one


@dataclass(frozen=True, slots=True)
class Passage:
    """An utterance that may answer, its score, and the share of the question's weight in it and its neighbours."""

    utterance: Utterance
    score: float
    share: float


def passages(transcript: Transcript, question: str, count: int = 8) -> list[Passage]:
    """Return the best ``count`` utterances, best first; none if no word of the question was said."""
    import bm25s

    spoken = [u for u in transcript.utterances if u.text.strip()]
    name = {s.id: s.name or s.id for s in transcript.speakers}
    bags = [content_words(f"{name.get(u.speaker or '', '')} {u.text}") for u in spoken]
    asked = _asked(question)
    known = {word for bag in bags for word in bag}
    if not asked or not known & set(asked):
        return []
    index = bm25s.BM25()
    index.index([bag or [""] for bag in bags], show_progress=False)
    scores = index.get_scores([w for w in asked if w in known])  # (utterance,)
    weight = _weights(bags, asked)
    folded = fold(question)
    kind = DATE if WHEN.search(folded) else NUMBER if HOW_MANY.search(folded) else None
    found = []
    for n, utterance in enumerate(spoken):
        if scores[n] <= 0:
            continue
        near = {w for bag in bags[max(0, n - NEAR) : n + NEAR + 1] for w in bag}
        share = sum(weight[w] for w in weight if w in near) / sum(weight.values())
        around = [BEFORE * scores[n - 1] if n else 0.0, AFTER * scores[n + 1] if n + 1 < len(spoken) else 0.0]
        score = (float(scores[n]) + float(sum(around))) * share
        if kind is not None and kind.search(fold(utterance.text)):
            score *= RIGHT_KIND
        if utterance.text.rstrip().endswith("?"):
            score *= ASKS
        found.append(Passage(utterance, score, share))
    return sorted(found, key=lambda p: -p.score)[:count]


def answered(found: Sequence[Passage]) -> bool:
    """Return whether one of the best passages holds enough of the question's weight."""
    return any(p.share >= ENOUGH for p in found[:3])


def _asked(question: str) -> list[str]:
    words = content_words(question)
    about = [w for w in words if w not in {a[:5] for a in ASKING}]
    return list(dict.fromkeys(about or words))


def _weights(bags: Sequence[Sequence[str]], asked: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequencies; a word that nobody said has the weight of a word said once."""
    frequency = Counter(w for bag in bags for w in set(bag))
    return {w: math.log(1 + len(bags) / (0.5 + max(1, frequency[w]))) for w in asked}
