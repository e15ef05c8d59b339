"""How well voices are recognised that nothing was fitted on.

    python benchmarks/voiceprints.py              writes benchmarks/RESULTS.md, and prints the constants

Every voice of the development recordings speaks twice: what is enrolled and what is recognised share no turn, and no
recording where the voice is in several. What is recognised is heard as it is, with noise, in a room, on the telephone,
and in made meetings (``mixtures.py``). Voices are in folds that share none; the PLDA, the calibration and the threshold
for a fold are chosen on the voices of the others. The constants of the package are chosen in the same way on all
scores, each of which comes from a PLDA that does not know the voices.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import mixtures
import numpy as np
from numpy.typing import NDArray
from sayings import CONDITIONS, FOLDS, RATE, Sayings, hear, listened, meetings, sayings

from dialogue.library.voiceprints import Scorer, Voiceprint, mean_voice, posteriors
from dialogue.speech.diarization.embedded import HOP
from dialogue.speech.diarization.plda import PLDA


def taken(mixture: mixtures.Mixture, voices: Mapping[str, NDArray[Any]]) -> tuple[dict[str, Any], list[bool], int, int]:
    """Take a sample of each voice of a made meeting as the package does, given who speaks when.

    Returns:
        Voice -> sample, for each voice that has enough speech whether it was taken for two, and, when two voices are
        given as one, how often that is noticed, and how often there was enough speech.
    """
    from dialogue.core.transcript import Transcript, Utterance, order_speakers
    from dialogue.library.voice_samples import LEAST, HeardRecording, SampleError

    def tried(turns: Sequence[mixtures.Turn], name: str) -> Any:
        labels = [Utterance(f"t{n}", who, start, end) for n, (start, end, who) in enumerate(turns)]
        speakers, said = order_speakers(labels)
        ids = {u.id: u.speaker for u in said}
        speaker = next(ids[u.id] for u in labels if u.speaker == name)
        length = len(mixture.sound) / RATE
        known = Transcript(mixture.name, length, None, tuple(replace(s, name=None) for s in speakers), said)
        try:
            return HeardRecording(mixture.name, known, voices, None, "").sample(speaker, LEAST)
        except SampleError as error:
            return str(error)

    names = sorted({name for *_, name in mixture.turns})
    found = {name: tried(mixture.turns, name) for name in names}
    samples = {name: f for name, f in found.items() if isinstance(f, Voiceprint)}
    enough = [
        ("two voices" in f) if isinstance(f, str) else False
        for f in found.values()
        if not isinstance(f, str) or "two voices" in f
    ]
    noticed = pairs = 0
    for one, other in itertools.combinations(samples, 2):
        both = tried([(a, b, one if name == other else name) for a, b, name in mixture.turns], one)
        shorter = min(samples[one].seconds, samples[other].seconds)
        if shorter >= 0.3 * (samples[one].seconds + samples[other].seconds):
            noticed += isinstance(both, str)
            pairs += 1
    return samples, enough, noticed, pairs


# Scores -----------------------------------------------------------------------------------------------------------

LENGTHS = (2, 5, 10, 30)  # seconds; a sample of 30 has 15 or more
SHORTS = (0.0, 0.25, 0.5, 1.0, 2.0)  # seconds, see Scorer
SESSIONS, EACH = (0.5, 1.0, 2.0, 4.0), 2.0  # variances of PLDA, see Likelihood
AIMED = 0.005  # share of unknown voices that get a suggestion: half of what is allowed, since few voices choose it


def sample(embeddings: NDArray[Any], seconds: float) -> Voiceprint | None:
    """Return the first seconds of what was heard; ``None`` if there is less than nearly that, or half of 30."""
    count = round(seconds / HOP)
    if len(embeddings) < (0.5 if seconds == LENGTHS[-1] else 0.9) * count:
        return None
    chosen = embeddings[:count]
    return Voiceprint(mean_voice(chosen), len(chosen) * HOP, "")


@dataclass(frozen=True, slots=True)
class Trial:
    """A voice that is heard, compared with the enrolled voices of its fold.

    Attributes:
        ratios: of each enrolled voice.
        right: which of them it is.
    """

    enrolled: float
    heard: float
    condition: str
    voice: str
    ratios: NDArray[Any]
    right: int


def plda_without(voices: Sequence[Sayings], *folds: int) -> PLDA:
    """Train as the package's is trained: on recordings as they are, without the voices of some folds."""
    return PLDA.train([np.concatenate([v.heard["enrolled"], v.heard["clean"]]) for v in voices if v.fold not in folds])


