"""Find key utterances: the sentences most similar to the others (TextRank, Mihalcea and Tarau, EMNLP 2004).

Sentences are TF-IDF vectors of their content words; centrality is PageRank over their cosine similarity. A sentence
with a number is slightly preferred. Questions, greetings, sentences that are too short or too long, and sentences that
repeat a chosen one are not taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogue.french.numbers import NUMBERS
from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words
from dialogue.minutes.rules.agenda import ANNOUNCE, TRANSITION
from dialogue.minutes.rules.questions import NEXT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAMPING = 0.85
BLOCK = 600  # sentences compared with one another at a time, so that time stays linear in a long meeting
NUMBER = re.compile(
    r"\d|\b(?:"
    + "|".join(w for w in NUMBERS if w not in ("un", "une", "premier", "neuf", "1er") and " " not in w)
    + r"|cent|cents|mille|millions?)\b"
)
REPEATS = 0.6


def key_sentences(spoken: Sequence[Sentence], count: int) -> list[Sentence]:
    """Return at most ``count`` sentences, in the order of speech."""
    scores: dict[int, float] = {}
    announced = {s.index for s in spoken if ANNOUNCE.search(s.folded)}
    for begin in range(0, len(spoken), BLOCK):
        part = spoken[begin : begin + BLOCK]
        for sentence, score in zip(part, centrality([content_words(s.text) for s in part]), strict=True):
            listed = sentence.index - 1 in announced  # "trois points à l'ordre du jour." "Les corpus, le plan ..."
            scores[sentence.index] = score * len(part) * (0.1 if listed else _worth(sentence))
    chosen: list[Sentence] = []
    words: list[set[str]] = []
    for sentence in sorted(spoken, key=lambda s: -scores[s.index]):
        said = set(content_words(sentence.text))
        if len(chosen) == count or scores[sentence.index] <= 0:
            break
        if all(len(said & other) < REPEATS * min(len(said), len(other)) for other in words):
            chosen.append(sentence)
            words.append(said)
    return sorted(chosen, key=lambda s: s.index)


def centrality(bags: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return the PageRank of sentences over the cosine similarity of their TF-IDF vectors.

    Args:
        bags: content words of each sentence.

    Returns:
        ``(sentence,)`` float, sums to 1 (empty without sentences).
    """
    import numpy as np

    if not bags:
        return np.zeros(0)
    vocabulary = {w: n for n, w in enumerate(dict.fromkeys(w for bag in bags for w in bag))}
    if not vocabulary:
        return np.full(len(bags), 1 / len(bags))
    vectors = np.zeros((len(bags), len(vocabulary)), np.float32)  # (sentence, word)
    for row, bag in enumerate(bags):
        for word, times in Counter(bag).items():
            vectors[row, vocabulary[word]] = 1 + np.log(times)
    vectors *= np.log((1 + len(bags)) / (1 + (vectors > 0).sum(0))) + 1
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms > 0, norms, 1)
    similar = vectors @ vectors.T  # (sentence, sentence)
    np.fill_diagonal(similar, 0)
    outgoing = similar.sum(1, keepdims=True)
    walk = np.where(outgoing > 0, similar / np.where(outgoing > 0, outgoing, 1), 1 / len(bags))
    rank = np.full(len(bags), 1 / len(bags))
    for _ in range(40):
        rank = (1 - DAMPING) / len(bags) + DAMPING * rank @ walk
    return rank


def _worth(sentence: Sentence) -> float:
    words = len(content_words(sentence.text))
    if sentence.question or words < 4:
        return 0.0
    if TRANSITION.search(sentence.folded) or ANNOUNCE.search(sentence.folded) or NEXT.search(sentence.folded):
        return 0.1  # about the course of the meeting, not its content
    length = min(1.0, words / 8) * min(1.0, 45 / max(1, len(sentence.folded.split())))
    return length * (1.6 if NUMBER.search(sentence.folded) else 1.0)
