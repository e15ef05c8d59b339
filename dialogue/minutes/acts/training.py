"""Train the model that finds items, and measure it on hands that it did not read.

What links and judges is fitted on the probabilities that utterances have when their hand was left out; otherwise they
would be too good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.minutes.acts.features import TOTAL, vectors
from dialogue.minutes.acts.finder import ACTS, CANDIDATE, KINDS, Finder, Likelihoods, evidence, link, near

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEEN = 3  # utterances in which a feature must occur
FOLDS = 5  # groups of hands
PENALTY = 0.1  # of the weights of utterances; of pairs and items, 1
SURE = 3.0  # log-odds where all examples are alike


@dataclass(frozen=True)
class Conversation:
    """A labelled conversation.

    Attributes:
        hand: who wrote it.
        names: of its speakers.
        acts: of each utterance.
        items: (kind, utterances) of each item.
    """

    id: str
    hand: str
    texts: Sequence[str]
    speakers: Sequence[str]
    names: Sequence[str]
    acts: Sequence[str]
    items: Sequence[tuple[str, frozenset[int]]]


def train(conversations: Sequence[Conversation]) -> Finder:
    """Train on conversations by at least two hands."""
    return linked(_utterances(conversations), held_out(conversations))


def held_out(conversations: Sequence[Conversation]) -> list[tuple[Conversation, Likelihoods]]:
    """Return the conversations as they are read by a model that did not read their hands."""
    hands = sorted({c.hand for c in conversations})
    reads: list[tuple[Conversation, Likelihoods]] = []
    for out in filter(None, (hands[first::FOLDS] for first in range(FOLDS))):
        without = Finder(_utterances([c for c in conversations if c.hand not in out]))
        reads += [(c, without.read(c.texts, c.speakers, c.names)) for c in conversations if c.hand in out]
    return reads


def linked(utterance: Mapping[str, NDArray[Any]], reads: Sequence[tuple[Conversation, Likelihoods]]) -> Finder:
    """Return a finder: the weights for utterances, and those that link and judge, fitted on conversations as read."""
    import numpy as np

    weights = dict(utterance)
    for kind in KINDS:
        pairs = [found for c, read in reads for found in _pairs(c, read, kind)]
        both = [(row, same) for row, same, supporting in pairs if supporting]
        if len({same for _, same in both}) < 2:  # no two items of this kind are near each other
            both = [(row, same) for row, same, _ in pairs]
        weights[f"link.{kind}"] = _logistic(*zip(*both, strict=True))
        linking = Finder(weights)
        groups = [
            (evidence(read, kind, group), any(set(group) & item for item in _items(c, kind)))
            for c, read in reads
            for group in linking.groups(read, kind)
        ]
        weights[f"judge.{kind}"] = _logistic([row for row, _ in groups], [right for _, right in groups])
    return Finder({name: np.ascontiguousarray(value) for name, value in weights.items()})


def save(finder: Finder, path: Path) -> None:
    """Write the weights."""
    from safetensors.numpy import save_file

    save_file(dict(finder.weights), path)


def _items(conversation: Conversation, kind: str) -> list[frozenset[int]]:
    return [utterances for name, utterances in conversation.items if name == kind]


def _utterances(conversations: Sequence[Conversation]) -> dict[str, NDArray[Any]]:
    """Fit which act each utterance is, and whether it supports an item of each kind."""
    import numpy as np
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    x = vstack([vectors(c.texts, c.speakers, c.names) for c in conversations]).tocsr()
    columns = np.flatnonzero(np.bincount(x.indices, minlength=TOTAL) >= SEEN)
    x = x[:, columns]
    acts = np.array([ACTS.index(act) for c in conversations for act in c.acts])
    fit = LogisticRegression(C=1 / PENALTY, max_iter=300)
    fit.fit(x, acts)
    weights = np.full((len(columns) + 1, len(ACTS) + len(KINDS)), -20.0)
    weights[:-1, : len(ACTS)] = 0.0
    weights[:-1, fit.classes_], weights[-1, fit.classes_] = fit.coef_.T, fit.intercept_
    for n, kind in enumerate(KINDS, start=len(ACTS)):
        supports = [any(u in item for item in _items(c, kind)) for c in conversations for u in range(len(c.texts))]
        fit = LogisticRegression(C=1 / PENALTY, max_iter=300)
        fit.fit(x, supports)
        weights[:-1, n], weights[-1, n] = fit.coef_[0], fit.intercept_[0]
    return {"columns": columns.astype(np.int32), "utterance": weights.astype(np.float16)}


def _pairs(conversation: Conversation, read: Likelihoods, kind: str) -> Iterator[tuple[list[float], bool, bool]]:
    """Yield the pairs of which one supports an item of a kind: whether they share one, and whether both have one."""
    p = read.supports[:, KINDS.index(kind)]
    items = _items(conversation, kind)
    own = {u: {n for n, item in enumerate(items) if u in item} for u in range(len(p))}
    candidates = [u for u in range(len(p)) if p[u] >= CANDIDATE]
    for one, other in near(candidates):
        if own[one] or own[other]:
            yield link(read, kind, one, other), bool(own[one] & own[other]), bool(own[one] and own[other])


def _logistic(rows: Sequence[Sequence[float]], right: Sequence[bool]) -> NDArray[Any]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    if len(set(right)) < 2:
        return np.array([*[0.0] * len(rows[0]), SURE if right[0] else -SURE], np.float32)
    fit = LogisticRegression(max_iter=1000)
    fit.fit(np.array(rows), right)
    return np.append(fit.coef_[0], fit.intercept_[0]).astype(np.float32)
