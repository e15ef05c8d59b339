"""The embedded diarization: linking, voting and clustering on made-up arrays; the networks on a minute of sound."""

from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.speech import diarization
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
from dialogue.speech.diarization.embedded import FRAMES, Embedded, cluster, link, vote

np = pytest.importorskip("numpy")
SOUND = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
STEP = 100  # frames between two of the made-up windows


def windows(*spoken: tuple[int, int, int, int]):
    """Return starts and activity of the needed windows, from (window, local voice, first frame, last frame)."""
    count = 1 + max((w for w, *_ in spoken), default=0)
    active = np.zeros((count, FRAMES, 3), dtype=bool)
    for window, voice, first, last in spoken:
        active[window, first:last, voice] = True
    return np.arange(count) * STEP, active


def test_a_voice_is_followed_though_its_local_number_changes() -> None:
    starts, active = windows((0, 0, 50, 500), (1, 2, 0, 400), (2, 1, 0, 300))
    tracks = link(starts, active)
    assert tracks[0, 0] == tracks[1, 2] == tracks[2, 1] == 0
    assert (tracks >= 0).sum() == 3


def test_two_voices_stay_two_and_a_silent_one_has_no_track() -> None:
    starts, active = windows((0, 0, 0, 250), (0, 1, 300, 550), (1, 0, 200, 450), (1, 1, 0, 150))
    tracks = link(starts, active)
    assert tracks[0, 0] == tracks[1, 1] != tracks[0, 1] == tracks[1, 0]
    assert tracks[:, 2].tolist() == [-1, -1]


def test_a_voice_after_a_silence_is_a_new_track() -> None:
    starts, active = windows((0, 0, 0, 90), (1, 0, 500, 580))
    assert link(starts, active)[:, 0].tolist() == [0, 1]


def test_the_floor_is_the_voice_that_most_windows_hear() -> None:
    starts, active = windows((0, 0, 100, 400), (1, 0, 0, 300), (1, 1, 150, 200), (0, 1, 250, 300))
    floor, besides, crowd = vote(starts, active, link(starts, active))
    assert (floor[:100] == -1).all()
    assert set(floor[100:400]) == {0}
    assert set(besides[260:290]) == {1}
    assert crowd[260:290].all()
    assert (besides[:250] == -1).all()
    assert len(floor) == STEP + FRAMES


def test_silence_has_neither_floor_nor_overlap() -> None:
    starts, active = windows((1, 0, 0, 0))
    floor, besides, crowd = vote(starts, active, link(starts, active))
    assert (floor == -1).all()
    assert (besides == -1).all()
    assert not crowd.any()


def voices(*of: int, seconds: float = 4.0, noise: float = 0.05, seed: int = 0):
    """Return embeddings and passages, given the voice of each passage."""
    rng = np.random.default_rng(seed)
    centres = np.eye(16)[: max(of, default=0) + 1]
    embeddings = np.array([centres[k] + noise * rng.standard_normal(16) for k in of], dtype=np.float32).reshape(-1, 16)
    starts = np.arange(len(of)) * (seconds + 1)
    return embeddings, np.stack([starts, starts + seconds], axis=1)


def same(labels, of) -> bool:
    """Tell whether two labellings are equal up to names."""
    return len(set(zip(labels, of, strict=True))) == len(set(labels)) == len(set(of))


@pytest.mark.parametrize("of", [(0,), (0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 0, 3, 1, 2, 3)])
def test_voices_are_separated_without_their_number(of: tuple[int, ...]) -> None:
    labels, confidence = cluster(*voices(*of), 0.5, 1, None)
    assert same(labels, of)
    assert ((confidence > 0.5) & (confidence <= 1)).all()


@pytest.mark.parametrize(
    ("fewest", "most", "expected"),
    [(2, 2, 2), (1, 2, 2), (1, 1, 1), (6, 6, 6), (4, 4, 4), (5, None, 5), (3, 9, 4)],
)
def test_the_number_of_speakers_is_obeyed(fewest: int, most: int | None, expected: int) -> None:
    of = (0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3)
    labels, _ = cluster(*voices(*of, noise=0.1), 0.5, fewest, most)
    assert len(set(labels)) == expected


@pytest.mark.parametrize("passages", [1, 2, 5])
def test_more_speakers_than_passages_gives_one_each(passages: int) -> None:
    labels, _ = cluster(*voices(*range(passages)), 0.5, 50, 50)
    assert len(set(labels)) == passages


