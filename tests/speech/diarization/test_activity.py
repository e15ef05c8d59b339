"""From the local voices of windows to passages, on made-up activity."""

import pytest

from dialogue.speech.diarization.activity import FRAME, FRAMES, LONGEST, link, passages, runs, vote

np = pytest.importorskip("numpy")
STEP = 100  # frames between two of the made-up windows


def windows(*spoken: tuple[int, int, int, int]):
    """Return starts and activity of the needed windows, from (window, local voice, first frame, last frame)."""
    count = 1 + max((w for w, *_ in spoken), default=0)
    activity = np.zeros((count, FRAMES, 4), dtype=np.float16)
    for window, voice, first, last in spoken:
        activity[window, first:last, [0, 1 + voice]] = 1
    return np.arange(count) * STEP, activity


def test_a_voice_is_followed_though_its_local_number_changes() -> None:
    starts, activity = windows((0, 0, 50, 500), (1, 2, 0, 400), (2, 1, 0, 300))
    tracks = link(starts, activity)
    assert tracks[0, 0] == tracks[1, 2] == tracks[2, 1] == 0
    assert (tracks >= 0).sum() == 3


def test_two_voices_stay_two_and_a_silent_one_has_no_track() -> None:
    starts, activity = windows((0, 0, 0, 250), (0, 1, 300, 550), (1, 0, 200, 450), (1, 1, 0, 150))
    tracks = link(starts, activity)
    assert tracks[0, 0] == tracks[1, 1] != tracks[0, 1] == tracks[1, 0]
    assert tracks[:, 2].tolist() == [-1, -1]


def test_a_voice_after_a_silence_is_a_new_track() -> None:
    starts, activity = windows((0, 0, 0, 90), (1, 0, 500, 580))
    assert link(starts, activity)[:, 0].tolist() == [0, 1]


def test_the_floor_is_the_voice_that_most_windows_hear() -> None:
    starts, activity = windows((0, 0, 100, 400), (1, 0, 0, 300), (1, 1, 150, 200), (0, 1, 250, 300))
    floor, besides, speech, overlap = vote(starts, activity, link(starts, activity))
    assert (speech[:100] == 0).all()
    assert set(floor[100:400]) == {0}
    assert (speech[100:400] == 1).all()
    assert set(besides[260:290]) == {1}
    assert (overlap[260:290] == 1).all()
    assert (besides[:250] == -1).all()
    assert len(floor) == STEP + FRAMES


def test_silence_has_neither_speech_nor_overlap() -> None:
    starts, activity = windows((1, 0, 0, 0))
    floor, besides, speech, overlap = vote(starts, activity, link(starts, activity))
    assert passages(floor, speech) == []
    assert runs(besides) == []
    assert not overlap.any()


def passed(speech: list[float], floor: list[int] | None = None) -> list[tuple[int, int, int]]:
    return passages(np.array(floor or [0] * len(speech)), np.array(speech, dtype=np.float32))


def test_a_passage_extends_over_its_edges_and_no_further() -> None:
    assert passed([0.1, 0.4, 0.4, 0.9, 0.9, 0.4, 0.1, 0.4, 0.1]) == [(1, 6, 0)]


def test_what_is_never_sure_to_be_speech_is_no_passage() -> None:
    assert passed([0.1, 0.4, 0.45, 0.4, 0.1]) == []


def test_passages_that_meet_are_divided_where_speech_is_least_probable() -> None:
    assert passed([0.9, 0.9, 0.45, 0.35, 0.4, 0.9], [0, 0, 0, 1, 1, 1]) == [(0, 3, 0), (3, 6, 1)]
    assert passed([0.9, 0.9, 0.9, 0.9], [0, 0, 1, 1]) == [(0, 2, 0), (2, 4, 1)]


def test_a_silence_between_two_passages_belongs_to_neither() -> None:
    assert passed([0.4, 0.9, 0.4, 0.1, 0.2, 0.4, 0.9]) == [(0, 3, 0), (5, 7, 0)]


def test_a_long_passage_is_divided_evenly() -> None:
    found = passed([0.9] * 1000)
    assert [found[0][0], found[-1][1]] == [0, 1000]
    assert all(end - start <= LONGEST / FRAME for start, end, _ in found)
    assert len({end - start for start, end, _ in found}) <= 2
