"""The transcript passed between stages: its rules, its plain form, its speakers."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue import formats
from dialogue.core.transcript import (
    Omission,
    Speaker,
    Transcript,
    TranscriptError,
    Utterance,
    Word,
    order_speakers,
)

times = st.integers(0, 100_000).map(lambda ms: ms / 1000)
labels = st.sampled_from(["spk1", "spk2", "spk3"])


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Draw valid transcripts whose times are whole milliseconds, as written to disk."""
    spans = sorted(tuple(sorted((draw(times), draw(times)))) for _ in range(draw(st.integers(0, 5))))
    utterances = []
    for number, (start, end) in enumerate(spans, start=1):
        speaker = draw(labels | st.none())
        word = Word(draw(st.text(min_size=1)), start, end, 0.5, speaker, 0.25)
        untimed = Word(draw(st.text(min_size=1)))
        words = draw(st.sampled_from([(), (word,), (word, untimed)]))
        utterances.append(
            Utterance(
                f"u{number}",
                speaker,
                start,
                end,
                draw(st.text()),
                words,
                draw(st.booleans()),
                draw(times | st.none()),
            )
        )
    speakers = tuple(
        Speaker(s, draw(st.none() | st.text(min_size=1)), {"channel": 1}) for s in ("spk1", "spk2", "spk3")
    )
    omissions = (Omission(1.0, 2.0, "boilerplate", draw(st.text())),)
    return Transcript(
        "r", 100.0, draw(st.sampled_from(["fr", None])), speakers, tuple(utterances), omissions, ({"a": 1},)
    )


@given(transcripts())
def test_plain_values_hold_everything(transcript: Transcript) -> None:
    assert transcript.validate() is transcript
    assert Transcript.from_dict(json.loads(json.dumps(transcript.to_dict()))) == transcript


def test_times_are_written_to_the_millisecond() -> None:
    transcript = Transcript("r", 1.00049, utterances=(Utterance("u1", None, 0.12345, 1.0),))
    value = transcript.to_dict()
    assert (value["duration"], value["utterances"][0]["start"]) == (1.0, 0.123)


GOOD = Transcript(
    "r",
    10.0,
    "fr",
    (Speaker("spk1"), Speaker("spk2", "Nadia")),
    (
        Utterance("u1", "spk1", 0.0, 4.0, "bonjour", (Word("bonjour", 0.0, 4.0),)),
        Utterance("u2", "spk2", 3.0, 5.0, "oui", overlap=True),
    ),
)


def changed(index: int, **values: object) -> Transcript:
    utterances = list(GOOD.utterances)
    utterances[index] = replace(utterances[index], **values)
    return replace(GOOD, utterances=tuple(utterances))


@pytest.mark.parametrize(
    ("transcript", "found"),
    [
        (changed(1, id="u1"), "utterance u1 appears twice"),
        (
            replace(GOOD, utterances=(Utterance("u0", None, -0.5, 1.0),)),
            "utterance u0 starts at -0.50 s. Times count from 0.",
        ),
        (changed(0, end=-1.0), "utterance u1 ends at -1.00 s, before its start 0.00 s"),
        (changed(1, end=10.2), "utterance u2 ends at 10.20 s, after the end of the recording (10.00 s)"),
        (changed(0, start=3.5), "utterance u2 starts before the one that precedes it"),
        (changed(0, speaker="spk7"), "utterance u1 is by spk7, who is not declared. Accepted: spk1, spk2."),
        (changed(0, words=(Word("a", 0, 1), Word("b", 2, 1))), "utterance u1: word 2 ends at 1.00 s"),
        (replace(GOOD, speakers=(*GOOD.speakers, Speaker("spk1"))), "speaker spk1 is declared twice"),
    ],
)
def test_a_broken_rule_names_the_utterance(transcript: Transcript, found: str) -> None:
    [problem] = transcript.problems()
    assert found in problem
    with pytest.raises(TranscriptError, match=r"^r: "):
        transcript.validate()


def test_a_problem_never_quotes_what_was_said() -> None:
    secret = changed(0, text="secret", words=(Word("secret", 2.0, 1.0),), end=20.0, speaker="spk9")
    assert "secret" not in " ".join(secret.problems())


def test_rounding_past_the_end_is_tolerated() -> None:
    assert list(changed(1, end=10.04).problems()) == []


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"schema": "dialogue/core/transcript/2"},
        {"schema": "dialogue/transcript/1", "recording": "r"},
        {**GOOD.to_dict(), "utterances": [{"id": "u1", "speker": None}]},
        {**GOOD.to_dict(), "duration": "long"},
        {**GOOD.to_dict(), "utterances": 3},
    ],
)
def test_another_schema_or_field_is_refused(value: dict) -> None:
    with pytest.raises(TranscriptError, match=r"schema is|missing, unknown or of the wrong type"):
        Transcript.from_dict(value)


def test_renaming_changes_the_display_name_alone() -> None:
    renamed = GOOD.rename({"spk1": "Camille"})
    assert [renamed.name(s) for s in ("spk1", "spk2", None)] == ["Camille", "Nadia", "?"]
    assert renamed.utterances == GOOD.utterances


def test_renaming_a_stranger_is_refused() -> None:
    with pytest.raises(TranscriptError, match=r"no speaker spk3\. Accepted: spk1, spk2"):
        GOOD.rename({"spk3": "Julien"})


def test_speakers_are_numbered_by_first_speech() -> None:
    said = [
        Utterance("b", "Nadia", 5.0, 6.0, words=(Word("oui", speaker="Nadia"),)),
        Utterance("a", "spk4", 1.0, 2.0),
        Utterance("c", None, 3.0, 4.0),
    ]
    speakers, ordered = order_speakers(said)
    assert [(s.id, s.name) for s in speakers] == [("spk1", None), ("spk2", "Nadia")]
    assert [(u.id, u.speaker) for u in ordered] == [("a", "spk1"), ("c", None), ("b", "spk2")]
    assert ordered[2].words[0].speaker == "spk2"


@pytest.mark.parametrize("format", ["json", "srt", "vtt", "rttm", "stm", "ctm", "seglst", "txt"])
def test_a_file_holds_the_text_of_its_format(format: str, tmp_path) -> None:
    text = formats.dumps([GOOD], format)
    path = tmp_path / (f"r.{format}" if format != "seglst" else "r.seglst.json")
    formats.write([GOOD], path)
    assert path.read_text(encoding="utf-8") == text
    assert text
