"""Windows begin and end where nobody speaks, hold the words of their sound, and are padded as the recogniser does."""

from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core import audio, compatibility
from dialogue.core.audio import Recording
from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance
from dialogue.formats import lhotse
from dialogue.learning.acoustic import AcousticError, pairs
from dialogue.speech.asr.recognition import WINDOW
from tests.learning.acoustic.conftest import prepared

np = pytest.importorskip("numpy")


def windows(folder: Path, said: list[tuple[float, float, str]], omissions: tuple = (), duration: float = 90.0):
    """Return the windows of a recording of noise, with their seconds of sound, and what the split holds."""
    (folder / "train").mkdir(parents=True)
    audio.save_wav(folder / "a.wav", np.full(int(duration * audio.RATE), 0.1, np.float32))
    lhotse.write_recordings([Recording("a", folder / "a.wav", duration)], folder / "train/recordings.jsonl")
    utterances = tuple(Utterance(f"u{n}", "spk1", *each) for n, each in enumerate(said))
    transcript = Transcript("a", duration, "fr", (Speaker("spk1"),), utterances, omissions=omissions)
    formats.write([transcript], folder / "reference/a.json")
    return pairs.read_split(folder, "train", lambda window, sound: (window, len(sound) / audio.RATE))


def test_a_window_holds_whole_utterances_with_their_times_in_it(tmp_path: Path) -> None:
    said = [(1.0, 11.0, "un"), (11.5, 21.5, "deux"), (22.0, 32.0, "trois"), (60.0, 62.0, "quatre")]
    found, facts = windows(tmp_path, said)
    assert [[text for *_, text in window.said] for window, _ in found] == [["un"], ["deux", "trois", "quatre"]]
    assert found[1][0].said == (
        pytest.approx((0.2, 10.2, "deux")),
        pytest.approx((10.7, 20.7, "trois")),
        pytest.approx((21.1, 23.1, "quatre")),
    )
    assert all(seconds <= WINDOW for _, seconds in found)
    assert facts.left == 0


def test_the_sound_of_turns_that_touch_is_not_shared(tmp_path: Path) -> None:
    [(first, _), (second, _)], _ = windows(tmp_path, [(1.0, 21.0, "un"), (21.0, 41.0, "deux")])
    assert first.pieces[0][1] == second.pieces[0][0] == 21.0


def test_overlapping_turns_are_in_one_window(tmp_path: Path) -> None:
    found, _ = windows(tmp_path, [(1.0, 15.0, "un"), (16.0, 26.0, "deux"), (25.0, 35.0, "trois")])
    assert [[text for *_, text in window.said] for window, _ in found] == [["un"], ["deux", "trois"]]


@pytest.mark.parametrize(
    ("said", "omissions", "left"),
    [
        ([(1.0, 5.0, "un"), (10.0, 45.0, "trop long")], (), 35.0),
        ([(1.0, 5.0, "un"), (10.0, 12.0, "deux")], (Omission(9.0, 11.0, "not scored"),), 3.0),
    ],
)
def test_speech_that_cannot_be_learned_is_left_out_and_counted(tmp_path: Path, said, omissions, left) -> None:
    found, facts = windows(tmp_path, said, omissions)
    assert [[text for *_, text in window.said] for window, _ in found] == [["un"]]
    assert (facts.seconds, facts.left) == (4.0, left)


def test_a_corpus_without_the_split_is_refused(tmp_path: Path) -> None:
    corpus = prepared(tmp_path, {"train": ["a"]}, {})
    with pytest.raises(AcousticError, match=r"dev/recordings.jsonl: no such split\. Accepted: a corpus prepared with"):
        pairs.manifest(corpus, "dev")


def test_the_features_are_those_that_the_recogniser_hears() -> None:
    """Of faster-whisper: a mel padded with zeros, not the mel of sound padded with silence; but for its last frames."""
    feature_extractor = pytest.importorskip("faster_whisper.feature_extractor")
    faster_whisper_audio = pytest.importorskip("faster_whisper.audio")
    pytest.importorskip("torch")
    compatibility.prepare()
    from transformers import WhisperFeatureExtractor

    from dialogue.speech.asr.transformers import padded_mels

    sound = np.random.default_rng(0).normal(0, 0.1, 5 * 16_000).astype(np.float32)
    theirs = faster_whisper_audio.pad_or_trim(feature_extractor.FeatureExtractor()(sound)[..., :-1])
    ours = padded_mels(WhisperFeatureExtractor(), [sound])[0].numpy()
    assert np.abs(theirs - ours)[:, :498].max() < 1e-5
    assert np.abs(theirs - ours).max() < 0.02
    assert not ours[:, 500:].any()
