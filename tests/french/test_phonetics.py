"""How French sounds, and names that a recogniser misspelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.french.phonetics import alike, respell, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aïssatou", "Aïssa tout"),
        ("Violette", "violettes"),
        ("Linh", "Line"),
        ("Solène", "sol aine"),
        ("Quentin", "kantin"),
        ("Thomas", "tomas"),
        ("eau", "haut"),
        ("chaque", "schak"),
    ],
)
def test_spellings_that_sound_alike(one: str, other: str) -> None:
    assert alike(sound(one), sound(other)) > 0.85


@pytest.mark.parametrize(
    ("one", "other"), [("Solène", "semaine"), ("Thomas", "données"), ("Rose", "choses"), ("Pierre", "par")]
)
def test_spellings_that_do_not(one: str, other: str) -> None:
    assert alike(sound(one), sound(other)) <= 0.75


@given(st.text(), st.text())
def test_similarity_is_a_share_and_symmetric(one: str, other: str) -> None:
    a, b = sound(one), sound(other)
    assert 0 <= alike(a, b) <= 1
    assert alike(a, b) == pytest.approx(alike(b, a))
    assert alike(a, a) == 1


def said(*words: str | tuple[str, float]) -> Transcript:
    """Return a transcript of one utterance; a word is certain unless its probability is given."""
    pairs = [(w, 0.99) if isinstance(w, str) else w for w in words]
    timed = tuple(Word(text, n, n + 0.9, probability) for n, (text, probability) in enumerate(pairs))
    text = " ".join(w.text for w in timed)
    return Transcript("r", 60.0, "fr", (), (Utterance("u1", None, 0.0, float(len(timed)), text, timed),))


def read(transcript: Transcript) -> str:
    return transcript.utterances[0].text


@pytest.mark.parametrize(
    ("words", "names", "expected"),
    [
        (["Merci", ("Abdel", 0.5), ("crime.", 0.3)], ["Abdelkrim"], "Merci Abdelkrim."),
        ([("Line,", 0.2), "tu", "viens"], ["Linh"], "Linh, tu viens"),
        (["le", "plan", ("d'Ousse", 0.4), ("manne", 0.4)], ["Ousmane"], "le plan d'Ousmane"),
        (["Monsieur", ("Coual", 0.4), "est", "contre"], ["M. Kowal"], "Monsieur Kowal est contre"),
        ([("Où", 0.4), ("se", 0.4), ("mane", 0.4), ("violettes,", 0.7)], ["Ousmane", "Violette"], "Ousmane Violette,"),
    ],
)
def test_a_name_is_written_where_the_recogniser_was_in_doubt(words, names, expected: str) -> None:
    assert read(respell(said(*words), names)) == expected


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["les", "violettes", "du", "jardin"], ["Violette"]),
        (["bon,", ("bah", 0.1), "oui"], ["Ben"]),
        ([("Rosalie", 0.5), ("Yves", 0.5)], ["Rosalie", "Yves"]),
        (["en", ("mars", 0.6), "prochain"], ["Marin"]),
        (["les", ("médias", 0.84)], ["Nadia"]),
        (["voilà"], []),
    ],
)
def test_words_that_were_understood_stay(words, names) -> None:
    before = said(*words)
    assert read(respell(before, names)) == read(before)


def test_the_name_has_the_time_of_the_words_it_replaces() -> None:
    found = respell(said("oui", ("Abdel", 0.3), ("crime.", 0.3), "merci"), ["Abdelkrim"])
    [_, name, _] = found.utterances[0].words
    assert (name.text, name.start, name.end, name.probability) == ("Abdelkrim.", 1, 2.9, 0.3)


def test_a_transcript_without_probabilities_is_left_alone() -> None:
    written = Transcript("r", 9.0, "fr", (), (Utterance("u1", None, 0.0, 9.0, "Abdel crime", (Word("Abdel"),)),))
    assert respell(written, ["Abdelkrim"]) == written
