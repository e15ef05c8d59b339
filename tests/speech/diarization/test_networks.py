"""The exported networks find what the published weights find in torch."""

from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.speech.diarization import networks
from dialogue.speech.diarization.networks import statistics
from dialogue.speech.diarization.onnx_networks import OnnxNetworks

np = pytest.importorskip("numpy")
SOUND = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"


@pytest.fixture(scope="module")
def sound() -> "np.ndarray":
    return audio.load(SOUND)[: 20 * audio.RATE]


@pytest.fixture(scope="module")
def both() -> tuple[networks.Networks, networks.Networks]:
    pytest.importorskip("torch")
    from dialogue.speech.diarization.torch_networks import TorchNetworks

    return OnnxNetworks(), TorchNetworks("cpu")


@pytest.mark.model
@pytest.mark.parametrize("seconds", [3, 10])
def test_the_segmentation_is_the_same(both, sound, seconds: int) -> None:
    windows = np.stack([sound[: seconds * audio.RATE], sound[-seconds * audio.RATE :]])
    exported, torch = (each.segment(windows) for each in both)
    assert exported.shape == torch.shape
    assert np.abs(exported - torch).max() < 1e-4
    assert np.allclose(exported.sum(axis=-1), 1, atol=1e-4)


@pytest.mark.model
@pytest.mark.parametrize("seconds", [0.25, 1.0, 6.0])
def test_voices_are_the_same(both, sound, seconds: float) -> None:
    energies = networks.energies(sound[: int(seconds * audio.RATE)])
    [exported], [torch] = (each.frames([energies - energies.mean(0)]) for each in both)
    assert exported.shape == torch.shape == (512, (len(energies) + 1) // 2)
    assert np.abs(exported - torch).max() < 1e-3
    pooled = statistics(exported, np.ones(exported.shape[1], bool), np.array([[0, exported.shape[1]]]))
    first, second = (each.embed(pooled) for each in both)
    assert first.shape == (1, networks.DIMENSION)
    assert np.abs(first - second).max() < 1e-3


@pytest.mark.model
@pytest.mark.parametrize("length", [20, 199, 200, 201, 399])
def test_padding_does_not_change_what_is_found_in_a_passage(both, sound, length: int) -> None:
    energies = networks.energies(sound[: 4 * audio.RATE + 240])  # (400, 80)
    energies -= energies.mean(0)
    [alone] = both[1].frames([energies[:length]])
    together, _ = both[1].frames([energies[:length], energies])
    assert alone.shape == together.shape == (512, networks.pooled(length))
    assert np.abs(alone - together).max() < 1e-3


@pytest.mark.model
def test_energies_are_those_of_kaldi_in_torchaudio(sound) -> None:
    pytest.importorskip("torch")
    from dialogue.core import compatibility

    compatibility.prepare()
    import torch
    from torchaudio.compliance import kaldi

    expected = kaldi.fbank(torch.from_numpy(sound)[None], num_mel_bins=80, sample_frequency=16000, dither=0.0)
    assert np.abs(networks.energies(sound) - expected.numpy()).max() < 1e-2


def test_pooling_is_the_mean_and_the_deviation_of_the_frames_to_use() -> None:
    frames = np.random.default_rng(0).standard_normal((512, 40)).astype(np.float32)
    used = np.arange(40) % 2 == 0
    some, every = statistics(frames, used, np.array([[0, 40], [0, 12]]))
    assert np.allclose(some, np.concatenate([frames[:, used].mean(1), frames[:, used].std(1, ddof=1)]), atol=1e-5)
    first = frames[:, :12]  # of which six are to be used, too few
    assert np.allclose(every, np.concatenate([first.mean(1), first.std(1, ddof=1)]), atol=1e-5)


def test_sound_shorter_than_a_frame_has_no_energies() -> None:
    assert networks.energies(np.zeros(100, np.float32)).shape == (0, 80)
