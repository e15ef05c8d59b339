"""Measure a library of many meetings, and what a killed queue loses.

    python benchmarks/library.py

A thousand meetings of an hour are made of made words: 60 % of the places hold one of 100 frequent words, as in French,
the others one of 20,000 words whose frequencies follow Zipf's law. The queue works in real processes on a stand-in for
recognition, the steps of which are files as those of the stages are; 100 times one of its processes is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZES = (100, 300, 1000)
WORDS = 9000  # an hour of speech
PEOPLE = "Camille Thomas Nadia Julien".split()
WAITING, KILLS, STEPS = 6, 100, 4  # jobs that always wait, kills, steps of a job


def words() -> tuple[list[str], list[str]]:
    """Return frequent words, and rarer ones by frequency."""
    onsets = "b c d f g l m n p r s t v ch br tr pl".split()
    ends = "a e i o u on an in ou er ette age ment tion".split()
    made = [f"{a}{b}{c}{d}" for a in onsets for b in "aeiou" for c in onsets for d in ends]
    random.Random(1).shuffle(made)
    return made[:100], made[100:20_100]


def make(folder: Path, first: int, last: int) -> None:
    """Write meetings, as `dialogue meeting` would, without sound."""
    frequent, rare = words()
    zipf = list(accumulate(1 / (n + 3) for n in range(len(rare))))
    for number in range(first, last):
        draw = random.Random(number)
        said = [
            draw.choice(frequent) if draw.random() < 0.6 else draw.choices(rare, cum_weights=zipf)[0]
            for _ in range(WORDS)
        ]
        id, time_, utterances = f"m{number:04}", 0.0, []
        while said:
            part, said = said[: (length := draw.randint(3, 25))], said[length:]
            starts = [round(time_ + 0.4 * n, 2) for n in range(length)]
            timed = [
                {"text": w, "start": s, "end": round(s + 0.35, 2), "probability": 0.9}
                for w, s in zip(part, starts, strict=False)
            ]
            whole = {"id": f"u{len(utterances) + 1}", "speaker": f"spk{draw.randint(1, len(PEOPLE))}"}
            end = round(time_ + 0.4 * len(part), 2)
            utterances.append({**whole, "start": round(time_, 2), "end": end, "text": " ".join(part), "words": timed})
            time_ = end
        transcript = {
            "schema": "dialogue/transcript/1",
            "recording": id,
            "duration": time_,
            "language": "fr",
            "speakers": [{"id": f"spk{n}", "name": name} for n, name in enumerate(PEOPLE, start=1)],
            "utterances": utterances,
        }
        (folder / id).mkdir(exist_ok=True)
        (folder / id / f"{id}.json").write_text(json.dumps(transcript), encoding="utf-8")
        facts = f"title: Réunion {number}\ndate: 20{number % 24:02}-{1 + number % 12:02}-{1 + number % 28:02}\n"
        (folder / id / "meeting.yaml").write_text(facts, encoding="utf-8")


def milliseconds(do: Callable[[], object], times: int = 9) -> str:
    """Return the median and the worst time of a call."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(1000 * (time.perf_counter() - began))
    return f"{statistics.median(taken):.0f} ({max(taken):.0f})"


def measure(folder: Path) -> None:
    """Print a row: meetings, time of a rebuild, list, searches, memory of opening, size of the index."""
    from dialogue.library.meetings import Library
    from dialogue.library.search import search

    _, rare = words()
    library = Library(folder)
    began = time.perf_counter()
    count = library.rebuild()
    rebuilt = time.perf_counter() - began
    queries = [
        rare[0],
        rare[100],
        rare[5000],
        f"{rare[0]} {rare[1]}",
        f'"{rare[0]} {rare[1]}"',
        f"{rare[10]} speaker:Camille date:2010..2012",
        f"{rare[100][:4]}*",
    ]
    found = [milliseconds(partial(search, library, query)) for query in queries]
    opened = f"import resource; from dialogue.library.meetings import Library; Library({str(folder)!r}).list(); "
    opened += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    memory = subprocess.run([sys.executable, "-c", opened], check=True, capture_output=True, text=True).stdout.strip()
    size = (folder / "library.sqlite").stat().st_size / 1e6
    row = [str(count), f"{rebuilt:.0f}", f"{1000 * rebuilt / count:.0f}", milliseconds(library.list), *found, memory]
    print(f"| {' | '.join(row)} | {size:.0f} |", flush=True)


