"""Whisper on CTranslate2 (faster-whisper): float16 on a GPU, int8 on a CPU, windows decoded in batches.

On a CPU a batch is decoded in parts with one thread each. More threads inside an operation, or parts of another size,
add numbers in another order, and that changes words; so neither the parts nor the words depend on the number of
processors.

On a GPU a batch is decoded at once, or in smaller ones if its memory holds no more, so words may differ from one card,
or one free memory, to the next.
"""

from __future__ import annotations

import copy
import itertools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dialogue.core import compatibility, models
from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.speech.asr import from_ctranslate2
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Hypothesis, Segment, join_words
from dialogue.speech.asr.recognition import BEAM
from dialogue.speech.gpu import BatchSize, fitting
from dialogue.speech.threads import in_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Value = TypeVar("Value")

PART = 4  # windows decoded together by a thread, at most
PADDING = 300  # frames of 10 ms of padding that a window keeps if it is not padded to thirty seconds


class FasterWhisper:
    """A faster-whisper model."""

    def __init__(self, config: ASRConfig) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        compatibility.quieten()
        gpus = ctranslate2.get_cuda_device_count()
        if config.device == "cuda" and not gpus:
            raise ConfigError("device: found cuda, but CTranslate2 finds no GPU. Accepted: auto or cpu.")
        device = "cuda" if gpus and config.device != "cpu" else "cpu"
        compute_type: str = config.compute_type
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        self.threads = 1
        if device == "cpu":
            self.threads = config.threads or int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
        else:
            compatibility.load_cublas()
            if compute_type == "int8":
                compute_type = "int8_float16"  # else the rest is float32
        folder = models.resolve(config.model)
        self.model = BatchSize().run(
            lambda _: WhisperModel(
                str(folder), device, compute_type=compute_type, cpu_threads=1, num_workers=self.threads
            )
        )
        self.at_once = None  # on a CPU, parts of a fixed size
        if device == "cuda":
            self.at_once = BatchSize(fitting(bytes_a_window(folder, compute_type), config.batch_size))

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        return self._in_parts(lambda part: self._decode(part, how), windows)

    def hypotheses(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Hypothesis]]:
        """Return what the beam holds at the end of each window, best first: ``how.beam_size`` hypotheses.

        The best one has the text that :meth:`decode` finds with the same beam.
        """
        return self._in_parts(lambda part: self._hypotheses(part, how), windows)

    def _in_parts(
        self, work: Callable[[Sequence[NDArray[np.float32]]], list[list[Value]]], windows: Sequence[NDArray[np.float32]]
    ) -> list[list[Value]]:
        """Return what ``work`` finds in each window, a part of them at a time."""
        if self.at_once is not None:
            found = self.at_once.over(work, windows)
        else:
            found = in_threads(work, _parts(windows), self.threads)
        return [each for part in found for each in part]

    def _decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        import numpy as np
        from faster_whisper import BatchedInferencePipeline

        model = self.model if how.padded else _unpadded(self.model)
        ends = np.cumsum([len(w) for w in windows]) / RATE
        starts = np.concatenate([[0.0], ends[:-1]])
        found, _ = BatchedInferencePipeline(model).transcribe(
            np.concatenate(list(windows)),
            language=how.language,
            beam_size=how.beam_size,
            initial_prompt=how.prompt,
            hotwords=how.hotwords,
            temperature=0.0,
            word_timestamps=True,
            without_timestamps=False,
            condition_on_previous_text=False,
            vad_filter=False,
            clip_timestamps=[{"start": start, "end": end} for start, end in zip(starts, ends, strict=True)],
            batch_size=len(windows),
        )
        segments: list[list[Segment]] = [[] for _ in windows]
        for segment in found:
            index = int(np.searchsorted(starts, segment.seek / 100 + 0.02, side="right")) - 1
            segments[index].append(_segment(segment, float(starts[index])))
        return segments

    def _hypotheses(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Hypothesis]]:
        import numpy as np
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens, pad_or_trim

        model = self.model if how.padded else _unpadded(self.model)
        tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=how.language)
        said = tokenizer.encode(how.prompt) if how.prompt else []
        prompt = model.get_prompt(tokenizer, said, hotwords=how.hotwords)
        found = model.model.generate(
            model.encode(np.stack([pad_or_trim(model.feature_extractor(w)[..., :-1]) for w in windows])),
            [prompt] * len(windows),
            beam_size=how.beam_size,
            num_hypotheses=how.beam_size,
            max_length=model.max_length,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
        )
        return [
            [  # a score is the mean over the tokens
                Hypothesis(tokenizer.decode(ids).strip(), score * len(ids), len(ids))
                for ids, score in zip(each.sequences_ids, each.scores, strict=True)
            ]
            for each in found
        ]

    def detect_language(self, window: NDArray[np.float32]) -> str:
        return str(self.model.detect_language(window)[0])


def _parts(windows: Sequence[NDArray[np.float32]]) -> list[Sequence[NDArray[np.float32]]]:
    """Divide windows evenly, into two parts at least: most machines have two processors."""
    number = min(len(windows), max(2, -(-len(windows) // PART)))
    edges = [len(windows) * part // number for part in range(number + 1)] if number else []
    return [windows[first:last] for first, last in itertools.pairwise(edges)]


def bytes_a_window(folder: Path, compute_type: str) -> int:
    """Return about how many bytes of a GPU the decoding of a window takes, from the sizes of a model's arrays.

    They are the largest arrays that CTranslate2 allocates: in a layer of the encoder, the attention weights of each
    head before and after the softmax, and the activations; in all layers of the decoder, keys and values of the sound
    and of each hypothesis, which has half of the decoder's positions at most.
    """
    shapes = from_ctranslate2.shapes(folder / "model.bin")
    positions, width = shapes["encoder/position_encodings/encodings"]
    tokens = shapes["decoder/position_encodings/encodings"][0] // 2
    layers = sum(name.startswith("decoder/") and name.endswith("/attention/linear_2/weight") for name in shapes)
    heads = width // 64
    encoder = 2 * heads * positions**2 + 12 * positions * width
    decoder = 2 * layers * width * (positions + BEAM * tokens)
    return (encoder + decoder) * (4 if compute_type == "float32" else 2)


def _unpadded(model: Any) -> Any:
    """Return the same model, whose encoder sees the sound of a window and a little of its padding."""
    import numpy as np

    def encode(features: NDArray[np.float32]) -> Any:  # (window, energy, frame of 10 ms)
        used = np.flatnonzero(features.any(axis=(0, 1)))
        length = (int(used[-1]) if len(used) else 0) + PADDING
        return model.encode(np.ascontiguousarray(features[..., :length]))

    other = copy.copy(model)  # with the same weights
    other.encode = encode
    return other


def _segment(segment: Any, offset: float) -> Segment:
    return Segment(
        start=float(segment.start) - offset,
        end=float(segment.end) - offset,
        text=segment.text.strip(),
        words=join_words((w.word, w.start - offset, w.end - offset, w.probability) for w in segment.words or ()),
        log_probability=segment.avg_logprob,
        no_speech=segment.no_speech_prob,
    )
