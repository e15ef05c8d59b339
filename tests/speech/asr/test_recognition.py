"""From detected speech to words, with a scripted engine: no speech is lost silently."""

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.transcript import Word
from dialogue.speech.asr import ASRConfig, Decoding, Segment, join_words, recognise, recognition
from dialogue.speech.asr.recognition import NEAR, WINDOW, Found, merge, pack, uncovered

np = pytest.importorskip("numpy")
TICK = 2**24  # a sample's value gives its position in the recording; exact in float32 for 17 minutes


def clock(seconds: float):
    """Return (sample,) sound whose values give its own time."""
    return (np.arange(int(seconds * RATE)) / TICK).astype(np.float32)


@pytest.fixture(autouse=True)
def no_gain(monkeypatch) -> None:
    monkeypatch.setattr(recognition, "recognition_gain", lambda sound: 1.0)


@dataclass
class Scripted:
    """An engine that hears the words of a script within a window.

    Attributes:
        hears: call number, word -> whether it is found.
        sure: call number -> log probability of its segments.
        invents: call number -> text that it adds at the start of each window.
    """

    script: Sequence[Word]
    hears: Callable[[int, Word], bool] = lambda call, word: True
    sure: Callable[[int], float] = lambda call: -0.3
    invents: Callable[[int], str] = lambda call: ""
    calls: list[tuple[list[float], Decoding]] = field(default_factory=list)

    def decode(self, windows, how: Decoding) -> list[list[Segment]]:
        call = len(self.calls)
        self.calls.append(([len(w) / RATE for w in windows], how))
        return [self.segments(call, np.rint(w.astype(np.float64) * TICK) / RATE) for w in windows]

    def segments(self, call: int, times) -> list[Segment]:
        words = []
        for word in self.script:
            heard = np.flatnonzero((times >= word.start) & (times < word.end))
            if len(heard) >= 0.6 * (word.end - word.start) * RATE and self.hears(call, word):
                words.append(replace(word, start=heard[0] / RATE, end=(heard[-1] + 1) / RATE))
        words.sort(key=lambda w: w.start)
        found = []
        if text := self.invents(call):
            pieces = text.split()
            invented = tuple(Word(t, 0.05 * n, 0.05 * n + 0.05, 0.9) for n, t in enumerate(pieces))
            found.append(Segment(0.0, 0.05 * len(pieces), text, invented, -0.2, 0.0))
        if words:
            text = " ".join(w.text for w in words)
            found.append(Segment(words[0].start, words[-1].end, text, tuple(words), self.sure(call), 0.0))
        return found

    def detect_language(self, window) -> str:
        return "en"


def script(*spans: tuple[float, float]) -> list[Word]:
    """Return a different word for every half second of the spans."""
    words = []
    for start, end in spans:
        at = start
        while at + 0.4 <= end:
            words.append(
                Word(
                    hashlib.md5(str(len(words)).encode()).hexdigest()[:6],
                    round(at, 3),
                    round(at + 0.4, 3),
                    0.9,
                )
            )
            at += 0.5
    return words


def run(engine: Scripted, seconds: float, speech: Sequence[tuple[float, float]], **options: object) -> list[Found]:
    return list(recognise(engine, clock(seconds), speech, ASRConfig(**options)))  # type: ignore[arg-type]


def words_of(found: Sequence[Found]) -> list[Word]:
    return sorted((w for f in found for u in f.utterances for w in u.words), key=lambda w: w.start or 0.0)


# Packing ----------------------------------------------------------------------------------------------------------

spans = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(1, 500)).map(lambda p: (p[0] / 10, (p[0] + p[1]) / 10)),
    max_size=12,
)
LONG = clock(200)


@given(spans, st.sampled_from([WINDOW, WINDOW / 2]))
@settings(deadline=None)
def test_every_second_of_speech_is_in_exactly_one_window(found: list[tuple[float, float]], longest: float) -> None:
    windows = pack(merge(found), LONG, longest)
    pieces = [piece for window in windows for piece in window]
    for (_, end), (start, _) in itertools.pairwise(pieces):
        assert end <= start + 1e-9, "two pieces share sound"
    for start, end in merge(found):
        inside = sum(max(0.0, min(e, end) - max(s, start)) for s, e in pieces)
        assert inside == pytest.approx(end - start, abs=1e-6)
    for window in windows:
        assert 0 < sum(e - s for s, e in window) <= longest + 1e-6


def test_silence_is_cut_out_and_windows_are_filled() -> None:
    windows = pack([(0, 8), (60, 68), (120, 128)], LONG, WINDOW)
    assert len(windows) == 1
    assert sum(e - s for s, e in windows[0]) == pytest.approx(24 + 5 * 0.2)


