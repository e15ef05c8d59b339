"""Match statements of minutes one to one with those of the reference, by their content words.

People word the same decision differently, so two statements are compared by the stems of their content words: numbers
spelt out, function words removed, French Snowball stems (``gelées`` is ``geler``). Their F-measure is 1 for the same
stems and 0 for none in common; from :data:`ENOUGH` upwards they may be the same statement. Among all one-to-one
assignments, the one with the largest sum of F is chosen (:func:`scipy.optimize.linear_sum_assignment`).

Only words count, not meaning: "on garde" and "on ne garde pas" match, but synonyms do not, nor do the stems of
``reprendre`` and ``reprend``. In FREDSum, of the pairs of two sentences from one summary, 1.2 % reach :data:`ENOUGH`;
4.3 % would reach 0.4, and 0.2 % would reach 0.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dialogue.french.normalization import normalize
from dialogue.french.text import STOPWORDS, fold
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import tokens

ENOUGH = 0.5  # F-measure of stems from which two statements match
VERSION = "content-stems-f0.5/1"  # version of the rule; scores of different versions are not comparable


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and its match, or the nearest statement if it has none.

    Attributes:
        kind: ``matched``; ``missed``, a reference that nothing matches; or ``extra``, a statement that matches no
            reference.
        reference, found: positions in the two lists; ``None`` where that list is empty.
        f: F-measure of their stems. If a missed reference has an ``f`` of ``ENOUGH`` or more, its nearest statement
            was matched with another reference.
    """

    kind: Literal["matched", "missed", "extra"]
    reference: int | None
    found: int | None
    f: float


def match(references: Sequence[str], found: Sequence[str]) -> list[Pair]:
    """Return pairs in the order of the references, then the statements that match no reference."""
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


def found_and_missed(name: str, pairs: Sequence[Pair]) -> dict[str, Rate]:
    """Return precision, recall and F1 of a list as rates of errors, ``<name>_precision`` and so on."""
    count = {kind: sum(p.kind == kind for p in pairs) for kind in ("matched", "missed", "extra")}
    matched, missed, extra = count.values()
    return {
        f"{name}_precision": Rate(extra, matched + extra, {"extra": extra}),
        f"{name}_recall": Rate(missed, matched + missed, {"missed": missed}),
        f"{name}_f1": Rate(missed + extra, 2 * matched + missed + extra, {"missed": missed, "extra": extra}),
    }


def f_measure(one: set[str], other: set[str]) -> float:
    """Return the harmonic mean of the shares of each set that are in the other, in [0, 1]."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def stems(text: str) -> set[str]:
    """Return the stems of the content words, or of all words if there is no content word."""
    words = normalize(text, "fr-strict").split()
    content = [w for w in words if len(w) > 2 and fold(w) not in STOPWORDS]
    return {fold(stem) for stem in tokens(" ".join(content or words))}
