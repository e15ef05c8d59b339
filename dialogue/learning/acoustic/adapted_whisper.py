"""Whisper with adapters: what it hears of a window, what it should write, and the loss between the two.

The features are those of the recogniser (:func:`dialogue.speech.asr.transformers.padded_mels`). The target has a start
and an end for each utterance, because the recogniser decodes with times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility
from dialogue.learning.acoustic.finetuning_options import AcousticError, AcousticRun
from dialogue.learning.acoustic.pairs import Segmented
from dialogue.learning.continual.encoding import IGNORED
from dialogue.learning.continual.learner import TrainedWeights
from dialogue.learning.continual.world import World
from dialogue.speech.asr import from_ctranslate2
from dialogue.speech.asr.transformers import padded_mels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEP = 0.02  # seconds between Whisper's times


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """A window for the model.

    Attributes:
        heard: ``(mel, 3000)`` features or, on a processor if the encoder does not learn, what it makes of them, which
            is most of the work of a pass: ``(1500, width)``. On the CPU.
        ids: prompt, times and words, end of text.
        prompt: number of tokens at the beginning that are not learned.
    """

    heard: Any
    ids: tuple[int, ...]
    prompt: int


class AdaptedWhisper(TrainedWeights):
    """A Whisper model of which only adapters are trained.

    Attributes:
        base: transformers folder of the initial weights.
    """

    def __init__(self, run: AcousticRun) -> None:
        compatibility.prepare()
        import torch
        from transformers import WhisperProcessor

        if run.training.threads:
            torch.set_num_threads(run.training.threads)
        torch.manual_seed(run.training.seed)  # for the initial values of the adapters
        self.run, self.world = run, World()
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.base = from_ctranslate2.for_transformers(run.model)
        dtype = torch.bfloat16 if self.device == "cuda" else torch.float32  # as for language models: slow on processors
        self.model = with_adapters(initial(self.base, dtype).to(self.device), run)
        self.processor: Any = WhisperProcessor.from_pretrained(self.base, local_files_only=True)
        ids = self.processor.tokenizer.convert_tokens_to_ids
        start = ids(["<|startoftranscript|>", f"<|{run.language}|>", "<|transcribe|>"])
        if ids("<|endoftext|>") in start or None in start:
            raise AcousticError(f"{run.model}: no language {run.language!r}. Accepted: a code that the model knows.")
        self._start, self._end, self._zero = start, ids("<|endoftext|>"), ids("<|notimestamps|>") + 1
        self.longest = int(self.model.config.max_target_positions)
        self._encodes_once = run.adapters.parts == "decoder" and self.device == "cpu"

    def encode(self, window: Segmented, sound: NDArray[np.float32]) -> EncodedWindow | None:
        """Return a window for the model; ``None`` if it holds more words than the model can write."""
        ids, last = [*self._start], 0.0
        for start, end, text in window.said:  # times never go back, even where people speak at once
            start, last = max(start, last), max(start, end, last)
            words = self.processor.tokenizer.encode(f" {text}", add_special_tokens=False)
            ids += [self._time(start), *words, self._time(last)]
        ids.append(self._end)
        if len(ids) > self.longest:
            return None
        mels = padded_mels(self.processor.feature_extractor, [sound])
        return EncodedWindow(self._hear(mels)[0], tuple(ids), len(self._start))

    def _hear(self, mels: Any) -> Any:
        import torch

        if not self._encodes_once:
            return mels
        with torch.no_grad():
            return self.model.get_encoder()(mels).last_hidden_state

    def _time(self, seconds: float) -> int:
        return int(self._zero + round(seconds / STEP))

    def loss(self, windows: Sequence[EncodedWindow]) -> Any:
        """Return the summed cross-entropy of the targets, in nats."""
        import torch

        width = max(len(w.ids) for w in windows)
        ids = torch.full((len(windows), width), self._end)
        labels = torch.full((len(windows), width), IGNORED)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = torch.tensor(window.ids)
            labels[row, window.prompt : len(window.ids)] = torch.tensor(window.ids[window.prompt :])
        stacked = torch.stack([w.heard for w in windows]).to(self.device, self.model.dtype)
        heard = {"encoder_outputs": (stacked,)} if self._encodes_once else {"input_features": stacked}
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            out = self.model(**heard, decoder_input_ids=ids[:, :-1].to(self.device), use_cache=False)
        logits = out.logits.float().flatten(0, 1)
        return torch.nn.functional.cross_entropy(
            logits, labels[:, 1:].flatten().to(self.device), ignore_index=IGNORED, reduction="sum"
        )

    def merged(self) -> Any:
        """Return the whole model in float32 on the CPU, the adapters merged into the original weights."""
        import torch

        model = with_adapters(initial(self.base, torch.float32), self.run)
        model.load_state_dict({name: p.cpu() for name, p in self.state().items()}, strict=False)
        return model.merge_and_unload()


def learned(windows: Sequence[EncodedWindow]) -> int:
    """Return the number of tokens that are learned in windows."""
    return sum(len(w.ids) - w.prompt for w in windows)


def initial(folder: Path, dtype: Any) -> Any:
    """Return the initial model of a transformers folder."""
    from transformers import WhisperForConditionalGeneration
    from transformers.utils import logging

    logging.disable_progress_bar()
    return WhisperForConditionalGeneration.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=dtype
    )


def with_adapters(model: Any, run: AcousticRun) -> Any:
    """Return a model with adapters, which change nothing at first."""
    from peft import LoraConfig, get_peft_model

    how = run.adapters
    parts = "encoder|decoder" if how.parts == "both" else how.parts
    target = rf"model\.({parts})\.layers\..*\.({'|'.join(how.projections)})"  # `encoder_attn` is in the decoder
    own: dict[str, Any] = {"r": how.rank, "lora_alpha": how.alpha, "lora_dropout": how.dropout}
    return get_peft_model(model, LoraConfig(target_modules=target, **own))
