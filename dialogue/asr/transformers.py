"""Whisper in transformers: the engine whose weights can be finetuned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dialogue.asr import ASRConfig, Decoding, Segment, conversion, join_words
from dialogue.audio import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine:
    """A transformers Whisper model; windows are decoded in batches."""

    def __init__(self, config: ASRConfig) -> None:
        from dialogue import compatibility

        compatibility.prepare()  # transformers imports torchaudio
        import torch
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        folder = conversion.for_transformers(config.model)
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if config.device == "auto" else config.device
        half = self.device == "cuda" and config.compute_type in ("auto", "float16")
        self.dtype = torch.float16 if half else torch.float32
        self.processor: Any = WhisperProcessor.from_pretrained(folder)
        # word times need the attention weights, which only the eager implementation returns
        self.model: Any = WhisperForConditionalGeneration.from_pretrained(
            folder, dtype=self.dtype, attn_implementation="eager"
        )
        self.model.to(self.device).eval()

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        import torch

        features = self._features(windows)
        options: dict[str, Any] = {}
        if prompt := " ".join(p for p in (how.prompt, how.hotwords) if p):
            options["prompt_ids"] = torch.tensor(self.processor.get_prompt_ids(prompt)).to(self.device)
        if len(how.temperatures) > 1:
            options |= {
                "temperature": how.temperatures,
                "compression_ratio_threshold": how.compression_ratio,
                "logprob_threshold": how.log_probability,
            }
        with torch.inference_mode():
            # one window after the other: word times of a batch would share the longest one's number of frames
            found = [
                self.model.generate(
                    features[i : i + 1],
                    attention_mask=torch.ones(1, features.shape[-1], dtype=torch.long, device=self.device),
                    language=how.language,
                    task="transcribe",
                    num_beams=how.beam_size,
                    return_timestamps=True,
                    return_token_timestamps=True,
                    return_segments=True,
                    **options,
                )["segments"][0]
                for i in range(len(windows))
            ]
        return [self._segments(segments, len(w) / RATE) for segments, w in zip(found, windows, strict=True)]

    def detect_language(self, window: NDArray[np.float32]) -> str:
        import torch

        with torch.inference_mode():
            token = self.model.detect_language(self._features([window]))
        return self.processor.tokenizer.decode(token[0]).strip("<|>")

    def _features(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """(window, mel, 3000). The mel is padded with zeros, as the other engines do; the processor pads the sound with silence,
        which alone moves the logits."""
        import torch

        extractor = self.processor.feature_extractor
        mels = [
            torch.from_numpy(extractor(w, sampling_rate=RATE, padding=False, return_tensors="np").input_features[0])
            for w in windows
        ]
        padded = torch.stack([torch.nn.functional.pad(m[:, :3000], (0, max(0, 3000 - m.shape[1]))) for m in mels])
        return padded.to(self.device, self.dtype)

    def _segments(self, found: Sequence[Any], duration: float) -> list[Segment]:
        tokenizer, segments = self.processor.tokenizer, []
        special = min(tokenizer.all_special_ids)
        for segment in found:
            tokens = [int(t) for t in segment["tokens"]]
            times = [float(t) for t in segment.get("token_timestamps", [])]
            pieces, current, since = [], [], float(segment["start"])
            kept = [(t, s) for t, s in zip(tokens, times, strict=False) if t < special]
            for index, (token, time) in enumerate(kept):
                if not current:
                    since = time
                current.append(token)
                text = tokenizer.decode(current)
                following = kept[index + 1][1] if index + 1 < len(kept) else min(float(segment["end"]), duration)
                if "\ufffd" not in text:  # a letter may need several tokens
                    pieces.append((text, since, max(since, following), 1.0))
                    current = []
            text = tokenizer.decode([t for t in tokens if t < special]).strip()
            segments.append(
                Segment(float(segment["start"]), float(segment["end"]), text, join_words(pieces), 0.0, 0.0)
            )
        return segments
