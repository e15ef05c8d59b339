"""Measure the runner on many recordings: time, memory and files, with failures, a kill in the middle and a resume.

    python benchmarks/scale.py 1000 10000 100000

The recordings are made: 0.1 s of sound each, 1,000 in a folder, and 60 s long according to the manifest. The worker
only returns a small value, so that what is measured is the runner; its options are those of `dialogue transcribe`. One
recording in 100 fails until it is "repaired". Each step is a process of its own, as each call of a recipe is.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tables

from dialogue.core import plots
from dialogue.core.audio import Recording
from dialogue.core.config import to_dict
from dialogue.core.files import Digests, sha256
from dialogue.formats import lhotse
from dialogue.speech.asr import ASRConfig
from dialogue.workflow import runner
from dialogue.workflow.runner import Progress, Stage, Worker

HERE = Path(__file__).resolve().parent
MINUTE = 60.0  # seconds of a recording, according to the manifest
FOLDER = 1000  # sound files in a folder
FAILING = 100  # one recording in so many fails


# What is run ------------------------------------------------------------------------------------------------------


def make(folder: Path, count: int) -> None:
    """Write sound files, all different, and their manifest."""
    recordings = []
    for number in range(count):
        path = folder / "sound" / f"{number // FOLDER:03}" / f"r{number:06}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(number.to_bytes(4, "little") * 800)
        recordings.append(Recording(path.stem, path, MINUTE, attributes={"corpus": "made", "language": "fr"}))
    lhotse.write_recordings(recordings, folder / "recordings.jsonl")


@dataclass(frozen=True)
class Value:
    recording: str

    def to_dict(self) -> dict[str, Any]:
        return {"recording": self.recording, "provenance": [], "mib": peak()}


def peak() -> float:
    """Return the most memory of this process in MiB; ru_maxrss is also that of the process it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def worker(failing: bool) -> Worker:
    def work(recording: Recording, out: Path, progress: Progress) -> Value:
        progress(0.5)
        if failing and int(recording.id[1:]) % FAILING == FAILING // 2:
            raise ValueError("made to fail")
        return Value(recording.id)

    return work


def sound(recording: Recording) -> Sequence[Path]:
    return [recording.path]


def step(folder: Path, out: str, jobs: int, failing: bool) -> None:
    """Run the stage in this process; print what that took after the start of Python and the imports."""
    began, cpu = time.perf_counter(), time.process_time()
    recordings = lhotse.read_recordings(folder / "recordings.jsonl")
    read = time.perf_counter() - began
    options = {"asr": to_dict(ASRConfig())}
    stage = Stage("nothing", 1, functools.partial(worker, failing), sound, options, attributes=("language",))
    result = runner.run(stage, recordings, folder / out, jobs=jobs)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "manifest": read,
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "workers_cpu": workers.ru_utime + workers.ru_stime,
        "mib": peak(),
        "counts": [len(result.done), len(result.current), len(result.failed)],
    }
    print(json.dumps(found))


# Measuring --------------------------------------------------------------------------------------------------------


def start(folder: Path, out: str, jobs: int, failing: bool) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--step", str(folder), out, str(jobs), str(int(failing))]
    with (folder / "errors").open("a") as errors:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True)


def called(folder: Path, out: str, jobs: int, failing: bool, counts: Sequence[int]) -> dict[str, Any]:
    """Run a step to its end; returns what it took, with the start of Python in ``whole``."""
    began = time.perf_counter()
    printed, _ = start(folder, out, jobs, failing).communicate()
    found: dict[str, Any] = json.loads(printed)
    found["whole"] = time.perf_counter() - began
    if found["counts"] != list(counts):
        raise SystemExit(f"done, up to date, failed: {found['counts']}. Expected: {counts}.")
    return found


def outputs(folder: Path) -> dict[str, int]:
    """Return when each output was written."""
    return {e.name: e.stat().st_mtime_ns for e in os.scandir(folder) if e.name.startswith("r") and e.name[-1] == "n"}


def kill_in_the_middle(folder: Path, out: str, count: int) -> dict[str, int]:
    """Kill a run and its workers when half of the recordings are done; returns what was there."""
    run = start(folder, out, 2, failing=True)
    while run.poll() is None:
        time.sleep(0.05 * count / 1000)
        if (folder / out).exists() and len(os.listdir(folder / out)) > count / 2:
            os.killpg(run.pid, signal.SIGKILL)
            break
    else:
        raise SystemExit("the run ended before it was killed")
    run.communicate()
    return outputs(folder / out)


