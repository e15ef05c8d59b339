"""Whisper in transformers: the engine whose weights can be finetuned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dialogue.core.audio import RATE
from dialogue.speech.asr import from_ctranslate2
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Segment, join_words
from dialogue.speech.gpu import BatchSize, torch_device

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TransformersWhisper:
    """A transformers Whisper model; windows are decoded in batches."""

    def __init__(self, config: ASRConfig) -> None:
        from dialogue.core import compatibility

        compatibility.prepare()  # transformers imports torchaudio
        import torch
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        folder = from_ctranslate2.for_transformers(config.model)
        self.device = torch_device(config.device)
        half = self.device == "cuda" and config.compute_type in ("auto", "float16")
        self.dtype = torch.float16 if half else torch.float32
        self.processor: Any = WhisperProcessor.from_pretrained(folder)
        # word times need attention weights, which only the eager implementation returns
        model: Any = WhisperForConditionalGeneration.from_pretrained(
            folder, dtype=self.dtype, attn_implementation="eager"
        )
        self.model = BatchSize().run(lambda _: model.to(self.device).eval())

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        import torch

        features = padded_mels(self.processor.feature_extractor, windows).to(self.device, self.dtype)
        options: dict[str, Any] = {}
        if prompt := " ".join(p for p in (how.prompt, how.hotwords) if p):
            options["prompt_ids"] = torch.tensor(self.processor.get_prompt_ids(prompt)).to(self.device)

        def generate(feature: Any) -> Any:
            return self.model.generate(
                feature,
                attention_mask=torch.ones(1, features.shape[-1], dtype=torch.long, device=self.device),
                language=how.language,
                task="transcribe",
                num_beams=how.beam_size,
                return_timestamps=True,
                return_token_timestamps=True,
                return_segments=True,
                **options,
            )["segments"][0]

        with torch.inference_mode():
            # one window at a time: in a batch, word times would use the number of frames of the longest window
            found = list(BatchSize().over(generate, features))
            return [
                self._segments(
                    segments,
                    self._probabilities(features[i : i + 1], segments, how.language),
                    len(windows[i]) / RATE,
                )
                for i, segments in enumerate(found)
            ]

    def detect_language(self, window: NDArray[np.float32]) -> str:
        import torch

        features = padded_mels(self.processor.feature_extractor, [window]).to(self.device, self.dtype)
        with torch.inference_mode():
            token = self.model.detect_language(features)
        return str(self.processor.tokenizer.decode(token[0])).strip("<|>")

    def _probabilities(self, features: Any, segments: Sequence[Any], language: str) -> list[list[float]]:
        """Return the probability of each token of each segment; beam search gives none, so the text is read again."""
        import torch

        ids = self.processor.tokenizer.convert_tokens_to_ids
        start = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>"]
        tokens = [[int(t) for t in segment["tokens"]] for segment in segments]
        text = [ids(t) for t in start] + [t for segment in tokens for t in segment]
        text = text[: self.model.config.max_target_positions]
        logits = self.model(features, decoder_input_ids=torch.tensor([text], device=self.device)).logits[0].float()
        chosen = logits[:-1].softmax(-1).gather(1, torch.tensor(text[1:], device=self.device)[:, None])[:, 0].tolist()
        remaining = iter(chosen[len(start) - 1 :])
        return [[next(remaining, 0.0) for _ in segment] for segment in tokens]

    def _segments(
        self, found: Sequence[Any], probabilities: Sequence[Sequence[float]], duration: float
    ) -> list[Segment]:
        """Convert what transformers found to segments.

        transformers gives the time at which each token ends, so a word begins where the token before it ended. The
        last time may lie in the padding of the window.
        """
        tokenizer, segments = self.processor.tokenizer, []
        special = min(tokenizer.all_special_ids)
        for segment, chances in zip(found, probabilities, strict=True):
            tokens = [int(t) for t in segment["tokens"]]
            times = [min(float(t), duration) for t in segment["token_timestamps"]]
            pieces: list[tuple[str, float, float, float]] = []
            letters: list[int] = []
            since, lowest = min(float(segment["start"]), duration), 1.0
            for token, time, chance in zip(tokens, times, chances, strict=False):
                if token >= special:
                    since = max(since, time)
                    continue
                letters.append(token)
                lowest = min(lowest, chance)
                text = tokenizer.decode(letters)
                if "\ufffd" not in text:  # a letter may take several tokens
                    pieces.append((text, since, max(since, time), lowest))
                    letters, lowest, since = [], 1.0, max(since, time)
            kept = [c for t, c in zip(tokens, chances, strict=True) if t < special]
            logs = [math.log(max(c, 1e-9)) for c in kept]
            segments.append(
                Segment(
                    start=float(segment["start"]),
                    end=min(float(segment["end"]), duration),
                    text=tokenizer.decode([t for t in tokens if t < special]).strip(),
                    words=join_words(pieces),
                    log_probability=sum(logs) / len(logs) if logs else 0.0,
                    no_speech=0.0,
                )
            )
        return segments


def padded_mels(extractor: Any, windows: Sequence[NDArray[np.float32]]) -> Any:
    """Return ``(window, mel, 3000)`` float32 features of windows of sound.

    The mel is padded with zeros, as in the other engines; the processor would pad the sound with silence, which changes
    the logits. Finetuning takes these features too: what a model learns from is what it will hear.

    Args:
        extractor: transformers' feature extractor of the model.
    """
    import torch

    mels = [
        torch.from_numpy(extractor(w, sampling_rate=RATE, padding=False, return_tensors="np").input_features[0])
        for w in windows
    ]
    return torch.stack([torch.nn.functional.pad(m[:, :3000], (0, max(0, 3000 - m.shape[1]))) for m in mels])
