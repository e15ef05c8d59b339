"""Compare the time left that the bar of `dialogue meeting` shows with the truth, on a terminal.

    python benchmarks/progress.py 10            minutes; made by repeating the sample meeting

The recording is processed twice: the first run has only the costs of `dialogue.workflow.stages`, the second those that
the first measured on this machine.
"""

from __future__ import annotations

import itertools
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import memory
import tables

SHOWN = re.compile(r"(\d+)%\|.*about (?:(\d+) h )?(?:(\d+) min|(\d+) s) left")


def watch(path: Path, out: Path, cache: Path) -> tuple[float, list[tuple[float, int, float]]]:
    """Run `dialogue meeting`; return its seconds, and (seconds, percent, seconds left) for each state of the bar."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dialogue", "meeting", str(path), "--out", str(out)]
    models = os.environ.get("DIALOGUE_MODELS") or str(Path.home() / ".cache/dialogue/models")
    environment = os.environ | {"XDG_CACHE_HOME": str(cache), "DIALOGUE_MODELS": models}
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    states: list[tuple[float, int, float]] = []
    while True:
        try:
            text = os.read(ours, 65536).decode(errors="replace")
        except OSError:  # the terminal of a process that ended
            break
        for found in SHOWN.finditer(text):
            percent, hours, minutes, seconds = (int(group or 0) for group in found.groups())
            states.append((time.monotonic() - began, percent, 3600.0 * hours + 60 * minutes + seconds))
    if process.wait():
        raise SystemExit(f"dialogue meeting ended with {process.returncode}")
    return time.monotonic() - began, states


def main() -> None:
    minutes = float(sys.argv[1])
    lines = [
        "| run | after | shown | time left, shown | time left, true | estimate of the whole / truth |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = memory.recording(folder, minutes)
        for run in ("first", "second"):
            whole, states = watch(path, folder / run, folder / "cache")
            steps = max(b[0] - a[0] for a, b in itertools.pairwise(states))
            for share in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
                after, percent, left = next(s for s in states if s[0] >= share * whole)
                row = f"| {run} | {after:.0f} s | {percent} % | {left:.0f} s | {whole - after:.0f} s "
                lines.append(row + f"| {(after + left) / whole:.2f} |")
            lines.append(f"| {run} | {whole:.0f} s | | | | longest time without a change: {steps:.1f} s |")
    print("\n".join(lines))
    tables.write("Progress", "\n".join(lines))


if __name__ == "__main__":
    main()
