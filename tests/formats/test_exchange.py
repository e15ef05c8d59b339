"""Transcripts as values of other tools."""

import json

import pytest

import dialogue
from dialogue import Speaker, Transcript, Utterance, Word

SAID = Transcript(
    "réunion",
    4.0,
    "fr",
    (Speaker("spk1", "Anne"), Speaker("spk2")),
    (
        Utterance(
            "u1",
            "spk1",
            0.0,
            1.5,
            "Bonjour à tous.",
            (Word("Bonjour", 0.0, 0.5, 0.9), Word("à", 0.6, 0.7), Word("tous.", 0.8, 1.5)),
        ),
        Utterance("u2", "spk2", 2.0, 3.0, "Merci."),
    ),
)


@pytest.mark.parametrize("convert", [dialogue.to_linto, dialogue.to_openai, dialogue.to_whisperx, dialogue.to_datasets])
def test_every_value_is_plain(convert) -> None:
    assert "Merci." in json.dumps(convert(SAID), ensure_ascii=False)


def test_linto_has_a_segment_a_turn() -> None:
    assert [s["spk_id"] for s in dialogue.to_linto(SAID)["segments"]] == ["Anne", "spk2"]


def test_openai_has_segments_and_words() -> None:
    found = dialogue.to_openai(SAID)
    assert (found["language"], len(found["segments"])) == ("french", 2)
    assert found["words"][0] == {"word": "Bonjour", "start": 0.0, "end": 0.5}
    assert [s["speaker"] for s in dialogue.to_openai(SAID, "diarized_json")["segments"]] == ["Anne", "B"]


def test_openai_has_no_other_kinds() -> None:
    with pytest.raises(ValueError, match="Accepted: json, verbose_json, diarized_json"):
        dialogue.to_openai(SAID, "xml")


def test_rows_say_where_the_sound_is() -> None:
    assert dialogue.to_datasets(SAID, "a.wav")[0] == {
        "audio": "a.wav",
        "recording": "réunion",
        "id": "u1",
        "speaker": "Anne",
        "start": 0.0,
        "end": 1.5,
        "text": "Bonjour à tous.",
        "language": "fr",
    }
