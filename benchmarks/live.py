"""Measure live recognition: how late finals are, the time it takes, its errors beside those of the whole recording.

    python benchmarks/live.py                  # delay, time and errors; RESULTS.md says what was chosen on what
    python benchmarks/live.py --choose         # other pauses and longest utterances, on other recordings
    python benchmarks/live.py --detectors      # what hears speech best
    python benchmarks/live.py --memory         # after ten minutes, and after hours

Sound is fed in chunks of 200 ms as a microphone would: what came while something was decoded is fed together
afterwards. Time is that of the processor, of all threads together: what else the machine does is left out, so on a busy
one the real delay is longer.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tables

from dialogue import formats
from dialogue.core import audio
from dialogue.core.audio import RATE
from dialogue.core.transcript import Transcript, Utterance
from dialogue.scoring import wer
from dialogue.scoring.cpwer import cpwer
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken
from dialogue.speech.live import Detector, Final
from dialogue.speech.live.detector import HOP, SAMPLES
from dialogue.speech.live.endpoints import EndpointConfig
from dialogue.workflow import listening
from dialogue.workflow.pipeline import Pipeline

MEETINGS = Path(os.environ.get("DIALOGUE_DEV_DATA", "none")) / "meetings"
CHOSEN = "dev_debat_media dev_humain_serveur_vocal reunion_association reunion_chantier".split()
REPORTED = "dev_debat_republicains dev_humain_voix_multiples dev_regulation_scooter".split()
CHUNK = 0.2  # seconds


class Heard(NamedTuple):
    """What a live session brought: finals and their delays, seconds of work, and the settled transcript."""

    finals: list[Final]
    delays: list[float]
    work: float
    settled: Transcript


def sound_of(name: str) -> np.ndarray:
    return np.asarray(audio.load(audio.probe(MEETINGS / name / f"{name}.flac")))


def heard(pipeline: Pipeline, name: str, endpoints: EndpointConfig | None = None) -> Heard:
    """Feed a recording as it would come, in the time that the work takes."""
    sound = sound_of(name)
    ends = np.array([turn.end for turn in formats.read(MEETINGS / name / f"{name}.rttm")[0]])
    live = listening.session(pipeline)
    live._voices.turns(sound[: 2 * RATE], 0.0)  # loads the networks
    live = listening.session(pipeline)
    live._clock = time.process_time
    if endpoints:
        live._endpoints.config = endpoints
    finals: list[Final] = []
    delays: dict[int, float] = {}
    now, fed, work, size = 0.0, 0, 0.0, round(CHUNK * RATE)
    while fed < len(sound):
        now = max(now, (fed + size) / RATE)  # wait for a chunk, unless more has come meanwhile
        come = max(size, int(now * RATE) // size * size - fed)
        begin = time.process_time()
        events = live.feed(sound[fed : fed + come])
        spent = time.process_time() - begin
        fed, now, work = fed + come, now + spent, work + spent
        for event in events:
            if isinstance(event, Final):
                near = ends[np.abs(ends - event.end).argmin()]
                finals.append(event)
                delays[event.utterance] = now - (near if abs(near - event.end) < 1 else event.end)
    finals += [event for event in live.finish() if isinstance(event, Final)]
    return Heard(finals, list(delays.values()), work, live.settle(name))


def transcript(name: str, duration: float, finals: list[Final]) -> Transcript:
    """Return finals as a transcript, with their provisional speakers."""
    said = [Utterance(f"u{n}", f.speaker, f.start, f.end, f.text, f.words) for n, f in enumerate(finals, start=1)]
    return Transcript(name, duration, "fr", (), tuple(sorted(said, key=lambda u: u.start)))


def errors(reference: Transcript, found: Transcript) -> tuple[Rate, Rate]:
    """Return WER and cpWER."""
    reference, found = spoken(reference), spoken(found)
    return wer.wer(wer.align(reference, found)), cpwer(reference, found)


def percent(rate: Rate) -> str:
    return f"{100 * (rate.value or 0):.1f}"


def measure(names: list[str]) -> str:
    """Return the table: a line for each recording, and one for all."""
    pipeline = Pipeline()
    lines, sums = [], [Rate(0, 0)] * 5
    delays: list[float] = []
    worked = lasted = 0.0
    for name in names:
        reference = formats.read(MEETINGS / name / f"{name}.stm")[0]
        whole = pipeline.transcribe(MEETINGS / name / f"{name}.flac")
        live = heard(pipeline, name)
        first = transcript(name, whole.duration, live.finals)
        (offline, offline_cp), (online, provisional) = errors(reference, whole), errors(reference, first)
        _, settled = errors(reference, live.settled)
        rates = [offline, online, offline_cp, provisional, settled]
        sums = [total + rate for total, rate in zip(sums, rates, strict=True)]
        delays, worked, lasted = delays + live.delays, worked + live.work, lasted + whole.duration
        lines.append(line(name, live.delays, live.work / whole.duration, rates))
        print(lines[-1], flush=True)
    lines.append(line("all", delays, worked / lasted, sums))
    head = "recording | finals | delay, median | delay, 95 % | real-time factor | WER offline | WER live"
    head += " | cpWER offline | cpWER live, provisional | cpWER live, settled"
    return "\n".join([f"| {head} |", "|" + " --- |" * 10, *lines])


def line(name: str, delays: list[float], factor: float, rates: list[Rate]) -> str:
    late = f"{statistics.median(delays):.2f} s | {np.quantile(delays, 0.95):.2f} s"
    return f"| {name} | {len(delays)} | {late} | {factor:.2f} | {' | '.join(map(percent, rates))} |"


def choose() -> None:
    """Print what other pauses and longest utterances bring on the recordings for choosing."""
    pipeline, default = Pipeline(), EndpointConfig()
    for changes in ({}, {"pause": 0.8}, {"soft": 8.0, "longest": 20.0}):
        total, delays, worked, lasted = Rate(0, 0), [], 0.0, 0.0
        for name in CHOSEN:
            live = heard(pipeline, name, replace(default, **changes))
            reference = formats.read(MEETINGS / name / f"{name}.stm")[0]
            total += errors(reference, transcript(name, live.settled.duration, live.finals))[0]
            delays, worked, lasted = delays + live.delays, worked + live.work, lasted + live.settled.duration
        late = f"{statistics.median(delays):.2f} s, 95 % {np.quantile(delays, 0.95):.2f} s"
        print(f"{changes}: WER {percent(total)}, delay {late}, real-time factor {worked / lasted:.2f}", flush=True)


def detectors() -> str:
    """Return the table of what hears speech: speech missed, and silence taken for speech, of the seconds of speech."""
    from faster_whisper.vad import get_vad_model

    silero, ours = get_vad_model(), Detector(Pipeline().diarizer)  # type: ignore[arg-type]
    lines = ["| recording | segmentation, 3 s | Silero | level, -50 dB |", "| --- | --- | --- | --- |"]
    for name in (*CHOSEN, *REPORTED):
        sound = sound_of(name)
        sound = sound[: len(sound) // HOP * HOP]
        frames = sound.reshape(-1, SAMPLES)
        spoken_there = np.zeros(len(frames), bool)
        for turn in formats.read(MEETINGS / name / f"{name}.rttm")[0]:
            spoken_there[int(turn.start * RATE / SAMPLES) : int(turn.end * RATE / SAMPLES)] = True
        found = (
            np.concatenate([ours(hop) for hop in sound.reshape(-1, HOP)]) > 0.4,
            silero(sound).reshape(-1) > 0.4,
            10 * np.log10(np.square(frames).mean(axis=1) + 1e-12) > -50,
        )
        shares = [
            f"{100 * (spoken_there & ~f).sum() / spoken_there.sum():.1f} % missed, "
            f"{100 * (~spoken_there & f).sum() / spoken_there.sum():.1f} % too many"
            for f in found
        ]
        lines.append(f"| {name} | {' | '.join(shares)} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def memory(hours: int = 8) -> str:
    """Return the memory after ten minutes and after hours: five seconds of speech in each ten minutes."""
    live, speech = listening.session(Pipeline()), sound_of(REPORTED[0])[: 5 * RATE]
    ten_minutes = np.concatenate([speech, np.zeros(595 * RATE, np.float32)])
    lines = ["| sound | memory |", "| --- | --- |"]
    for number in range(1, hours * 6 + 1):
        for first in range(0, len(ten_minutes), RATE):
            live.feed(ten_minutes[first : first + RATE])
        if number in (1, 6, hours * 6):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            length = "10 min" if number == 1 else f"{number // 6} h"
            lines.append(f"| {length} | {pages * os.sysconf('SC_PAGE_SIZE') / 1e6:.0f} MB |")
            print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("choose", "detectors", "memory"):
        parser.add_argument(f"--{name}", action="store_true")
    call = parser.parse_args()
    if call.choose:
        choose()
    elif call.detectors:
        tables.write("Live: what hears speech", detectors())
    elif call.memory:
        tables.write("Live: memory", memory())
    else:
        tables.write("Live", measure(REPORTED))


if __name__ == "__main__":
    main()
