"""Dialogues written for a language model."""

import pytest

from dialogue.core.transcript import Speaker, Transcript
from dialogue.formats.turns import names


def called(*given: str | None) -> list[str]:
    speakers = tuple(Speaker(f"spk{n}", name) for n, name in enumerate(given, start=1))
    return list(names(Transcript("call-12", 1.0, speakers=speakers)).values())


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (["call-12_Médecin", "call-12_Patient"], ["Médecin", "Patient"]),
        (["call-1_Médecin", "Paul"], ["call-1_Médecin", "Paul"]),
        (["call-12_", None], ["call-12_", "spk2"]),
    ],
)
def test_a_speaker_is_called_without_the_id_of_the_recording(given: list[str | None], written: list[str]) -> None:
    assert called(*given) == written


def test_two_people_keep_two_names() -> None:
    assert called("call-12_Paul", "Paul") == ["call-12_Paul", "Paul"]
