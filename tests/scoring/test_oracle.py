"""The fewest errors that a choice from lists of hypotheses has."""

import itertools
import random

import pytest

from dialogue.scoring import wer
from dialogue.scoring.oracle import oracle


def errors(said: list[str], heard: list[str]) -> float:
    return wer.wer(wer.Alignment([(w, 0) for w in said], [(w, 0) for w in heard], wer.align_words(said, heard))).errors


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_fewest_errors_of_all_choices(seed: int) -> None:
    draw = random.Random(seed)
    said = draw.choices("abc", k=draw.randint(1, 8))
    lists = [[draw.choices("abcd", k=draw.randint(0, 4)) for _ in range(draw.randint(1, 3))] for _ in range(3)]
    choices = (list(itertools.chain(*choice)) for choice in itertools.product(*lists))
    assert oracle(said, lists).errors == min(errors(said, choice) for choice in choices)


def test_without_lists_every_word_is_missing() -> None:
    assert (oracle(["a", "b"], []).errors, oracle(["a", "b"], []).length) == (2, 2)
