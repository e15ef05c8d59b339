"""Folding, sentences and chunks."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.french.sentences import sentences
from dialogue.french.text import fold
from dialogue.minutes.chunk import coverage, parts
from tests.minutes.meetings import meeting


@given(st.text(max_size=300))
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@given(st.lists(st.text(alphabet="aé. ?!,", max_size=40), max_size=12))
def test_sentences_hold_every_letter_once(texts):
    utterances = tuple(Utterance(f"u{n}", f"spk{n % 2 + 1}", n, n + 1, t) for n, t in enumerate(texts))
    transcript = Transcript("m", 20.0, "fr", (Speaker("spk1"), Speaker("spk2")), utterances)
    joined = "".join(s.text for s in sentences(transcript))
    assert [c for c in joined if c.isalpha()] == [c for t in texts for c in t if c.isalpha()]


def test_a_sentence_may_span_two_utterances_of_one_speaker():
    transcript = Transcript(
        "m", 4.0, "fr", (Speaker("spk1"),),
        (Utterance("a", "spk1", 0, 1, "On part sur"), Utterance("b", "spk1", 1.2, 2, "la salle Curie. Merci.")),
    )  # fmt: skip
    found = sentences(transcript)
    assert [(s.text, s.ids) for s in found] == [
        ("On part sur la salle Curie.", ("a", "b")),
        ("Merci.", ("b",)),
    ]


def test_a_question_without_its_mark_is_one():
    text = "\n".join(
        ["Anne: est-ce que tu peux venir", "Paul: pourquoi pas", "Anne: on met quoi", "Paul: on met du bois"]
    )
    assert [s.question for s in sentences(meeting(text))] == [True, True, True, False]


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
