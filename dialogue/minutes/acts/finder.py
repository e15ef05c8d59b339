"""Find the decisions, actions, open questions and next meetings of a conversation, and where each was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dialogue.minutes.acts.features import COLUMNS, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACTS = ("inform", "ask", "propose", "agree", "refuse", "decide", "commit", "request", "past", "meet", "other")
KINDS = ("decision", "action", "question", "meeting")
HEAD = Path(__file__).with_name("head.safetensors")
CANDIDATE = 0.1  # probability from which an utterance may support an item
FAR = 8  # utterances between two that support one item, at most
LINKED = 0.5  # probability from which an utterance joins an item

Kind = Literal["decision", "action", "question", "meeting"]


@dataclass(frozen=True, slots=True)
class Finding:
    """An item.

    Attributes:
        utterances: positions of those that it stands on, in order.
        probability: that it is an item, and one of this kind.
    """

    kind: Kind
    utterances: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class Likelihoods:
    """A conversation as the model reads it.

    Attributes:
        acts: (utterance, act) probabilities.
        supports: (utterance, kind) probability that it supports an item of the kind.
        alike: (utterance, FAR) cosines of its words with those of each of the next utterances.
        speakers: of each utterance.
    """

    acts: NDArray[Any]
    supports: NDArray[Any]
    alike: NDArray[Any]
    speakers: Sequence[str | None]


class Finder:
    """The trained model.

    Args:
        weights: ``columns (C,)`` of :func:`~dialogue.minutes.acts.features.vectors` that are used, ``utterance
            (C + 1, 15)`` for acts and kinds, ``link.<kind>`` and ``judge.<kind>`` for pairs and items; the last row of
            each is the constant.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.weights = weights

    @classmethod
    @cache
    def load(cls) -> Finder:
        """Load the model of the package."""
        from safetensors.numpy import load_file

        return cls(load_file(HEAD))

    def find(self, texts: Sequence[str], speakers: Sequence[str | None], names: Sequence[str] = ()) -> list[Finding]:
        """Return the items of a conversation, in the order of their first utterances.

        Args:
            texts, speakers: of its utterances, in order.
            names: of people who may be addressed.
        """
        return self.judged(self.read(texts, speakers, names)) if texts else []

    def judged(self, read: Likelihoods) -> list[Finding]:
        """Return the items of a conversation that was read."""
        found = []
        for kind in KINDS:
            for group in self.groups(read, kind):
                [probability] = self._logistic(f"judge.{kind}", [evidence(read, kind, group)])
                found.append(Finding(kind, group, round(float(probability), 3)))  # type: ignore[arg-type]
        return sorted(found, key=lambda item: item.utterances)

    def read(self, texts: Sequence[str], speakers: Sequence[str | None], names: Sequence[str]) -> Likelihoods:
        """Return the probabilities of each utterance."""
        import numpy as np

        x = vectors(texts, speakers, names)
        scores = x[:, self.weights["columns"]] @ self.weights["utterance"][:-1].astype(np.float32)
        scores = scores + self.weights["utterance"][-1].astype(np.float32)
        acts = np.exp(scores[:, : len(ACTS)] - scores[:, : len(ACTS)].max(axis=1, keepdims=True))
        return Likelihoods(
            acts / acts.sum(axis=1, keepdims=True), _probability(scores[:, len(ACTS) :]), alike(x), list(speakers)
        )

    def groups(self, read: Likelihoods, kind: str) -> Iterator[tuple[int, ...]]:
        """Yield the utterances that support one item of a kind, for each item."""
        import numpy as np

        candidates = np.flatnonzero(read.supports[:, KINDS.index(kind)] >= CANDIDATE).tolist()
        pairs = list(near(candidates))
        together: dict[tuple[int, int], float] = {}
        if pairs:
            linked = self._logistic(f"link.{kind}", [link(read, kind, *pair) for pair in pairs])
            together = dict(zip(pairs, linked.tolist(), strict=True))
        groups: list[list[int]] = []
        for n in candidates:
            best, share = None, LINKED
            for group in (g for g in groups if n - g[-1] <= FAR):
                mean = float(np.mean([together.get((earlier, n), 0.0) for earlier in group]))
                if mean >= share:
                    best, share = group, mean
            if best is None:
                groups.append([n])
            else:
                best.append(n)
        yield from map(tuple, groups)

    def _logistic(self, name: str, rows: Sequence[Sequence[float]]) -> NDArray[Any]:
        import numpy as np

        weights = self.weights[name]
        return _probability(np.array(rows) @ weights[:-1] + weights[-1])


def link(read: Likelihoods, kind: str, one: int, other: int) -> list[float]:
    """Return what tells whether two utterances support one item."""
    p = read.supports[:, KINDS.index(kind)]
    between = p[one + 1 : other]
    return [
        1 / (other - one),
        (other - one) / FAR,
        float(read.speakers[one] == read.speakers[other]),
        float(read.alike[one, other - one - 1]),
        float(p[one]),
        float(p[other]),
        float(between.max(initial=0.0)),
        float((between >= CANDIDATE).sum()),
        *read.acts[one].tolist(),
        *read.acts[other].tolist(),
    ]


def evidence(read: Likelihoods, kind: str, group: Sequence[int]) -> list[float]:
    """Return what tells whether a group of utterances is an item of a kind."""
    import numpy as np

    own = read.supports[list(group), KINDS.index(kind)]
    after = range(group[-1] + 1, min(group[-1] + 4, len(read.acts)))
    return [
        float(own.max()),
        float(own.sum()),
        float(1 - np.prod(1 - own)),
        len(group) / 4,
        *read.supports[list(group)].max(axis=0).tolist(),
        *read.acts[list(group)].max(axis=0).tolist(),
        *read.acts[list(after)].max(axis=0, initial=0.0).tolist(),
    ]


def near(candidates: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of utterances that may support one item, given those that may support any, in order."""
    for n, one in enumerate(candidates):
        for other in candidates[n + 1 : n + 1 + FAR]:
            if other - one <= FAR:
                yield one, other


def alike(x: Any) -> NDArray[Any]:
    """Return (utterance, FAR) cosines of the words of each utterance and the next ones, given feature vectors."""
    import numpy as np

    words = x[:, :COLUMNS]
    cosines = np.zeros((x.shape[0], FAR))
    for step in range(1, min(FAR, x.shape[0] - 1) + 1):
        cosines[:-step, step - 1] = np.asarray(words[:-step].multiply(words[step:]).sum(axis=1)).ravel()
    return cosines


def _probability(scores: Any) -> NDArray[Any]:
    import numpy as np

    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))
