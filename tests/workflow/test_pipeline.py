"""One call, a stream and stages give the same transcript, with voices mixed and with a channel each."""

import threading
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import dialogue
from dialogue import formats
from dialogue.core import audio
from dialogue.core.audio import RATE, Recording
from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.speech import asr, diarization
from dialogue.speech.asr import Decoding, Segment
from dialogue.speech.diarization import Clustering, SpeakerCount
from dialogue.workflow import runner, stages
from dialogue.workflow.config import Config
from dialogue.workflow.pipeline import Pipeline

np = pytest.importorskip("numpy")
TALK = {0: (1.0, 3.0), 1: (4.0, 6.0)}  # channel -> when somebody speaks there, in seconds


class Loudness:
    """A diarizer that finds speech where the sound is loud, and one speaker for each level."""

    def listen(self, sound, progress=None):
        loud = np.flatnonzero(np.abs(sound.reshape(-1, RATE)).max(axis=1) > 0.05)
        levels = np.abs(sound.reshape(-1, RATE)).max(axis=1)[loud]
        return {
            "passages": np.array([[s, s + 1.0] for s in loud]).reshape(-1, 2),
            "overlaps": np.zeros((0, 2)),
            "levels": levels,
        }

    def cluster(self, voices, count: SpeakerCount) -> Clustering:
        if count.speakers == 1:
            voices = {**voices, "levels": np.zeros(len(voices["levels"]))}
        levels = zip(voices["passages"], voices["levels"], strict=True)
        return Clustering([Utterance("", f"{level:.1f}", float(start), float(end)) for (start, end), level in levels])


class Counting:
    """A recogniser that hears one word for each second of sound, named by its level."""

    def __init__(self) -> None:
        self.hotwords: str | None = None
        self.word = "mot"

    def decode(self, windows, how: Decoding) -> list[list[Segment]]:
        self.hotwords = how.hotwords
        return [[self.segment(window)] for window in windows]

    def segment(self, window) -> Segment:
        levels = [np.abs(window[s : s + RATE]).max() for s in range(0, len(window) - RATE // 2, RATE)]
        words = tuple(Word(f"{self.word}{10 * level:.0f}", float(n), n + 0.9, 0.8) for n, level in enumerate(levels))
        return Segment(0.0, float(len(words)), " ".join(w.text for w in words), words, -0.2, 0.0)

    def detect_language(self, window) -> str:
        return "fr"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    sound = np.zeros((8 * RATE, 2), np.float32)
    for channel, (start, end) in TALK.items():
        sound[int(start * RATE) : int(end * RATE), channel] = 0.4 if channel else 0.8
    with wave.open(str(tmp_path / "call.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return audio.probe(tmp_path / "call.wav")


@pytest.fixture(autouse=True)
def engines(monkeypatch) -> Counting:
    recogniser = Counting()
    monkeypatch.setattr(diarization, "load", lambda config: Loudness())
    monkeypatch.setattr(asr, "load", lambda config: recogniser)
    monkeypatch.setattr("dialogue.core.models.resolve", lambda name: Path(name))
    monkeypatch.setattr("dialogue.core.models.digest", lambda name: "0" * 64)
    return recogniser


def run_stages(recording: Recording, exp: Path) -> Transcript:
    config = Config()
    for stage, name in (
        (stages.diarize(config.diarization), "diarization"),
        (stages.transcribe(config.asr, exp / "diarization"), "asr"),
        (stages.attribute_words(exp / "asr", exp / "diarization", config.diarization), "transcript"),
    ):
        result = runner.run(stage, [recording], exp / name, quiet=True)
        assert result.failed == {}
    return formats.read(exp / f"transcript/{recording.id}.json")[0]


def said(utterances: Iterator[Utterance] | Transcript) -> list[tuple[str | None, float, float, str]]:
    return [(u.speaker, round(u.start, 2), round(u.end, 2), u.text) for u in utterances]


@pytest.mark.parametrize("channels", [False, True], ids=["mixed", "a channel each"])
def test_one_call_a_stream_and_the_stages_agree(recording: Recording, tmp_path: Path, channels: bool) -> None:
    recording = replace(recording, attributes={"channel_is_speaker": channels})
    transcript = Pipeline().transcribe(recording)
    assert [s.id for s in transcript.speakers] == ["spk1", "spk2"]
    assert {u.speaker for u in transcript} == {"spk1", "spk2"}
    assert said(Pipeline().utterances(recording)) == said(transcript)
    staged = run_stages(recording, tmp_path / "exp")
    assert said(staged) == said(transcript)
    assert staged.speakers == transcript.speakers


def test_a_channel_each_keeps_the_voices_apart(recording: Recording) -> None:
    apart = Pipeline().transcribe(replace(recording, attributes={"channel_is_speaker": True}))
    assert [s.attributes["channel"] for s in apart.speakers] == [0, 1]
    assert {u.speaker: set(u.text.split()) for u in apart} == {"spk1": {"mot8"}, "spk2": {"mot4"}}


def test_what_a_manifest_says_of_a_recording_is_used(recording: Recording, engines: Counting) -> None:
    known = replace(recording, attributes={"participants": ["Gaëlle"], "speakers": 1})
    engines.word = "gaël"
    transcript = Pipeline().transcribe(known)
    assert len(transcript.speakers) == 1
    assert {word.text for word in transcript.words()} == {"Gaëlle"}
    assert {word for u in Pipeline().utterances(known) for word in u.text.split()} == {"Gaëlle"}
    assert engines.hotwords is None


def test_a_recording_is_decoded_once_by_all_steps_of_a_process(
    recording: Recording, tmp_path: Path, monkeypatch
) -> None:
    decoded = []
    real = audio.blocks
    monkeypatch.setattr(audio, "blocks", lambda path, **options: decoded.append(path) or real(path, **options))
    run_stages(recording, tmp_path / "exp")
    runner.run(
        stages.export(tmp_path / "exp/transcript", tmp_path / "exp/minutes", tmp_path / "out"),
        [recording],
        tmp_path / "exp/export",
        quiet=True,
    )
    assert (tmp_path / "out/call/report.html").exists()
    assert decoded == [recording.path]


def test_a_new_diarization_makes_the_words_stale(recording: Recording, tmp_path: Path) -> None:
    exp = tmp_path / "exp"
    run_stages(recording, exp)
    stage = stages.transcribe(Config().asr, exp / "diarization")
    assert runner.run(stage, [recording], exp / "asr", quiet=True).current == ("call",)
    runner.run(stages.diarize(Config().diarization, SpeakerCount(1)), [recording], exp / "diarization", quiet=True)
    assert runner.run(stage, [recording], exp / "asr", quiet=True).done == ("call",)


def test_an_output_that_was_deleted_is_made_again(recording: Recording, tmp_path: Path) -> None:
    exp = tmp_path / "exp"
    run_stages(recording, exp)
    (exp / "transcript/turns/call.rttm").unlink()
    stage = stages.attribute_words(exp / "asr", exp / "diarization", Config().diarization)
    assert runner.run(stage, [recording], exp / "transcript", quiet=True).done == ("call",)
    assert (exp / "transcript/turns/call.rttm").exists()


def test_a_source_is_a_path_bytes_a_file_or_samples(recording: Recording) -> None:
    path = recording.path
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(-1), "<i2").reshape(-1, 2).T
    pipeline = Pipeline()
    expected = said(pipeline.transcribe(path))
    with path.open("rb") as file:
        sources = [str(path), path.read_bytes(), file, (samples, RATE), (samples / 32768, RATE), (samples[:1], RATE)]
        found = [said(pipeline.transcribe(source)) for source in sources]
    assert [len(f) for f in found] == [len(expected)] * 5 + [1]
    assert found[:5] == [expected] * 5


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (42, "a int is no sound. Accepted: a path, bytes"),
        (None, "a NoneType is no sound"),
        ((np.zeros((2, 2, 2)), RATE), r"samples of shape \(2, 2, 2\)"),
        ((np.zeros(9), 16000.5), "at a rate of 16000.5"),
        ((["a"], RATE), "Accepted: \\(sample,\\) or"),
        (b"compte rendu", "not a media file"),
    ],
)
def test_what_is_no_sound_is_said_in_words(source: object, message: str) -> None:
    with pytest.raises(dialogue.DialogueError, match=message):
        Pipeline().transcribe(source)  # type: ignore[arg-type]


def test_options_are_those_of_the_call_and_models_stay(recording: Recording, engines: Counting) -> None:
    pipeline = Pipeline()
    assert len(pipeline.transcribe(recording, speakers=1, hotwords=["LinTO"]).speakers) == 1
    assert engines.hotwords == "LinTO"
    models = pipeline.diarizer, pipeline.recogniser
    assert len(pipeline.transcribe(recording).speakers) == 2
    assert engines.hotwords is None
    assert (pipeline.diarizer, pipeline.recogniser) == models


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speakers": "two"}, "speakers: found 'two'. Accepted: 1 or more"),
        ({"language": "french"}, "language: found 'french'"),
        ({"hotwords": "LinTO"}, "hotwords: found 'LinTO'. Accepted: a list of words"),
        ({"hotword": ["LinTO"]}, "unknown option hotword. Accepted: speakers"),
    ],
)
def test_a_wrong_option_is_said_in_words(recording: Recording, options: dict, message: str) -> None:
    with pytest.raises(dialogue.DialogueError, match=message):
        Pipeline().transcribe(recording, **options)


