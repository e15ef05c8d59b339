"""Several decodings of the same speech become one, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Word
from dialogue.speech.asr.voting import vote


def said(text: str, *, start: float = 0.0, probability: float = 0.8) -> list[Word]:
    """Return words of 0.3 s each, without pauses."""
    return [
        Word(word, round(start + 0.3 * n, 3), round(start + 0.3 * n + 0.3, 3), probability)
        for n, word in enumerate(text.split())
    ]


def text_of(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


decodings = st.lists(
    st.lists(
        st.tuples(st.sampled_from("oui non bon alors euh".split()), st.integers(0, 60), st.floats(0, 1)), max_size=8
    ).map(lambda found: [Word(w, t / 2, t / 2 + 0.3, p) for w, t, p in sorted(found, key=lambda each: each[1])]),
    min_size=1,
    max_size=4,
)


def test_what_two_of_three_heard_wins_over_an_equally_sure_third() -> None:
    three = [said("on garde la salle"), said("on garde la salle"), said("on garde la balle")]
    assert text_of(vote(three)) == text_of(vote(three[::-1])) == "on garde la salle"


def test_a_word_of_which_one_decoding_is_sure_wins_over_two_doubtful_ones() -> None:
    sure, doubtful = said("le budget est voté", probability=0.95), said("le bidet est voté", probability=0.3)
    assert text_of(vote([doubtful, sure, doubtful])) == "le budget est voté"


def test_a_word_that_most_decodings_do_not_have_is_left_out_unless_it_is_sure() -> None:
    short, long = said("on y va"), said("on y va lundi", probability=0.4)
    assert text_of(vote([short, long, short])) == "on y va"
    assert text_of(vote([short, said("on y va lundi", probability=0.99), short])) == "on y va lundi"


def test_spelling_differs_only_by_case_and_punctuation() -> None:
    assert text_of(vote([said("bon, alors", probability=0.5), said("Bon alors", probability=0.9)])) == "Bon alors"


def test_the_same_word_at_another_time_is_another_word() -> None:
    assert text_of(vote([said("oui", probability=0.95), said("oui", start=5.0, probability=0.95)])) == "oui oui"


@given(decodings)
def test_equal_decodings_are_returned_as_they_are(found: list[list[Word]]) -> None:
    assert vote([found[0]] * 3) == found[0]


@given(decodings)
def test_only_words_that_were_heard_are_returned_in_order(found: list[list[Word]]) -> None:
    words = vote(found)
    assert all(any(word in each for each in found) for word in words)
    assert len(words) <= sum(map(len, found))
