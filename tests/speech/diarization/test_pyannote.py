"""pyannote's pipelines behind this project's protocol: the default one, on the embedded networks and a short sound."""

import itertools
from pathlib import Path

import pytest

from dialogue.core import audio, compatibility
from dialogue.core.models import ModelError
from dialogue.speech import diarization
from dialogue.speech.asr.recognition import merge
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
from dialogue.speech.diarization.pyannote import PyannotePipeline

pytestmark = pytest.mark.model
np = pytest.importorskip("numpy")
SOUND = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
FIRST, LAST = 12.0, 28.0  # seconds; two people speak


@pytest.fixture(scope="module")
def engine() -> PyannotePipeline:
    compatibility.prepare()
    import torch

    torch.set_num_threads(1)  # in small networks, threads only wait for each other
    from benchmarks.peers import stock_pipeline

    pipeline = stock_pipeline(step=1.0, min_cluster_size=1)
    return PyannotePipeline(pipeline, DiarizationConfig(device="cpu"))


@pytest.fixture(scope="module")
def heard(engine: PyannotePipeline) -> dict:
    return dict(engine.listen(audio.load(SOUND)[int(FIRST * audio.RATE) : int(LAST * audio.RATE)]))


def spans(turns) -> list[tuple[str, float, float, bool]]:
    return sorted((t.speaker, round(t.start, 2), round(t.end, 2), t.overlap) for t in turns)


def test_turns_from_what_was_kept_are_those_of_the_first_run(engine: PyannotePipeline, heard: dict) -> None:
    turns = engine.cluster(heard, SpeakerCount()).turns
    assert len({t.speaker for t in turns}) >= 2
    found = merge((t.start, t.end) for t in turns)
    assert [pytest.approx(span, abs=0.02) for span in found] == [tuple(span) for span in heard["passages"]]


def test_another_number_of_speakers_costs_clustering_alone(engine: PyannotePipeline, heard: dict, monkeypatch) -> None:
    pipeline = engine._load()
    monkeypatch.setattr(type(pipeline), "get_segmentations", lambda *_, **__: pytest.fail("segmented again"))
    monkeypatch.setattr(type(pipeline), "get_embeddings", lambda *_, **__: pytest.fail("embedded again"))
    assert len({t.speaker for t in engine.cluster(heard, SpeakerCount(1)).turns}) == 1
    assert len({t.speaker for t in engine.cluster(heard, SpeakerCount(2)).turns}) == 2


def test_batches_that_are_too_large_for_memory_are_halved(engine: PyannotePipeline, heard: dict, monkeypatch) -> None:
    pipeline = engine._load()
    infer = pipeline._segmentation.infer
    sizes = []

    def short_of_memory(chunks):
        sizes.append((pipeline.segmentation_batch_size, pipeline.embedding_batch_size))
        if max(sizes[-1]) > 2:
            raise MemoryError("batch_size ( 4) is probably too large.")
        return infer(chunks)

    monkeypatch.setattr(pipeline._segmentation, "infer", short_of_memory)
    monkeypatch.setattr(pipeline, "segmentation_batch_size", 4)
    monkeypatch.setattr(pipeline, "embedding_batch_size", 1)
    again = engine.listen(audio.load(SOUND)[int(FIRST * audio.RATE) : int(LAST * audio.RATE)])
    assert sizes[:2] == [(4, 1), (2, 1)]
    assert again["passages"] == pytest.approx(heard["passages"])


def test_voices_survive_the_disk(engine: PyannotePipeline, heard: dict, tmp_path: Path) -> None:
    diarization.save_voices(tmp_path / "v.npz", heard)
    again = diarization.load_voices(tmp_path / "v.npz")
    assert spans(engine.cluster(again, SpeakerCount(2)).turns) == spans(engine.cluster(heard, SpeakerCount(2)).turns)


def test_exclusive_turns_never_overlap(engine: PyannotePipeline, heard: dict) -> None:
    floor = sorted((t.start, t.end) for t in engine.cluster(heard, SpeakerCount()).turns if not t.overlap)
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(floor))


def test_silence_has_no_turns(engine: PyannotePipeline) -> None:
    heard = engine.listen(np.zeros(12 * audio.RATE, np.float32))
    assert engine.cluster(heard, SpeakerCount(2)).turns == []


def test_a_folder_without_a_pipeline_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no config\.yaml\. Accepted: the folder of a pyannote pipeline"):
        diarization.load(DiarizationConfig(model=str(tmp_path)))