def test_long_speech_is_cut_where_it_is_quietest() -> None:
    sound = np.full(70 * RATE, 0.3, dtype=np.float32)
    sound[24 * RATE : int(24.4 * RATE)] = 0.0
    first, *_ = pack([(0.0, 70.0)], sound, WINDOW)
    assert first[0] == (0.0, pytest.approx(24.2, abs=0.15))


def test_there_are_as_few_windows_as_pauses_allow() -> None:
    sound = np.full(60 * RATE, 0.3, dtype=np.float32)
    for pause in (9, 19, 28, 38, 48):
        sound[pause * RATE : int((pause + 0.3) * RATE)] = 0.0
    windows = pack([(0.0, 18.5), (20.0, 37.5), (39.0, 57.0)], sound, WINDOW)  # filled in order, they would be three
    assert [round(window[-1][1]) for window in windows] == [28, 57]


@given(spans, spans)
def test_what_is_not_near_a_word_is_uncovered(speech: list, near: list) -> None:
    speech = merge(speech)
    words = [[Word("a", s, min(e, s + 0.5)) for s, e in sorted(near)]]
    missing = uncovered(speech, words)
    close = merge([(w.start - NEAR, w.end + NEAR) for w in words[0]])  # type: ignore[operator]
    for start, end in missing:
        assert any(s <= start < end <= e for s, e in speech)
        assert not any(s < end - 1e-9 and start + 1e-9 < e for s, e in close)
    lost = sum(e - s for s, e in speech) - sum(e - s for s, e in missing)
    heard = sum(max(0.0, min(e, b) - max(s, a)) for s, e in speech for a, b in close)
    assert lost >= heard - 1e-6
    assert lost - heard <= 0.3 * (len(speech) + len(close)) + 1e-6  # shorter gaps do not justify another pass


# Recognition ------------------------------------------------------------------------------------------------------


def test_words_are_at_their_times_across_joined_pieces() -> None:
    speech = [(2.0, 6.0), (20.0, 23.0), (50.0, 55.0)]
    engine = Scripted(script(*speech))
    found = run(engine, 60, speech)
    assert len(engine.calls[0][0]) == 1, "one window holds all three"
    assert [(w.text, w.start, w.end) for w in words_of(found)] == [
        (w.text, pytest.approx(w.start, abs=0.002), pytest.approx(w.end, abs=0.002)) for w in engine.script
    ]
    assert [o for f in found for o in f.omissions] == []


def test_an_utterance_never_spans_a_silence_that_was_cut_out() -> None:
    speech = [(2.0, 6.0), (50.0, 55.0)]
    [found] = run(Scripted(script(*speech)), 60, speech)
    assert [(round(u.start), round(u.end)) for u in found.utterances] == [(2, 6), (50, 55)]


def test_lost_speech_is_decoded_again_in_other_windows() -> None:
    speech = [(0.0, 20.0)]
    engine = Scripted(script((0.0, 10.0), (10.6, 20.0)), hears=lambda call, word: call > 0 or word.start < 10)
    [found] = run(engine, 20, speech)
    assert [w.text for w in words_of([found])] == [w.text for w in engine.script]
    assert len(engine.calls) == 2
    assert max(engine.calls[1][0]) <= WINDOW / 2
    assert (found.speech, found.covered, found.omissions) == (20.0, pytest.approx(20.0, abs=0.1), ())


def test_speech_without_words_is_marked() -> None:
    speech = [(0.0, 5.0), (30.0, 34.0)]
    engine = Scripted(script((0.0, 5.0)))
    [found] = run(engine, 40, speech)
    assert [(o.start, o.end, o.reason) for o in found.omissions] == [(30.0, 34.0, "not transcribed")]
    assert (found.speech, found.covered) == (9.0, pytest.approx(5.0))
    assert len(engine.calls) == 3


def test_without_passes_nothing_is_decoded_twice() -> None:
    engine = Scripted([])
    [found] = run(engine, 5, [(0.0, 5.0)], passes=0)
    assert len(engine.calls) == 1
    assert [o.reason for o in found.omissions] == ["not transcribed"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sous-titres réalisés par la communauté d'Amara.org", "boilerplate"),
        ("on y va on y va on y va on y va on y va on y va", "repetition"),
    ],
)
def test_invented_text_is_recorded_never_shown(text: str, reason: str) -> None:
    engine = Scripted(script((5.0, 10.0)), invents=lambda call: text if call == 0 else "")
    [found] = run(engine, 10, [(0.0, 10.0)])
    assert text not in " ".join(u.text for u in found.utterances)
    assert (reason, text) in [(o.reason, o.text) for o in found.omissions]
    assert len(words_of([found])) == len(engine.script)