def test_a_transcription_ends_when_it_is_cancelled(recording: Recording, engines: Counting, monkeypatch) -> None:
    cancel, ended = threading.Event(), threading.Event()

    def decode(windows, how: Decoding) -> list[list[Segment]]:
        cancel.set()
        ended.wait(20)  # far longer than the caller waits
        return [[engines.segment(window)] for window in windows]

    monkeypatch.setattr(engines, "decode", decode)
    with pytest.raises(dialogue.Stopped, match="was cancelled"):
        Pipeline().transcribe(recording, cancel=cancel)
    assert not ended.is_set()
    ended.set()


def test_a_transcription_ends_when_its_time_is_over(recording: Recording) -> None:
    with pytest.raises(dialogue.Stopped, match="did not end within 0 s"):
        Pipeline().transcribe(recording, timeout=0)


def test_a_timeout_that_is_long_enough_changes_nothing(recording: Recording) -> None:
    assert said(Pipeline().transcribe(recording, timeout=600)) == said(Pipeline().transcribe(recording))


@pytest.mark.parametrize("stop", ["timeout", "cancel"])
def test_utterances_stop_too(recording: Recording, stop: str) -> None:
    cancel = threading.Event()
    cancel.set()
    options = {"timeout": 0} if stop == "timeout" else {"cancel": cancel}
    with pytest.raises(dialogue.Stopped):
        list(Pipeline().utterances(recording, **options))  # type: ignore[arg-type]


def test_a_transcript_is_saved_and_loaded(recording: Recording, tmp_path: Path) -> None:
    transcript = Pipeline().transcribe(recording)
    transcript.save(tmp_path / "t.json")
    assert said(Transcript.load(tmp_path / "t.json")) == said(transcript)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", "{"])
def test_what_is_no_transcript_is_said_with_its_path(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "t.json").write_text(content)
    with pytest.raises(dialogue.TranscriptError, match=r"t\.json: .*Accepted"):
        Transcript.load(tmp_path / "t.json")
