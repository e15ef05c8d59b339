"""JSON of recognisers: LinTO, WhisperX, Rev.ai, and how they are distinguished."""

import json

import pytest

from dialogue import formats
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, linto, revai, whisperx

MEETING = Transcript(
    "r",
    3.0,
    "fr",
    (Speaker("spk1", "Zoé"), Speaker("spk2")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "oui non", (Word("oui", 0.5, 1.0, 0.9), Word("non", 1.0, 2.0, 0.5))),
        Utterance("u2", "spk2", 1.5, 3.0, "ah bon"),
    ),
)


@pytest.mark.parametrize("module", [linto, whisperx])
def test_round_trip(module) -> None:
    [back] = module.loads(module.dumps([MEETING]), "r")
    assert [(back.name(u.speaker), u.start, u.end, u.text, u.words) for u in back] == [
        (MEETING.name(u.speaker), u.start, u.end, u.text, u.words) for u in MEETING
    ]
    assert back.language == "fr"


def test_json_files_are_distinguished_by_their_content(tmp_path) -> None:
    for name in ("linto", "whisperx", "json", "seglst"):
        (tmp_path / "r.json").write_text(formats.dumps([MEETING], name), encoding="utf-8")
        assert formats.read(tmp_path / "r.json")[0].text == "oui non ah bon"


def test_linto_studio_document_of_a_mongo_shell(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/linto/conv-example.json")
    assert (t.recording, t.duration, t.text) == (
        "conv-example",
        2.7036875,
        "je veux appeler gabonaise sort dit",
    )
    assert t.utterances[0].words[2].probability == 0.925502


def test_whisperx_words_may_lack_times_and_segments_a_speaker() -> None:
    text = (
        '{"segments": [{"text": " oui 3", "start": 0, "end": 1, "words": [{"word": "oui", "start": 0, "end": 0.5, '
        '"score": 0.4}, {"word": "3"}]}], "language": "fr"}'
    )
    [t] = whisperx.loads(text)
    assert t.utterances[0].words == (Word("oui", 0.0, 0.5, 0.4), Word("3"))
    assert t.utterances[0].speaker is None


def test_simsamu_has_its_roles_as_speakers(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/simsamu/dj_2022_avp_scooter.json")
    assert ([s.name for s in t.speakers], len(t.utterances)) == (["medecin", "patient"], 38)
    assert t.utterances[0].text == "ok ok. heu oui bonjour madame"


def test_rev_ai_as_its_own_service_writes_it() -> None:
    value = {
        "monologues": [
            {
                "speaker": 0,
                "elements": [
                    {"type": "text", "value": "Oui", "ts": 0.5, "end_ts": 1.0, "confidence": 0.9},
                    {"type": "punct", "value": "."},
                ],
            }
        ]
    }
    [t] = revai.loads(json.dumps(value))
    assert (t.text, t.utterances[0].words[0].probability) == ("Oui.", 0.9)


@pytest.mark.parametrize(
    ("module", "text", "found"),
    [
        (whisperx, '{"segments": [{"start": 2, "end": 1}]}', "segment 1: ends at 1.000 s"),
        (whisperx, '{"segments": [{"text": "oui"}]}', "segment 1: start is 'None'"),
        (whisperx, '{"segments": {}}', "segments is not a list"),
        (linto, "{\n bad", "line 2: not JSON"),
        (linto, "[]", "a list. Accepted: an object"),
        (revai, '{"monologues": [{"speaker": 1}]}', "monologue 1: elements is not a list"),
    ],
)
def test_errors_name_the_segment(module, text: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        module.loads(text)
