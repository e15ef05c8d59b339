"""Parts of a transcript for a model: every word once, and nothing longer than the budget."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.minutes.chunk import coverage, parts
from tests.minutes.meetings import meeting


def count(text):
    return len(text.split())


@given(st.lists(st.integers(1, 120), min_size=1, max_size=30), st.integers(12, 80))
def test_parts_hold_every_word_once_and_fit(lengths, budget):
    utterances = tuple(
        Utterance(f"u{n}", "spk1", n, n + 1, " ".join(f"w{n}x{k}" for k in range(length)))
        for n, length in enumerate(lengths)
    )
    transcript = Transcript("m", 40.0, "fr", (Speaker("spk1"),), utterances)
    found = parts(transcript, count, budget)
    said = [w for part in found for line in part.lines for w in line.text.split(" : ", 1)[1].split()]
    assert said == [w for u in utterances for w in u.text.split()]
    assert all(count(part.text) <= budget for part in found)
    assert coverage(transcript, found) == (1.0, 0.0)


def test_a_missing_part_lowers_the_coverage():
    transcript = meeting("Anne: un deux trois quatre.\nPaul: cinq six sept huit.")
    found = parts(transcript, count, 8)
    share, missed = coverage(transcript, found[:1])
    assert (share, round(missed, 3)) == (0.5, 1.2)
