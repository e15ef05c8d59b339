"""Options of a run: a model, tasks in order, methods, a schedule.

``conf/continual.yaml`` holds the values that differ from the defaults.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialogue.core import config
from dialogue.core.config import Amount, Count, Number, Positive, Share
from dialogue.core.errors import DialogueError

CONTROLS = ("padded", "general", "joint", "alone")
METHODS = ("naive", "replay", "kl", "l2sp", "ewc", "grow", "osf", "wise", "reptile", "adapters", *CONTROLS)
DECAY = 0.2  # share of a task in which the learning rate of ``wsd`` and ``infinite`` decays
OWN_WEIGHTS = ("osf", "adapters")  # methods that change which weights are trained
MORE_TEXT = ("naive", "replay", "padded", "general")  # methods that only add examples: they go with those
ALONE = {**dict.fromkeys(OWN_WEIGHTS, MORE_TEXT), "joint": ("naive",), "alone": ("naive",)}  # method: what goes with it
WHOLE = (*OWN_WEIGHTS, "qlora")  # methods and adaptations whose weights cannot be sharded


class ContinualError(DialogueError, ValueError):
    """Raised when a run cannot start or continue; the message says what was found and what to do."""


@dataclass(frozen=True)
class Adaptation:
    """What is trained.

    Attributes:
        kind: ``lora``, ``dora`` or ``qlora`` (on a model in 4 bits) train adapters of every linear layer; ``full``
            trains all weights.
        rank: rank of the adapters' matrices.
        alpha: scale of the adapters, divided by ``rank``.
    """

    kind: Literal["lora", "dora", "qlora", "full"] = "lora"
    rank: Number = 16
    alpha: Number = 32


@dataclass(frozen=True)
class Schedule:
    """Learning rate within a task, as shares of ``peak``.

    Attributes:
        kind: ``rewarm_cosine`` warms up at each task and decays to ``floor`` (Gupta et al. 2023, Ibrahim et al. 2024);
            ``small`` stays at ``floor``; ``wsd`` warms up, is stable, and decays in the last fifth (Hu et al. 2024);
            ``infinite`` warms up only in the first task, is constant through all tasks, and decays in the last fifth
            of the last one (Ibrahim et al. 2024).
        peak: highest learning rate.
        warmup: share of a task in which the rate rises.
        floor: lowest rate, as a share of ``peak``.
    """

    kind: Literal["rewarm_cosine", "small", "wsd", "infinite"] = "rewarm_cosine"
    peak: Positive = 2e-4
    warmup: Share = 0.05
    floor: Share = 0.1

    def rate(self, step: int, steps: int, task: int, tasks: int) -> float:
        """Return the learning rate of a step.

        Args:
            step: step of the task, from 0; there are ``steps`` of them.
            task: number of the task, from 0; there are ``tasks`` of them.
        """
        done = (step + 1) / max(1, steps)
        warmup = min(1.0, done / self.warmup) if self.warmup > 0 else 1.0
        down = self.floor + (1 - self.floor) * max(0.0, 1 - done) / DECAY
        past = max(0.0, (done - self.warmup) / max(1e-9, 1 - self.warmup))
        cosine = self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(1.0, past))) / 2
        shares = {
            "rewarm_cosine": min(warmup, cosine),
            "small": self.floor,
            "wsd": min(warmup, down, 1.0),
            "infinite": min(1.0 if task else warmup, down if task == tasks - 1 else 1.0, 1.0),
        }
        return self.peak * shares[self.kind]


@dataclass(frozen=True)
class Training:
    """Amount and details of training.

    Attributes:
        steps: updates per task; ``None`` is as many as ``epochs`` need.
        epochs: how many times the examples of a task are seen.
        tokens: tokens of new examples per update.
        context: maximum tokens of an example; longer examples are cut at a turn, and counted.
        seed: seed of the order of the examples and of what a method draws.
        clip: largest norm of the gradient.
        weight_decay: of AdamW.
        gradient_checkpointing: compute activations again instead of keeping them: less memory, more time.
        save_every: updates between checkpoints.
        documents: number of recordings of each test set that are scored; 0 is all.
        examples: number of examples of each such recording that are scored; 0 is all.
        threads: threads of torch; 0 is its default.
        sharded: share weights, gradients and optimizer out over the processes of torchrun (FSDP2), for models that one
            GPU cannot hold; otherwise each process has all of them. The results are the same but for the order of sums.
        half: compute in bfloat16 on a processor too, as always on a GPU; faster only with instructions for it
            (AVX512-BF16, AMX). The weights that are trained stay in float32.
    """

    steps: Number | None = None
    epochs: Positive = 1.0
    tokens: Number = 2048
    context: Number = 512
    seed: Count = 0
    clip: Positive = 1.0
    weight_decay: Amount = 0.0
    gradient_checkpointing: bool = False
    save_every: Number = 50
    documents: Count = 0
    examples: Count = 0
    threads: Count = 0
    sharded: bool = False
    half: bool = False


@dataclass(frozen=True)
class ReplayOptions:
    """Old examples mixed with new ones.

    Attributes:
        ratio: tokens of past tasks per token of the new one.
        general: tokens of the probe's training data per token of the new task; without it, general text worsens with
            every method.
        source: ``buffer`` keeps examples; ``self_generated`` lets the model write its own, for data that may not be
            kept; ``public`` uses the training data in the folder ``public``, which has the form of a task's.
        quota: number of examples kept, over all tasks.
        policy: ``reservoir`` keeps each example seen with equal probability (Vitter 1985); ``per_task`` keeps equally
            many of each task.
        public: folder of the source ``public``.
    """

    ratio: Amount = 0.1
    general: Amount = 0.0
    source: Literal["buffer", "self_generated", "public"] = "buffer"
    quota: Count = 500
    policy: Literal["reservoir", "per_task"] = "reservoir"
    public: Path | None = None


@dataclass(frozen=True)
class KLOptions:
    """Penalty on the divergence from an earlier model: ``weight`` * KL(then || now).

    Attributes:
        weight: factor of the divergence in the loss.
        to: the initial model, or the model before the task.
        on: all tokens of the update, or only those of old examples; by default the old ones if there is ``replay``.
    """

    weight: Amount = 1.0
    on: Literal["all", "past"] | None = None
    to: Literal["initial", "previous"] = "initial"


@dataclass(frozen=True)
class PenaltyOptions:
    """Strength of ``l2sp`` (Li et al. 2018) or ``ewc`` (Kirkpatrick et al. 2017).

    Attributes:
        weight: factor of the penalty in the loss.
        samples: examples on which ``ewc`` measures importance.
    """

    weight: Amount = 1e-2
    samples: Number = 32


@dataclass(frozen=True)
class PreferenceOptions:
    """Learning from examples of which people rejected another text (:mod:`dialogue.learning.continual.dpo`).

    Attributes:
        beta: how strongly the model is held to the one before the task; less of it allows more change.
        sft: factor of the cross-entropy of the preferred texts; 0 is DPO alone, with which the likelihood of both texts
            may fall.
    """

    beta: Positive = 0.1
    sft: Amount = 1.0


@dataclass(frozen=True)
class GrowOptions:
    """New blocks between the old ones, which are frozen (LLaMA-Pro, Wu et al. 2024).

    Attributes:
        every: old blocks for each new one.
    """

    every: Number = 6


@dataclass(frozen=True)
class OSFOptions:
    """Training in directions that earlier tasks use least (Nayak et al. 2025).

    Attributes:
        kept: share of the singular directions of each matrix that a task does not change.
    """

    kept: Share = 0.5


@dataclass(frozen=True)
class AdaptersOptions:
    """How the adapters of the tasks are merged.

    Attributes:
        merge: peft's method. ``svd`` is the mean of the adapters' products.
        weight: weight of each adapter; 0 is one over their number.
        density: share of the weights that ``ties``, ``dare_ties`` and ``magnitude_prune`` keep.
    """

    merge: Literal["svd", "linear", "ties", "dare_ties", "magnitude_prune"] = "svd"
    weight: Amount = 0.0
    density: Share = 0.5


@dataclass(frozen=True)
class WiseOptions:
    """Weights between those before and after each task (Wortsman et al. 2022).

    Attributes:
        alpha: share of those after it.
        first: average after the first task too, which keeps more of what the initial model knew.
    """

    alpha: Share = 0.7
    first: bool = True


@dataclass(frozen=True)
class ReptileOptions:
    """Meta steps within a task (Nichol et al. 2018).

    Attributes:
        every: updates between two meta steps.
        step: how far a meta step goes from the weights before these updates to those after them; 1 is plain training.
    """

    every: Number = 5
    step: Share = 0.5


@dataclass(frozen=True)
class EvaluationOptions:
    """What is measured before the first task and after each, besides the loss on every test set.

    Attributes:
        skill: folder of a task of kind ``record``, whose test set is answered; usually one of the tasks.
        abilities: answer the items of ``abilities.yaml``: cloze, copying, instructions.
    """

    skill: Path | None = None
    abilities: bool = False


@dataclass(frozen=True)
class Guard:
    """Limit on forgetting for publication.

    Attributes:
        max_forgetting: most bits per byte that may be forgotten.
        on_fail: beyond the limit, ``refuse`` to publish, or ``blend`` with the initial model until it passes.
    """

    max_forgetting: Amount | None = None
    on_fail: Literal["refuse", "blend"] = "refuse"

    def allows(self, forgot: float | None) -> bool:
        """Return whether so much may be forgotten; ``None`` is too few tasks to forget any."""
        return self.max_forgetting is None or forgot is None or forgot <= self.max_forgetting


@dataclass(frozen=True)
class Stream:
    """A run.

    Attributes:
        model: registered name or folder of transformers weights.
        tasks: folders with ``train.jsonl`` and ``test.jsonl`` (see :mod:`dialogue.learning.tasks`), in training order.
        probe: a folder of the same form, never trained on as a task, that measures what the model could do before.
        method: names joined by ``+``, e.g. ``replay+kl``.
        licence: intended licence of the result; data that forbid it are refused.
        legal_basis: why personal data that are not pseudonymised may be learned, of tasks that do not say it; it goes
            into the card of the model.

    Folders are relative to the current one.
    """

    model: str
    tasks: tuple[Path, ...]
    probe: Path | None = None
    method: str = "replay"
    licence: str = "unknown"
    legal_basis: str = ""
    adaptation: Adaptation = Adaptation()
    schedule: Schedule = Schedule()
    training: Training = Training()
    replay: ReplayOptions = ReplayOptions()
    kl: KLOptions = KLOptions()
    preferences: PreferenceOptions = PreferenceOptions()
    l2sp: PenaltyOptions = PenaltyOptions()
    ewc: PenaltyOptions = PenaltyOptions()
    grow: GrowOptions = GrowOptions()
    osf: OSFOptions = OSFOptions()
    wise: WiseOptions = WiseOptions()
    reptile: ReptileOptions = ReptileOptions()
    adapters: AdaptersOptions = AdaptersOptions()
    evaluation: EvaluationOptions = EvaluationOptions()
    guard: Guard = Guard()

    def __post_init__(self) -> None:
        unknown = [m for m in self.methods if m not in METHODS]
        if unknown:
            raise ValueError(f"method {unknown[0]!r}. Accepted: {', '.join(METHODS)}, joined by +.")
        if not self.tasks:
            raise ValueError("tasks: none. Accepted: folders made by `dialogue tasks`.")
        if len({t.name for t in self.tasks}) < len(self.tasks):
            raise ValueError("tasks: two folders have one name. Names must be unique.")
        if "grow" in self.methods and self.adaptation.kind != "full":
            raise ValueError("method grow trains its new blocks: set adaptation.kind=full.")
        if "osf" in self.methods and self.adaptation.kind != "full":
            raise ValueError("method osf trains directions of the weights themselves: set adaptation.kind=full.")
        if "adapters" in self.methods and self.adaptation.kind != "lora":
            raise ValueError("method adapters merges adapters: set adaptation.kind=lora.")
        if self.replay.source == "public" and self.replay.public is None:
            raise ValueError(
                "replay.source=public without data. Set replay.public to a folder made by `dialogue tasks`."
            )
        if self.kl.on == "past" and "kl" in self.methods and "replay" not in self.methods:
            raise ValueError("kl.on=past without old examples. Set method=replay+kl.")
        for whole in (w for w in WHOLE if self.training.sharded and w in (*self.methods, self.adaptation.kind)):
            raise ValueError(
                f"training.sharded=true with {whole}, whose weights cannot be shared out over processes. "
                "Accepted: training.sharded=false, with which every process has all weights."
            )
        for own, accepted in ALONE.items():
            others = set(self.methods) - {own, *accepted}
            if own in self.methods and others:
                raise ValueError(
                    f"method {own} with {', '.join(sorted(others))}. Accepted with it: {', '.join(accepted)}."
                )
        if "general" in self.methods and not (self.replay.public or self.probe):
            raise ValueError("method general without general text. Set probe, or replay.public, to a folder of tasks.")

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(self.method.split("+"))

    @property
    def names(self) -> list[str]:
        """Columns of R: the probe first, then the tasks."""
        return [*(["probe"] if self.probe else []), *(t.name for t in self.tasks)]


def load(path: str | Path, overrides: Iterable[str] = ()) -> Stream:
    """Load a stream from YAML.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type.
        ContinualError: a field is missing.
    """
    try:
        return config.load(Stream, path, overrides)
    except TypeError as error:  # from the dataclass, when a field without a default is missing
        raise ContinualError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error
