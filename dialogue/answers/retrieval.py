"""Find the passages of a transcript that a question is about: BM25 (Robertson and Zaragoza 2009), without a model.

BM25 scores utterances. Words are stems of five letters without accents, as in the minutes; the rarest words of a
question say what it is about, so a passage must hold a large share of their weight, or the answer was not said. If a
question expects a number or a date (:mod:`dialogue.answers.expected`), only passages with one answer, and a smaller
share is enough. An utterance without any word of the question may answer the one before it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.answers.expected import expected
from dialogue.core.transcript import Transcript, Utterance
from dialogue.french.text import content_words, fold

NEAR = 1  # utterances before and after one that belong to its passage: the question, the answer
# share of the weight of the question's words that a passage must hold; one with the number or date asked for needs less
ENOUGH, ENOUGH_EXPECTED = 0.5, 0.2
ASKING = frozenset(  # words for the kind of answer, not for the subject
    "combien heure date personne moment endroit nom raison lieu aura avons parle parler montant nombre dit disent "
    "evoque mentionne decide decision occupe".split()
)
# shares of the scores of the utterances before and after one, which may hold the question and the answer
BEFORE, AFTER = 0.5, 0.25
ASKS = 0.5  # factor for an utterance that is itself a question
RIGHT_KIND = 1.5  # factor for an utterance that holds what the question expects


@dataclass(frozen=True, slots=True)
class Passage:
    """An utterance that may answer, its score, and the share of the question's weight in it and its neighbours.

    ``expected``: whether it holds the number or date that the question asks for.
    """

    utterance: Utterance
    score: float
    share: float
    expected: bool = False


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
    named = {word for each in name.values() for word in content_words(each)}
    subject = set(asked) - named or set(asked)  # who speaks is no subject: "le salaire de Paul"
    kind = expected(question)
    found = []
    for n, utterance in enumerate(spoken):
        if scores[n] <= 0 and not (n and scores[n - 1] > 0):
            continue
        near = {w for bag in bags[max(0, n - NEAR) : n + NEAR + 1] for w in bag}
        if not subject & near:
            continue
        share = sum(weight[w] for w in weight if w in near) / sum(weight.values())
        around = [BEFORE * scores[n - 1] if n else 0.0, AFTER * scores[n + 1] if n + 1 < len(spoken) else 0.0]
        score = (float(scores[n]) + float(sum(around))) * share
        right = kind is not None and kind.answers.search(fold(utterance.text)) is not None
        needed = kind is not None and kind.needed
        if needed and not right:
            continue
        score *= (RIGHT_KIND if right else 1) * (ASKS if utterance.text.rstrip().endswith("?") else 1)
        found.append(Passage(utterance, score, share, needed))
    return sorted(found, key=lambda p: -p.score)[:count]


def answered(found: Sequence[Passage]) -> bool:
    """Return whether one of the best passages holds enough of the question's weight."""
    return any(p.share >= (ENOUGH_EXPECTED if p.expected else ENOUGH) for p in found[:3])


def _asked(question: str) -> list[str]:
    words = content_words(question)
    about = [w for w in words if w not in {a[:5] for a in ASKING}]
    return list(dict.fromkeys(about or words))


def _weights(bags: Sequence[Sequence[str]], asked: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequencies; a word that nobody said has the weight of a word said once."""
    frequency = Counter(w for bag in bags for w in set(bag))
    return {w: math.log(1 + len(bags) / (0.5 + max(1, frequency[w]))) for w in asked}
