"""The fewest word errors that any choice from lists of hypotheses has: what rescoring could reach at best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogue.scoring.rate import Rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def oracle(reference: Sequence[str], lists: Sequence[Sequence[Sequence[str]]]) -> Rate:
    """Return the error rate of the best choice of one hypothesis in each list, by dynamic programming.

    Args:
        reference: the words of a recording; where a list begins in them need not be known.
        lists: for each window, in order of time, the words of each hypothesis.
    """
    import numpy as np

    numbers = {word: n for n, word in enumerate(dict.fromkeys(reference))}
    said = np.array([numbers[word] for word in reference], dtype=np.int64)
    fewest = np.arange(len(said) + 1)  # errors so far, by how many words of the reference are behind
    for hypotheses in lists:
        ends = [_after([numbers.get(word, -1) for word in words], said, fewest) for words in hypotheses]
        fewest = np.min(ends, axis=0) if ends else fewest
    return Rate(float(fewest[-1]), len(said))


def _after(heard: Sequence[int], said: NDArray[np.int64], fewest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fewest errors after some more words (Wagner and Fischer 1974, a row a word)."""
    import numpy as np

    places = np.arange(len(said) + 1)
    for word in heard:
        row = np.concatenate([fewest[:1] + 1, np.minimum(fewest[1:] + 1, fewest[:-1] + (said != word))])
        fewest = np.minimum.accumulate(row - places) + places  # words of the reference that nobody heard
    return fewest
