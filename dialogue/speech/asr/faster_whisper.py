"""Whisper on CTranslate2 (faster-whisper): float16 on a GPU, int8 on a CPU, windows decoded in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dialogue.core import models
from dialogue.core.audio import RATE
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Segment, join_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FasterWhisper:
    """A faster-whisper model."""

    def __init__(self, config: ASRConfig) -> None:
        import ctranslate2
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        device = config.device
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        compute_type = config.compute_type
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        self.model = WhisperModel(
            str(models.resolve(config.model)), device, compute_type=compute_type, cpu_threads=config.threads
        )
        self.batched = BatchedInferencePipeline(self.model)
        self.batch_size = config.batch_size

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        import numpy as np

        options: dict[str, Any] = {
            "language": how.language,
            "beam_size": how.beam_size,
            "initial_prompt": how.prompt,
            "hotwords": how.hotwords,
            "word_timestamps": True,
            "without_timestamps": False,
            "condition_on_previous_text": False,
        }
        if len(how.temperatures) > 1:  # only sequential decoding can fall back to other temperatures
            return [
                [
                    _segment(s, 0.0)
                    for s in self.model.transcribe(
                        window,
                        temperature=how.temperatures,
                        compression_ratio_threshold=how.compression_ratio,
                        log_prob_threshold=how.log_probability,
                        no_speech_threshold=None,
                        vad_filter=False,
                        **options,
                    )[0]
                ]
                for window in windows
            ]
        ends = np.cumsum([len(w) for w in windows]) / RATE
        starts = np.concatenate([[0.0], ends[:-1]])
        clips = [{"start": start, "end": end} for start, end in zip(starts, ends, strict=True)]
        found, _ = self.batched.transcribe(
            np.concatenate(list(windows)),
            temperature=how.temperatures[0],
            vad_filter=False,
            clip_timestamps=clips,
            batch_size=self.batch_size,
            **options,
        )
        segments: list[list[Segment]] = [[] for _ in windows]
        for segment in found:
            index = int(np.searchsorted(starts, segment.seek / 100 + 0.02, side="right")) - 1
            segments[index].append(_segment(segment, float(starts[index])))
        return segments

    def detect_language(self, window: NDArray[np.float32]) -> str:
        return str(self.model.detect_language(window)[0])


def _segment(segment: Any, offset: float) -> Segment:
    return Segment(
        start=float(segment.start) - offset,
        end=float(segment.end) - offset,
        text=segment.text.strip(),
        words=join_words((w.word, w.start - offset, w.end - offset, w.probability) for w in segment.words or ()),
        log_probability=segment.avg_logprob,
        no_speech=segment.no_speech_prob,
    )
