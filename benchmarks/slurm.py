"""Stages as arrays of Slurm jobs: how much four workers gain on one, and what is left after 50 random kills.

    python benchmarks/slurm.py

On a throw-away Slurm of this machine (tests/slurm-test-cluster: two nodes of two processors), unless SLURM_CONF names
another. An item sleeps, so that only what Slurm and the runner add is measured, and not the processors. What it makes
of an item depends on the item alone, so that the results of a disturbed run can be compared with those of another.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tables

from dialogue.core.audio import Recording
from dialogue.core.transcript import Transcript, Utterance
from dialogue.workflow import runner, slurm
from dialogue.workflow.runner import Progress, Stage

HERE = Path(__file__).resolve().parent
CLUSTER = HERE.parent / "tests/slurm-test-cluster"
QUICK = slurm.SlurmConfig(minutes=30, cpus=1, poll=0.5)
WORKERS, ITEMS, SECONDS = 4, 48, 4.0  # of the first measurement
KILLS, KILLED_ITEMS, SEED = 50, 240, 0  # of the second, whose items sleep 0.5 to 1.5 s


@contextmanager
def cluster() -> Iterator[None]:
    """Start a cluster for this program, and stop it at the end, unless there is one."""
    if "SLURM_CONF" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "SLURM_TEST_DIR": f"{folder}/slurm"}
        try:
            subprocess.run([CLUSTER, "start"], env=own, check=True)
            os.environ["SLURM_CONF"] = f"{folder}/slurm/slurm.conf"
            yield
        finally:
            subprocess.run([CLUSTER, "stop"], env=own, check=False)


# Items --------------------------------------------------------------------------------------------------------------


def work(recording: Recording, out: Path, progress: Progress) -> Transcript:
    """Sleep as long as the item says, and note when it began and ended."""
    seconds = float(recording.path.read_text())
    _note(recording, "began")
    time.sleep(seconds)
    _note(recording, "ended")
    said = random.Random(recording.id).choices(["oui", "non", "peut-être"], k=20)
    return Transcript(recording.id, seconds, utterances=(Utterance("u1", None, 0.0, seconds, " ".join(said)),))


def _note(recording: Recording, what: str) -> None:
    line = json.dumps([recording.id, what, time.time(), os.environ.get("SLURM_JOB_ID"), os.getpid()]) + "\n"
    descriptor = os.open(recording.path.parent / "notes", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())  # one write, so that lines of several processes are never mixed
    os.close(descriptor)


def make_worker() -> runner.Worker:
    return work


def stage() -> Stage:
    return Stage("sleep", 1, make_worker, inputs=lambda recording: [recording.path])


def items(folder: Path, seconds: list[float]) -> list[Recording]:
    made = []
    for number, length in enumerate(seconds):
        path = folder / f"item{number:03}"
        if not path.exists():
            path.write_text(f"{length}")
        made.append(Recording(path.name, path, length))
    return made


@dataclass(frozen=True)
class Note:
    id: str
    what: str
    when: float
    job: str
    process: int


def notes(folder: Path) -> list[Note]:
    path = folder / "notes"
    return [Note(*json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


# Four workers against one -------------------------------------------------------------------------------------------


def speed(folder: Path, workers: int) -> list[float]:
    """Return seconds: of the call, and of its parts, as in the table."""
    folder.mkdir()
    made = items(folder, [SECONDS] * ITEMS)
    began = time.time()
    result = runner.run(stage(), made, folder / "out", jobs=workers, launch=slurm.launcher(QUICK), quiet=True)
    ended = time.time()
    assert len(result.done) == ITEMS, result.failed
    found = notes(folder)
    first, last = min(n.when for n in found), max(n.when for n in found)
    starts = {job: min(n.when for n in found if n.job == job) for job in {n.job for n in found}}
    return [ended - began, first - began, max(starts.values()) - first, last - max(starts.values()), ended - last]


def compare_speed(root: Path) -> str:
    lines = [
        "| workers | items | seconds | until an item began | first to last job | items of the last | until seen |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    seconds = {}
    for workers in (1, WORKERS):
        found = speed(root / f"by{workers}", workers)
        seconds[workers] = found[0]
        lines.append(f"| {workers} | {ITEMS} | " + " | ".join(f"{value:.1f}" for value in found) + " |")
        print(lines[-1], flush=True)
    lines.append(f"\n{WORKERS} workers are {seconds[1] / seconds[WORKERS]:.2f} times as fast as one.")
    return "\n".join(lines)


# Kills --------------------------------------------------------------------------------------------------------------


def call(folder: Path) -> None:
    """Be the process that submits: what a user's `dialogue VERB --cluster slurm --jobs 4` is."""
    made = items(folder, lengths())
    result = runner.run(stage(), made, folder / "out", jobs=WORKERS, launch=slurm.launcher(QUICK), quiet=True)
    print(result.table())
    sys.exit(bool(result.failed))


def lengths() -> list[float]:
    draw = random.Random(SEED)
    return [round(draw.uniform(0.5, 1.5), 2) for _ in range(KILLED_ITEMS)]


