"""Recordings that are not a quiet meeting of a few people, and options that do not fit them, with the embedded models.

``english_ami.flac`` is 6.5 seconds of the AMI Meeting Corpus (https://groups.inf.ed.ac.uk/ami/corpus/), CC BY 4.0, cut
from ``dev00.wav`` of pyannote.audio's tests.
"""

from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core import audio
from dialogue.core.transcript import Transcript
from dialogue.french.normalization import normalize
from dialogue.french.phonetics import respell
from dialogue.minutes import write_minutes
from dialogue.speech import steps
from dialogue.speech.asr import ASRConfig
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
from dialogue.workflow.config import Config
from dialogue.workflow.pipeline import Pipeline

pytestmark = pytest.mark.model
np = pytest.importorskip("numpy")
SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data"
RATE = audio.RATE
EIGHT = {  # with different voices
    "reunion_corpus": ("Camille", "Julien", "Nadia", "Thomas"),
    "dev_debat_republicains": ("P1", "P2", "Aurélien_Pradié", "Eric_Ciotti"),
}


def sound(name: str = "reunion_corpus", start: float = 0.0, end: float = 16.0):
    return audio.load(SAMPLE / name / f"{name}.flac")[int(start * RATE) : int(end * RATE)]


def turns(name: str, person: str, seconds: float):
    """Return the first seconds of what a person of the sample corpus says."""
    [reference] = formats.read(SAMPLE / name / f"{name}.stm")
    said = [sound(name, u.start, u.end) for u in reference if reference.name(u.speaker) == person]
    return np.concatenate(said)[: int(seconds * RATE)]


def music(seconds: float):
    """Return four chords again and again, with overtones that fade."""
    time = np.arange(int(seconds * RATE)) / RATE
    chords = np.array([(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)])[time.astype(int) % 4]
    waves = [np.sin(2 * np.pi * chords[:, n] * k * time) / k for n in range(3) for k in (1, 2, 3)]
    return (0.1 * np.sum(waves, axis=0) * np.exp(-1.5 * (time % 1))).astype(np.float32)


def applause(seconds: float):
    """Return sixty claps a second: bursts of noise that fade."""
    random = np.random.default_rng(0)
    clap = np.exp(-np.arange(800) / 120)
    heard = np.zeros(int(seconds * RATE))
    for at in random.integers(0, len(heard) - len(clap), int(60 * seconds)):
        heard[at : at + len(clap)] += random.normal(0, 0.1, len(clap)) * clap * random.uniform(0.3, 1)
    return heard.astype(np.float32)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    pytest.importorskip("torch")
    return Pipeline(Config(asr=ASRConfig(effort="fast")))


@pytest.fixture(scope="module")
def clean(pipeline: Pipeline) -> Transcript:
    """The first 16 seconds of a meeting: Camille, then Thomas and Nadia for a second each, then Camille."""
    return pipeline.transcribe((sound(), RATE))


def speakers(pipeline: Pipeline, heard, **count: int) -> Transcript:
    """Return who speaks when, without recognition."""
    config = DiarizationConfig()
    voices = steps.listen(pipeline.diarizer, heard, lambda share: None)
    return steps.find_turns(pipeline.diarizer, voices, "r", len(heard) / RATE, SpeakerCount(**count), config)


def words(transcript: Transcript, *spans: tuple[float, float]) -> list[str]:
    """Return the words, numbers spelt out as processors differ in them, of the whole or within spans."""
    kept = [w for u in transcript for w in u.words]
    if spans:
        kept = [w for w in kept if any(start <= (w.start + w.end) / 2 < end for start, end in spans)]
    return normalize(" ".join(w.text for w in kept), "fr-std").split()


def wer(reference: Transcript, found: Transcript, *spans: tuple[float, float]) -> float:
    import jiwer

    return jiwer.wer(" ".join(words(reference)), " ".join(words(found, *spans)))