def test_a_passage_too_short_to_tell_goes_to_its_neighbour() -> None:
    embeddings, passages = voices(0, 0, 1, 1)
    embeddings[1] = np.nan
    labels, confidence = cluster(embeddings, passages, 0.5, 1, None)
    assert labels[1] in (labels[0], labels[2])
    assert confidence[1] == 0.5
    assert labels[2] == labels[3] != labels[0]


def test_without_any_embedding_there_is_one_speaker() -> None:
    embeddings, passages = voices(0, 1)
    labels, _ = cluster(np.full_like(embeddings, np.nan), passages, 0.5, 2, 2)
    assert labels.tolist() == [0, 0]


def test_a_voice_that_hardly_speaks_joins_the_nearest() -> None:
    embeddings, passages = voices(0, 0, 1, 1, 2)
    passages[4, 1] = passages[4, 0] + 1.2
    assert len(set(cluster(embeddings, passages, 0.5, 1, None)[0])) == 2
    assert len(set(cluster(embeddings, passages, 0.5, 3, 3)[0])) == 3


def made_voices(of: tuple[int, ...] = (0, 1, 0, 1)) -> dict:
    embeddings, passages = voices(*of)
    return {
        "passages": passages,
        "track": np.arange(len(of), dtype=np.int32),
        "embeddings": embeddings,
        "overlaps": np.array([[5.5, 6.0]]),
        "overlap_track": np.array([0], dtype=np.int32),
    }


def test_the_second_speaker_is_that_of_its_track() -> None:
    turns = Embedded(DiarizationConfig()).turns(made_voices(), SpeakerCount())
    [besides] = [t for t in turns if t.overlap]
    floor = [t for t in turns if not t.overlap]
    assert besides.speaker == floor[0].speaker != floor[1].speaker
    assert (besides.start, besides.end) == (5.5, 6.0)


def test_another_number_of_speakers_does_not_run_the_networks(monkeypatch) -> None:
    engine = Embedded(DiarizationConfig())
    monkeypatch.setattr(engine, "_load", lambda: pytest.fail("networks loaded"))
    for speakers in (1, 2, 4, 50):
        turns = engine.turns(made_voices(), SpeakerCount(speakers))
        assert len({t.speaker for t in turns}) == min(speakers, 4)


def test_no_voices_make_no_turns() -> None:
    nothing = {"passages": np.zeros((0, 2)), "track": np.zeros(0), "embeddings": np.zeros((0, 192))}
    assert Embedded(DiarizationConfig()).turns(nothing, SpeakerCount(3)) == []


@pytest.fixture(scope="module")
def engine() -> Embedded:
    pytest.importorskip("torch")
    return Embedded(DiarizationConfig())


@pytest.mark.model
def test_a_minute_of_a_meeting_has_plausible_turns(engine: Embedded) -> None:
    sound = audio.load(SOUND)[: 60 * audio.RATE]
    heard = engine.listen(sound)
    assert heard["embeddings"].shape == (len(heard["passages"]), 192)
    assert (heard["passages"][:, 1] - heard["passages"][:, 0] <= 6.1).all()
    assert (np.diff(heard["passages"][:, 0]) > 0).all()
    found = diarization.transcript("r", 60.0, engine.turns(heard, SpeakerCount()), fill=0.5).validate()
    assert 3 <= len(found.speakers) <= 5
    assert 50 < sum(t.duration for t in found if not t.overlap) < 60
    camille = {t.speaker for t in found if any(t.start < s + 2 < t.end for s in (0.8, 38.5, 52.7))}
    assert len(camille) == 1
    julien = {t.speaker for t in found if t.start < 20 < t.end}
    assert camille != julien
    asked = diarization.transcript("r", 60.0, engine.turns(heard, SpeakerCount(2)), fill=0.5)
    assert len(asked.speakers) == 2


@pytest.mark.model
@pytest.mark.parametrize("seconds", [0.1, 0.6, 11.0])
@pytest.mark.parametrize("kind", ["silence", "noise", "clipped"])
def test_sound_without_speech_is_no_error(engine: Embedded, kind: str, seconds: float) -> None:
    size = int(seconds * audio.RATE)
    noise = np.random.default_rng(0).uniform(-1, 1, size).astype(np.float32)
    sound = {"silence": 0 * noise, "noise": 0.3 * noise, "clipped": np.sign(noise)}[kind]
    heard = engine.listen(sound)
    found = diarization.transcript("r", seconds, engine.turns(heard, SpeakerCount())).validate()
    if kind == "silence":
        assert found.utterances == ()
