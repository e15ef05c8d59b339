"""Numbers of speakers, conversion of turns with any labels to a diarization, voices on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.config import ConfigError
from dialogue.core.models import ModelError
from dialogue.core.transcript import Utterance
from dialogue.speech import diarization
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount

np = pytest.importorskip("numpy")


def turn(speaker: str, start: float, end: float, overlap: bool = False, confidence: float | None = None) -> Utterance:
    return Utterance("", speaker, start, end, overlap=overlap, confidence=confidence)


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"speakers": 0}, r"speakers: found 0\. Accepted: 1 or more"),
        ({"min_speakers": -1}, r"min_speakers: found -1"),
        ({"max_speakers": 0}, r"max_speakers: found 0"),
        ({"speakers": "four"}, r"speakers: found 'four'"),
        ({"min_speakers": 5, "max_speakers": 3}, r"min_speakers is 5, above max_speakers, 3"),
        ({"speakers": 3, "min_speakers": 5}, r"speakers is 3, outside min_speakers 5"),
        ({"speakers": 3, "max_speakers": 2}, r"speakers is 3, outside .*max_speakers 2"),
    ],
)
def test_an_impossible_number_of_speakers_is_refused(counts: dict, found: str) -> None:
    with pytest.raises(ConfigError, match=found):
        SpeakerCount(**counts)


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [
        ({}, (1, None)),
        ({"speakers": 4}, (4, 4)),
        ({"min_speakers": 2}, (2, None)),
        ({"max_speakers": 6}, (1, 6)),
        ({"min_speakers": 2, "max_speakers": 2}, (2, 2)),
    ],
)
def test_bounds(counts: dict, bounds: tuple) -> None:
    assert SpeakerCount(**counts).bounds == bounds


def test_the_user_says_more_than_the_manifest() -> None:
    attributes = {"speakers": 4, "title": "x"}
    assert SpeakerCount().for_recording(attributes) == SpeakerCount(4)
    assert SpeakerCount(max_speakers=2).for_recording(attributes) == SpeakerCount(max_speakers=2)


def test_pauses_of_one_speaker_are_filled_where_nobody_else_speaks() -> None:
    turns = [
        turn("b", 0, 1, confidence=1.0),
        turn("b", 1.3, 2.3, confidence=0.5),
        turn("a", 2.4, 3),
        turn("b", 3.2, 4),
    ]
    found = diarization.transcript("r", 10, turns, fill=0.5)
    assert [(t.speaker, t.start, t.end) for t in found] == [
        ("spk1", 0, 2.3),
        ("spk2", 2.4, 3),
        ("spk1", 3.2, 4),
    ]
    assert found.utterances[0].confidence == pytest.approx(0.75)
    assert [s.name for s in found.speakers] == [None, None]
    assert len(diarization.transcript("r", 10, turns, fill=0.2).utterances) == 4


def test_overlap_neither_fills_nor_is_filled() -> None:
    turns = [turn("a", 0, 2), turn("b", 1.0, 1.2, True), turn("b", 1.3, 1.5, True), turn("a", 2.1, 3)]
    found = diarization.transcript("r", 10, turns, fill=0.5)
    assert [(t.speaker, t.start, t.overlap) for t in found] == [
        ("spk1", 0, False),
        ("spk2", 1.0, True),
        ("spk2", 1.3, True),
    ]


random_turns = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(-0.5, 12), st.floats(0.01, 5), st.booleans()).map(
        lambda t: turn(t[0], t[1], t[1] + t[2], t[3])
    ),
    max_size=12,
)


@given(random_turns, st.floats(0, 1))
def test_any_turns_make_a_valid_transcript_within_the_recording(turns: list[Utterance], fill: float) -> None:
    turns = [t for t in turns if t.end > 0]
    found = diarization.transcript("r", 10.0, turns, fill=fill).validate()
    assert all(0 <= t.start <= t.end <= 10.0 for t in found)
    assert {t.speaker for t in found} <= {s.id for s in found.speakers}


def test_voices_are_stored_without_pickle(tmp_path: Path) -> None:
    voices = {"passages": np.zeros((2, 2)), "embeddings": np.full((2, 3), np.nan, np.float32)}
    diarization.save_voices(tmp_path / "v.npz", voices)
    found = diarization.load_voices(tmp_path / "v.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["v.npz"]
    assert all(np.array_equal(found[k], voices[k], equal_nan=True) for k in voices)


def test_damaged_voices_and_pickles_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "evil.npz", a=np.array([{"code": 1}], dtype=object))
    (tmp_path / "half.npz").write_bytes((tmp_path / "evil.npz").read_bytes()[:40])
    (tmp_path / "empty.npz").touch()
    (tmp_path / "text.npz").write_text("bonjour")
    for name in ("evil", "half", "empty", "text"):
        with pytest.raises(ValueError, match=rf"{name}\.npz: damaged .*Delete it"):
            diarization.load_voices(tmp_path / f"{name}.npz")


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(ModelError, match=r"unknown model 'comunity-1'\. Did you mean community-1"):
        diarization.load(DiarizationConfig(model="comunity-1"))


def test_a_missing_package_says_what_to_type(monkeypatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"-m pip install '\.\[diarization\]'"):
        diarization.load()


def test_an_invalid_step_is_refused() -> None:
    for step in (0.1, 11.0, float("nan")):
        with pytest.raises(ConfigError, match="step: found"):
            DiarizationConfig(step=step)
