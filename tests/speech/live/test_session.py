"""Sessions: what they emit, when, and what they hold meanwhile."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dialogue.core import audio
from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.transcript import Word
from dialogue.speech import asr, diarization
from dialogue.speech.asr import Decoding, Segment
from dialogue.speech.live import Detector, EndpointConfig, Final, OnlineVoices, Partial, Session
from dialogue.speech.live.session import Event
from tests.speech.live.stand_ins import Tones, pcm, said, session

SAMPLE = Path(__file__).parents[3] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
SPEECH = np.concatenate([np.zeros(RATE // 3, np.float32), said(500, 700, 900), said(400), said(800, 600, 300)])


def heard(live: Session, sound: NDArray[np.float32], chunk: float = 0.2) -> list[Event]:
    """Feed a session with chunks of so many seconds, to the end."""
    size = round(chunk * live.rate)
    events = [event for first in range(0, len(sound), size) for event in live.feed(sound[first : first + size])]
    return [*events, *live.finish()]


def finals(events: Sequence[Event]) -> list[Final]:
    return [event for event in events if isinstance(event, Final)]


def test_each_utterance_becomes_a_final_with_its_times() -> None:
    found = finals(heard(session(), SPEECH))
    assert [f.text for f in found] == ["500 700 900", "400", "800 600 300"]
    assert found[0].start == pytest.approx(1 / 3, abs=0.02)
    assert found[1].start == pytest.approx(1 / 3 + 1.2 + 1.0, abs=0.02)


def test_partials_come_before_their_final() -> None:
    events = heard(session(), SPEECH)
    assert any(isinstance(event, Partial) and event.text.startswith("500") for event in events[:2])


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=40))
def test_finals_do_not_depend_on_how_the_sound_is_cut(sizes: list[int]) -> None:
    data, live, found, at = pcm(SPEECH), session(), [], 0
    for size in [*sizes, len(data)]:
        found += finals(live.feed(data[at : at + size]))
        at += size
    found += finals(live.finish())
    whole = session()
    expected = finals([*whole.feed(data), *whole.finish()])
    assert [(f.text, f.start, f.end, f.words) for f in found] == [(f.text, f.start, f.end, f.words) for f in expected]


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=10))
def test_sound_of_another_rate_is_resampled_whatever_its_chunks(sizes: list[int]) -> None:
    sound = np.concatenate([said(500, 700, rate=24_000), said(900, rate=24_000)])
    live, found, at = session(rate=24_000), [], 0
    for size in [*sizes, len(sound)]:
        found += live.feed(sound[at : at + size])
        at += size
    assert [f.text for f in finals([*found, *live.finish()])] == ["500 700", "900"]


@pytest.mark.parametrize("rate", [0, 7999, 10**6, 16000.0, True, "16000"])
def test_an_impossible_rate_is_refused(rate: object) -> None:
    with pytest.raises(ConfigError, match="Accepted: 8000 to 192000 Hz"):
        session(rate=rate)


def test_two_channels_are_refused() -> None:
    with pytest.raises(ConfigError, match="one channel"):
        session().feed(np.zeros((2, 100), np.float32))


def test_the_words_after_a_pause_are_decoded_once_and_are_the_final() -> None:
    recogniser = Tones()
    heard(session(recogniser, clock=lambda: 0.0), said(500, 700, 900), 0.064)
    with_a_beam = [how for _, how in recogniser.decoded if how.beam_size > 1]
    assert len(with_a_beam) == 1


def test_what_was_stable_stays_and_the_deltas_make_the_text() -> None:
    events = heard(session(clock=lambda: 0.0), said(500, 700, 900, 1100, 1300, 600, 400, 800), 0.1)
    assert " ".join(e.delta for e in events if e.delta) == finals(events)[0].text
    assert any(isinstance(event, Partial) and event.delta for event in events)


def test_a_slow_machine_gets_fewer_partials_and_the_same_finals() -> None:
    sound = np.concatenate([said(*[500, 700, 900, 300] * 5)] * 3)
    counts = []
    for cost in (0.01, 3.0):
        now = iter(np.arange(0, 10**4, cost / 2))
        events = heard(session(clock=lambda now=now: float(next(now))), sound)  # type: ignore[misc]
        counts.append((sum(isinstance(e, Partial) for e in events), [f.text for f in finals(events)]))
    assert counts[1][0] < counts[0][0] / 2
    assert counts[1][1] == counts[0][1]


def test_an_utterance_without_pauses_is_cut_at_the_longest() -> None:
    config = EndpointConfig(soft=2.0, longest=4.0)
    found = finals(heard(session(endpoints=config), said(*range(300, 2300, 100), pause=0.06)))
    assert len(found) > 1
    assert " ".join(f.text for f in found).split() == [str(n) for n in range(300, 2300, 100)]


def test_a_cut_repeats_no_delta() -> None:
    config = EndpointConfig(soft=2.0, longest=4.0)
    sound = said(*range(300, 2300, 100), pause=0.06)
    events = heard(session(endpoints=config, clock=lambda: 0.0), sound, 0.1)
    deltas = " ".join(e.delta for e in events if e.delta).split()
    assert len(deltas) == len(set(deltas))


def test_a_click_is_no_utterance() -> None:
    assert heard(session(), said(500, length=0.05)) == []


def test_flush_ends_the_utterance_and_the_session_goes_on() -> None:
    live = session()
    live.feed(said(500, 700)[: round(0.7 * RATE)])
    assert [f.text for f in finals(live.flush())] == ["500 700"]
    assert not live.speaking
    assert [f.text for f in finals(heard(live, said(900)))] == ["900"]


def test_invented_text_is_no_final() -> None:
    class Subtitles(Tones):
        def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
            text = "Sous-titres réalisés par la communauté d'Amara.org"
            words = tuple(Word(w, 0.3 + n / 10, 0.4 + n / 10, 0.9) for n, w in enumerate(text.split()))
            return [[Segment(0.0, 2.0, text, words, -0.1, 0.0)] for _ in windows]

    assert heard(session(Subtitles()), said(500, 700, 900)) == []


def test_a_day_of_mostly_silence_is_held_in_the_memory_of_a_minute() -> None:
    live, sizes = session(), []
    hour = np.concatenate([said(500, 700), np.zeros(3600 * RATE - len(said(500, 700)), np.float32)])
    for _ in range(8):
        found = [f.text for first in range(0, len(hour), 30 * RATE) for f in live.feed(hour[first : first + 30 * RATE])]
        sizes.append(held(live))
        assert found[-1] == "500 700"
    assert live.seconds == 8 * 3600
    assert max(sizes) < 13 * RATE


def held(live: Session) -> int:
    """Return the samples that a session holds."""
    return len(live._sound) + sum(len(sound) for _, sound in live._context)


def test_a_minute_of_speech_without_a_pause_is_held_up_to_the_longest_utterance() -> None:
    live, most = session(), 0
    sound = said(*[500, 700] * 100, pause=0.0)
    for first in range(0, len(sound), RATE):
        live.feed(sound[first : first + RATE])
        most = max(most, held(live))
    assert most < (12 + 8 + 2) * RATE


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(diarization.load())  # type: ignore[arg-type]


@pytest.mark.model
@pytest.mark.parametrize("amplitude", [0, 4])
def test_silence_and_dither_are_no_speech(amplitude: int, detector: Detector) -> None:
    noise = np.random.default_rng(0).integers(-amplitude, amplitude + 1, 20 * RATE) / 32768
    assert heard(Session(Tones(), detector), noise.astype(np.float32)) == []


@pytest.mark.model
def test_a_meeting_is_recognised_with_speakers_while_it_goes_on() -> None:
    network = diarization.load()
    live = Session(asr.load(), Detector(network), voices=OnlineVoices(network))  # type: ignore[arg-type]
    sound = np.asarray(audio.load(SAMPLE))[: 8 * RATE]
    found = finals(heard(live, sound, 0.5))
    assert len(" ".join(f.text for f in found).split()) > 8
    assert all(f.provisional and f.speaker and f.speaker.startswith("spk") for f in found)
    assert all(0 <= f.start <= f.end <= 8.3 for f in found)