# The queue --------------------------------------------------------------------------------------------------------


def steps(library, job, report) -> None:  # type: ignore[no-untyped-def]
    """Do a job in steps, each of which is a file; note the beginning and the end of everything."""
    log = library.folder / ".." / "log.txt"

    def note(text: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{text} {job.meeting} {os.getpid()}\n")

    note("begin")
    for number in range(STEPS):
        done = library.folder / job.meeting / f"step{number}"
        if not done.exists():
            time.sleep(0.1)
            part = done.with_suffix(".part")
            part.write_text("x")
            part.rename(done)
            note(f"step{number}")
        report("steps", (number + 1) / STEPS, 0.1 * (STEPS - number))
    note("end")


def task() -> Callable[..., None]:
    return steps


def kills(folder: Path) -> None:
    """Print a row: jobs, kills, jobs lost, steps done twice, jobs that two processes worked on at once."""
    import numpy as np

    from dialogue.core import audio
    from dialogue.library.jobs import Queue
    from dialogue.library.meetings import Library

    library = Library(folder / "library")
    queue = Queue(library)
    audio.save_wav(folder / "a.wav", np.zeros(audio.RATE, np.float32))
    draw, killed, workers = random.Random(2), 0, []
    while (waiting := queue.list(waiting=True)) or killed < KILLS:
        for _ in range(WAITING - len(waiting) if killed < KILLS else 0):
            queue.submit(library.add(folder / "a.wav"))
        workers = [w for w in workers if w.poll() is None]
        while len(workers) < 3:
            command = [sys.executable, __file__, "--work", str(folder / "library")]
            workers.append(subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL))
        time.sleep(draw.uniform(0.2, 1.2))
        if killed < KILLS:
            everything = [pid for w in workers for pid in (w.pid, *children(w.pid))]
            try:
                os.kill(draw.choice(everything), signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                pass
    for worker in workers:
        worker.wait()
    jobs = queue.list()
    noted = [line.split() for line in (folder / "log.txt").read_text(encoding="utf-8").splitlines()]
    made = [tuple(note[:2]) for note in noted if note[0].startswith("step")]
    twice = len(made) - len(set(made))
    lost = sum(job.state != "done" for job in jobs)
    print(f"| {len(jobs)} | {killed} | {lost} | {twice} | {at_once(noted)} |", flush=True)


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def at_once(noted: list[list[str]]) -> int:
    """Return the notes on a job by a process, after another process has begun it."""
    latest: dict[str, str] = {}
    wrong = 0
    for what, meeting, process in noted:
        if what == "begin":
            latest[meeting] = process
        wrong += latest.get(meeting) != process
    return wrong


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(Path(sys.argv[2]))
        return
    if sys.argv[1:2] == ["--kills"]:
        kills(Path(sys.argv[2]))
        return
    if sys.argv[1:2] == ["--work"]:
        from dialogue.library.worker import work

        work(Path(sys.argv[2]), task=task, again=0.1)
        return
    import tables

    lines = [
        "| meetings | rebuild, s | ms a meeting | list, ms | frequent word | word | rare word | two words | phrase | "
        "filters | beginning | opening, MiB | index, MB |",
        "|" + " ---: |" * 13,
    ]
    with tempfile.TemporaryDirectory() as name:
        folder, made = Path(name), 0
        for size in SIZES:
            make(folder, made, size)
            made = size
            lines.append(run("--one", folder))
    with tempfile.TemporaryDirectory() as name:
        lines += [
            "",
            "| jobs | kills | jobs lost | steps done twice | notes by two processes at once |",
            "|" + " ---: |" * 5,
            run("--kills", Path(name)),
        ]
    tables.write("Library", "\n".join(lines))


def run(what: str, folder: Path) -> str:
    command = [sys.executable, __file__, what, str(folder)]
    row = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()
