"""Differences between two systems, over recordings and over blocks of speech."""

import random

import numpy as np
import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.scoring import blocks, bootstrap, cpwer, der, wer
from dialogue.scoring.difference import difference
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken

WORDS = "le budget est voté demain matin par toute la salle du conseil".split()


def made(seed: int, minutes: float = 3.0, speakers: int = 3) -> Transcript:
    draw, time, utterances = random.Random(seed), 0.0, []
    while time < 60 * minutes:
        text = " ".join(draw.choices(WORDS, k=draw.randint(1, 15)))
        start = max(0.0, time + draw.uniform(-0.8, 0.8))
        utterances.append(
            Utterance(f"u{len(utterances)}", f"spk{draw.randint(1, speakers)}", start, start + len(text) / 15, text)
        )
        time = start + len(text) / 15
    return Transcript(
        "r",
        time + 1,
        speakers=tuple(Speaker(f"spk{n}") for n in range(1, speakers + 1)),
        utterances=tuple(sorted(utterances, key=lambda u: u.start)),
    )


def test_errors_of_the_blocks_add_up_to_the_scores() -> None:
    """Two unrelated texts: every kind of error, and speakers that are hard to match."""
    reference, hypothesis = made(1), made(2, speakers=4)
    zones = [(0.0, 70.0), (80.0, 150.0)]
    said, heard = spoken(reference, zones=zones), spoken(hypothesis, zones=zones)
    aligned = wer.align(said, heard)
    found = blocks.rates(said, heard, aligned, reference, hypothesis, zones)
    scores = {
        "cpwer": cpwer.cpwer(said, heard),
        "tcpwer": cpwer.tcpwer(said, heard),
        "wer": wer.wer(aligned),
        "der": der.der(reference, hypothesis, zones),
    }
    for metric, rate in scores.items():
        whole = sum(found[metric], Rate(0, 0))
        assert (whole.errors, whole.length) == (pytest.approx(rate.errors), pytest.approx(rate.length)), metric
    assert len({len(rates) for rates in found.values()}) == 1


def test_an_error_is_counted_in_its_block() -> None:
    reference = Transcript(
        "r",
        70.0,
        speakers=(Speaker("spk1"),),
        utterances=(Utterance("u1", "spk1", 1.0, 2.0, "oui"), Utterance("u2", "spk1", 61.0, 62.0, "non")),
    )
    said, nothing = spoken(reference), Transcript("r", 70.0)
    found = blocks.rates(said, nothing, wer.align(said, nothing), reference, nothing)
    for metric in ("cpwer", "tcpwer", "wer"):
        assert [(rate.errors, rate.length) for rate in found[metric]] == [(1, 1), (0, 0), (1, 1)]
    assert [rate.errors for rate in found["der"]] == pytest.approx([1.0, 0.0, 1.0])


def rates(*errors: float) -> list[Rate]:
    return [Rate(e, 100) for e in errors]


def test_fewer_errors_everywhere_are_better() -> None:
    found = difference(rates(20, 30, 40, 25, 35, 22), rates(18, 27, 39, 21, 33, 20))
    assert found.value == pytest.approx(-14 / 600)
    assert (found.verdict, found.improvement, found.units) == ("better", 1.0, 6)
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1] < 0


def test_the_other_way_round_is_worse_by_as_much() -> None:
    one, other = rates(20, 30, 40, 25, 35, 22), rates(18, 27, 39, 21, 33, 20)
    there, back = difference(one, other), difference(other, one)
    assert back.verdict == "worse"
    assert back.interval == pytest.approx([-bound for bound in reversed(there.interval or ())])


def test_differences_of_both_signs_are_indistinguishable() -> None:
    assert difference(rates(20, 30, 40, 25, 35, 22), rates(28, 23, 46, 20, 40, 15)).verdict == "same"


def test_pairs_distinguish_what_separate_intervals_do_not() -> None:
    """Recordings differ far more than the systems do on any of them."""
    hard = (5, 15, 30, 45, 60, 80)
    assert difference(rates(*hard), rates(*(e - 2 for e in hard))).interval == pytest.approx((-0.02, -0.02))


def test_few_units_give_no_interval() -> None:
    found = difference(rates(20, 20, 20, 20), rates(10, 10, 10, 10))
    assert (found.value, found.interval, found.verdict) == (pytest.approx(-0.1), None, "same")


def test_an_interval_of_few_units_is_wider_than_its_percentiles() -> None:
    one, other = rates(20, 30, 40, 25, 35, 22), rates(18, 27, 39, 21, 33, 20)
    plain = bootstrap.quantiles(bootstrap.resample(other) - bootstrap.resample(one))
    found = difference(one, other).interval
    assert found is not None
    assert found[0] < plain[0] < plain[1] < found[1]


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Six recordings of unequal lengths, no true difference, skewed noise: plain percentiles are too narrow."""
    draw, held, plain, runs = np.random.default_rng(4), 0, 0, 600
    for _ in range(runs):
        lengths = draw.lognormal(8, 0.5, 6)
        chance = draw.normal(0, 0.02, 6) + draw.exponential(0.01, 6) - 0.01
        one = [Rate(0.3 * length, length) for length in lengths]
        other = [Rate((0.3 + by) * length, length) for length, by in zip(lengths, chance, strict=True)]
        held += difference(one, other).verdict == "same"
        low, high = bootstrap.quantiles(bootstrap.resample(other) - bootstrap.resample(one))
        plain += low <= 0 <= high
    assert plain / runs < 0.88
    assert 0.9 < held / runs < 0.98


def test_an_empty_reference_has_no_difference() -> None:
    assert difference([Rate(3, 0)], [Rate(1, 0)]).value is None
