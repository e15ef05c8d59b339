"""Show the progress of one or several stages: a bar on a terminal, plain lines elsewhere; and one log file per run."""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

log = logging.getLogger("dialogue")

REFRESH = 1.0  # seconds between updates of the bar
PLAIN = 30.0  # seconds between lines where there is no terminal
TRUST = 0.1  # share of a stage after which its own speed counts as much as the expectation


@dataclass
class _Step:
    """A stage: the seconds of work expected for each recording, and how far they are.

    Sums are kept, not computed: of 100,000 recordings, each report would take longer than its recording's work.
    """

    expected: Mapping[str, float]
    shares: dict[str, float] = field(default_factory=dict)
    work: float = field(init=False)  # seconds expected
    worked: float = 0.0  # of these, the share done
    finished: int = 0
    began: float = 0.0
    heard: float | None = None  # when the first progress was reported: until then it loads models
    at_first: float = 0.0  # share done at that time
    latest: float = 0.0  # time of the last report
    ended: bool = False

    def __post_init__(self) -> None:
        self.work = sum(self.expected.values())

    @property
    def covered(self) -> float:
        """Share done in the time :attr:`measured`."""
        return self.share - self.at_first

    @property
    def measured(self) -> float:
        """Seconds from the first report of progress to the last one."""
        return self.latest - self.heard if self.heard is not None else 0.0

    @property
    def share(self) -> float:
        if self.finished == len(self.expected):  # exactly, whatever was lost by rounding
            return 1.0
        return min(self.worked / self.work, 1.0) if self.work else 1.0


class Bar:
    """Progress of stages that run one after the other, with the time left.

    The time left is the expected time of each stage, corrected by the speed measured so far: that of the current stage
    for its own rest, and that of everything done for the stages to come. Between reports of a stage, the bar moves at
    the speed of the stage.

    Args:
        title: what runs, before the bar.
        expected: stage -> recording -> seconds of work expected, in the order in which the stages will run.
        quiet: show nothing.
        report: called every second with the bar, from a thread of its own: whoever asked may read :attr:`current`,
            :attr:`shown` and :attr:`left`.
    """

    def __init__(
        self,
        title: str,
        expected: Mapping[str, Mapping[str, float]],
        quiet: bool = False,
        report: Callable[[Bar], None] | None = None,
    ) -> None:
        self.title = title
        self.report = report
        self.steps = {stage: _Step(dict(recordings)) for stage, recordings in expected.items()}
        self.current = next(iter(self.steps), title)
        self.quiet = quiet
        self.terminal = sys.stderr.isatty()
        self.began = time.monotonic()
        self.shown = 0.0
        self._closed = threading.Event()
        self._bar: Any = None

    def __enter__(self) -> Bar:
        if not self.quiet:
            if self.terminal:
                from tqdm import tqdm

                # some terminals say that they have 0 lines and columns, and tqdm believes them
                layout = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}{postfix}"
                self._bar = tqdm(desc=self.title, total=1000, bar_format=layout, nrows=2, ncols=80)
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        if self._bar is not None:
            self._draw()
            self._bar.close()

    def begin(self, stage: str, expected: Mapping[str, float]) -> None:
        """Start a stage: the recordings that it will process, with the seconds of work expected for each."""
        self.steps[stage] = _Step(dict(expected), began=time.monotonic())
        self.current = stage

    def share(self, recording: str, done: float) -> None:
        """Set the share of a recording done in the current stage; it never decreases."""
        step = self.steps[self.current]
        before = step.shares.get(recording, 0.0)
        step.shares[recording] = min(max(done, before), 1.0)
        step.worked += step.expected[recording] * (step.shares[recording] - before)
        step.latest = time.monotonic()
        if step.heard is None:
            step.heard, step.at_first = step.latest, step.share

    def finished(self, recording: str, error: str) -> None:
        """Count a recording of the current stage as done, or failed."""
        step = self.steps[self.current]
        step.finished += 1
        self.share(recording, 1.0)
        text = f"failed: {error}" if error else "done"
        if not self.terminal and not self.quiet:
            count = f"{step.finished}/{len(step.expected)}"
            print(f"{self.current} {count} {recording}: {text}", file=sys.stderr, flush=True)

    def end(self) -> float:
        """End the current stage; returns the seconds that all its work took, without loading models."""
        step = self.steps[self.current]
        if step.heard is not None and step.covered < 0.5:  # one that reports only its end
            step.heard, step.at_first = step.began, 0.0
        step.ended = True
        return step.measured / step.covered if step.covered else 0.0

    @property
    def left(self) -> float:
        """Seconds left, as estimated now."""
        now = time.monotonic()
        return sum(self._left(step, now) for step in self.steps.values())

    @property
    def done(self) -> float:
        """Share of the time that has passed, in [0, 1]."""
        passed = time.monotonic() - self.began
        return passed / (passed + self.left) if passed else 0.0

    def _left(self, step: _Step, now: float) -> float:
        if step.ended:
            return 0.0
        expected = step.work * self._slowness()
        if step.heard is None:
            return expected
        whole = (TRUST * expected + step.measured) / (TRUST + step.covered)
        rest = (1.0 - step.share) * whole
        return max(rest - (now - step.latest), 0.02 * rest)

    def _slowness(self) -> float:
        """How much longer than expected the work took so far; 1 before anything was measured."""
        expected = measured = 1.0  # a second of trust in the expectation
        for step in self.steps.values():
            expected += step.work * step.covered if step.heard is not None else 0.0
            measured += step.measured
        return measured / expected

    def _tick(self) -> None:
        drawn = self.began
        while not self._closed.wait(REFRESH if self.terminal or self.report else PLAIN):
            self.shown = max(self.shown, self.done)
            if self.report:
                self.report(self)
            if self.terminal or time.monotonic() - drawn >= PLAIN:
                drawn = time.monotonic()
                self._draw()

    def _draw(self) -> None:
        self.shown = max(self.shown, self.done)
        left = rough_duration(self.left)
        if self._bar is not None:
            title = self.title if self.current == self.title else f"{self.title}, {self.current}"
            self._bar.set_description_str(title, refresh=False)
            self._bar.set_postfix_str(f"about {left} left" if self.shown < 1 else "", refresh=False)
            self._bar.n = round(1000 * self.shown)
            self._bar.ncols = shutil.get_terminal_size().columns
            self._bar.refresh()
        else:
            text = f"{self.title}: {100 * self.shown:.0f} %, {self.current}, about {left} left"
            print(text, file=sys.stderr, flush=True)


def rough_duration(seconds: float) -> str:
    """Return a rough duration in words: "5 s", "4 min", "2 h 10 min"."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


class _LogFile(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore errors: a full disk loses the log, not the run."""


def log_to_file(path: Path) -> None:
    """Send the package's log to a file of this run. It never holds what was said in a recording."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for handler in log.handlers[:]:
        if isinstance(handler, logging.FileHandler):
            log.removeHandler(handler)
            handler.close()
    handler = _LogFile(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    if not any(isinstance(h, _Screen) for h in log.handlers):
        log_to_screen(logging.WARNING)
    log.setLevel(min(log.level, logging.INFO))


def log_to_screen(level: int) -> None:
    """Show the package's messages from a level on, above the bar if there is one."""
    log.handlers[:] = [h for h in log.handlers if not isinstance(h, _Screen)]
    handler = _Screen(level)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(level)


class _Screen(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        from tqdm import tqdm

        tqdm.write(self.format(record), file=sys.stderr)
