"""NeMo's recognisers on ONNX Runtime, without torch: another family of models beside Whisper.

The weights are a folder as onnx-asr reads it, such as the hub repository ``istupakov/parakeet-tdt-0.6b-v3-onnx``
(Parakeet TDT 0.6B v3, 25 European languages with French, CC-BY-4.0). Decoding is greedy. These models recognise the
language by themselves and cannot be told which one to write, so the configured language is only what the transcript
states. :class:`ASRConfig` refuses beam search, prompts, hot words and the detection of the language.

A transducer says in which frame a token begins (Xu et al., "Efficient sequence transduction by jointly predicting
tokens and durations", ICML 2023, arXiv 2304.06795). A token ends where the next one begins, or after the longest
duration of that model.
"""

from __future__ import annotations

import logging
import math
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import models
from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.files import read_json
from dialogue.core.models import ModelError
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Segment, join_words
from dialogue.speech.gpu import BatchSize, GPUMemoryError
from dialogue.speech.threads import in_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger("dialogue")

CUDA = "CUDAExecutionProvider"
ON_CUDA = {
    "cudnn_conv_algo_search": "HEURISTIC",  # by default all algorithms are timed for each new length of sound
    "arena_extend_strategy": "kSameAsRequested",  # by default memory is taken in powers of two
}
NETWORKS = {  # model_type in config.json -> networks in the folder
    "nemo-conformer-tdt": ("encoder-model", "decoder_joint-model"),
    "nemo-conformer-rnnt": ("encoder-model", "decoder_joint-model"),
    "nemo-conformer-ctc": ("model",),
}
SUFFIXES = {"float32": None, "float16": "fp16", "int8": "int8"}  # compute_type -> suffix of the networks' files
FRAME = 0.01  # seconds of a frame of features
LONGEST = 4  # frames of the encoder that a token lasts at most
PAUSE = 0.6  # seconds between two words that end a segment
SPECIAL = re.compile(r"<\S+>")  # tokens that are no text, such as <unk> and <|fr|>

Piece = tuple[str, float, float, float]  # text, start and end in seconds, log probability


class NeMo:
    """A transducer or CTC model of NeMo; windows are decoded one by one, on a CPU in several threads."""

    def __init__(self, config: ASRConfig) -> None:
        import onnx_asr
        import onnxruntime

        gpu = config.device != "cpu" and CUDA in onnxruntime.get_available_providers()
        if config.device == "cuda" and not gpu:
            raise ConfigError(
                "device: found cuda, but this onnxruntime runs on processors only. Accepted: auto or cpu, or "
                "onnxruntime-gpu in place of onnxruntime."
            )
        if gpu:
            onnxruntime.preload_dlls()  # of the packages that torch or onnxruntime-gpu[cuda,cudnn] brought
        folder = models.resolve(config.model)
        about = _about(folder)
        compute_type = config.compute_type
        if compute_type == "auto":
            compute_type = "float32" if gpu or not _complete(folder, about["model_type"], "int8") else "int8"
        if not _complete(folder, about["model_type"], SUFFIXES[compute_type]):
            raise _refused(folder, f"no networks in {compute_type}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # words never depend on the number of threads
        options.log_severity_level = 3  # errors
        providers: list[Any] = [(CUDA, ON_CUDA), "CPUExecutionProvider"] if gpu else ["CPUExecutionProvider"]
        try:
            model = BatchSize().run(
                lambda _: onnx_asr.load_model(
                    about["model_type"],
                    folder,
                    quantization=SUFFIXES[compute_type],
                    sess_options=options,
                    providers=providers,
                )
            )
        except GPUMemoryError:
            raise
        except Exception as error:  # ONNX Runtime raises many unrelated types
            raise _refused(folder, str(error)) from error
        if gpu and not all(CUDA in session.get_providers() for session in _sessions(model.asr)):
            gpu = False  # ONNX Runtime says why in its log, and goes on with the processor
            if config.device == "cuda":
                raise ConfigError(
                    "device: found cuda, but ONNX Runtime could not start on a GPU: CUDA or cuDNN is missing, or of "
                    "another version. Accepted: auto or cpu, or: pip install 'onnxruntime-gpu[cuda,cudnn]'"
                )
            log.warning("ONNX Runtime could not start on a GPU; recognition runs on the processor, in %s", compute_type)
        self.model: Any = model.with_timestamps()
        self.longest = LONGEST * FRAME * about.get("subsampling_factor", 8)
        self.threads = None  # on a GPU, one window after the other
        if not gpu:
            self.threads = config.threads or int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        if self.threads is None:
            return list(BatchSize().over(lambda batch: self._decode(batch[0]), windows))
        return list(in_threads(self._decode, windows, self.threads))

    def detect_language(self, window: NDArray[np.float32]) -> str:
        raise ConfigError("language: found auto. Accepted with engine onnx: the one that is spoken, such as fr.")

    def _decode(self, window: NDArray[np.float32]) -> list[Segment]:
        found = self.model.recognize(window, sample_rate=RATE)
        starts = [min(float(start), len(window) / RATE) for start in found.timestamps]
        limits = [*starts[1:], len(window) / RATE]
        ends = [min(start + self.longest, limit) for start, limit in zip(starts, limits, strict=False)]
        pieces = zip(found.tokens, starts, ends, found.logprobs, strict=True)
        return [_segment(group) for group in _split([p for p in pieces if not SPECIAL.fullmatch(p[0].strip())])]


def _split(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of each segment; they end at pauses."""
    group: list[Piece] = []
    for piece in pieces:
        if group and piece[0][:1] == " " and piece[1] - group[-1][2] > PAUSE:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _segment(pieces: Sequence[Piece]) -> Segment:
    return Segment(
        start=pieces[0][1],
        end=pieces[-1][2],
        text="".join(text for text, *_ in pieces).strip(),
        words=join_words((text, start, end, math.exp(log)) for text, start, end, log in pieces),
        log_probability=sum(log for *_, log in pieces) / len(pieces),
        no_speech=0.0,
    )


def _about(folder: Path) -> dict[str, Any]:
    """Return ``config.json``."""
    try:
        about = read_json(folder / "config.json")
    except (OSError, ValueError) as error:
        raise _refused(folder, str(error)) from error
    if not isinstance(about, dict) or about.get("model_type") not in NETWORKS:
        found = about.get("model_type") if isinstance(about, dict) else about
        raise _refused(folder, f"model_type in config.json is {found!r}")
    return about


def _sessions(recogniser: Any) -> list[Any]:
    """Return the networks of an onnx-asr model that are loaded."""
    import onnxruntime

    return [value for value in vars(recogniser).values() if isinstance(value, onnxruntime.InferenceSession)]


def _complete(folder: Path, kind: str, suffix: str | None) -> bool:
    ending = f".{suffix}.onnx" if suffix else ".onnx"
    return all((folder / f"{network}{ending}").exists() for network in NETWORKS[kind])


def _refused(folder: Path, why: str) -> ModelError:
    return ModelError(
        f"{folder}: not an ONNX export of a NeMo recogniser: {why}. Accepted: a folder with config.json (model_type "
        f"{', '.join(NETWORKS)}), vocab.txt and the networks, encoder-model.onnx and decoder_joint-model.onnx or "
        "model.onnx, such as that of the hub repository istupakov/parakeet-tdt-0.6b-v3-onnx."
    )
