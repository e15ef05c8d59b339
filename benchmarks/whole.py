"""Measure whole processes: from starting Python to an attributed transcript, beside the usual way.

    python benchmarks/whole.py 2                       the six meetings of two minutes that nothing was fitted on
    python benchmarks/whole.py 30 --rounds 1           one recording of so many minutes, made of them

Both run in a process of their own, one after the other, with one thread: `dialogue.transcribe`, and batched
faster-whisper followed by pyannote's stock pipeline, with the same weights. Processor seconds and peak memory are those
of the process, with its imports and the loading of models; medians over the rounds. The ratio is of one file in one
round.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEETINGS = Path(os.environ.get("DIALOGUE_DEV_DATA", HERE.parent.parent / "shared/data/dev")) / "meetings"
OURS = "import sys, dialogue; dialogue.transcribe(sys.argv[1])"
PATHS = {"ours": ["-c", OURS], "usual": [__file__, "--usual"]}


def usual(path: Path) -> None:
    """Do what most people do: batched faster-whisper, pyannote's pipeline, the speaker with the largest overlap."""
    import peers
    from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio

    from dialogue.core import models
    from dialogue.core.transcript import Word

    model = BatchedInferencePipeline(
        WhisperModel(str(models.resolve("whisper-base")), "cpu", compute_type="int8", cpu_threads=1)
    )
    diarizer = peers.stock_pipeline()
    import torch

    sound = decode_audio(str(path))
    options = {"language": "fr", "beam_size": 5, "batch_size": 8, "word_timestamps": True}
    segments = list(model.transcribe(sound, **options)[0])
    words = [Word(w.word, w.start, w.end) for s in segments for w in s.words]
    file = {"waveform": torch.from_numpy(sound)[None], "sample_rate": 16000, "uri": path.stem}
    annotation = diarizer(file).speaker_diarization
    peers.largest_overlap(words, [(s.start, s.end, label) for s, _, label in annotation.itertracks(yield_label=True)])


def cost(arguments: list[str], path: Path) -> tuple[float, float]:
    """Return the processor seconds and the peak in MiB of a process."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYANNOTE_METRICS_ENABLED": "0"}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, *arguments, str(path)], env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            said.seek(0)
            raise SystemExit(f"{path}: {said.read().decode()[-2000:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def long_recording(folder: Path, minutes: float) -> Path:
    """Write a recording of the meetings one after the other, as often as needed."""
    import numpy as np

    from dialogue.core import audio

    sound = np.concatenate([audio.load(path) for path in held_out()])
    samples = int(minutes * 60 * audio.RATE)
    path = folder / f"minutes_{minutes:g}.wav"
    audio.save_wav(path, np.tile(sound, samples // len(sound) + 1)[:samples])
    return path


def held_out() -> list[Path]:
    """Return the meetings that nothing was fitted on; without them, the sample corpus."""
    found = sorted(p for p in MEETINGS.glob("reunion_*/*.flac") if p.stem != "reunion_corpus")
    return found or sorted((HERE.parent / "corpora/reunion/data").glob("*/*.flac"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float, nargs="?", default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--usual", type=Path, help=argparse.SUPPRESS)
    call = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if call.usual:
        usual(call.usual)
        return
    import tables

    from dialogue.core import audio

    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        files = held_out() if call.minutes <= 2 else [long_recording(Path(folder), call.minutes)]
        for path in files:
            costs = [{name: cost(how, path) for name, how in PATHS.items()} for _ in range(call.rounds)]
            ratio = statistics.median(each["ours"][0] / each["usual"][0] for each in costs)
            ratios.append(ratio)
            cells = [
                f"{statistics.median(each[name][0] for each in costs):.1f} | "
                f"{statistics.median(each[name][1] for each in costs):.0f}"
                for name in PATHS
            ]
            rows.append(f"| {path.stem} | {audio.probe(path).duration:.0f} | {' | '.join(cells)} | {ratio:.2f} |")
            print(rows[-1], flush=True)
    head = "| recording | seconds | ours: CPU s | peak MiB | usual: CPU s | peak MiB | ratio |"
    spread = f", {min(ratios):.2f} to {max(ratios):.2f}" if len(ratios) > 1 else ""
    table = [head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |", *rows]
    section = f"Whole processes, {call.minutes:g} minutes"
    tables.write(section, "\n".join([*table, "", f"Median ratio {statistics.median(ratios):.2f}{spread}."]))


if __name__ == "__main__":
    main()
