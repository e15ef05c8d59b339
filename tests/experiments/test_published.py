"""What is published, and what a run is compared with."""

from pathlib import Path

import pytest

from dialogue.experiments.published import FEWEST_WORDS, compare, keep

RUN = "abc1234 of 2024-01-02, 2 processors, Linux"


def scores(errors: list[int], words: int = 500, normalizer: str = "fr-std/2") -> dict[str, object]:
    """Return scores on as many recordings as there are numbers of errors."""
    each = {
        f"r{n}": {"wer": {"errors": e, "length": words}, "der": {"errors": 1.0, "length": 100.0}}
        for n, e in enumerate(errors)
    }
    return {"normalizer": normalizer, "recordings": each}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "RESULTS.md"


def against(results: Path, before: dict[str, object], now: dict[str, object]) -> str:
    keep(results, "small", before, RUN)
    run, _, found = compare(results, "small", now).rpartition(f"{RUN}: ")
    assert run == ""
    return found


BEFORE = [100, 110, 90, 105, 95, 100]


def test_a_difference_beyond_noise_is_said_with_its_interval(results: Path) -> None:
    found = against(results, scores(BEFORE), scores([e // 2 for e in BEFORE]))
    assert found.startswith("WER 0.200 to 0.100, better (-0.1")
    assert "DER" not in found


def test_a_difference_within_noise_is_not_said(results: Path) -> None:
    now = scores([101, 108, 92, 103, 96, 100])
    assert against(results, scores(BEFORE), now) == "no difference beyond noise"


def test_equal_scores_are_said_to_be_the_same(results: Path) -> None:
    assert against(results, scores(BEFORE), scores(BEFORE)) == "the same scores"


def test_few_recordings_are_not_compared(results: Path) -> None:
    found = against(results, scores([100, 110, 90]), scores([10, 11, 9]))
    assert found == "too few recordings to tell a difference from noise (3, at least 5 are needed)"


def test_few_words_are_not_compared(results: Path) -> None:
    assert FEWEST_WORDS > 6 * 14
    found = against(results, scores([4, 5, 6, 4, 5, 6], words=14), scores([1, 1, 1, 1, 1, 1], words=14))
    assert found.endswith("(less than 1000): WER, DER")


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (scores(BEFORE, normalizer="fr-std/1"), "not comparable, as that was scored with fr-std/2"),
        (scores(BEFORE, words=501), "not comparable, as its recordings or references were others"),
        (scores(BEFORE[1:]), "not comparable, as its recordings or references were others"),
    ],
)
def test_what_cannot_be_compared_says_why(results: Path, now: dict[str, object], why: str) -> None:
    assert against(results, scores(BEFORE), now) == why


def test_the_first_run_has_nothing_to_compare_with(results: Path) -> None:
    assert compare(results, "small", scores(BEFORE)) == "nothing published to compare with"
