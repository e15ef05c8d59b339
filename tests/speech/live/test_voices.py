"""Speakers: a first guess for each utterance, settled at the end."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dialogue.core import audio
from dialogue.core.audio import RATE
from dialogue.core.transcript import Utterance, Word
from dialogue.speech.diarization.diarizer import Clustering
from dialogue.speech.live import OnlineVoices, Settling
from tests.speech.live.stand_ins import said, session, tones

LOW, HIGH = 500, 2000


class Pitches:
    """Takes each tone for a passage, whose voice is low or high."""

    def listen(self, sound: NDArray[np.float32], progress: object = None) -> dict[str, NDArray[np.float64]]:
        spans = tones(np.asarray(sound))
        high = [np.count_nonzero(np.diff(np.signbit(sound[a:b]))) / 2 * RATE / (b - a) > 1000 for a, b in spans]
        return {
            "passages": np.array(spans, float).reshape(-1, 2) / RATE,
            "track": np.array(high, int),
            "embeddings": np.eye(2)[np.array(high, int)].reshape(-1, 2),
        }

    def cluster(self, voices: dict[str, NDArray[np.float64]], count: object) -> Clustering:
        turns = [
            Utterance("", f"cluster{int(embedding[1])}", float(start), float(end))
            for (start, end), embedding in zip(voices["passages"], voices["embeddings"], strict=True)
        ]
        return Clustering(turns)


def speakers(online: OnlineVoices, *sounds: NDArray[np.float32]) -> list[list[str | None]]:
    return [[turn.speaker for turn in online.turns(sound, 0.0)] for sound in sounds]


def test_a_voice_keeps_its_speaker_and_another_one_gets_a_new_one() -> None:
    low, high = said(LOW, length=2.0), said(HIGH, length=2.0)
    assert speakers(OnlineVoices(Pitches()), low, high, low) == [["spk1"], ["spk2"], ["spk1"]]  # type: ignore[arg-type]


def test_a_short_voice_is_no_new_speaker() -> None:
    low, high = said(LOW, length=2.0), said(HIGH, length=0.5)
    assert speakers(OnlineVoices(Pitches()), low, high) == [["spk1"], ["spk1"]]  # type: ignore[arg-type]


def test_silence_has_no_turns() -> None:
    assert speakers(OnlineVoices(Pitches()), np.zeros(RATE, np.float32)) == [[]]  # type: ignore[arg-type]


def test_finals_of_an_utterance_are_told_apart_by_speaker() -> None:
    live = session(voices=OnlineVoices(Pitches()))  # type: ignore[arg-type]
    found = live.feed(np.concatenate([said(LOW, length=2.0)[:-RATE], said(HIGH, length=2.0)]))
    assert [(e.text, e.speaker, e.utterance) for e in found] == [("500", "spk1", 1), ("2000", "spk2", 1)]  # type: ignore[union-attr]


SOUNDS = [said(LOW, 600, length=0.5), said(HIGH, length=0.5), said(700, length=0.5), said(HIGH, 2100, length=0.5)]


def test_the_transcript_at_the_end_has_the_speakers_of_the_full_diarization() -> None:
    settling = Settling(Pitches())  # type: ignore[arg-type]
    live = session(voices=OnlineVoices(Pitches()), settling=settling)  # type: ignore[arg-type]
    provisional = [e.speaker for sound in SOUNDS for e in live.feed(sound) if hasattr(e, "speaker")]
    live.finish()
    transcript = live.settle("essai").validate()
    assert provisional == ["spk1"] * 4  # too short to be new
    assert [(u.speaker, u.text) for u in transcript] == [
        ("spk1", "500 600"),
        ("spk2", "2000"),
        ("spk1", "700"),
        ("spk2", "2000 2100"),
    ]


def test_words_whose_sound_is_no_longer_kept_keep_their_voice_under_its_settled_name() -> None:
    settling = Settling(Pitches(), seconds=4.0)  # type: ignore[arg-type]
    live = session(settling=settling)
    for number, sound in enumerate([SOUNDS[1], SOUNDS[0], SOUNDS[1], SOUNDS[0]]):
        live.feed(sound)
        settling.utterances[number] = spoken_by(settling.utterances[number], f"spk{1 + number % 2}")
    transcript = live.settle()
    assert [u.speaker for u in transcript] == ["spk1", "spk2", "spk1", "spk2"]
    assert transcript.provenance[0]["settled_from"] > 0


def spoken_by(utterance: Utterance, speaker: str) -> Utterance:
    words = tuple(Word(w.text, w.start, w.end, w.probability, speaker) for w in utterance.words)
    return Utterance(utterance.id, speaker, utterance.start, utterance.end, utterance.text, words)


def test_sound_is_kept_up_to_the_seconds_that_were_asked() -> None:
    settling = Settling(Pitches(), seconds=2.0)  # type: ignore[arg-type]
    live = session(settling=settling)
    for _ in range(20):
        live.feed(np.zeros(RATE, np.float32))
    assert len(settling._data) <= 2.2 * RATE * 2


def test_all_sound_is_written_to_the_file_that_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "live.wav"
    live = session(settling=Settling(Pitches(), path=path))  # type: ignore[arg-type]
    sound = np.concatenate(SOUNDS)
    live.feed(sound)
    live.finish()
    assert [u.speaker for u in live.settle()] == ["spk1", "spk2", "spk1", "spk2"]
    assert np.asarray(audio.load(path))[: len(sound)] == pytest.approx(sound, abs=1e-4)


def test_a_session_that_keeps_nothing_settles_nothing() -> None:
    with pytest.raises(ValueError, match="keeps nothing"):
        session().settle()


def test_silence_settles_to_an_empty_transcript() -> None:
    live = session(settling=Settling(Pitches()))  # type: ignore[arg-type]
    live.feed(np.zeros(RATE, np.float32))
    live.finish()
    assert live.settle().utterances == ()
