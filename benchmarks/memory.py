"""Measure the peak memory of `dialogue meeting` on short and long recordings: transcript, minutes, page.

    python benchmarks/memory.py 10 45 180         minutes; made by repeating the sample meeting

Each recording runs in its own process. Beam size 1, one pass and a step of five seconds, because memory does not depend
on them. The peak counts the pages of files that are in memory, such as those of decoded sound, which the system may
drop at any time; `own` leaves them out (RssAnon, read ten times a second).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def one(path: Path) -> None:
    """Process a file and print its minutes, words, speakers, peaks in MiB and processor seconds per second of sound."""
    from dialogue import formats
    from dialogue.speech.asr import ASRConfig
    from dialogue.speech.diarization import DiarizationConfig
    from dialogue.workflow import meeting
    from dialogue.workflow.config import Config

    out = path.parent / "out"
    most = [0]
    threading.Thread(target=watch, args=(most,), daemon=True).start()
    cheap = Config(asr=ASRConfig(effort="fast", passes=0), diarization=DiarizationConfig(step=5.0))
    meeting.run([path], out, config=cheap)
    used = resource.getrusage(resource.RUSAGE_SELF)
    [found] = formats.read(out / path.stem / f"{path.stem}.json")
    words = sum(1 for _ in found.words())
    seconds = (used.ru_utime + used.ru_stime) / found.duration
    peak = used.ru_maxrss / 1024
    row = [f"{found.duration / 60:.0f}", words, len(found.speakers), f"{peak:.0f}", most[0] // 1024, f"{seconds:.3f}"]
    print("|", " | ".join(map(str, row)), "|", flush=True)


def watch(most: list[int]) -> None:
    """Keep the most KiB of its own that this process has had."""
    while True:
        line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("RssAnon"))
        most[0] = max(most[0], int(line.split()[1]))
        time.sleep(0.1)


def recording(folder: Path, minutes: float) -> Path:
    """Write a recording of that length: the sample meeting, again and again."""
    import numpy as np

    from dialogue.core import audio

    meeting = audio.load(HERE.parent / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac")
    samples = int(minutes * 60 * audio.RATE)
    path = folder / "recording.wav"
    audio.save_wav(path, np.tile(meeting, samples // len(meeting) + 1)[:samples])
    return path


def main() -> None:
    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]))
        return
    import tables

    lines = [
        "| minutes | words | speakers | peak MiB | own MiB | CPU s/s |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for minutes in map(float, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--one", str(recording(Path(folder), minutes))]
            row = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
            print(row, flush=True)
            lines.append(row)
    tables.write("Memory", "\n".join(lines))


if __name__ == "__main__":
    main()
