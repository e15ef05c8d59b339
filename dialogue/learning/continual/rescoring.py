"""Forgetting in words: n-best lists of the speech recogniser, rescored with the checkpoints of a run.

A hypothesis scores ``log P(text | sound) / tokens + weight * log P(text | text before) / tokens``: the recogniser's
probability and the language model's, each for a token of its own, as beam search compares hypotheses, so that with
weight 0 the recogniser's best one stays. Dividing both by the recogniser's tokens, times among them, would favour the
hypotheses with the most times. The text before is what the recogniser found best in the windows before.

The weight of a recording is chosen on all other recordings, whatever their domain, and anew for each checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import lhotse, uem
from dialogue.formats.turns import names
from dialogue.learning import tasks
from dialogue.learning.continual.encoding import IGNORED
from dialogue.learning.continual.learner import WEIGHTS, Learner
from dialogue.learning.continual.loop import MATRIX, beside
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream, load
from dialogue.learning.continual.publish import stream_of
from dialogue.scoring import wer
from dialogue.scoring.oracle import oracle
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import Zones, spoken, words_in_time
from dialogue.speech.asr import nbest
from dialogue.speech.asr.nbest import NBest

LM_WEIGHTS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)  # that are tried
CONTEXT = 64  # tokens of text before a window
TURN = "[spk1:]"  # what comes before a text: the data of the tasks are turns, and nothing predicts a first token
LEVEL = "fr-std"  # of normalisation

Scores = Sequence[Sequence[float]]  # for each window, for each hypothesis


@dataclass(frozen=True)
class Heard:
    """A recording, what was said in it, and what the recogniser may have heard.

    Attributes:
        domain: the attribute ``domain`` of the recording or, without it, the name of its folder.
        reference: normalised words.
        words: normalised words of each hypothesis of each of ``lists``.
    """

    recording: str
    domain: str
    transcript: Transcript
    reference: Sequence[str]
    lists: Sequence[NBest]
    words: Sequence[Sequence[Sequence[str]]]

    def errors(self, choice: Iterable[int]) -> Rate:
        """Return the word errors of a choice of one hypothesis for each window."""
        heard = [word for words, index in zip(self.words, choice, strict=True) for word in words[index]]
        pairs = wer.align_words(self.reference, heard)
        return wer.wer(wer.Alignment([(w, 0) for w in self.reference], [(w, 0) for w in heard], pairs))

    def chosen(self, scores: Scores, weight: float) -> list[int]:
        """Return the index of the best hypothesis of each window; of equal ones, the recogniser's."""
        best = []
        for each, own in zip(self.lists, scores, strict=True):
            pairs = zip(each.hypotheses, own, strict=True)
            joint = [h.log_probability / max(h.tokens, 1) + weight * score for h, score in pairs]
            best.append(joint.index(max(joint)))
        return best


@dataclass(frozen=True)
class Rescored:
    """Word errors with the model after a number of tasks.

    Attributes:
        rates, weights: by recording.
    """

    task: int
    rates: Mapping[str, Rate]
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Rescoring:
    """Word errors of the recogniser alone, with each model of a run, and of the best choice there is.

    Attributes:
        domains: domain -> recordings.
        first, best: recording -> errors of the recogniser's best hypotheses, and of the best choice from its lists.
        after: the initial model, then the model after each task.
    """

    stream: Stream
    domains: Mapping[str, Sequence[str]]
    first: Mapping[str, Rate]
    best: Mapping[str, Rate]
    after: Sequence[Rescored]


def rescore(
    target: Path, lists: Path, data: Sequence[Path], *, overrides: Sequence[str] = (), report: Any = print
) -> Rescoring:
    """Rescore n-best lists with the initial model of a run and with that after each task.

    Args:
        target: folder of a run, or its YAML file for the initial model alone.
        lists: output of ``dialogue nbest``.
        data: outputs of ``dialogue prepare``, or splits of them, with what was said.
        overrides: values that replace those of the YAML file.

    Raises:
        ContinualError: there are fewer than two recordings, or the model learned from what is said in one.
        NBestError: a recording has no lists.
        FormatError: a reference cannot be read.
    """
    stream = stream_of(target) if target.is_dir() else load(target, overrides)
    heard = [each for folder in data for each in _heard(folder, lists)]
    if len(heard) < 2:
        raise ContinualError(
            f"{', '.join(map(str, data))}: recordings found: {len(heard)}. Accepted: two or more, because the weight "
            "of each is chosen on the others."
        )
    _refuse_leaks(stream, heard)
    done = len(Matrix.load(target / MATRIX).rows) - 1 if (target / MATRIX).exists() else 0
    learner = Learner(stream)
    after = []
    for task in range(done + 1):
        if task:
            learner.restore(target / f"task_{task}" / WEIGHTS)
        scores = []
        for number, each in enumerate(heard, start=1):
            scores.append(log_probabilities(learner, each.lists))
            report(f"after {task} of {done} tasks: recording {number} of {len(heard)}")
        after.append(choose(task, heard, scores))
    domains: dict[str, list[str]] = {}
    for each in heard:
        domains.setdefault(each.domain, []).append(each.recording)
    return Rescoring(
        stream,
        domains,
        {each.recording: each.errors([0] * len(each.lists)) for each in heard},
        {each.recording: oracle(each.reference, each.words) for each in heard},
        tuple(after),
    )


