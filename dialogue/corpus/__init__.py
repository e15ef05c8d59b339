"""Corpora: a card describes a corpus and how to read it, and :func:`prepare` turns it into manifests and references.

The same card feeds the data management plan. Reading that a card cannot describe is done by a ``prepare.py`` in the
same folder. Manifests have Lhotse's fields (see :mod:`dialogue.formats.lhotse`).
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
