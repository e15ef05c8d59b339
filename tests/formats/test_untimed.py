"""Texts without times: Claire, scripts."""

import pytest
from hypothesis import given

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.formats import FormatError, claire, script
from tests.formats.strategies import transcripts


def turns(t: Transcript) -> list[tuple[str, str]]:
    return [(t.name(u.speaker), u.text) for u in t]


def test_claire_separates_dialogues_by_blank_lines() -> None:
    text = "[speaker001:] bonjour [speaker002:] salut\n[speaker001:] ça va\nbien ?\n\n[Zoé Petit:] oui [rire]\n"
    first, second = claire.loads(text, "c")
    assert turns(first) == [
        ("speaker001", "bonjour"),
        ("speaker002", "salut"),
        ("speaker001", "ça va bien ?"),
    ]
    assert (second.recording, turns(second), second.events[0].kind) == (
        "c-2",
        [("Zoé Petit", "oui")],
        "laugh",
    )


def test_a_script_takes_french_typography() -> None:
    text = (
        "P1 : Alors, on va commencer : la santé.\n\nJordan Bardella : Parce que\nnous avons dit : non.\n"
        "M. DUPONT: oui\n"
    )
    assert turns(script.loads(text)[0]) == [
        ("P1", "Alors, on va commencer : la santé."),
        ("Jordan Bardella", "Parce que nous avons dit : non."),
        ("M. DUPONT", "oui"),
    ]


def test_a_script_takes_names_in_parentheses() -> None:
    assert turns(script.loads("(PERSON3) Okay.\nYes: no\n(PERSON1) So.\n".replace("Yes:", "yes:"))[0]) == [
        ("PERSON3", "Okay. yes: no"),
        ("PERSON1", "So."),
    ]


def test_times_follow_the_pace_of_speech() -> None:
    [t] = script.loads("A: un deux trois\nB: quatre\n")
    assert [(u.start, u.end, t.timed) for u in t] == [(0, 1, False), (1, 1.333, False)]


@pytest.mark.parametrize("module", [claire, script])
@given(transcript=transcripts())
def test_round_trip_of_who_said_what(module, transcript: Transcript) -> None:
    [back] = module.loads(module.dumps([transcript]), verbatim=True)
    said = [u.text for u in transcript]
    assert [u.text for u in back] == said
    assert [u.speaker for u in back] == [u.speaker for u in transcript]


def test_text_files_are_distinguished_by_their_first_line(tmp_path) -> None:
    for text, speaker in (("[S1:] oui", "S1"), ("Zoé : oui", "Zoé"), ("[0:00:01] Ali: oui", "Ali")):
        (tmp_path / "r.txt").write_text(text, encoding="utf-8")
        assert formats.read(tmp_path / "r.txt")[0].speakers[0].name == speaker


@pytest.mark.parametrize(("module", "found"), [(claire, "no speaker"), (script, "no name")])
def test_text_before_any_name_is_refused(module, found: str) -> None:
    with pytest.raises(FormatError, match=f"line 2: {found}"):
        module.loads("\nil était une fois\n")
