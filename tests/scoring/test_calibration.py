"""Probabilities of words against facts."""

import pytest

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.scoring import wer
from dialogue.scoring.calibration import calibrate, outcomes
from dialogue.scoring.scored_words import spoken


def transcript(*words: tuple[str, float | None]) -> Transcript:
    said = tuple(Word(text, n, n + 1, p) for n, (text, p) in enumerate(words))
    return Transcript("r", 100.0, utterances=(Utterance("u1", "spk1", 0.0, float(len(words)), words=said),))


def found(said: str, *heard: tuple[str, float | None]) -> list[tuple[float, bool]]:
    reference = spoken(transcript(*((word, None) for word in said.split())))
    hypothesis = spoken(transcript(*heard))
    return outcomes(wer.align(reference, hypothesis), hypothesis)


def test_a_word_is_right_when_it_is_aligned_with_itself() -> None:
    heard = (("le", 0.9), ("dernier", 0.4), ("point", 0.8), ("final", 0.2))
    assert found("le premier point", *heard) == [(0.9, True), (0.4, False), (0.8, True), (0.2, False)]


def test_words_that_are_split_keep_the_probability_of_the_written_word() -> None:
    assert found("l' eau coûte", ("L'eau,", 0.7), ("coûte", 0.5)) == [(0.7, True), (0.7, True), (0.5, True)]


def test_words_that_normalise_together_take_the_probability_of_their_letters() -> None:
    outcome = found("mille deux cents euros", ("1", 0.9), ("200", 0.9), ("€", 0.9))
    assert {probability for probability, _ in outcome} == {0.9}
    assert len(outcome) == 4


def test_words_without_a_probability_are_left_out() -> None:
    assert calibrate(found("oui", ("oui", None))) is None


def test_the_expected_error_is_the_mean_gap_of_the_bins() -> None:
    made = calibrate([(0.85, True)] * 8 + [(0.85, False)] * 2 + [(0.35, True)] * 10)
    assert made is not None
    assert [(b.count, b.correct) for b in made.bins] == [(10, 1.0), (10, 0.8)]
    assert made.error == pytest.approx((0.65 * 10 + 0.05 * 10) / 20)
    assert (made.count, made.correct) == (20, 0.9)


def test_a_probability_of_one_is_in_the_last_bin() -> None:
    made = calibrate([(1.0, True), (0.0, False)])
    assert made is not None
    assert [(b.low, b.high) for b in made.bins] == [(0.0, 0.1), (0.9, 1.0)]
    assert made.error == 0


def test_the_brier_score_is_the_mean_squared_gap_of_single_outcomes() -> None:
    made = calibrate([(0.9, True), (0.6, False)])
    assert made is not None
    assert made.brier == pytest.approx((0.01 + 0.36) / 2)
