"""Measure the peak memory of the whole pipeline on short and long recordings.

    python benchmarks/memory.py 10 180            minutes; made by repeating the sample meeting

Each recording runs in its own process. The decoded sound (16 kHz float32) is counted separately: it grows with the
recording, the rest should not.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def one(path: Path, beam_size: int) -> None:
    """Transcribe a file and print its minutes, the peak and the decoded sound's part of it, in MiB."""
    from dialogue.core import audio
    from dialogue.speech.asr import ASRConfig
    from dialogue.workflow import pipeline
    from dialogue.workflow.config import Config

    found = pipeline.Pipeline(Config(asr=ASRConfig(beam_size=beam_size))).transcribe(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    sound = found.duration * audio.RATE * 4 / 2**20
    words = sum(1 for _ in found.words())
    seconds = (cpu.ru_utime + cpu.ru_stime) / found.duration
    print(
        f"| {found.duration / 60:.0f} | {words} | {len(found.speakers)} | {peak:.0f} | {sound:.0f} | "
        f"{peak - sound:.0f} | {seconds:.3f} |",
        flush=True,
    )


def main() -> None:
    import numpy as np

    from dialogue.core import audio

    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]), int(sys.argv[3]))
        return
    meeting = audio.load(HERE.parent / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac")
    import tables

    lines = [
        "| minutes | words | speakers | peak MiB | decoded sound MiB | rest MiB | CPU s/s |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for minutes in map(float, sys.argv[1:]):
        samples = int(minutes * 60 * audio.RATE)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recording.wav"
            audio.save_wav(path, np.tile(meeting, samples // len(meeting) + 1)[:samples])
            command = [sys.executable, __file__, "--one", str(path), "1"]
            row = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
            print(row, flush=True)
            lines.append(row)
    tables.write("Memory", "\n".join(lines))


if __name__ == "__main__":
    main()
