"""The embedded diarization: which speakers there are, on made-up voices; the networks on a minute of sound."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.speech import diarization
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount, embedded
from dialogue.speech.diarization.embedded import HOP, Embedded, assign
from dialogue.speech.diarization.plda import PLDA

np = pytest.importorskip("numpy")
SOUND = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
SIZE = 16
KNOWN = PLDA(np.zeros(SIZE), np.eye(SIZE) * 20, np.full(SIZE, 20.0))  # voices are 20 times as far apart as within one


def voices(*of: int | tuple[int, int], seconds: float = 4.0, noise: float = 0.05, seed: int = 0) -> dict:
    """Make what the networks would hear, given the voice of each passage, or those of its two halves."""
    rng = np.random.default_rng(seed)
    count = round(seconds / HOP)
    halves = [(v, v) if isinstance(v, int) else v for v in of]
    said = np.array([pair[n >= count / 2] for pair in halves for n in range(count)], dtype=int)
    starts = np.arange(len(of)) * (seconds + 1)
    windows = (starts[:, None] + HOP * np.arange(count)).ravel()
    embeddings = (np.eye(SIZE)[said] + noise * rng.standard_normal((len(said), SIZE))).astype(np.float32)
    return {
        "passages": np.stack([starts, starts + seconds], axis=1),
        "track": np.arange(len(of), dtype=np.int32),
        "embeddings": embeddings.reshape(len(of), count, SIZE).mean(axis=1),
        "windows": np.stack([windows, windows + HOP], axis=1),
        "passage": np.repeat(np.arange(len(of), dtype=np.int32), count),
        "window_embeddings": embeddings,
        "overlaps": np.array([[5.5, 6.0]]),
        "overlap_track": np.array([0], dtype=np.int32),
    }


def speakers(heard: dict, fewest: int = 1, most: int | None = None) -> list[int]:
    """Return the speaker of most windows of each passage."""
    labels, confidence, _ = assign(heard, KNOWN, fewest, most)
    assert ((confidence > 0) & (confidence <= 1)).all()
    return [Counter(labels[heard["passage"] == p]).most_common(1)[0][0] for p in range(len(heard["passages"]))]


def same(labels, of) -> bool:
    """Tell whether two labellings are equal up to names."""
    return len(set(zip(labels, of, strict=True))) == len(set(labels)) == len(set(of))


@pytest.mark.parametrize("of", [(0,), (0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 0, 3, 1, 2, 3)])
def test_voices_are_separated_without_their_number(of: tuple[int, ...]) -> None:
    assert same(speakers(voices(*of)), of)


@pytest.mark.parametrize("passages", [30, 300])
def test_a_long_recording_has_no_more_speakers_than_a_short_one(passages: int) -> None:
    of = [n % 3 for n in range(passages)]
    assert same(speakers(voices(*of, noise=0.1)), of)


def test_a_passage_in_which_the_voice_changes_has_two_speakers() -> None:
    heard = voices(0, 1, (0, 1), 0, 1)
    labels, *_ = assign(heard, KNOWN)
    inside = labels[heard["passage"] == 2]
    assert inside[0] == labels[0] != inside[-1] == labels[16]
    assert np.count_nonzero(np.diff(inside)) == 1


def test_a_voice_that_speaks_for_three_seconds_is_not_lost() -> None:
    heard = voices(0, 1, 0, 1, 0, 1, seconds=6.0)
    short = heard["passage"] == 3
    kept = ~short | (np.cumsum(short) <= 3 / HOP)
    heard = {k: v[kept] if k in ("windows", "passage", "window_embeddings") else v for k, v in heard.items()}
    heard["passages"][3, 1] = heard["passages"][3, 0] + 3
    heard["window_embeddings"][heard["passage"] == 3] = np.eye(SIZE)[5]
    heard["embeddings"][3] = np.eye(SIZE)[5]
    assert same(speakers(heard), (0, 1, 0, 2, 0, 1))


@pytest.mark.parametrize(
    ("fewest", "most", "expected"),
    [(2, 2, 2), (1, 2, 2), (1, 1, 1), (4, 4, 4), (3, 9, 4)],
)
def test_the_number_of_speakers_is_obeyed(fewest: int, most: int | None, expected: int) -> None:
    labels, _, runner_up = assign(voices(*[0, 1, 2, 3] * 3, noise=0.1), KNOWN, fewest, most)
    assert len(set(labels)) == expected
    assert runner_up is None or (runner_up != expected and fewest <= runner_up <= (most or runner_up))


@pytest.mark.parametrize(("of", "fewest"), [((0, 0, 0, 0), 5), ((0, 1, 2, 3) * 3, 6)])
def test_no_voice_is_made_two_speakers_because_more_are_asked_for(of: tuple[int, ...], fewest: int) -> None:
    assert same(speakers(voices(*of, noise=0.1), fewest, fewest), of)


def test_voices_taken_for_one_are_parted_if_more_speakers_are_asked_for() -> None:
    close = replace(KNOWN, between=np.full(SIZE, 0.1))  # by which the voices are hardly apart
    labels = [assign(voices(0, 1, 0, 1, noise=0.1), close, number, number)[0] for number in (1, 2)]
    assert [len(set(found)) for found in labels] == [1, 2]


def test_the_runner_up_is_the_likeliest_other_number_of_speakers() -> None:
    heard = voices(*[0, 1, 2, 3] * 3, noise=0.1)
    assert assign(heard, KNOWN)[2] == 3
    assert assign(heard, KNOWN, 4, 4)[2] is None


@pytest.mark.parametrize("passages", [1, 2, 5])
def test_more_speakers_than_passages_gives_one_each(passages: int) -> None:
    assert len(set(speakers(voices(*range(passages)), 50, 50))) == passages


def test_sound_too_short_to_embed_goes_to_its_neighbour() -> None:
    heard = voices(0, 0, 1, 1)
    heard["window_embeddings"][heard["passage"] == 1] = heard["embeddings"][1] = np.nan
    found = speakers(heard)
    assert found[1] in (found[0], found[2])
    assert found[2] == found[3] != found[0]


def test_without_any_embedding_there_is_one_speaker() -> None:
    heard = voices(0, 1)
    heard["window_embeddings"][:] = heard["embeddings"][:] = np.nan
    assert set(speakers(heard, 2, 2)) == {0}


def made_engine() -> Embedded:
    engine = Embedded(DiarizationConfig())
    engine.plda = KNOWN
    return engine


def test_the_second_speaker_is_that_of_its_track() -> None:
    turns = made_engine().cluster(voices(0, 1, 0, 1), SpeakerCount()).turns
    [besides] = [t for t in turns if t.overlap]
    floor = [t for t in turns if not t.overlap]
    assert besides.speaker == floor[0].speaker != floor[1].speaker
    assert (besides.start, besides.end) == (5.5, 6.0)


def test_another_number_of_speakers_does_not_run_the_networks(monkeypatch) -> None:
    engine = made_engine()
    monkeypatch.setattr(engine, "_load", lambda: pytest.fail("networks loaded"))
    for number in (1, 2, 4, 50):
        turns = engine.cluster(voices(0, 1, 0, 1), SpeakerCount(number)).turns
        assert len({t.speaker for t in turns}) == min(number, 2)


def test_no_voices_make_no_turns() -> None:
    assert made_engine().cluster(voices(), SpeakerCount(3)).turns == []


@pytest.fixture(scope="module")
def engine() -> Embedded:
    pytest.importorskip("torch")
    return Embedded(DiarizationConfig())


@pytest.mark.model
def test_a_minute_of_a_meeting_has_plausible_turns(engine: Embedded) -> None:
    sound = audio.load(SOUND)[: 60 * audio.RATE]
    heard = engine.listen(sound)
    assert heard["embeddings"].shape == (len(heard["passages"]), 192)
    assert heard["window_embeddings"].shape == (len(heard["windows"]), 192)
    assert (heard["windows"][:, 0] >= heard["passages"][heard["passage"], 0] - 1e-6).all()
    assert (heard["passages"][:, 1] - heard["passages"][:, 0] <= 6.1).all()
    assert (np.diff(heard["passages"][:, 0]) > 0).all()
    found = diarization.transcript("r", 60.0, engine.cluster(heard, SpeakerCount()).turns, fill=0.5).validate()
    assert 3 <= len(found.speakers) <= 5
    assert 50 < sum(t.duration for t in found if not t.overlap) < 60
    camille = {t.speaker for t in found if any(t.start < s + 2 < t.end for s in (0.8, 38.5, 52.7))}
    assert len(camille) == 1
    julien = {t.speaker for t in found if t.start < 20 < t.end}
    assert camille != julien
    asked = diarization.transcript("r", 60.0, engine.cluster(heard, SpeakerCount(2)).turns, fill=0.5)
    assert len(asked.speakers) == 2


@pytest.mark.model
def test_passages_embedded_in_batches_are_as_if_alone(engine: Embedded, monkeypatch) -> None:
    from dialogue.speech.diarization.torch_networks import TorchNetworks

    sound = audio.load(SOUND)[: 15 * audio.RATE]
    alone = engine.listen(sound)
    monkeypatch.setattr(embedded, "load", lambda asked: TorchNetworks("cpu:0"))  # the way of a GPU, on the processor
    together = Embedded(DiarizationConfig()).listen(sound)
    assert len({round(end - start, 2) for start, end in alone["passages"]}) > 3, "all passages have one length"
    for name in ("passages", "windows"):
        assert np.array_equal(alone[name], together[name])
    assert together["embeddings"] == pytest.approx(alone["embeddings"], abs=1e-3, nan_ok=True)
    assert together["window_embeddings"] == pytest.approx(alone["window_embeddings"], abs=2e-3, nan_ok=True)  # float16


@pytest.mark.model
@pytest.mark.parametrize("seconds", [0.1, 0.6, 11.0])
@pytest.mark.parametrize("kind", ["silence", "noise", "clipped"])
def test_sound_without_speech_is_no_error(engine: Embedded, kind: str, seconds: float) -> None:
    size = int(seconds * audio.RATE)
    noise = np.random.default_rng(0).uniform(-1, 1, size).astype(np.float32)
    sound = {"silence": 0 * noise, "noise": 0.3 * noise, "clipped": np.sign(noise)}[kind]
    heard = engine.listen(sound)
    found = diarization.transcript("r", seconds, engine.cluster(heard, SpeakerCount()).turns).validate()
    if kind == "silence":
        assert found.utterances == ()
