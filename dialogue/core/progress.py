"""Show the progress of a stage: a bar on a terminal, plain lines elsewhere, and one log file per run."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger("dialogue")


class Bar:
    """Progress in seconds of sound: a bar on a terminal, one line per recording elsewhere."""

    def __init__(self, stage: str, seconds: Mapping[str, float], quiet: bool) -> None:
        from tqdm import tqdm

        self.stage, self.left, self.total = stage, len(seconds), len(seconds)
        self.seconds = seconds
        self.shares = dict.fromkeys(self.seconds, 0.0)
        self.plain = not sys.stderr.isatty()
        self.quiet = quiet
        self.began = time.monotonic()
        self.bar = tqdm(
            total=round(sum(self.seconds.values()), 1),
            desc=stage,
            disable=quiet or self.plain,
            bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}, {remaining} left{postfix}",
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def share(self, recording: str, done: float) -> None:
        done = min(max(done, self.shares[recording]), 1.0)
        self.bar.update((done - self.shares[recording]) * self.seconds[recording])
        self.shares[recording] = done
        self._speed()

    def finished(self, recording: str, error: str) -> None:
        self.share(recording, 1.0)
        self.left -= 1
        text = f"failed: {error}" if error else "done"
        log.info("%s %s: %s", self.stage, recording, text)
        if self.plain and not self.quiet:
            print(f"{self.stage} {self.total - self.left}/{self.total} {recording}: {text}", file=sys.stderr)

    def _speed(self) -> None:
        heard = sum(self.shares[r] * s for r, s in self.seconds.items())
        elapsed = time.monotonic() - self.began
        if heard > 0 and elapsed > 1:
            self.bar.set_postfix_str(f"{heard / elapsed:.1f} x real time")


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
    if not any(type(h) is logging.StreamHandler for h in log.handlers):  # show warnings on the screen too
        screen = logging.StreamHandler()
        screen.setLevel(logging.WARNING)
        log.addHandler(screen)
    log.setLevel(logging.INFO)
