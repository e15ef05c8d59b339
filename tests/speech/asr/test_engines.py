"""The three engines of Whisper on a few seconds of the sample corpus, with the same weights."""

import os
from pathlib import Path

import pytest

from dialogue.core import audio, models
from dialogue.core.config import ConfigError
from dialogue.speech import asr
from dialogue.speech.asr import ASRConfig, Decoding, from_ctranslate2
from dialogue.speech.asr.faster_whisper import FasterWhisper, bytes_a_window
from dialogue.speech.gpu import BatchSize

pytestmark = pytest.mark.model
SOUND = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
SECONDS = 6.0
HOW = Decoding("fr", beam_size=1)
ENGINES = ("faster-whisper", "openai-whisper", "transformers")  # for onnx see test_onnx.py


@pytest.fixture(scope="module")
def heard() -> dict:
    """Map engines to the segments of one window."""
    pytest.importorskip("torch")
    window = audio.load(SOUND)[: int(SECONDS * audio.RATE)]
    found = {}
    for name in ENGINES:
        engine = asr.load(ASRConfig(engine=name, effort="fast"))
        [found[name]] = engine.decode([window], HOW)
        assert engine.detect_language(window) == "fr"
    return found


def words(segments) -> list:
    return [word for segment in segments for word in segment.words]


@pytest.mark.parametrize("name", ENGINES)
def test_words_have_times_and_probabilities(heard: dict, name: str) -> None:
    found = words(heard[name])
    assert len(found) > 6
    for word in found:
        assert 0 <= word.start <= word.end <= SECONDS + 0.5
        assert 0 <= word.probability <= 1
        assert word.text == word.text.strip() != ""
    starts = [w.start for w in found]
    assert starts == sorted(starts)
    assert len({round(s, 1) for s in starts}) > 0.7 * len(starts), "words stand on each other"


@pytest.mark.parametrize("name", ENGINES)
def test_a_segment_says_how_sure_it_is(heard: dict, name: str) -> None:
    for segment in heard[name]:
        assert -2 < segment.log_probability <= 0
        assert 0 <= segment.no_speech <= 1
        assert segment.text.split() == " ".join(w.text for w in segment.words).split()


@pytest.mark.parametrize("name", ENGINES[1:])
def test_the_same_weights_say_the_same(heard: dict, name: str) -> None:
    import jiwer

    first, other = (" ".join(w.text for w in words(heard[n])).lower() for n in (ENGINES[0], name))
    assert jiwer.wer(first, other) < 0.25


def test_the_default_engine_keeps_windows_apart() -> None:
    sound = audio.load(SOUND)[: 12 * audio.RATE]
    engine = asr.load(ASRConfig(effort="fast"))
    parts = [sound[: 4 * audio.RATE], sound[4 * audio.RATE : 8 * audio.RATE], sound[8 * audio.RATE :]]
    together = engine.decode(parts, HOW)
    assert len(together) == 3
    for part, segments in zip(parts, together, strict=True):
        assert all(0 <= w.start <= w.end <= len(part) / audio.RATE + 0.5 for w in words(segments))
        [alone] = engine.decode([part], HOW)
        assert [w.text for w in words(alone)] == [w.text for w in words(segments)]


@pytest.mark.parametrize("threads", [2, 5])
def test_words_do_not_depend_on_the_number_of_threads(threads: int, monkeypatch) -> None:
    sound = audio.load(SOUND)
    windows = [sound[second * audio.RATE : (second + 4) * audio.RATE] for second in (0, 4, 8, 12, 16)]
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    one, more = (asr.load(ASRConfig(threads=n)) for n in (0, threads))
    assert one.decode(windows, HOW) == more.decode(windows, HOW)


