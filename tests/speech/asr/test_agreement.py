"""Two decodings of the same speech become one, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Word
from dialogue.speech.asr.agreement import surer


def said(text: str, *, start: float = 0.0, probability: float = 0.8) -> list[Word]:
    """Return words of 0.3 s each, without pauses."""
    return [
        Word(word, round(start + 0.3 * n, 3), round(start + 0.3 * n + 0.3, 3), probability)
        for n, word in enumerate(text.split())
    ]


def text_of(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


heard = st.lists(
    st.tuples(st.sampled_from("oui non bon alors euh".split()), st.integers(0, 60), st.floats(0, 1)), max_size=8
).map(lambda found: [Word(w, t / 2, t / 2 + 0.3, p) for w, t, p in sorted(found, key=lambda each: each[1])])


def test_where_two_decodings_differ_the_surer_word_counts() -> None:
    sure, doubtful = said("le budget est voté", probability=0.95), said("le bidet est voté", probability=0.3)
    assert text_of(surer(doubtful, sure)) == text_of(surer(sure, doubtful)) == "le budget est voté"


def test_a_word_that_one_decoding_lacks_is_kept_only_if_it_is_sure() -> None:
    short = said("on y va")
    assert text_of(surer(short, said("on y va lundi", probability=0.4))) == "on y va"
    assert text_of(surer(short, said("on y va lundi", probability=0.95))) == "on y va lundi"


def test_spelling_differs_only_by_case_and_punctuation() -> None:
    assert text_of(surer(said("bon, alors", probability=0.5), said("Bon alors", probability=0.9))) == "Bon alors"


def test_the_same_word_at_another_time_is_another_word() -> None:
    assert text_of(surer(said("oui"), said("oui", start=5.0))) == "oui oui"


@given(heard)
def test_equal_decodings_are_returned_as_they_are(words: list[Word]) -> None:
    assert surer(words, words) == words


@given(heard, heard)
def test_only_words_that_were_heard_are_returned(one: list[Word], other: list[Word]) -> None:
    words = surer(one, other)
    assert all(word in one or word in other for word in words)
    assert len(words) <= len(one) + len(other)
