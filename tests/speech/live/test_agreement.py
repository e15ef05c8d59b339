"""Stable words: those on which two decodings agree."""

from dialogue.core.transcript import Word
from dialogue.speech.live.agreement import Agreement


def words(text: str) -> list[Word]:
    return [Word(each, float(n), n + 0.8, 0.9) for n, each in enumerate(text.split())]


def stable(*decodings: str) -> str:
    agreement = Agreement()
    for decoding in decodings:
        agreement.add(words(decoding))
    return " ".join(word.text for word in agreement.stable)


def test_one_decoding_makes_nothing_stable() -> None:
    assert stable("bonjour à tous") == ""


def test_the_common_beginning_of_two_decodings_is_stable() -> None:
    assert stable("bonjour à tout", "bonjour à tous et") == "bonjour à"


def test_case_accents_and_punctuation_make_no_difference() -> None:
    assert stable("Bonjour, a tous.", "bonjour à tous et") == "bonjour à tous"


def test_stable_words_are_not_taken_back() -> None:
    assert stable("bonjour à tous", "bonjour à tous", "au revoir") == "bonjour à tous"


def test_what_follows_a_word_that_changed_is_found_by_its_time() -> None:
    assert (
        stable("bon jour à", "bon jour à", "bonne journée à tous les", "bonne journée à tous les")
        == "bon jour à tous les"
    )