def trials(voices: Sequence[Sayings], fold: int, scorer: Any) -> list[Trial]:
    """Compare the voices of a fold, by length and condition."""
    inside, found = [v for v in voices if v.fold == fold], []
    for enrolled in LENGTHS:
        known = [(v, s) for v in inside if (s := sample(v.heard["enrolled"], enrolled))]
        for length in LENGTHS:
            if not known or (enrolled, length).count(10) + (enrolled == length) == 0:
                continue  # one of them has 10 seconds, or both are of one length
            for condition in CONDITIONS:
                heard = [(v, s) for v in inside if (s := sample(v.heard[condition], length))]
                if not heard:
                    continue
                ratios = scorer.ratios([[s] for _, s in known], [s for _, s in heard])
                names = [v.name for v, _ in known]
                for (v, _), column in zip(heard, ratios.T, strict=True):
                    right = names.index(v.name) if v.name in names else -1
                    found.append(Trial(enrolled, length, condition, v.name, column, right))
    return found


@dataclass(frozen=True)
class Likelihood:
    """The likelihood ratio of PLDA: the mean of a voice is Gaussian given its sample; what is heard is another sample.

    Attributes:
        session: variance of the samples of a voice that no length evens out; 1 is that of a window within a sample.
    """

    plda: PLDA
    session: float

    def ratios(self, known: Sequence[Sequence[Voiceprint]], heard: Sequence[Voiceprint]) -> NDArray[Any]:
        between = self.plda.between.astype(float)
        one, x = (self.plda.project(np.stack([s.vector for s in some])) for some in ([k[0] for k in known], heard))
        noise = [
            self.session + 1 / (EACH * np.array([s.seconds for s in some])) for some in ([k[0] for k in known], heard)
        ]
        left = 1 / (1 / between + 1 / noise[0][:, None])
        mean = left * one / noise[0][:, None]
        variance = left[:, None] + noise[1][None, :, None]
        same = -0.5 * (np.log(variance) + (x[None] - mean[:, None]) ** 2 / variance).sum(-1)
        variance = between + noise[1][:, None]
        return same + 0.5 * (np.log(variance) + x**2 / variance).sum(-1)


WAYS = {
    "cosine": [lambda plda: Scorer(np.zeros_like(plda.mean), 0.0, 1.0, 0.0)],
    "cosine from the mean voice": [lambda plda: Scorer(plda.mean, 0.0, 1.0, 0.0)],
    "the same, for its length": [lambda plda, short=short: Scorer(plda.mean, short, 1.0, 0.0) for short in SHORTS],
    "PLDA": [lambda plda, session=session: Likelihood(plda, session) for session in SESSIONS],
}
WAY = "the same, for its length"  # of the package