def test_windows_that_a_gpu_does_not_hold_are_decoded_in_smaller_batches() -> None:
    engine = FasterWhisper.__new__(FasterWhisper)  # without weights
    engine.at_once = BatchSize(4)
    given = []

    def decode(windows, how):
        given.append(len(windows))
        if len(windows) > 2:
            raise RuntimeError("CUDA failed with error out of memory")
        return [[window] for window in windows]

    engine._decode = decode
    assert engine.decode(list("abcdef"), HOW) == [[letter] for letter in "abcdef"]
    assert given == [4, 2, 2, 2]


@pytest.mark.parametrize(("compute_type", "megabytes"), [("float16", 117), ("float32", 234)])
def test_what_a_window_takes_of_a_gpu_follows_from_the_sizes_of_the_model(compute_type: str, megabytes: int) -> None:
    found = bytes_a_window(models.resolve("whisper-base"), compute_type)  # 6 layers, 512 wide, 8 heads
    assert round(found / 2**20) == megabytes


@pytest.mark.parametrize(("asked", "taken"), [("auto", "float16"), ("int8", "int8_float16"), ("float32", "float32")])
def test_a_gpu_is_given_batches_that_its_memory_is_planned_to_hold(asked: str, taken: str, monkeypatch) -> None:
    import ctranslate2
    import faster_whisper as package

    from dialogue.core import compatibility
    from dialogue.speech.asr import faster_whisper

    made = []
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 1)
    monkeypatch.setattr(compatibility, "load_cublas", lambda: None)
    monkeypatch.setattr(package, "WhisperModel", lambda folder, device, **options: made.append((device, options)))
    monkeypatch.setattr(faster_whisper, "fitting", lambda each, most: min(most, 2**30 // each))
    engine = FasterWhisper(ASRConfig(compute_type=asked, batch_size=6))
    assert made == [("cuda", {"compute_type": taken, "cpu_threads": 1, "num_workers": 1})]
    assert engine.at_once.size == (4 if taken == "float32" else 6)  # of a GiB: 234 or 117 MiB a window


@pytest.mark.parametrize("engine", ["faster-whisper", "transformers"])
def test_a_gpu_that_is_not_there_is_refused(engine: str, monkeypatch) -> None:
    import ctranslate2
    import torch

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=r"device: found cuda, but .*\. Accepted: auto or cpu\."):
        asr.load(ASRConfig(engine=engine, device="cuda"))


def test_names_are_understood_by_the_default_engine() -> None:
    window = audio.load(SOUND)[: 6 * audio.RATE]
    how = Decoding("fr", 1, "Réunion.", "Camille, Nadia")
    [segments] = asr.load(ASRConfig(effort="fast")).decode([window], how)
    assert words(segments)


def test_weights_are_converted_once(monkeypatch) -> None:
    made = [from_ctranslate2.for_openai("whisper-base"), from_ctranslate2.for_transformers("whisper-base")]
    monkeypatch.setattr(from_ctranslate2, "read_ctranslate2", lambda path: pytest.fail("converted again"))
    stamps = [os.stat(path).st_mtime_ns for path in made]
    assert [from_ctranslate2.for_openai("whisper-base"), from_ctranslate2.for_transformers("whisper-base")] == made
    assert [os.stat(path).st_mtime_ns for path in made] == stamps


def test_a_damaged_weight_file_is_explained(tmp_path: Path) -> None:
    whole = (models.resolve("whisper-base") / "model.bin").read_bytes()[:5000]
    for data, found in ((whole, "damaged|truncated"), (b"\1\0\0\0", "binary version 1"), (b"", "truncated")):
        (tmp_path / "model.bin").write_bytes(data)
        with pytest.raises(models.ModelError, match=found):
            from_ctranslate2.read_ctranslate2(tmp_path / "model.bin")


def test_an_engine_that_is_not_installed_says_what_to_type(monkeypatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ModuleNotFoundError,
        match=r"openai-whisper is not installed\. Type, in the checkout: .* -m pip install '\.\[whisper\]'",
    ):
        asr.load(ASRConfig(engine="openai-whisper"))
