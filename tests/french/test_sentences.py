"""Sentences of a transcript, with punctuation and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.french.sentences import clauses, is_question, sentences
from dialogue.french.text import fold
from tests.minutes.meetings import meeting


@given(st.lists(st.text(alphabet="aé. ?!,", max_size=40), max_size=12))
def test_sentences_hold_every_letter_once(texts):
    utterances = tuple(Utterance(f"u{n}", f"spk{n % 2 + 1}", n, n + 1, t) for n, t in enumerate(texts))
    transcript = Transcript("m", 20.0, "fr", (Speaker("spk1"), Speaker("spk2")), utterances)
    joined = "".join(s.text for s in sentences(transcript))
    assert [c for c in joined if c.isalpha()] == [c for t in texts for c in t if c.isalpha()]


def test_a_sentence_may_span_two_utterances_of_one_speaker():
    transcript = Transcript(
        "m",
        4.0,
        "fr",
        (Speaker("spk1"),),
        (Utterance("a", "spk1", 0, 1, "On part sur"), Utterance("b", "spk1", 1.2, 2, "la salle Curie. Merci.")),
    )
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


@pytest.mark.parametrize(
    ("text", "punctuated", "question"),
    [
        ("Tu viens ?", True, True),
        ("Est-ce que tu viens", False, True),
        ("qui prend le compte rendu", False, True),
        ("on se voit quand", False, True),
        ("et pourquoi pas lundi", False, True),
        ("peux-tu prévenir Paul", False, True),
        ("Je me demande qui vient.", True, False),
        ("on se voit lundi", False, False),
        ("Quand il viendra, on commencera.", True, False),
    ],
)
def test_a_question_is_told_by_its_mark_or_its_wording(text, punctuated, question):
    assert is_question(fold(text), punctuated) is question


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Je prends le plan, tu fais le budget", ["Je prends le plan", "tu fais le budget"]),
        ("on part lundi parce que la salle est prise", ["on part lundi", "parce que la salle est prise"]),
        ("le plan, le budget et la salle", ["le plan, le budget et la salle"]),
        ("il faut appeler le maire et je m'en occupe", ["il faut appeler le maire", "et je m'en occupe"]),
    ],
)
def test_clauses_begin_at_the_next_subject(text, parts):
    assert [text[a:b] for a, b in clauses(fold(text))] == parts


def test_the_name_of_a_participant_is_no_hesitation():
    transcript = Transcript("m", 2.0, "fr", (Speaker("spk1"),), (Utterance("a", "spk1", 0, 1, "Ben, tu peux venir ?"),))
    assert [s.folded for s in sentences(transcript, ["Ben Martin"])] == ["ben, tu peux venir ?"]
    assert [s.folded.strip() for s in sentences(transcript)] == ["tu peux venir ?"]
