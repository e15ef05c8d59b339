"""ROUGE of French texts: the words, word pairs and longest common subsequences that two texts share (Lin 2004).

The tokenizer of ``rouge-score`` drops every accented letter ("été" becomes "t"), and its stemmer is English. Here
words are sequences of letters or digits in lower case, with ``œ`` as ``oe`` and elisions split (``l'eau`` is two
words), reduced by the French Snowball stemmer. Scores with another tokenizer are not comparable.

ROUGE rewards shared words, not truth: the first words of a debate score as well as some models. Report it together
with :func:`lead`, with people compared with each other, and with :mod:`dialogue.french.source`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from dialogue.core.errors import DialogueError
from dialogue.french.sentences import SENTENCE_END

METRICS = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeLsum": "ROUGE-Lsum"}
VERSION = "fr-snowball/1"  # version of the tokens; scores of different versions are not comparable


class RougeError(DialogueError, ValueError):
    """Raised for texts that cannot be compared; the message says which."""


def rouge(text: str, references: Sequence[str], several: Literal["mean", "max"] = "mean") -> dict[str, float]:
    """Compute the F-measures of one text.

    Args:
        text: text to score; an empty text scores 0.
        references: what people wrote about the same document.
        several: ``mean`` over references, or ``max``, the nearest one (as in Lin's script and ``rouge-score``).

    Returns:
        ``rouge1``, ``rouge2`` and ``rougeLsum`` in [0, 1]. Their mean over documents is the score of a system;
        :mod:`~dialogue.scoring.bootstrap` and :mod:`~dialogue.scoring.difference` draw from ``Rate(1 - value, 1)`` of
        each document, so that lower is better there as for error rates.

    Raises:
        RougeError: there is no reference.
    """
    if not references:
        raise RougeError("no reference. Accepted: at least one text that people wrote about the document.")
    scorer, lines = _scorer(), _lines(text)
    found = [scorer.score(_lines(reference), lines) for reference in references]
    values = {name: [float(score[name].fmeasure) for score in found] for name in METRICS}
    if several == "max":
        return {name: max(each) for name, each in values.items()}
    return {name: sum(each) / len(each) for name, each in values.items()}


def lead(text: str, words: int) -> str:
    """Return the first words of a text: a baseline summary that costs nothing and that any other must beat."""
    return " ".join(text.split()[:words])


def tokens(text: str) -> list[str]:
    """Return the stems of the words: ``L'été à Nîmes`` is ``l``, ``été``, ``à``, ``nîm``."""
    plain = unicodedata.normalize("NFC", text).lower().replace("œ", "oe").replace("æ", "ae")
    return [_stem(word) for word in re.findall(r"[^\W_]+", plain)]


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem.snowball import FrenchStemmer

    return FrenchStemmer()


class _Tokens:
    """A tokenizer in the form that ``rouge-score`` expects."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


@lru_cache(maxsize=1)
def _scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(METRICS), tokenizer=_Tokens())


def _lines(text: str) -> str:
    """Return one sentence per line, as ROUGE-Lsum expects."""
    return "\n".join(s for line in text.splitlines() for s in SENTENCE_END.split(line.strip()) if s)
