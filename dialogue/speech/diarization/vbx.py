"""From embeddings to speakers, and how many there are: variational Bayes on a hidden Markov model.

Each speaker is a Gaussian whose mean has the prior of a PLDA, and a state of the Markov model: Landini, Profant, Diez
and Burget, "Bayesian HMM clustering of x-vector sequences (VBx) in speaker diarization", Computer Speech & Language
2022 (arXiv 2012.14952), with the numbers of their equations. Speakers that the evidence does not need disappear; two
that share a voice stay, so pairs are then merged for as long as the evidence rises.

Notation: N windows of sound in order of time, K dimensions, S speakers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

FA = 0.3  # weight of the evidence: windows that overlap are not independent
FB = 8.0  # weight of the prior in a recording of USUAL windows: the higher, the fewer speakers
USUAL = 480  # windows in two minutes; with N of them, the prior weighs as the root of N, since a voice drifts
CLOSEST = 3  # pairs of speakers that are tried at a time
LOOP = 0.9  # probability that the next window has the same speaker
ITERATIONS = 40  # at most
ENOUGH = 1e-3  # gain in evidence below which the iterations end
GONE = 1e-4  # share of the time below which a speaker disappears


def find(
    x: NDArray[Any], between: NDArray[Any], first: NDArray[Any], most: int | None = None
) -> tuple[NDArray[Any], dict[int, float]]:
    """Find how many speakers there are, and that of each window.

    Args:
        x, between, first: see :func:`speakers`.
        most: pairs are merged until there are no more speakers than this, whatever the evidence.

    Returns:
        (N, S) probabilities of the speakers, and number of speakers -> the evidence for as many.
    """
    import numpy as np

    posterior, evidence = speakers(x, between, first)
    tried: dict[int, float] = {}
    while True:
        labels = np.unique(posterior.argmax(axis=1), return_inverse=True)[1]
        count = int(labels.max()) + 1
        tried[count] = evidence
        if count == 1:
            return np.ones((len(x), 1)), tried
        merged = [speakers(x, between, _merge(labels, *pair)) for pair in _closest(x * np.sqrt(between), labels)]
        best = max(merged, key=lambda found: found[1])
        tried[count - 1] = best[1]
        if best[1] <= evidence and (most is None or count <= most):
            return posterior[:, np.unique(posterior.argmax(axis=1))], tried
        posterior, evidence = best


def split(x: NDArray[Any], labels: NDArray[Any], first: NDArray[Any]) -> NDArray[Any] | None:
    """Give a speaker of its own to the cluster of ``first`` that differs most from the rest of its speaker.

    By Ward's criterion, so that neither a few odd windows nor a small difference is enough. ``None`` if every cluster
    is a speaker already.
    """
    import numpy as np

    best: tuple[float, Any] = 0.0, None
    for cluster in range(int(first.max()) + 1):
        inside = first == cluster
        speaker = np.bincount(labels[inside]).argmax()
        inside &= labels == speaker
        rest = (labels == speaker) & ~inside
        if inside.any() and rest.any():
            a, b = int(inside.sum()), int(rest.sum())
            gain = a * b / (a + b) * float(((x[inside].mean(axis=0) - x[rest].mean(axis=0)) ** 2).sum())
            best = max(best, (gain, inside), key=lambda found: found[0])
    return None if best[1] is None else np.where(best[1], labels.max() + 1, labels)


def _closest(x: NDArray[Any], labels: NDArray[Any]) -> list[tuple[int, int]]:
    """Return the pairs of speakers with the most similar means."""
    import numpy as np

    means = np.stack([x[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    rows, columns = np.triu_indices(len(means), 1)
    order = np.argsort(-(means @ means.T)[rows, columns])[:CLOSEST]
    return [(int(rows[n]), int(columns[n])) for n in order]


def _merge(labels: NDArray[Any], kept: int, other: int) -> NDArray[Any]:
    """Give the windows of one speaker to another of a lower number, without a gap in the numbers."""
    merged = labels.copy()
    merged[labels == other] = kept
    merged[labels > other] -= 1
    return merged


def speakers(
    x: NDArray[Any], between: NDArray[Any], first: NDArray[Any], *, all_stay: bool = False
) -> tuple[NDArray[Any], float]:
    """Find the speaker of each window, given a first clustering.

    Args:
        x: (N, K) embeddings with covariance 1 within a speaker.
        between: (K,) variances between speakers.
        first: (N,) speakers of a first clustering, from 0, of which there are as many as needed or more.
        all_stay: keep the number of speakers of ``first``.

    Returns:
        (N, S) probabilities of the speakers, and the evidence for them (a lower bound of the log-likelihood).
    """
    import numpy as np

    count = int(first.max()) + 1
    posterior = np.full((len(x), count), 0.1 / count)
    posterior[np.arange(len(x)), first] += 0.9
    share = np.full(count, 1 / count)
    fb = FA if all_stay else FB * (len(x) / USUAL) ** 0.5
    rho = x * np.sqrt(between)
    own = -0.5 * ((x**2).sum(axis=1) + x.shape[1] * np.log(2 * np.pi))
    evidence = -np.inf
    for _ in range(ITERATIONS):
        inverse = 1 / (1 + FA / fb * posterior.sum(axis=0)[:, None] * between)  # (17), S x K
        alpha = FA / fb * inverse * (posterior.T @ rho)  # (16)
        likelihood = FA * (rho @ alpha.T - 0.5 * ((inverse + alpha**2) @ between) + own[:, None])  # (23)
        highest = likelihood.max(axis=1, keepdims=True)
        posterior, starts, total = _forward_backward(np.exp(likelihood - highest), share)
        before, prior = evidence, fb * 0.5 * (np.log(inverse) - inverse - alpha**2 + 1).sum()
        evidence = float(total + highest.sum() + prior)  # (25)
        if not all_stay:
            share = starts / starts.sum()
            stay = share > GONE
            if not stay.all():
                share = share[stay] / share[stay].sum()
                posterior = posterior[:, stay] / np.maximum(posterior[:, stay].sum(axis=1, keepdims=True), 1e-12)
                evidence = -np.inf
                continue
        if evidence - before < ENOUGH:
            break
    return posterior, evidence


def _forward_backward(likelihood: NDArray[Any], share: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Return (N, S) posteriors, (S,) expected arrivals in each state, and the log-likelihood.

    A window has the speaker of the one before with probability :data:`LOOP`; else it has a speaker by its share.
    """
    import numpy as np

    forward, scale = np.empty_like(likelihood), np.empty(len(likelihood))
    arrive = (1 - LOOP) * share
    state = share
    for n, given in enumerate(likelihood):
        state = given * (LOOP * state + arrive if n else state)
        scale[n] = state.sum()
        state = forward[n] = state / scale[n]
    posterior, arrivals = np.empty_like(likelihood), np.zeros(len(share))
    backward = np.ones(len(share))
    for n in range(len(likelihood) - 1, -1, -1):
        posterior[n] = forward[n] * backward
        given = likelihood[n] * backward / scale[n]
        if n:
            arrivals += arrive * given
            backward = LOOP * given + arrive @ given
    return posterior, arrivals + posterior[0], float(np.log(scale).sum())
