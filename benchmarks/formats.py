"""Measure CPU seconds to read and write transcripts, in each format, and for a folder of a thousand files.

    python benchmarks/formats.py                  three hours, 30,000 words, every format
    python benchmarks/formats.py --folder 1000    hours-long .trs files to JSON, with one process and with two

Times are CPU seconds, the median of three; the transcript consists of invented words, the same in every run.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path

import tables

from dialogue import formats
from dialogue.core.files import save_text
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import convert, loss

WORDS = (
    "alors donc euh oui non peut-être c'est l'idée réunion projet données voilà parce qu'il faut aussi très bien"
).split()


def meeting(hours: float = 3.0, words: int = 30_000, speakers: int = 5, seed: int = 0) -> Transcript:
    """Make a transcript with word times, some overlap and a few events."""
    draw = random.Random(seed)
    utterances, events, now, said = [], [], 0.0, 0
    pace = hours * 3600 / words
    while said < words:
        count = min(draw.randint(1, 30), words - said)
        start = max(0.0, now - draw.choice((0.0, 0.0, 0.0, 0.3)))
        texts = [draw.choice(WORDS) for _ in range(count)]
        step = pace * 0.9
        spoken = tuple(
            Word(t, round(start + i * step, 3), round(start + (i + 1) * step, 3), round(draw.random(), 3))
            for i, t in enumerate(texts)
        )
        speaker = f"spk{draw.randint(1, speakers)}"
        end = round(start + count * step, 3)
        utterances.append(Utterance(f"u{len(utterances) + 1}", speaker, round(start, 3), end, " ".join(texts), spoken))
        if draw.random() < 0.05:
            events.append(Event(round(start, 3), end, "laugh", "rire", speaker))
        now, said = now + count * pace, said + count
    names = tuple(Speaker(f"spk{i}", f"Locuteur {i}") for i in range(1, speakers + 1))
    utterances.sort(key=lambda u: u.start)
    return Transcript("meeting", max(u.end for u in utterances), "fr", names, tuple(utterances), events=tuple(events))


def cpu(work, runs: int = 3) -> float:
    """Return the median CPU seconds of a call, without child processes."""
    spent = []
    for _ in range(runs):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def each_format(folder: Path) -> None:
    transcript = meeting()
    words = sum(len(u.words) for u in transcript)
    rows = [
        f"{transcript.duration / 3600:.1f} h, {words} words, {len(transcript.utterances)} utterances; CPU seconds, "
        "median of three.\n",
        "| format | write | read | MB | lost |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name in formats.writable():
        path = folder / ("meeting" + (formats.FORMATS[name] or ("",))[0])
        written = cpu(lambda: formats.write([transcript], path, name))
        read = cpu(lambda: formats.read(path, name))
        size = sum(f.stat().st_size for f in ([path] if path.is_file() else path.iterdir())) / 1e6
        rows.append(
            f"| {name} | {written:.2f} | {read:.2f} | {size:.1f} | {', '.join(loss.lost([transcript], name)) or '-'} |"
        )
    tables.write("Formats", "\n".join(rows))


def spent() -> float:
    """Return the CPU seconds of this process and of the child processes it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def whole_folder(folder: Path, count: int) -> None:
    source = folder / "source"
    text = formats.dumps([meeting(1.0, 10_000)], "trs")
    for number in range(count):
        save_text(source / f"r{number:04}.trs", text)
    rows = [
        f"{count} .trs files of one hour, {len(text) / 1e6:.2f} MB each, to JSON.\n",
        "| files | processes | CPU s | CPU ms a file | wall s |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for some, jobs in ((count // 4, 1), (count, 1), (count, 2)):
        part = folder / f"part{some}"
        if not part.exists():
            part.mkdir()
            for path in sorted(source.iterdir())[:some]:
                (part / path.name).symlink_to(path)
        start, used = time.perf_counter(), spent()
        done = convert.convert(part, folder / f"out{some}-{jobs}", format="json", jobs=jobs)
        wall, used = time.perf_counter() - start, spent() - used
        assert not any(d.error for d in done)
        rows.append(f"| {some} | {jobs} | {used:.1f} | {1000 * used / some:.1f} | {wall:.1f} |")
    tables.write("A folder of files", "\n".join(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=int, metavar="N", help="convert a folder of N files instead")
    call = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if call.folder:
            whole_folder(Path(folder), call.folder)
        else:
            each_format(Path(folder))


if __name__ == "__main__":
    main()