def measure(folder: Path, count: int) -> dict[str, Any]:
    make(folder, count)
    bad = count // FAILING
    alone = called(folder, "alone/out", 1, True, (count - bad, 0, bad))
    shutil.rmtree(folder / "alone")
    before = kill_in_the_middle(folder, "out", count)
    left = len(before)
    resumed = called(folder, "out", 2, True, (count - bad - left, left, bad))
    after = outputs(folder / "out")
    last = sorted(after, key=after.__getitem__)[-10:]
    worker_mib = max(json.loads((folder / "out" / name).read_bytes())["mib"] for name in last)
    repaired = called(folder, "out", 1, False, (bad, count - bad, 0))
    checked = [called(folder, "out", 1, False, (0, count, 0)) for _ in range(3)]
    entries = len(Digests(folder / ".digests.json").known)
    return {
        "count": count,
        "alone": alone,
        "kept": left,
        "again": sum(after.get(name) != when for name, when in before.items()),
        "resumed": resumed,
        "worker_mib": worker_mib,
        "repaired": repaired,
        "checked": sorted(checked, key=lambda c: c["wall"])[1],
        "notebook_bytes": (folder / ".digests.json").stat().st_size / entries,
        "files": {name: len(os.listdir(folder / name)) for name in ("", "out", "out/logs", "sound", "sound/000")},
    }


def hashing(seconds: float = 0.5) -> float:
    """Return the seconds that the digest of a megabyte takes."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(os.urandom(1 << 20))
        file.flush()
        began, times = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            sha256(Path(file.name))
            times += 1
        return (time.perf_counter() - began) / times


# Reporting --------------------------------------------------------------------------------------------------------


def table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| recordings | manifest read, s | one process, CPU s | CPU ms a recording | of one minute | "
        "two processes: kept at the kill | resumed, wall s | CPU ms of the workers a recording | made twice | "
        "repaired, s | all up to date, s | CPU s | with the start, s |",
        "| ---: " * 13 + "|",
    ]
    for row in rows:
        n, cpu = row["count"], row["alone"]["cpu"]
        lines.append(
            f"| {n} | {row['alone']['manifest']:.2f} | {cpu:.1f} | {1000 * cpu / n:.2f} | {cpu / n / MINUTE:.4%} | "
            f"{row['kept']} | {row['resumed']['wall']:.1f} | "
            f"{1000 * row['resumed']['workers_cpu'] / (n - row['kept']):.2f} | {row['again']} | "
            f"{row['repaired']['wall']:.1f} | {row['checked']['wall']:.2f} | "
            f"{row['checked']['cpu']:.2f} | {row['checked']['whole']:.2f} |"
        )
    lines += [
        "",
        "| recordings | MiB, one process | MiB, two: the caller | MiB, two: a worker | MiB, all up to date | "
        "bytes a digest | files in out/ | in logs/ | in a folder of sound |",
        "| ---: " * 9 + "|",
    ]
    for row in rows:
        files = row["files"]
        lines.append(
            f"| {row['count']} | {row['alone']['mib']:.0f} | {row['resumed']['mib']:.0f} | "
            f"{row['worker_mib']:.0f} | {row['checked']['mib']:.0f} | "
            f"{row['notebook_bytes']:.0f} | {files['out']} | {files['out/logs']} | {files['sound/000']} |"
        )
    return "\n".join(lines) + f"\n\nThe digest of a megabyte takes {1000 * hashing():.2f} ms."


def draw(rows: Sequence[dict[str, Any]]) -> None:
    counts = [row["count"] for row in rows]
    series = {
        "first run, one process": [row["alone"]["cpu"] for row in rows],
        "all up to date": [row["checked"]["cpu"] for row in rows],
        "manifest read": [row["alone"]["manifest"] for row in rows],
    }
    memory = {
        "first run": [row["alone"]["mib"] for row in rows],
        "all up to date": [row["checked"]["mib"] for row in rows],
        "a worker of two": [row["worker_mib"] for row in rows],
    }
    with plots.figure(8, 3.4) as figure:
        panels = figure.subplots(1, 2)
        for panel, lines, what in zip(panels, (series, memory), ("processor seconds", "MiB at the most"), strict=True):
            for name, values in lines.items():
                panel.plot(counts, values, marker="o", label=name)
            panel.set(xscale="log", xlabel="recordings", ylabel=what)
            panel.legend(frameon=False, fontsize=8)
        panels[0].set_yscale("log")
        panels[1].set_ylim(bottom=0)
        plots.save(figure, HERE / "scale.svg", "Seconds and memory of the runner by the number of recordings")


def main() -> None:
    rows = []
    for count in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as name:
            rows.append(measure(Path(name), count))
        print(json.dumps(rows[-1]), flush=True)
    print(table(rows))
    tables.write("Scale", table(rows))
    draw(rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5] == "1")
    else:
        main()
