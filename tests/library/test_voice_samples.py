"""Which parts of a recording make a sample of a voice, and why others are refused."""

from dataclasses import replace
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue.core import models  # noqa: E402
from dialogue.core.audio import RATE  # noqa: E402
from dialogue.core.files import save_json  # noqa: E402
from dialogue.library import voice_samples  # noqa: E402
from dialogue.library.voice_samples import SampleError  # noqa: E402
from dialogue.speech import diarization  # noqa: E402
from tests.library.voices import recording, vector  # noqa: E402


def test_a_sample_is_where_only_the_speaker_speaks() -> None:
    heard = recording(("spk1", 1, 0, 8), ("spk2", 2, 7, 15))
    sample = heard.sample("spk1")
    assert 5 < sample.seconds < 7
    own, other = vector(1, noise=0), vector(2, noise=0)
    assert sample.vector @ own > sample.vector @ other


def test_too_little_speech_is_refused_with_what_was_lost() -> None:
    with pytest.raises(
        SampleError, match=r"spk1: 3\.\d s of clean speech \(8\.\d s with other voices\). Accepted: 5 s"
    ):
        recording(("spk1", 1, 0, 8), ("spk2", 2, 4, 15)).sample("spk1")


def test_the_overlaps_that_the_networks_heard_are_left_out() -> None:
    heard = recording(("spk1", 1, 0, 8))
    crowded = replace(heard, voices={**heard.voices, "overlaps": np.array([[2.0, 4.0]])})
    assert heard.sample("spk1").seconds - crowded.sample("spk1").seconds == pytest.approx(2.0)


@pytest.mark.parametrize(("level", "why"), [(0.0, "too quiet"), (1.0, "clipped")])
def test_sound_that_is_silent_or_clipped_is_refused(level: float, why: str) -> None:
    sound = np.full(8 * RATE, level, np.float32)
    with pytest.raises(SampleError, match=f"0.0 s of clean speech \\(8.0 s {why}"):
        recording(("spk1", 1, 0, 8), sound=sound).sample("spk1")


def test_a_speaker_who_says_nothing_is_refused() -> None:
    heard = recording(("spk1", 1, 0, 8), ("spk2", 2, 9, 20))
    silent = replace(heard, said=replace(heard.said, utterances=heard.said.utterances[1:]))
    with pytest.raises(SampleError, match="nothing is said"):
        silent.sample("spk1")


def test_a_sample_with_two_voices_is_refused() -> None:
    turns = [("spk1", 1 + n % 2, 10 * n, 10 * n + 8) for n in range(6)]
    with pytest.raises(SampleError, match="two voices or more"):
        recording(*turns).sample("spk1")
    assert recording(*[("spk1", 1, a, b) for _, _, a, b in turns]).sample("spk1").seconds > 40


def test_an_unknown_speaker_is_refused_with_those_there_are() -> None:
    with pytest.raises(SampleError, match=r"no speakers Zoé\. Accepted: spk1"):
        recording(("spk1", 1, 0, 8)).speaker("Zoé")


def test_a_meeting_that_the_same_model_heard_is_not_heard_again(tmp_path: Path) -> None:
    voices = recording(("spk1", 1, 0, 8)).voices
    diarization.save_voices(tmp_path / "voices/a.npz", voices)
    for digest, again in ((models.digest("campplus"), False), ("0", True)):
        save_json(tmp_path / "a.json", {"provenance": [{"stage": "speakers"}, {"models": {"campplus": digest}}]})
        found = voice_samples._stored(tmp_path, "a")
        assert (found is None) == again
    assert voice_samples._stored(tmp_path, "b") is None
