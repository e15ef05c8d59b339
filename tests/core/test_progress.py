"""The bar: what it estimates, and what it prints where there is no terminal."""

import itertools
import sys
import threading

import pytest

from dialogue.core import progress
from dialogue.core.progress import Bar


class Clock:
    """A clock that a test moves."""

    def __init__(self, monkeypatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(progress.time, "monotonic", lambda: self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def two_stages() -> Bar:
    return Bar("meeting", {"diarize": {"a": 100.0}, "transcribe": {"a": 300.0}}, quiet=True)


def test_before_anything_is_measured_the_time_left_is_the_expected_one(clock: Clock) -> None:
    bar = two_stages()
    assert (bar.left, bar.done) == (400.0, 0.0)


@pytest.mark.parametrize("slowness", [0.5, 1.0, 3.0])
def test_the_speed_of_a_stage_corrects_the_time_of_all(clock: Clock, slowness: float) -> None:
    bar = two_stages()
    bar.begin("diarize", {"a": 100.0})
    clock.wait(8.0)  # loading of models, which says nothing about the speed
    for percent in range(41):
        bar.share("a", percent / 100)
        clock.wait(slowness)
    assert bar.left == pytest.approx(slowness * (60 + 300), rel=0.1)


def test_between_reports_the_time_left_goes_down_and_stays_positive(clock: Clock) -> None:
    bar = two_stages()
    bar.begin("diarize", {"a": 100.0})
    for share in (0.0, 0.25, 0.5):
        bar.share("a", share)
        clock.wait(25.0 if share < 0.5 else 0.0)
    before = bar.left
    clock.wait(20.0)
    assert bar.left == pytest.approx(before - 20)
    clock.wait(1000.0)
    assert bar.left > 300


def test_a_stage_that_is_up_to_date_takes_no_time(clock: Clock) -> None:
    bar = two_stages()
    bar.begin("diarize", {})
    assert bar.end() == 0.0
    assert bar.left == 300.0


def test_a_finished_stage_says_what_all_its_work_took(clock: Clock) -> None:
    bar = two_stages()
    bar.begin("diarize", {"a": 100.0})
    clock.wait(8.0)
    bar.share("a", 0.2)  # begun by an earlier run
    clock.wait(40.0)
    bar.finished("a", "")
    assert bar.end() == pytest.approx(50.0)


def test_a_stage_without_reports_counts_from_its_start(clock: Clock) -> None:
    bar = two_stages()
    bar.begin("minutes", {"a": 1.0, "b": 1.0})
    for recording in "ab":
        clock.wait(5.0)
        bar.finished(recording, "")
    assert bar.end() == pytest.approx(10.0)


def test_the_share_shown_never_goes_back(clock: Clock, capsys) -> None:
    bar = Bar("meeting", {"diarize": {"a": 10.0}, "transcribe": {"a": 10.0}})
    bar.terminal = False
    bar.begin("diarize", {"a": 10.0})
    bar.share("a", 0.0)
    for second in range(30):  # three times slower than expected
        clock.wait(1.0)
        bar.share("a", second / 30)
        bar._draw()
    shown = [int(line.split()[1]) for line in capsys.readouterr().err.splitlines()]
    assert all(a <= b for a, b in itertools.pairwise(shown))
    assert shown[-1] > shown[0]


def test_without_a_terminal_a_line_says_what_runs_and_how_long_it_takes(monkeypatch, clock: Clock, capsys) -> None:
    bar = Bar("meeting", {"transcribe": {"a": 300.0}})
    bar.begin("transcribe", {"a": 300.0})
    clock.wait(100.0)
    bar._draw()
    assert capsys.readouterr().err == "meeting: 25 %, transcribe, about 5 min left\n"


def test_on_a_terminal_the_bar_warns_of_nothing(monkeypatch, clock: Clock, recwarn, capsys) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Bar("meeting", {"transcribe": {"a": 30.0}}) as bar:
        bar.begin("transcribe", {"a": 30.0})
        for share in (0.0, 0.5, 2.0, 1.0):
            clock.wait(10.0)
            bar.share("a", share)
            bar._draw()
        bar.end()
    assert [str(w.message) for w in recwarn] == []
    assert "100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "5 s"), (31, "30 s"), (55, "1 min"), (300, "5 min"), (7800, "2 h 10 min")]
)
def test_durations_are_rough(seconds: float, text: str) -> None:
    assert progress.rough_duration(seconds) == text


def test_whoever_asked_is_told_how_far_it_is(monkeypatch) -> None:
    monkeypatch.setattr(progress, "REFRESH", 0.01)
    told = threading.Event()
    seen = []

    def report(bar: Bar) -> None:
        seen.append((bar.current, bar.shown))
        told.set()

    with Bar("meeting", {"diarize": {"a": 100.0}}, report=report) as bar:
        bar.begin("diarize", {"a": 100.0})
        assert told.wait(60)
    assert seen[0][0] == "diarize"
    assert 0.0 <= seen[0][1] < 1.0
