"""pyannote.audio's own pipelines (``community-1``, ``diarization-3.1``, or a folder), for those who have them.

The waveform is passed in memory, so neither torchcodec nor ffmpeg is needed. The pipeline's segmentations and
embeddings are kept, so that another number of speakers costs only the clustering. A pipeline has its own batch sizes;
where the memory of a GPU runs out, they are halved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core.audio import RATE
from dialogue.core.models import ModelError
from dialogue.core.transcript import Utterance
from dialogue.speech.diarization.diarizer import Clustering, DiarizationConfig, Progress, SpeakerCount, Voices
from dialogue.speech.gpu import BatchSize, return_memory, torch_device

if TYPE_CHECKING:
    from dialogue.core.sound import Samples


class PyannotePipeline:
    """A pyannote ``SpeakerDiarization`` pipeline.

    Args:
        pipeline: a folder with a ``config.yaml``, or a pipeline that is already loaded.

    Raises:
        ModelError: the folder holds no pipeline.
    """

    def __init__(self, pipeline: Path | Any, config: DiarizationConfig) -> None:
        if isinstance(pipeline, Path) and not (pipeline / "config.yaml").is_file():
            raise ModelError(f"{pipeline}: holds no config.yaml. Accepted: the folder of a pyannote pipeline.")
        self.config = config
        self._source = pipeline
        self._pipeline: Any = None

    def listen(self, sound: Samples, progress: Progress | None = None) -> Voices:
        """Run the pipeline over ``(sample,)`` sound at 16 kHz.

        Returns:
            ``segmentations (chunk, frame, speaker)``, their ``window`` (start, duration, step in seconds),
            ``embeddings (chunk, speaker, dimension)``, and ``passages (P, 2)`` of speech in seconds.
        """
        import numpy as np
        import torch

        pipeline, kept = self._load(), {}
        file = {"waveform": torch.from_numpy(np.asarray(sound))[None], "sample_rate": RATE, "uri": "recording"}

        def hook(step: str, artefact: Any, total: int | None = None, completed: int | None = None, **_: Any) -> None:
            if artefact is not None:
                kept[step] = artefact
            if progress and total and completed is not None and step in ("segmentation", "embeddings"):
                progress(0.3 * completed / total if step == "segmentation" else 0.3 + 0.7 * completed / total)

        def run(size: int) -> Any:
            pipeline.segmentation_batch_size = min(size, pipeline.segmentation_batch_size)
            pipeline.embedding_batch_size = min(size, pipeline.embedding_batch_size)
            return pipeline(file, hook=hook)

        largest = max(pipeline.segmentation_batch_size, pipeline.embedding_batch_size)
        output = BatchSize(largest).run(run)
        return_memory()
        annotation = getattr(output, "speaker_diarization", output)
        spans = [(s.start, s.end) for s in annotation.get_timeline().support()]
        segmentations = kept["segmentation"]
        window = segmentations.sliding_window
        voices = {
            "segmentations": np.asarray(segmentations.data),
            "window": np.array([window.start, window.duration, window.step]),
            "embeddings": np.zeros((0, 0, 0)),
            "passages": np.array(spans, dtype=np.float64).reshape(-1, 2),
            "overlaps": np.zeros((0, 2)),
        }
        if spans:
            voices["embeddings"] = np.asarray(kept["embeddings"])
        return voices

    def cluster(self, voices: Voices, count: SpeakerCount) -> Clustering:
        """Run the pipeline again, starting from the stored segmentations and embeddings."""
        import numpy as np
        import torch
        from pyannote.core import SlidingWindow, SlidingWindowFeature

        if not len(voices["passages"]):
            return Clustering([])
        pipeline = self._load()
        start, duration, step = voices["window"].tolist()
        window = SlidingWindow(start=start, duration=duration, step=step)
        segmentations = SlidingWindowFeature(voices["segmentations"], window)
        fewest, most = count.bounds
        # instance attributes hide the methods that would run the networks again
        pipeline.get_segmentations = lambda file, hook=None: segmentations
        pipeline.get_embeddings = lambda *_, **__: np.array(voices["embeddings"])
        try:
            output = pipeline(
                {"waveform": torch.zeros(1, RATE), "sample_rate": RATE, "uri": "recording"},
                min_speakers=fewest,
                max_speakers=most,
            )
        finally:
            del pipeline.get_segmentations, pipeline.get_embeddings
        regular = getattr(output, "speaker_diarization", output)
        exclusive = getattr(output, "exclusive_speaker_diarization", None)
        if exclusive is None:  # pyannote 3 pipelines return no exclusive diarization
            exclusive = regular
        turns = [
            Utterance("", str(label), segment.start, segment.end)
            for segment, _, label in exclusive.itertracks(yield_label=True)
        ]
        for label in regular.labels():
            floor = exclusive.label_timeline(label)
            for segment in regular.label_timeline(label).support():
                for rest in floor.gaps(support=segment):
                    turns.append(Utterance("", str(label), rest.start, rest.end, overlap=True))
        return Clustering(turns)

    def _load(self) -> Any:
        if self._pipeline is None:
            from dialogue.core import compatibility

            compatibility.prepare()
            import torch
            from pyannote.audio import Pipeline

            if isinstance(self._source, Path):
                loaded = Pipeline.from_pretrained(self._source)
                if loaded is None:
                    raise ModelError(f"{self._source}: pyannote could not load a pipeline from it.")
            else:
                loaded = self._source
            device = torch.device(torch_device(self.config.device))
            self._pipeline = BatchSize().run(lambda _: loaded.to(device))
        return self._pipeline
