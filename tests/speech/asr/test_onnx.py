"""NeMo's models on ONNX Runtime, by a stand-in with the files, inputs and outputs of Parakeet's export."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.models import ModelError
from dialogue.speech import asr
from dialogue.speech.asr import ASRConfig, Decoding
from dialogue.speech.asr.recognition import WINDOW

pytest.importorskip("onnx_asr")
parakeet = pytest.importorskip("tests.speech.asr.parakeet")
HOW = Decoding("fr", beam_size=1)


def sound(seconds: float, *loud: tuple[float, float]) -> np.ndarray:
    """Return faint noise, which is louder in the given spans."""
    noise = np.random.default_rng(0).normal(0, 1, int(seconds * RATE)).astype(np.float32)
    level = np.full(len(noise), 1e-4, np.float32)
    for start, end in loud:
        level[int(start * RATE) : int(end * RATE)] = 0.1
    return noise * level


def config(folder: Path, **options) -> ASRConfig:
    return ASRConfig(engine="onnx", model=str(folder), **options)


@pytest.fixture
def engine(tmp_path: Path):
    return asr.load(config(parakeet.save(tmp_path)))


def words(segments) -> list:
    return [word for segment in segments for word in segment.words]


def test_tokens_become_words_with_times_and_probabilities(engine) -> None:
    [[segment]] = engine.decode([sound(3.0, (1.0, 1.7))], HOW)
    assert segment.text == "bonjour à tous."
    assert [w.text for w in segment.words] == ["bonjour", "à", "tous."]
    starts = [w.start for w in segment.words]
    assert starts == pytest.approx([1.0, 1.32, 1.48], abs=0.1)
    assert all(w.start < w.end <= 2.1 and 0.99 < w.probability <= 1 for w in segment.words)
    assert segment.log_probability == pytest.approx(0.0, abs=0.01)


def test_a_space_that_is_a_token_of_its_own_begins_a_word(tmp_path: Path) -> None:
    follows = {parakeet.BLANK: "▁oui", "▁oui": "▁", "▁": "non", "non": "."}
    [segments] = asr.load(config(parakeet.save(tmp_path, follows))).decode([sound(3.0, (1.0, 1.6))], HOW)
    assert [w.text for w in words(segments)] == ["oui", "non."]


def test_silence_and_an_empty_sound_have_no_words(engine) -> None:
    assert engine.decode([np.zeros(3 * RATE, np.float32), np.zeros(RATE // 5, np.float32)], HOW) == [[], []]


def test_a_segment_ends_at_a_pause(engine) -> None:
    [segments] = engine.decode([sound(4.0, (0.5, 1.2), (2.5, 3.2))], HOW)
    assert [s.text for s in segments] == ["bonjour à tous.", "bonjour à tous."]
    assert segments[0].end < 1.8 < 2.4 < segments[1].start


def test_the_last_word_ends_in_the_window(engine) -> None:
    [segments] = engine.decode([sound(1.5, (0.6, 1.5))], HOW)
    assert words(segments)[-1].end <= 1.5


def test_words_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    windows = [sound(2.0, (at, at + 0.8)) for at in (0.2, 0.5, 0.9, 1.1)]
    folder = parakeet.save(tmp_path)
    one, more = (asr.load(config(folder, threads=n)).decode(windows, HOW) for n in (1, 3))
    assert one == more


def test_times_are_those_of_the_recording_and_windows_are_bounded(engine, monkeypatch) -> None:
    spans = [(60.0, 60.7), (75.0, 75.7), (110.0, 110.7)]
    lengths, decode = [], engine.decode
    monkeypatch.setattr(
        engine, "decode", lambda windows, how: lengths.extend(map(len, windows)) or decode(windows, how)
    )
    [found] = asr.recognise(engine, sound(112.0, *spans), spans, ASRConfig())
    assert [u.text for u in found.utterances] == ["bonjour à tous."] * 3
    assert [u.start for u in found.utterances] == pytest.approx([start for start, _ in spans], abs=0.15)
    assert max(lengths) <= WINDOW * RATE


def test_a_model_that_repeats_itself_is_caught(tmp_path: Path) -> None:
    engine = asr.load(config(parakeet.save(tmp_path, parakeet.LOOP)))
    [found] = asr.recognise(engine, sound(8.0, (1.0, 7.0)), [(1.0, 7.0)], ASRConfig())
    assert not found.utterances
    assert "repetition" in {o.reason for o in found.omissions}


@pytest.mark.parametrize(
    ("option", "accepted"),
    [
        ({"model": "auto"}, "ONNX export"),
        ({"language": "auto"}, "such as fr"),
        ({"prompt": "Réunion."}, "none"),
        ({"hotwords": ("Camille",)}, "participants"),
    ],
)
def test_options_without_a_meaning_are_refused(option: dict, accepted: str) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(option))}: found .*Accepted with engine onnx: .*{accepted}"):
        ASRConfig(**{"engine": "onnx", "model": "parakeet", **option})


def test_the_smaller_networks_are_taken_on_a_processor(tmp_path: Path) -> None:
    parakeet.save(tmp_path, {parakeet.BLANK: "▁non", "▁non": "▁oui", "▁oui": "▁non"})
    parakeet.save(tmp_path, {parakeet.BLANK: "▁oui", "▁oui": "▁non", "▁non": "▁oui"}, suffix=".int8")
    heard = sound(3.0, (1.0, 1.1))
    for compute_type, expected in (("auto", "oui"), ("int8", "oui"), ("float32", "non")):
        [segments] = asr.load(config(tmp_path, compute_type=compute_type, device="cpu")).decode([heard], HOW)
        assert words(segments)[0].text == expected


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda folder: (folder / "config.json").unlink(), "config.json"),
        (lambda folder: (folder / "config.json").write_text('{"model_type": "whisper"}'), "model_type .* 'whisper'"),
        (lambda folder: (folder / "config.json").write_text("[]"), r"model_type .* \[\]"),
        (lambda folder: (folder / "decoder_joint-model.onnx").unlink(), "no networks in float32"),
        (lambda folder: (folder / "vocab.txt").unlink(), "vocab.txt"),
        (lambda folder: (folder / "encoder-model.onnx").write_bytes(b"damaged"), "encoder-model.onnx"),
    ],
)
def test_a_wrong_folder_is_refused(damage, found: str, tmp_path: Path) -> None:
    damage(parakeet.save(tmp_path))
    with pytest.raises(
        ModelError, match=f"not an ONNX export of a NeMo recogniser: .*{found}.*Accepted: a folder with"
    ):
        asr.load(config(tmp_path, device="cpu"))


def test_weights_of_whisper_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match="not an ONNX export"):
        asr.load(config(tmp_path))


def test_a_gpu_that_onnx_runtime_does_not_know_is_refused(tmp_path: Path, monkeypatch) -> None:
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ConfigError, match=r"device: found cuda.* onnxruntime-gpu"):
        asr.load(config(parakeet.save(tmp_path), device="cuda"))


@pytest.mark.parametrize("device", ["cuda", "auto"])
def test_a_gpu_that_onnx_runtime_cannot_start_on_is_no_secret(tmp_path: Path, monkeypatch, caplog, device: str) -> None:
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: None)
    folder = parakeet.save(tmp_path)
    if device == "cuda":
        with pytest.raises(ConfigError, match=r"could not start on a GPU.*'onnxruntime-gpu\[cuda,cudnn\]"):
            asr.load(config(folder, device=device))
    else:
        engine = asr.load(config(folder, device=device))
        assert engine.threads >= 1
        assert "recognition runs on the processor" in caplog.text


def test_without_the_package_the_message_says_what_to_type(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"onnx is not installed\. .* pip install '\.\[onnx\]'"):
        asr.load(ASRConfig(engine="onnx", model="parakeet"))
