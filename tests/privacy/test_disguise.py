"""A disguised voice is as long as before, another one for each speaker, and the same one again with the same key."""

import numpy as np

from dialogue.core.containers import RATE
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.privacy.disguise import ALPHAS, alphas, disguise, moved

TRANSCRIPT = Transcript(
    "appel",
    2.0,
    speakers=(Speaker("spk1"), Speaker("spk2")),
    utterances=(Utterance("u1", "spk1", 0.2, 0.9, "oui"), Utterance("u2", "spk2", 1.0, 1.8, "non")),
)


def vowel(seconds: float = 2.0) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    return (
        sum(np.sin(2 * np.pi * f * times) / k for k, f in enumerate((120, 700, 1200, 2500), 1)).astype(np.float32) / 8
    )


def test_the_length_stays_and_every_sample_is_a_number():
    made = moved(vowel(), 0.8)
    assert made.shape == vowel().shape
    assert np.isfinite(made).all()


def test_alpha_1_changes_nothing_that_is_heard():
    same = moved(vowel(), 1.0)
    assert np.corrcoef(same[RATE // 2 : RATE], vowel()[RATE // 2 : RATE])[0, 1] > 0.99


def test_the_resonances_move():
    def peak(sound):
        return np.abs(np.fft.rfft(sound[RATE // 2 : RATE])).argmax() * 2

    assert np.corrcoef(np.abs(np.fft.rfft(moved(vowel(), 0.6))), np.abs(np.fft.rfft(vowel())))[0, 1] < 0.98


def test_what_nobody_says_is_untouched():
    sound = vowel()
    made = disguise(sound, TRANSCRIPT, {"spk1": 0.7, "spk2": 0.8})
    assert np.array_equal(made[: int(0.2 * RATE)], sound[: int(0.2 * RATE)])
    assert not np.array_equal(made, sound)


def test_each_speaker_has_a_coefficient_from_the_key():
    found = alphas(b"k" * 32, TRANSCRIPT)
    assert found == alphas(b"k" * 32, TRANSCRIPT) != alphas(b"x" * 32, TRANSCRIPT)
    assert len(set(found.values())) == 2
    assert all(ALPHAS[0] <= a <= ALPHAS[1] for a in found.values())