def test_one_voice_is_not_made_five(pipeline: Pipeline, caplog) -> None:
    found = speakers(pipeline, turns("reunion_corpus", "Camille", 16.0), speakers=5)
    assert len(found.speakers) == 1
    assert "speakers found: 1, asked for: 5" in caplog.text


def test_eight_voices_in_a_minute_are_eight_if_that_is_said(pipeline: Pipeline) -> None:
    parts = [turns(name, person, 7.0) for name, people in EIGHT.items() for person in people]
    ends = np.cumsum([len(part) for part in parts]) / RATE
    found = speakers(pipeline, np.concatenate(parts), speakers=8)
    middles = [end - len(part) / RATE / 2 for part, end in zip(parts, ends, strict=True)]
    assert len({t.speaker for middle in middles for t in found if t.start <= middle < t.end}) == 8


@pytest.mark.parametrize("noise", [music, applause])
def test_what_is_no_speech_has_neither_words_nor_speakers(noise, pipeline: Pipeline, caplog) -> None:
    found = pipeline.transcribe((noise(15.0), RATE))
    assert (found.utterances, found.speakers) == ((), ())
    assert "no speech found" in caplog.text


def test_music_and_applause_around_speech_add_no_words(pipeline: Pipeline, clean: Transcript) -> None:
    found = pipeline.transcribe((np.concatenate([music(6.0), sound(), applause(6.0)]), RATE))
    assert wer(clean, found) < 0.1
    assert all(u.start > 5.5 and u.end < 22.5 for u in found)


def test_a_radio_in_the_background_is_nobody(pipeline: Pipeline, clean: Transcript) -> None:
    near, radio = sound(), sound("dev_regulation_scooter", 5.0, 21.0)
    radio = radio * (0.1 * np.sqrt(np.mean(near**2) / np.mean(radio**2)))  # 20 dB below
    found = pipeline.transcribe((near + radio, RATE))
    assert len(found.speakers) <= len(clean.speakers)
    assert wer(clean, found) < 0.2


def test_a_second_language_harms_no_words_around_it(pipeline: Pipeline, clean: Transcript) -> None:
    english = audio.load(Path(__file__).with_name("english_ami.flac"))
    found = pipeline.transcribe((np.concatenate([sound(end=13.0), english, sound(start=13.0)]), RATE))
    assert wer(clean, found, (0.0, 13.0), (19.4, 99.0)) < 0.15
    between = [(max(13.0, u.start), min(19.5, u.end)) for u in (*found, *found.omissions)]
    assert sum(max(0.0, end - start) for start, end in between) > 4, "English is neither words nor an omission"


def test_times_are_right_after_a_minute_of_silence(pipeline: Pipeline, clean: Transcript) -> None:
    found = pipeline.transcribe((np.concatenate([np.zeros(60 * RATE, np.float32), sound()]), RATE))
    assert wer(clean, found) < 0.1
    assert [u.start - 60 for u in found] == pytest.approx([u.start for u in clean], abs=0.3)


def test_the_sampling_rate_of_a_telephone_is_enough(pipeline: Pipeline, clean: Transcript) -> None:
    from scipy.signal import resample_poly

    found = pipeline.transcribe((resample_poly(sound(), 1, 2).astype(np.float32), 8000))
    assert found.duration == pytest.approx(16.0, abs=0.01)
    assert wer(clean, found) < 0.2
    assert found.utterances[0].start == pytest.approx(clean.utterances[0].start, abs=0.3)


def test_the_participants_of_another_meeting_name_nobody(clean: Transcript) -> None:
    people = ["Bérengère Lacoste", "Maxime Fournier", "Odile Garnier", "Sylvain Perrot"]
    found = respell(clean, people)
    assert words(found) == words(clean)
    minutes = write_minutes(found, participants=people)
    assert {p.name for p in minutes.participants if p.id} == {None}
    assert {(p.name, p.name_source) for p in minutes.participants if not p.id} == {(name, "list") for name in people}