def split(found: Sequence[Trial]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the scores of the same voice, and those of others."""
    same = [t.ratios[t.right] for t in found if t.right >= 0]
    other = [r for t in found for n, r in enumerate(t.ratios) if n != t.right]
    return np.array(same), np.array(other)


def equal_error(found: Sequence[Trial]) -> float:
    """Return the error at the threshold where as many are wrongly accepted as rejected."""
    same, other = split(found)
    edges = np.sort(np.concatenate([same, other]))
    accepted = 1 - np.searchsorted(np.sort(other), edges) / len(other)
    rejected = np.searchsorted(np.sort(same), edges) / len(same)
    place = int(np.abs(accepted - rejected).argmin())
    return float((accepted[place] + rejected[place]) / 2)


def calibrated(found: Sequence[Trial]) -> tuple[float, float, float]:
    """Return scale and offset of scores by logistic regression with even odds, and the cost of the result in bits."""
    same, other = split(found)
    scores = np.concatenate([same, other])
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(other))])
    weight = np.where(truth == 1, 0.5 / len(same), 0.5 / len(other))
    unit = scores.std()
    x = np.stack([scores / unit, np.ones(len(scores))], axis=1)
    w = np.zeros(2)
    for _ in range(50):  # Newton's method
        p = 1 / (1 + np.exp(-(x @ w)))
        slope = x.T @ (weight * (p - truth))
        w -= np.linalg.solve(x.T @ (x * (weight * p * (1 - p))[:, None]) + 1e-9 * np.eye(2), slope)
    p = 1 / (1 + np.exp(-(x @ w)))
    cost = -(weight * np.log2(np.where(truth == 1, p, 1 - p).clip(1e-12))).sum()
    return float(w[0] / unit), float(w[1]), float(cost)


def outcomes(found: Sequence[Trial], scale: float, offset: float) -> tuple[list[float], list[tuple[float, bool]]]:
    """Return the probability of who is suggested if a voice is not enrolled, and, if it is, whether it is right."""
    unknown, known = [], []
    for t in found:
        ratios = scale * t.ratios + offset
        others = np.delete(ratios, t.right) if t.right >= 0 else ratios
        if len(others):
            unknown.append(max(posteriors(others.tolist())))
        if t.right >= 0:
            likely = posteriors(ratios.tolist())
            known.append((max(likely), int(np.argmax(likely)) == t.right))
    return unknown, known


def threshold_of(unknown: Sequence[float]) -> float:
    """Return the lowest probability at which few enough unknown voices get a suggestion, of 0.5 or more."""
    return max(0.5, float(np.quantile(unknown, 1 - AIMED)))


@dataclass(frozen=True)
class Chosen:
    """What is chosen on some voices: which of the constants of a way, calibration and threshold."""

    number: int
    scale: float
    offset: float
    cost: float
    threshold: float


def chosen(way: str, scored: Sequence[Sequence[Trial]]) -> Chosen:
    """Choose on trials of each of the constants: those of the lowest cost."""
    fits = [calibrated(found) for found in scored]
    number = int(np.argmin([cost for *_, cost in fits]))
    scale, offset, cost = fits[number]
    return Chosen(number, scale, offset, cost, threshold_of(outcomes(scored[number], scale, offset)[0]))


@dataclass
class Judged:
    """The trials of held-out voices, with what was chosen without them."""

    fold: int
    chosen: Chosen
    trials: list[Trial]


def judged(voices: Sequence[Sayings], way: str, without: Mapping[tuple[int, int], PLDA]) -> list[Judged]:
    """Judge each fold by what was chosen on the others, whose scores are from a PLDA that knows neither."""
    found = []
    for fold in range(FOLDS):
        others = [g for g in range(FOLDS) if g != fold]
        scored = [[t for g in others for t in trials(voices, g, make(without[fold, g]))] for make in WAYS[way]]
        best = chosen(way, scored)
        found.append(Judged(fold, best, trials(voices, fold, WAYS[way][best.number](without[fold, fold]))))
    return found


# Tables -----------------------------------------------------------------------------------------------------------


def rates(some: Sequence[tuple[Judged, Trial]]) -> str:
    """Return equal error rate, wrong suggestions for unknown voices, and right and wrong ones for known voices."""
    level = [replace(t, ratios=j.chosen.scale * t.ratios + j.chosen.offset) for j, t in some]
    unknown, right, wrong = [], [], []
    for j, t in some:
        one, several = outcomes([t], j.chosen.scale, j.chosen.offset)
        unknown += [p >= j.chosen.threshold for p in one]
        right += [p >= j.chosen.threshold and same for p, same in several]
        wrong += [p >= j.chosen.threshold and not same for p, same in several]
    shares = " / ".join(f"{100 * np.mean(found):.1f}" for found in (unknown, right, wrong))
    return f"{100 * equal_error(level):.1f}; {shares}"


def table(voices: Sequence[Sayings], found: Mapping[str, Sequence[Judged]]) -> str:
    """Return the tables of all ways, then of lengths and conditions."""
    heads = "equal error rate; unknown voices with a suggestion / known ones with the right one / with a wrong one"
    lines = [f"| {len(voices)} voices, all lengths and conditions | {heads} |", "| --- | ---: |"]
    for way, folds in found.items():
        lines.append(f"| {way} | {rates([(j, t) for j in folds for t in j.trials])} |")
    ours = [(j, t) for j in found[WAY] for t in j.trials]
    for said, fixed, name in (("recognised", "enrolled", "heard"), ("enrolled", "heard", "enrolled")):
        other = "enrolled" if name == "heard" else "recognised"
        lines += ["", f"| seconds {said}, 10 {other} | voices | {' | '.join(CONDITIONS)} |"]
        lines.append("| ---: | ---: |" + " ---: |" * len(CONDITIONS))
        for length in LENGTHS:
            here = [(j, t) for j, t in ours if getattr(t, name) == length and getattr(t, fixed) == 10]
            cells = [rates([(j, t) for j, t in here if t.condition == c]) for c in CONDITIONS]
            lines.append(f"| {length} | {len({t.voice for _, t in here if t.right >= 0})} | {' | '.join(cells)} |")
    apart = {v.name for v in voices if v.apart}
    people = {v.name for v in voices if v.name.split("/")[0] in ("english", "people")}
    lines += ["", "| 10 seconds of both, all conditions | voices | figures as above |", "| --- | ---: | ---: |"]
    for name, kept in (("enrolled from another recording", apart), ("human voices", people)):
        some = [(j, t) for j, t in ours if t.voice in kept and t.enrolled == t.heard == 10 and t.right >= 0]
        lines.append(f"| {name} | {len({t.voice for _, t in some})} | {rates(some)} |")
    return "\n".join(lines)


def in_meetings(voices: Sequence[Sayings], folds: Sequence[Judged], without: Mapping[tuple[int, int], PLDA]) -> str:
    """Recognise the voices of made meetings, with all voices of the fold enrolled, and without the one that speaks."""
    made = list(meetings(voices))
    with ProcessPoolExecutor(2) as pool:
        heard = list(pool.map(hear, [mixture.sound for _, mixture in made]))
    found: list[tuple[Judged, Trial]] = []
    doubted: list[bool] = []
    noticed = pairs = 0
    for (fold, mixture), each in zip(made, heard, strict=True):
        samples, two, more, several = taken(mixture, each)
        doubted, noticed, pairs = doubted + two, noticed + more, pairs + several
        known = {v.name: s for v in voices if v.fold == fold and (s := sample(v.heard["enrolled"], 10))}
        judge = folds[fold]
        scorer = WAYS[WAY][judge.chosen.number](without[fold, fold])
        names = list(known)
        for name, ratios in zip(
            samples, scorer.ratios([[s] for s in known.values()], [*samples.values()]).T, strict=True
        ):
            right = names.index(name) if name in names else -1
            found.append((judge, Trial(10, samples[name].seconds, "meeting", name, ratios, right)))
    return (
        f"| {len(made)} made meetings | {len(found)} speakers, 10 seconds enrolled |\n| --- | ---: |\n"
        f"| figures as above | {rates(found)} |\n"
        f"| one voice, taken for two | {sum(doubted)} of {len(doubted)} |\n"
        f"| two voices given as one, at least 30 % each, and refused | {noticed} of {pairs} |"
    )


def main() -> None:
    import tables

    voices = sayings()
    listened(voices)
    without = {(f, g): plda_without(voices, f, g) for f in range(FOLDS) for g in range(FOLDS)}
    found = {way: judged(voices, way, without) for way in WAYS}
    scored = [[t for g in range(FOLDS) for t in trials(voices, g, make(without[g, g]))] for make in WAYS[WAY]]
    best = chosen(WAY, scored)
    constants = [SHORTS[best.number], *(round(value, 2) for value in (best.scale, best.offset, best.threshold))]
    print("SHORT, SCALE, OFFSET, THRESHOLD =", *constants)
    result = f"{table(voices, found)}\n\n{in_meetings(voices, found[WAY], without)}"
    print(result)
    tables.write("Voices that are recognised", result)


if __name__ == "__main__":
    main()