def test_words_far_from_speech_are_recorded_as_invented() -> None:
    engine = Scripted([])
    engine.segments = lambda call, times: [  # type: ignore[method-assign]
        Segment(0, 1, "ok", (Word("ok", 0.0, 0.5, 0.9),), -0.1, 0.9)
    ]
    found = recognition._recognise_batch(
        engine, clock(30), 1.0, [[(0.0, 20.0)]], [(15.0, 20.0)], Decoding("fr"), ASRConfig(passes=0)
    )
    assert [(o.reason, o.text) for o in found.omissions] == [("no speech", "ok"), ("not transcribed", "")]


def test_doubtful_text_gives_way_to_better_and_stays_without() -> None:
    engine = Scripted(script((0.0, 5.0)), sure=lambda call: -2.0 if call == 0 else -0.2)
    [found] = run(engine, 5, [(0.0, 5.0)])
    assert [w.text for w in words_of([found])] == [w.text for w in engine.script]
    assert len(engine.calls) == 2

    unheard = Scripted(script((0.0, 5.0)), sure=lambda call: -2.0, hears=lambda call, word: call < 2)
    [found] = run(unheard, 5, [(0.0, 5.0)])
    assert [w.text for w in words_of([found])] == [w.text for w in unheard.script], "each once"
    assert found.omissions == ()


def test_batches_come_in_order_and_cover_all_speech_once() -> None:
    speech = [(float(s), s + 20.0) for s in range(0, 200, 25)]
    engine = Scripted(script(*speech))
    found = run(engine, 200, speech, batch_size=2)
    assert len(found) == 4
    assert [f.end for f in found] == sorted(f.end for f in found)
    assert sum(f.speech for f in found) == pytest.approx(160.0)
    assert [w.text for w in words_of(found)] == [w.text for w in engine.script]


@given(spans, st.integers(0, 3))
@settings(deadline=None, max_examples=30)
def test_each_second_of_speech_is_near_a_word_or_in_an_omission(speech: list, deaf: int) -> None:
    spoken = merge(speech)
    engine = Scripted(script(*spoken), hears=lambda call, word: int(word.start) % 4 >= deaf)
    found = list(recognise(engine, LONG, speech, ASRConfig(passes=1)))
    near = merge([(w.start - NEAR, w.end + NEAR) for w in words_of(found)])  # type: ignore[operator]
    marked = merge([(o.start, o.end) for f in found for o in f.omissions])
    for start, end in spoken:
        rest = uncovered([(start, end)], [[Word("", s + NEAR, e - NEAR) for s, e in near + marked]])
        assert sum(e - s for s, e in rest if e - s >= 0.3) == 0
    assert len({w.text for w in words_of(found)}) == len(words_of(found)), "a word twice"


def test_without_speech_nothing_is_decoded() -> None:
    engine = Scripted([])
    assert run(engine, 10, []) == []
    assert run(engine, 10, [(5.0, 5.0)], language="auto") == []
    assert engine.calls == []


def test_the_language_is_detected_once_or_taken_as_said() -> None:
    speech = [(float(s), s + 20.0) for s in range(0, 100, 25)]
    for said, expected in (("auto", "en"), ("fr", "fr")):
        engine = Scripted(script(*speech))
        assert {f.language for f in run(engine, 100, speech, language=said, batch_size=1)} == {expected}
        assert {how.language for _, how in engine.calls} == {expected}


def test_names_and_prompt_reach_the_engine() -> None:
    engine = Scripted(script((0.0, 5.0)))
    run(engine, 5, [(0.0, 5.0)], hotwords=("Camille", "Nadia"), prompt="Bonjour.", effort="fast")
    how = engine.calls[0][1]
    assert (how.hotwords, how.prompt, how.beam_size) == ("Camille, Nadia", "Bonjour.", 1)


def test_high_effort_decodes_on_other_windows_and_keeps_what_most_of_them_heard() -> None:
    speech = [(0.0, 100.0)]
    normal, high = Scripted(script(*speech)), Scripted(script(*speech))
    expected = words_of(run(normal, 100, speech))
    assert [w.text for w in words_of(run(high, 100, speech, effort="high"))] == [w.text for w in expected]
    assert len(normal.calls) == 1
    assert len({tuple(seconds) for seconds, _ in high.calls}) == len(high.calls) == 3


def test_pieces_that_an_engine_timed_become_words() -> None:
    pieces = [
        (" l", 0.0, 0.1, 0.9),
        ("'usage", 0.1, 0.5, 0.5),
        (" est", 0.6, 0.7, 0.8),
        ("-ce", 0.7, 0.8, 0.9),
        (" ", 1, 1, 1),
    ]
    assert join_words(pieces) == (Word("l'usage", 0.0, 0.5, 0.5), Word("est-ce", 0.6, 0.8, 0.8))


@pytest.mark.parametrize(
    "options",
    [{"language": "français"}, {"effort": "highest"}, {"batch_size": -1}, {"passes": -1}, {"threads": -2}],
)
def test_invalid_options_are_refused(options: dict) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(options))}: found .*Accepted: "):
        ASRConfig(**options)