def choose(task: int, heard: Sequence[Heard], scores: Sequence[Scores]) -> Rescored:
    """Choose for each recording the weight with the fewest errors on the others, the smallest of equal ones.

    Args:
        scores: those of the language model for each recording, from :func:`log_probabilities`.
    """
    tried = {w: [each.errors(each.chosen(own, w)) for each, own in zip(heard, scores, strict=True)] for w in LM_WEIGHTS}
    weights, rates = {}, {}
    for place, each in enumerate(heard):
        elsewhere = {w: sum(r.errors for i, r in enumerate(found) if i != place) for w, found in tried.items()}
        weight = min(elsewhere, key=lambda w: (elsewhere[w], w))
        weights[each.recording], rates[each.recording] = weight, tried[weight][place]
    return Rescored(task, rates, weights)


def log_probabilities(learner: Learner, lists: Sequence[NBest]) -> list[list[float]]:
    """Return the mean natural logarithm of the probability of a token, for each hypothesis of each window.

    Where there is no choice, because a hypothesis is alone or one has no token, all get 0.
    """
    import torch

    turn, before = learner.encoder.text(TURN), list[int]()
    found = []
    learner.model.eval()
    with torch.no_grad(), torch.autocast(learner.device, torch.bfloat16, enabled=learner.half):
        for each in lists:
            texts = [learner.encoder.text(f" {h.text}".rstrip()) for h in each.hypotheses]
            choice = len(texts) > 1 and all(texts)
            found.append(_means(learner, [*turn, *before], texts) if choice else [0.0] * len(texts))
            before = [*before, *texts[0]][-CONTEXT:]
    learner.model.train()
    return found


def _means(learner: Learner, prompt: Sequence[int], texts: Sequence[Sequence[int]]) -> list[float]:
    """Return the mean log probability of each text's tokens after the same prompt, which is read once."""
    import torch
    from torch.nn import functional

    def rows(first: Sequence[int], rest: int) -> Any:  # (text, token), padded on the right
        longest = max(map(len, texts))
        return torch.tensor([[*first, *t, *[rest] * (longest - len(t))] for t in texts], device=learner.device)

    *read, last = prompt
    cache = learner.model(input_ids=torch.tensor([read], device=learner.device), use_cache=True).past_key_values
    cache.batch_repeat_interleave(len(texts))
    ids, labels = rows([last], 0), rows([], IGNORED)
    seen = functional.pad((labels != IGNORED).long(), (len(prompt), 0), value=1)
    logits = learner.model(input_ids=ids, attention_mask=seen, past_key_values=cache).logits[:, :-1].float()
    nats = functional.cross_entropy(logits.transpose(1, 2), labels, ignore_index=IGNORED, reduction="none")
    return [-float(row.sum()) / len(t) for row, t in zip(nats, texts, strict=True)]


def _heard(folder: Path, lists: Path) -> list[Heard]:
    references = {t.recording: t for t in formats.read(folder / "reference.stm")}
    zones = uem.read(folder / "reference.uem") if (folder / "reference.uem").exists() else {}
    found = []
    for recording in lhotse.read_recordings(folder / "recordings.jsonl"):
        said = references.get(recording.id, Transcript(recording.id, recording.duration))
        scored = zones.get(recording.id)
        own = nbest.read(lists / f"{recording.id}.jsonl")
        found.append(
            Heard(
                recording.id,
                str(recording.attributes.get("domain", folder.resolve().name)),
                said,
                _words(said, scored),
                own,
                [[_words(_said_in(each, h.text, said), scored) for h in each.hypotheses] for each in own],
            )
        )
    return found


def _said_in(window: NBest, text: str, reference: Transcript) -> Transcript:
    utterance = Utterance("u1", None, window.start, window.end, text)
    return Transcript(reference.recording, reference.duration, utterances=(utterance,))


def _words(transcript: Transcript, zones: Zones | None) -> list[str]:
    return [word.text for word, _ in words_in_time(spoken(transcript, LEVEL, zones))]


def _refuse_leaks(stream: Stream, heard: Sequence[Heard]) -> None:
    """Check that nothing that a model of the run may learn from is said in a recording."""
    files = [folder / "train.jsonl" for folder in (*stream.tasks, *beside(stream).values())]
    learned = [e for path in files if path.exists() for e in tasks.read(path)]
    scored = [
        _passage(each.recording, number, "\n".join(line for _, line in window))
        for each in heard
        for number, window in enumerate(
            tasks.windows(list(each.transcript), names(each.transcript), tasks.LONGEST), start=1
        )
    ]
    try:
        tasks.refuse_leaks({"train": learned, "test": scored}, speakers=False)
    except tasks.TaskError as error:
        raise ContinualError(f"between what is learned and what is recognised: {error}") from error


def _passage(recording: str, number: int, text: str) -> tasks.Example:
    message = {"role": "assistant", "content": text}
    return tasks.Example(f"{recording}-{number}", "continuation", (message,), recording, (), (), ())
