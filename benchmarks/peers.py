"""Methods of other tools with the same weights, for comparison only; the product does not use them.

They are pyannote's stock pipeline with the embedding model of this project, and attribution as in WhisperX (largest
overlap, otherwise nearest turn).
"""

from __future__ import annotations

from typing import Any

from dialogue.core import compatibility, models


def stock_pipeline(threshold: float = 0.7, step: float = 0.1, min_cluster_size: int = 12) -> Any:
    """Return pyannote's ``SpeakerDiarization`` with segmentation 3.0 and CAM++, embedding each voice of each window."""
    compatibility.prepare()
    import torch
    from pyannote.audio import Model
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.pipelines import SpeakerDiarization
    from torchaudio.compliance import kaldi

    from dialogue.speech.diarization import networks, torch_networks

    class NoPLDA(PLDA):
        """Placeholder: the constructor requires a PLDA even for a clustering that does not use it."""

        def __init__(self) -> None:
            pass

    class Embedding(Model):
        def __init__(self) -> None:
            super().__init__(sample_rate=16000, num_channels=1)
            self.network = torch_networks.load_campplus(models.resolve("campplus"))
            self.specifications = Specifications(
                problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=10.0
            )

        @property
        def dimension(self) -> int:
            return networks.DIMENSION

        def forward(self, waveforms: Any, weights: Any = None) -> Any:
            rows = []
            for i, waveform in enumerate(waveforms):
                energies = kaldi.fbank(waveform[:1], num_mel_bins=80, sample_frequency=16000, dither=0.0)
                if weights is not None:
                    mask = torch.nn.functional.interpolate(weights[i][None, None], size=len(energies), mode="nearest")
                    energies = energies[mask[0, 0] > 0.5]
                if len(energies) < 20:
                    rows.append(torch.full((networks.DIMENSION,), float("nan")))
                else:
                    rows.append(self.network((energies - energies.mean(0))[None])[0])
            return torch.stack(rows)

    pipeline = SpeakerDiarization(
        segmentation=torch_networks.load_segmentation(models.resolve("segmentation-3.0")),
        segmentation_step=step,
        embedding=Embedding(),
        embedding_exclude_overlap=True,
        plda=NoPLDA(),
        clustering="AgglomerativeClustering",
        embedding_batch_size=32,
        segmentation_batch_size=32,
    )
    clustering = {"method": "centroid", "min_cluster_size": min_cluster_size, "threshold": threshold}
    pipeline.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": clustering})
    return pipeline


def largest_overlap(words: list[Any], turns: list[tuple[float, float, str]]) -> list[tuple[str, Any]]:
    """Give each word the speaker whose turns overlap it most, else that of the nearest turn, as in WhisperX."""
    attributed = []
    for word in words:
        overlap: dict[str, float] = {}
        for start, end, speaker in turns:
            seconds = min(end, word.end) - max(start, word.start)
            if seconds > 0:
                overlap[speaker] = overlap.get(speaker, 0.0) + seconds
        if overlap:
            speaker = max(overlap, key=lambda s: overlap[s])
        elif turns:
            speaker = min(turns, key=lambda t: min(abs(t[0] - word.end), abs(t[1] - word.start)))[2]
        else:
            speaker = "?"
        attributed.append((speaker, word))
    return attributed
