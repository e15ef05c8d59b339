"""Options of an acoustic finetuning: a model, a prepared corpus, adapters, a schedule.

``conf/acoustic.yaml`` of a recipe holds the values that differ from the defaults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialogue.core import config
from dialogue.core.config import Amount, Count, Number, Positive, Share
from dialogue.core.errors import DialogueError
from dialogue.learning.continual.options import Schedule


class AcousticError(DialogueError, ValueError):
    """Raised when a finetuning cannot start, continue or be published; the message says what to do."""


@dataclass(frozen=True)
class AcousticAdapters:
    """Which weights get adapters (LoRA, Hu et al. 2021).

    Attributes:
        parts: ``decoder``, ``encoder`` or ``both``. With the decoder alone, no gradient goes through the encoder.
        projections: those of each attention.
        rank: rank of the adapters' matrices.
        alpha: scale of the adapters, divided by ``rank``.
        dropout: share of the adapters' inputs that is dropped while training.
    """

    parts: Literal["decoder", "encoder", "both"] = "decoder"
    projections: tuple[Literal["q_proj", "k_proj", "v_proj", "out_proj"], ...] = ("q_proj", "v_proj")
    rank: Number = 8
    alpha: Number = 16
    dropout: Share = 0.0


@dataclass(frozen=True)
class AcousticTraining:
    """Amount and details of training.

    Attributes:
        epochs: how many times the windows are seen at most.
        windows: windows of sound, of up to thirty seconds each, per update.
        at_once: windows in one forward pass; the gradients of an update add up over its passes.
        evaluate_every: updates between evaluations on the development split; each is followed by a checkpoint.
        patience: evaluations without a better loss before the run stops.
        seed: seed of the adapters, of the order of the windows and of the dropout.
        clip: largest norm of the gradient.
        weight_decay: of AdamW.
        threads: threads of torch; 0 is its default.
    """

    epochs: Number = 20
    windows: Number = 4
    at_once: Number = 1
    evaluate_every: Number = 5
    patience: Number = 3
    seed: Count = 0
    clip: Positive = 1.0
    weight_decay: Amount = 0.01
    threads: Count = 0


@dataclass(frozen=True)
class AcousticRun:
    """A run.

    Attributes:
        data: output of ``dialogue prepare``, with the splits ``train`` and ``dev``.
        model: registered name or folder of a Whisper model.
        language: Whisper's code of what is spoken.
        licence: intended licence of the result; data that forbid it are refused.
        legal_basis: why voices of people may be learned, if the card of the corpus does not say it
            (``gdpr.legal_basis``); it goes into the card of the model.

    Folders are relative to the current one.
    """

    data: Path
    model: str = "whisper-base"
    language: str = "fr"
    licence: str = "unknown"
    legal_basis: str = ""
    adapters: AcousticAdapters = AcousticAdapters()
    schedule: Schedule = Schedule()
    training: AcousticTraining = AcousticTraining()

    def __post_init__(self) -> None:
        if not self.adapters.projections:
            raise ValueError("adapters.projections: none. Accepted: some of q_proj, k_proj, v_proj, out_proj.")


def load_run(path: str | Path, overrides: Iterable[str] = ()) -> AcousticRun:
    """Load a run from YAML.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type.
        AcousticError: ``data`` is missing.
    """
    try:
        return config.load(AcousticRun, path, overrides)
    except TypeError as error:  # from the dataclass, when a field without a default is missing
        raise AcousticError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error
