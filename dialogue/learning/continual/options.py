"""What a run is: a model, tasks in order, methods, a schedule. ``conf/continual.yaml`` holds what differs from the defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialogue.core import config

METHODS = ("naive", "replay", "kl", "l2sp", "ewc", "grow", "osf", "wise", "adapters")
OWN_WEIGHTS = ("osf", "adapters")  # methods that change what is trained: beside them only naive and replay


class ContinualError(ValueError):
    """A run that cannot start or go on; the message says what was found and what to do."""


@dataclass(frozen=True)
class Adaptation:
    """What is trained: adapters of every linear layer (``lora``; ``dora``; ``qlora``, of a model in 4 bits), or ``full``, all weights."""

    kind: Literal["lora", "dora", "qlora", "full"] = "lora"
    rank: int = 16
    alpha: int = 32


@dataclass(frozen=True)
class Schedule:
    """Learning rate within a task, as shares of ``peak``.

    Attributes:
        kind: ``rewarm_cosine`` warms up at each task and decays to ``floor`` (Gupta et al. 2023, Ibrahim et al. 2024); ``small`` stays at
            ``floor``; ``wsd`` warms up, is stable, and decays in the last fifth (Hu et al. 2024); ``infinite`` warms up in the first
            task only, is constant through all of them, and decays in the last fifth of the last one (Ibrahim et al. 2024).
    """

    kind: Literal["rewarm_cosine", "small", "wsd", "infinite"] = "rewarm_cosine"
    peak: float = 2e-4
    warmup: float = 0.05
    floor: float = 0.1


@dataclass(frozen=True)
class Training:
    """How much, and how.

    Attributes:
        steps: updates a task; ``None`` is as many as ``epochs`` need.
        tokens: of new examples in an update.
        context: tokens of one example; longer ones are cut at a turn, and counted.
        save_every: updates between checkpoints.
        documents: recordings of each test set that are scored; 0 is all.
        examples: of each of these that are scored; 0 is all.
    """

    steps: int | None = None
    epochs: float = 1.0
    tokens: int = 2048
    context: int = 512
    seed: int = 0
    clip: float = 1.0
    weight_decay: float = 0.0
    gradient_checkpointing: bool = False
    save_every: int = 50
    documents: int = 0
    examples: int = 0
    threads: int = 0


@dataclass(frozen=True)
class ReplayOptions:
    """Old examples beside new ones.

    Attributes:
        ratio: tokens of past tasks for a token of the new one.
        general: tokens of the probe's training data for a token of the new one; general text worsens with every method otherwise.
        source: ``buffer`` keeps examples; ``self_generated`` lets the model write its own, for data that may not be kept; ``public`` takes
            the training data of ``public``, a folder like a task's, instead.
        quota: examples kept, of all tasks together.
        policy: ``reservoir`` keeps each example seen with equal chance (Vitter 1985); ``per_task`` as many of each task.
    """

    ratio: float = 0.1
    general: float = 0.0
    source: Literal["buffer", "self_generated", "public"] = "buffer"
    quota: int = 500
    policy: Literal["reservoir", "per_task"] = "reservoir"
    public: Path | None = None


@dataclass(frozen=True)
class KLOptions:
    """Divergence from the model as it was: ``weight`` * KLOptions(then || now).

    Attributes:
        to: the initial model, or the one before the task.
        on: all tokens of the update, or only those of old examples; by default the old ones where there is ``replay``.
    """

    weight: float = 1.0
    on: Literal["all", "past"] | None = None
    to: Literal["initial", "previous"] = "initial"


@dataclass(frozen=True)
class PenaltyOptions:
    """Strength of ``l2sp`` (Li et al. 2018) or ``ewc`` (Kirkpatrick et al. 2017)."""

    weight: float = 1e-2
    samples: int = 32  # examples that ewc measures importance with


@dataclass(frozen=True)
class GrowOptions:
    """A new block after every so many (LLaMA-Pro, Wu et al. 2024); the old ones are frozen."""

    every: int = 6


@dataclass(frozen=True)
class OSFOptions:
    """Share of the singular directions of each matrix that a task leaves as they are (Nayak et al. 2025)."""

    kept: float = 0.5


@dataclass(frozen=True)
class AdaptersOptions:
    """How the adapters of the tasks become one.

    Attributes:
        merge: of peft. ``svd`` is the mean of what they do.
        weight: of each adapter; 0 is one over their number.
        density: share of the weights that ``ties`` and ``dare_ties`` keep.
    """

    merge: Literal["svd", "linear", "ties", "dare_ties", "magnitude_prune"] = "svd"
    weight: float = 0.0
    density: float = 0.5


@dataclass(frozen=True)
class WiseOptions:
    """Share of the new weights after each task, the rest being those before it (Wortsman et al. 2022)."""

    alpha: float = 0.7


@dataclass(frozen=True)
class Guard:
    """What may be published: forgetting in bits per byte; beyond it the run is refused, or blended back until it passes."""

    max_forgetting: float | None = None
    on_fail: Literal["refuse", "blend"] = "refuse"


@dataclass(frozen=True)
class Stream:
    """A run.

    Attributes:
        model: registered name or folder of transformers weights.
        tasks: folders with ``train.jsonl`` and ``test.jsonl`` (see :mod:`dialogue.learning.tasks`), in the order of training.
        probe: a folder of the same shape, never trained on as a task: what the model could do before.
        method: names joined by ``+``, e.g. ``replay+kl``.
        licence: that the result is to have; data that forbid it are refused.

    Folders are relative to the current one.
    """

    model: str
    tasks: tuple[Path, ...]
    probe: Path | None = None
    method: str = "replay"
    licence: str = "unknown"
    adaptation: Adaptation = Adaptation()
    schedule: Schedule = Schedule()
    training: Training = Training()
    replay: ReplayOptions = ReplayOptions()
    kl: KLOptions = KLOptions()
    l2sp: PenaltyOptions = PenaltyOptions()
    ewc: PenaltyOptions = PenaltyOptions()
    grow: GrowOptions = GrowOptions()
    osf: OSFOptions = OSFOptions()
    wise: WiseOptions = WiseOptions()
    adapters: AdaptersOptions = AdaptersOptions()
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
        for own in OWN_WEIGHTS:
            others = set(self.methods) - {own, "naive", "replay"}
            if own in self.methods and others:
                raise ValueError(f"method {own} with {', '.join(sorted(others))}. Accepted beside it: naive, replay.")

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(self.method.split("+"))

    @property
    def names(self) -> list[str]:
        """Columns of R: the probe first, then the tasks."""
        return [*(["probe"] if self.probe else []), *(t.name for t in self.tasks)]


def load(path: str | Path, overrides: Iterable[str] = ()) -> Stream:
    """A stream from YAML.

    Raises:
        ConfigError: an unknown key, a value of another type.
        ContinualError: a field is missing.
    """
    try:
        return config.load(Stream, path, overrides)
    except TypeError as error:  # of a dataclass that lacks a field without a default
        raise ContinualError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error
