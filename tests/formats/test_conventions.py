"""Marks of transcribers: words stay words, marks become events."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Utterance, Word
from dialogue.formats import cha, conventions
from dialogue.formats.conventions import interpret, kind, read


@pytest.mark.parametrize("module", [conventions, cha])
def test_the_examples_of_the_docstrings_hold(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("written", "words", "events"),
    [
        ("bon + je ++ sais // pas", "bon je sais pas", ["pause", "pause", "pause"]),
        ("(0.5) oui (.) non ((silence))", "oui non", ["pause", "pause", "pause"]),
        ("il(s) passe(nt) (ou)i i(l) faut", "ils passent oui il faut", []),
        ("c'est (peut-être ça) hein", "c'est peut-être ça hein", ["uncertain"]),
        ("(rires) non [rire] @@", "non", ["laugh", "laugh", "laugh"]),
        ("[bb] [r] [b] quand * même", "quand même", ["vocal", "breath", "noise", "noise"]),
        ("*** alors xxx (inaudible).", "alors .", ["unintelligible", "unintelligible", "unintelligible"]),
        ("[donc,donk] <il y a,y a> =z= un", "donc il y a un", ["comment", "comment"]),
        ("il y a < beaucoup de gens > ", "il y a beaucoup de gens", []),
        ("<noise> alors <oui> <rire/>", "alors oui", ["noise", "laugh"]),
        ("merci ¤Pren1¤ et ^^Dupont", "merci et Dupont", ["anonymised"]),
        ("Mon_Dieu av- a/b et/ou 3+4", "Mon Dieu av- a/b et/ou 3+4", []),
        ("{libre} (la porte)", "la porte", ["comment", "uncertain"]),
        ("au siècle XX", "au siècle XX", []),
    ],
)
def test_marks_are_told_from_words(written: str, words: str, events: list[str]) -> None:
    said, heard = read(written)
    assert (said, [what for what, _ in heard]) == (words, events)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("rire", "laugh"),
        ("elle rit", "laugh"),
        ("bruit de porte", "noise"),
        ("bb", "vocal"),
        ("i", "breath"),
        ("pi", "unintelligible"),
        ("Musique", "music"),
        ("éternuement", "vocal"),
        ("son nom", "comment"),
        ("***", "unintelligible"),
    ],
)
def test_labels_have_a_kind(label: str, expected: str) -> None:
    assert kind(label) == expected


def test_what_was_written_is_kept_with_the_words() -> None:
    u = Utterance("u1", "spk1", 1, 2, "bon + oui", (Word("bon", 1, 1.2), Word("+", 1.2, 1.5), Word("oui", 1.5, 2)))
    plain, [pause] = interpret(u)
    assert (plain.text, plain.original, [w.text for w in plain.words]) == (
        "bon oui",
        "bon + oui",
        ["bon", "oui"],
    )
    assert (pause.kind, pause.start, pause.end, pause.speaker) == ("pause", 1, 2, "spk1")


def test_words_without_marks_have_no_original() -> None:
    plain, heard = interpret(Utterance("u1", None, 0, 1, "rien  d'autre"))
    assert (plain.text, plain.original, heard) == ("rien d'autre", "", [])


@given(
    st.text(st.characters(codec="utf-8", categories=("L", "Zs")), max_size=60).filter(
        lambda t: "xx" not in t.lower() and "yy" not in t.lower()
    )
)
def test_letters_are_never_lost(text: str) -> None:
    assert read(text) == (" ".join(text.split()), [])


@given(st.text(max_size=80))
def test_any_text_is_read_once_and_for_all(text: str) -> None:
    said, _ = read(text)
    assert "  " not in said
