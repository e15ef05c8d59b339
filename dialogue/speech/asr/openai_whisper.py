"""Whisper as its authors published it (openai-whisper)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogue.speech.asr import from_ctranslate2
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Segment, join_words
from dialogue.speech.gpu import torch_device

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class OpenAIWhisper:
    """An openai-whisper model; windows are decoded one after the other."""

    def __init__(self, config: ASRConfig) -> None:
        import torch
        import whisper

        path = from_ctranslate2.for_openai(config.model)
        device = torch_device(config.device)
        self.model = whisper.load_model(str(path), device=device)
        self.half = device == "cuda" and config.compute_type in ("auto", "float16")
        heads = torch.load(path, map_location="cpu", weights_only=True).get("alignment_heads")
        if heads:  # the attention heads that follow the sound, from which word times are computed
            mask = torch.zeros(self.model.dims.n_text_layer, self.model.dims.n_text_head, dtype=torch.bool)
            for layer, head in heads:
                mask[layer, head] = True
            self.model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        import whisper

        prompt = " ".join(p for p in (how.prompt, how.hotwords) if p) or None
        decoded = []
        for window in windows:
            found = whisper.transcribe(
                self.model,
                window,
                language=how.language,
                temperature=0.0,
                no_speech_threshold=None,
                condition_on_previous_text=False,
                initial_prompt=prompt,
                beam_size=how.beam_size,
                word_timestamps=True,
                fp16=self.half,
                verbose=None,
            )
            decoded.append(
                [
                    Segment(
                        s["start"],
                        s["end"],
                        s["text"].strip(),
                        join_words((w["word"], w["start"], w["end"], w["probability"]) for w in s.get("words", ())),
                        s["avg_logprob"],
                        s["no_speech_prob"],
                    )
                    for s in found["segments"]
                ]
            )
        return decoded

    def detect_language(self, window: NDArray[np.float32]) -> str:
        import whisper

        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(window), self.model.dims.n_mels).to(self.model.device)
        _, probabilities = self.model.detect_language(mel)
        return str(max(probabilities, key=probabilities.get))
