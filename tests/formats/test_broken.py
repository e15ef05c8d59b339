"""Reading any file gives transcripts, or an error that explains."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue import formats
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, lhotse, module, uem

TEXTS = ("rttm", "stm", "ctm", "seglst", "srt", "vtt", "txt", "json")
MEETING = Transcript(
    "r",
    9.0,
    "fr",
    (Speaker("spk1", "Zoé"), Speaker("spk2")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "bonjour à tous", (Word("bonjour", 0.5, 1.0, 0.9),)),
        Utterance("u2", "spk2", 1.5, 2.5, "oui : 3 --> 4"),
    ),
)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """Draw a text with a few spans replaced, doubled or cut."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = (
            text[:start]
            + draw(st.sampled_from(["", "\n", " ", "-", "<NA>", "1e999", "nan", "{", "[", text[start:end] * 2]))
            + text[end:]
        )
    return text


def read(name: str, text: str) -> list[Transcript]:
    with contextlib.suppress(FormatError):
        return module(name).loads(text, recording="r")
    return []


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    for transcript in read(name, data.draw(damaged(formats.dumps([MEETING], name)))):
        assert all(isinstance(u, Utterance) for u in transcript)
        if name != "json":  # this project's JSON keeps any values; validate() judges them
            assert not [p for p in transcript.problems() if "starts at" in p or "before its start" in p]


@pytest.mark.parametrize("name", TEXTS)
@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    read(name, text)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_manifest_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "supervisions.jsonl"
    lhotse.dump([MEETING], path)
    path.write_text(data.draw(damaged(path.read_text())))
    with contextlib.suppress(FormatError):
        lhotse.load(path)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=4))
def test_wrong_types_in_json_are_refused(value: object) -> None:
    segment = {"session_id": "r", "speaker": value, "start_time": value, "end_time": 2, "words": value}
    read("seglst", json.dumps([segment]))
    read(
        "json",
        json.dumps({"schema": "dialogue/transcript/1", "recording": "r", "duration": value, "utterances": value}),
    )


@given(st.text(max_size=60))
def test_any_uem_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FormatError):
        uem.loads(text)


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "r.stm"
    path.write_bytes("r 1 A 0 1 é".encode("latin-1"))
    with pytest.raises(FormatError, match="byte 10 is not UTF-8"):
        formats.read(path)


def test_an_unknown_extension_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"\.rttm, \.stm"):
        formats.read(tmp_path / "r.docx")


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(FormatError, match="Did you mean rttm"):
        formats.write([MEETING], Path("r"), "rtm")


def test_a_format_of_one_recording_refuses_two() -> None:
    with pytest.raises(FormatError, match=r"2 recordings\. Accepted: one per file"):
        formats.dumps([MEETING, MEETING], "srt")
