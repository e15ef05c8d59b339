"""Which statement of the minutes is which of the reference: one to one, by the words that carry meaning.

People put the same decision in other words, so two statements are compared by the stems of their content words: numbers spelt out,
function words left out, French Snowball stems (``gelées`` is ``geler``). Their F-measure is 1 for the same stems and 0 for none in
common; from :data:`ENOUGH` on they may be the same statement. Of all one-to-one assignments the one with the largest sum of F is
taken (:func:`scipy.optimize.linear_sum_assignment`).

Words decide, not sense: "on garde" and "on ne garde pas" match, other words for the same do not, nor do the stems of ``reprendre`` and
``reprend``. In FREDSum 1.2 % of the pairs of two sentences of one summary reach :data:`ENOUGH`, 4.3 % would reach 0.4, and 0.2 % 0.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dialogue.french.normalization import normalize
from dialogue.french.text import STOPWORDS, fold
from dialogue.scoring.rouge import tokens

ENOUGH = 0.5  # F-measure of stems
VERSION = "content-stems-f0.5/1"  # of the rule; scores of two versions do not compare


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and its counterpart, or the nearest one when it has none.

    Attributes:
        kind: ``matched``; ``missed``, a reference that nothing matches; ``extra``, a statement that no reference matches.
        reference, found: places in their lists; ``None`` where the other list is empty.
        f: of their stems. A missed reference whose ``f`` is enough lost its nearest statement to another reference.
    """

    kind: Literal["matched", "missed", "extra"]
    reference: int | None
    found: int | None
    f: float


def match(references: Sequence[str], found: Sequence[str]) -> list[Pair]:
    """Pairs in the order of the references, then whatever no reference matches."""
    if not references or not found:
        return [
            *(Pair("missed", r, None, 0.0) for r in range(len(references))),
            *(Pair("extra", None, f, 0.0) for f in range(len(found))),
        ]
    return [*_pairs([stems(text) for text in references], [stems(text) for text in found])]


def _pairs(references: Sequence[set[str]], found: Sequence[set[str]]) -> Iterator[Pair]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    f = np.array([[f_measure(one, other) for other in found] for one in references])  # (reference, found)
    assigned = zip(*linear_sum_assignment(np.where(f >= ENOUGH, f, 0.0), maximize=True), strict=True)
    matched = {int(r): int(c) for r, c in assigned if f[r, c] >= ENOUGH}
    for r in range(len(references)):
        c = matched.get(r, int(f[r].argmax()))
        yield Pair("matched" if r in matched else "missed", r, c, float(f[r, c]))
    for c in sorted(set(range(len(found))) - set(matched.values())):
        r = int(f[:, c].argmax())
        yield Pair("extra", r, c, float(f[r, c]))


def f_measure(one: set[str], other: set[str]) -> float:
    """Harmonic mean of the shares of each that the other holds, in [0, 1]."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def stems(text: str) -> set[str]:
    """Stems of the content words; of all words where none carries meaning."""
    words = normalize(text, "fr-strict").split()
    content = [w for w in words if len(w) > 2 and fold(w) not in STOPWORDS]
    return {fold(stem) for stem in tokens(" ".join(content or words))}
