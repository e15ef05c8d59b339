"""WER of groups of utterances."""

from dialogue.scoring import wer
from dialogue.scoring.scored_words import spoken
from tests.scoring.test_scoring import meeting

SAID = spoken(
    meeting(
        ("spk1", 0.0, 0.5, "oui"),
        ("spk2", 1.0, 4.0, "le premier point est le budget"),
        ("spk1", 5.0, 16.0, "merci beaucoup"),
    )
)
HEARD = spoken(
    meeting(
        ("spk1", 0.0, 0.5, "oui"),
        ("spk1", 1.0, 4.0, "le dernier point est le budget annuel"),
        ("spk1", 5.0, 16.0, "merci"),
    )
)
ALIGNED = wer.align(SAID, HEARD)


def errors(rates: dict) -> dict[str, tuple[float, float]]:
    return {name: (rate.errors, rate.length) for name, rate in rates.items() if rate.length}


def test_an_inserted_word_goes_with_the_utterance_before_it() -> None:
    assert {place: len(pairs) for place, pairs in wer.by_utterance(ALIGNED).items()} == {0: 1, 1: 7, 2: 2}


def test_errors_of_each_speaker_of_the_reference() -> None:
    assert errors(wer.wer_by_speaker(ALIGNED, SAID)) == {"spk1": (1, 3), "spk2": (2, 6)}


def test_errors_of_each_band_of_durations() -> None:
    assert errors(wer.wer_by_duration(ALIGNED, SAID)) == {"<1 s": (0, 1), "2-5 s": (2, 6), ">10 s": (1, 2)}


def test_groups_add_up_to_the_whole_when_the_reference_is_empty() -> None:
    nothing = spoken(meeting())
    aligned = wer.align(nothing, HEARD)
    for rates in (
        wer.wer_by_speaker(aligned, nothing),
        wer.wer_by_duration(aligned, nothing),
        wer.wer_by_overlap(aligned, nothing),
    ):
        assert sum(rate.errors for rate in rates.values()) == wer.wer(aligned).errors == 9