class Killer:
    """Kills something at random; ``done`` counts what, and ``caller`` is the process that submits."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.draw = folder, random.Random(SEED)
        self.done: Counter[str] = Counter()
        self.caller: subprocess.Popen[bytes] | None = None

    def once(self) -> None:
        ways = (self._process, self._process, self._scancel, self._drain, self._down, self._caller)
        way: Callable[[], str | None] = self.draw.choice(ways)
        if killed := way():
            self.done[killed] += 1

    def _process(self) -> str | None:
        asked = ["pgrep", "-f", f"submitit.core._submit {self.folder}/"]
        found = subprocess.run(asked, capture_output=True, text=True).stdout.split()
        if not found:
            return None
        try:
            os.kill(int(self.draw.choice(found)), signal.SIGKILL)
        except ProcessLookupError:
            return None
        return "kill -9 of a process of a job"

    def _scancel(self) -> str | None:
        asked = ["squeue", "--noheader", "--me", "--array", "--format", "%i"]
        found = subprocess.run(asked, capture_output=True, text=True).stdout.split()
        if not found:
            return None
        subprocess.run(["scancel", self.draw.choice(found)], check=False)
        return "scancel of a job"

    def _drain(self) -> str:
        self._node("drain", self.draw.uniform(1, 3))
        return "a node drained"

    def _down(self) -> str:
        self._node("down", self.draw.uniform(1, 3))
        return "a node down, its jobs queued again by Slurm"

    def _node(self, state: str, seconds: float) -> None:
        node = self.draw.choice(["n1", "n2"])
        subprocess.run(["scontrol", "update", f"nodename={node}", f"state={state}", "reason=benchmark"], check=True)
        time.sleep(seconds)
        subprocess.run(["scontrol", "update", f"nodename={node}", "state=resume"], check=False, capture_output=True)

    def _caller(self) -> str | None:
        if self.caller is None or self.caller.poll() is not None:
            return None
        self.caller.kill()
        return "kill -9 of the call, and the same call again"


def survive(root: Path) -> str:
    folder, whole = root / "killed", root / "whole"
    folder.mkdir()
    whole.mkdir()
    made, killer, stop, calls, reported = items(folder, lengths()), Killer(folder), threading.Event(), 0, 0

    def kill() -> None:
        while sum(killer.done.values()) < KILLS and not stop.wait(killer.draw.uniform(1.0, 3.0)):
            killer.once()

    thread = threading.Thread(target=kill)
    thread.start()
    began = time.time()
    try:
        while calls == 0 or killer.caller.returncode:
            calls += 1
            killer.caller = subprocess.Popen([sys.executable, __file__, "--call", folder], stdout=subprocess.PIPE)
            reported += killer.caller.communicate()[0].decode().count("\n  item")
    finally:
        stop.set()
        thread.join()
    seconds = time.time() - began
    runner.run(stage(), items(whole, lengths()), whole / "out", jobs=8, quiet=True)
    found = notes(folder)
    begun = Counter(n.id for n in found if n.what == "began")
    rows = {
        **dict(sorted(killer.done.items())),
        "all of these": sum(killer.done.values()),
        "calls, until one had nothing left to do": calls,
        "seconds; without any kill they would be about": f"{seconds:.0f}; {sum(lengths()) / WORKERS:.0f}",
        "items": len(made),
        "without a result": sum(not (folder / "out" / f"{r.id}.json").exists() for r in made),
        "with another result than an undisturbed run": sum(_result(folder, r) != _result(whole, r) for r in made),
        "times that an item in work was begun again": sum(begun.values()) - len(begun) - again(found),
        "times that an item that had ended was begun again": again(found),
        "times that an item was in two jobs at once": at_once(found),
        "times that an item was reported as failed, and done by a later call": reported,
    }
    lines = ["| | |", "| --- | ---: |", *(f"| {what} | {count} |" for what, count in rows.items())]
    print("\n".join(lines), flush=True)
    return "\n".join(lines)


def _result(folder: Path, recording: Recording) -> object:
    path = folder / "out" / f"{recording.id}.json"
    return json.loads(path.read_text())["utterances"] if path.exists() else None


def again(found: list[Note]) -> int:
    ended, count = set[str](), 0
    for note in sorted(found, key=lambda n: n.when):
        count += note.what == "began" and note.id in ended
        ended |= {note.id} if note.what == "ended" else set()
    return count


def at_once(found: list[Note]) -> int:
    begun = {(n.id, n.job, n.process): n.when for n in found if n.what == "began"}
    return sum(
        id == n.id and begun[n.id, n.job, n.process] < when < n.when
        for n in found
        if n.what == "ended"
        for (id, *_), when in begun.items()
    )


def main() -> None:
    if sys.argv[1:2] == ["--call"]:
        call(Path(sys.argv[2]))
    with cluster(), tempfile.TemporaryDirectory() as folder:
        table = compare_speed(Path(folder)) + "\n\n" + survive(Path(folder))
    tables.write("Stages as Slurm jobs", table)


if __name__ == "__main__":
    main()
