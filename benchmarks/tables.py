"""Tables of RESULTS.md: each benchmark replaces its own section, with its command, the machine and the date."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def write(section: str, table: str) -> None:
    """Put ``table`` under the heading ``section`` of RESULTS.md; text after "Reading:" in that section is kept."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    head, *parts = text.split("\n## ")
    sections = {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}
    reading = sections.get(section, "").partition("Reading:")[2].strip()
    command = " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])
    sections[section] = (
        f"\n    {command}\n\n{_processor()}, {os.cpu_count()} processors, one thread a path; {date.today()}; "
        f"commit {_commit()}\n\n{table.strip()}\n" + (f"\nReading: {reading}\n" if reading else "")
    )
    body = "".join(f"\n## {name}\n{content}" for name, content in sections.items())
    RESULTS.write_text(head.rstrip() + "\n" + body, encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty=+"]
    return subprocess.run(asked, cwd=RESULTS.parent, capture_output=True, text=True).stdout.strip() or "unknown"
