"""Corpora: a card says what a corpus is and how to read it, :func:`prepare` turns it into manifests and references.

The same card feeds the data management plan; what a card cannot say of how to read a corpus is a ``prepare.py`` beside it.
Manifests have Lhotse's fields (see :mod:`dialogue.formats.lhotse`).
"""

from dialogue.corpus.card import Card, CorpusError, Read, load_card, load_cards, table
from dialogue.corpus.overview import Overview, draw, summarise
from dialogue.corpus.preparation import Prepared, prepare, read_summaries
from dialogue.corpus.validation import validate

__all__ = [
    "Card",
    "CorpusError",
    "Overview",
    "Prepared",
    "Read",
    "draw",
    "load_card",
    "load_cards",
    "prepare",
    "read_summaries",
    "summarise",
    "table",
    "validate",
]
