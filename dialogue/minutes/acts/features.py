"""Utterances as sparse vectors: their words and letters, and the words of their neighbours.

Runs of words and of letters are counted in hashed columns (Weinberger et al., ICML 2009), so that no vocabulary is
needed, and what a recogniser misspells still shares most of its letters with what was said.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from dialogue.french.text import plain

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WORDS, LETTERS = 3, (3, 5)  # words in a run, at most; letters in a run
COLUMNS = 2**15  # of the words or the letters of an utterance
NEAR = 2**13  # of the words of a neighbour
AROUND = {-1: 0.7, 1: 0.7, -2: 0.5, 2: 0.5, -3: 0.35, 3: 0.35}  # neighbours, and the weights of their words
SHAPE = 9  # columns about length, questions and speakers
TOTAL = 2 * COLUMNS + len(AROUND) * NEAR + SHAPE
TIME = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|semaines?|soir|matin|midi|mois|janvier|fevrier|"
    r"mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|rentree|heures?|h)\b"
)


def vectors(texts: Sequence[str], speakers: Sequence[str | None], names: Sequence[str] = ()) -> csr_matrix:
    """Return (utterance, :data:`TOTAL`) features of a conversation.

    Args:
        texts, speakers: of its utterances, in order.
        names: of people who may be addressed.
    """
    import numpy as np
    from scipy.sparse import csr_matrix, diags, hstack

    folded = [_folded(text) for text in texts]
    words = _counted([list(_words(text)) for text in folded])
    letters = _counted([list(_letters(text)) for text in folded])
    blocks = [words, letters]
    coarse = csr_matrix((words.data, words.indices % NEAR, words.indptr), shape=(len(texts), NEAR))
    order = np.arange(len(texts))
    for step, weight in AROUND.items():
        near = order + step
        inside = (near >= 0) & (near < len(texts))
        blocks.append(diags(inside * weight) @ coarse[np.where(inside, near, 0)])
    return csr_matrix(hstack([*blocks, csr_matrix(_shape(folded, speakers, names))]))


def _shape(folded: Sequence[str], speakers: Sequence[str | None], names: Sequence[str]) -> Any:
    import numpy as np

    called = [part for name in names for part in _folded(name).split() if len(part) > 2]
    asked = ["?" in text for text in folded]

    def at(values: Sequence[Any], n: int) -> Any:
        return values[n] if 0 <= n < len(values) else None

    return np.array(
        [
            [
                min(len(text.split()) / 20, 3.0),
                asked[n],
                at(asked, n - 1) or False,
                at(asked, n + 1) or False,
                *(at(speakers, n + step) == speakers[n] for step in (-1, 1)),
                any(re.search(rf"\b{re.escape(name)}\b", text) for name in called),
                "0" in text,
                bool(TIME.search(text)),
            ]
            for n, text in enumerate(folded)
        ],
        dtype=float,
    ).reshape(len(folded), SHAPE)


def _folded(text: str) -> str:
    """Return words in small letters without accents, with every number as 0, and the marks ``? ! …``."""
    return " ".join(re.findall(r"\w+'?|[?!…]", re.sub(r"\d+", "0", plain(text))))


def _words(text: str) -> Iterator[str]:
    words = text.split()
    for size in range(1, WORDS + 1):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])


def _letters(text: str) -> Iterator[str]:
    for word in text.split():
        word = f" {word} "
        for size in range(LETTERS[0], LETTERS[1] + 1):
            for first in range(max(1, len(word) - size + 1)):
                yield word[first : first + size]


def _counted(runs: Sequence[Sequence[str]]) -> csr_matrix:
    """Return (utterance, column) logarithms of counts, each utterance with length 1."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    rows = np.repeat(np.arange(len(runs)), [len(each) for each in runs])
    columns = np.array([_column(run) for each in runs for run in each], dtype=np.int64)
    counted = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(runs), COLUMNS))
    counted.sum_duplicates()
    counted.data = 1 + np.log(counted.data)
    length = np.sqrt(counted.multiply(counted).sum(axis=1)).A1
    return csr_matrix(diags(1 / np.maximum(length, 1e-9)) @ counted)


@cache
def _column(run: str) -> int:
    return zlib.crc32(run.encode()) % COLUMNS
