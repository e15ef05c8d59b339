"""Measure the application: time to the first words, the time left that it shows, to stop, and to open three hours.

    python benchmarks/application.py

The recordings are the development meetings one after the other, or the sample meeting. The page of three hours has
2,400 turns and 31,000 words; it is opened in Chromium, and scrolled frame by frame.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from dialogue.core import audio
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.library.meetings import Library
from dialogue.workflow import meeting

HERE = Path(__file__).resolve().parent
PORT = 7872
SAMPLE = HERE.parent / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
TURNS, WORDS = 2400, 13
SCROLLED = """async () => {
  const box = document.querySelector('.transcript'), times = [];
  for (let n = 0, last = performance.now(); n < 200; n++) {
    box.scrollTop += 400;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
}"""


@contextmanager
def served(library: Path) -> Iterator[str]:
    """Serve a library; yields the address with the key of its local user."""
    command = [sys.executable, "-m", "dialogue", "demo", "--library", library, "--port", str(PORT), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    try:
        yield re.sub("^Open ", "", process.stdout.readline()).strip()
    finally:
        process.terminate()
        process.wait(30)


def recording(folder: Path) -> Path:
    """Return the development meetings one after the other, or the sample meeting."""
    found = sorted(Path(os.environ.get("DIALOGUE_DEV_DATA", "none")).glob("meetings/reunion_*/*.flac"))[:5]
    path = folder / "meeting.wav"
    audio.save_wav(path, np.concatenate([np.asarray(audio.load(p)) for p in found or [SAMPLE]]))
    return path


def events(client: httpx.Client, id: str) -> Iterator[tuple[str, Any]]:
    """Yield what a page that follows a meeting is told."""
    with client.stream("GET", f"/api/meetings/{id}/progress") as answer:
        for first, second in itertools.pairwise(answer.iter_lines()):
            if first.startswith("event: "):
                yield first.removeprefix("event: "), json.loads(second.removeprefix("data: "))


def watched(client: httpx.Client, path: Path) -> None:
    """Print the time to the first words and to the end, and the time left shown, by tenths of the whole."""
    begin = time.monotonic()
    id = client.put("/api/meetings", params={"name": path.name}, content=path.read_bytes()).json()["id"]
    words, shown = None, []
    for kind, data in events(client, id):
        now = time.monotonic() - begin
        if kind == "words":
            words = words or now
        elif kind == "progress" and data["seconds_left"] is not None:
            shown.append((now, data["seconds_left"]))
    whole = time.monotonic() - begin
    length = audio.probe(path).duration
    print(f"{length:.0f} s of sound: first words after {words or whole:.0f} s, all after {whole:.0f} s")
    for tenth in range(1, 10):
        ratios = [left / (whole - now) for now, left in shown if tenth <= 10 * now / whole < tenth + 1]
        if ratios:
            print(f"  {tenth}0 % of the time: shown / true time left {min(ratios):.2f} to {max(ratios):.2f}")


def stopped(client: httpx.Client, path: Path) -> None:
    """Print how long it takes to stop, until the job has ended and its process is gone."""
    id = client.put("/api/meetings", params={"name": path.name}, content=path.read_bytes()).json()["id"]
    next(data for kind, data in events(client, id) if kind == "progress" and data["share"] > 0.1)
    begin = time.monotonic()
    state = client.post(f"/api/meetings/{id}/cancel").json()["job"]["state"]
    print(f"stop: {state} after {time.monotonic() - begin:.2f} s")


def three_hours(library: Library, folder: Path) -> str:
    """Add a meeting of three hours with made words; returns its id."""

    def said(n: int) -> Utterance:
        start = n * 4.5
        words = tuple(Word(f"mot{k}", start + k * 0.3, start + k * 0.3 + 0.25, 0.9) for k in range(WORDS))
        return Utterance(
            f"u{n + 1}", f"spk{n // 2 % 4 + 1}", start, start + 4.2, " ".join(w.text for w in words), words
        )

    path = folder / "three_hours.wav"
    audio.save_wav(path, np.full(round(TURNS * 4.5) * audio.RATE, 0.01, np.float32))
    speakers = tuple(Speaker(f"spk{n + 1}") for n in range(4))
    Transcript("three_hours", TURNS * 4.5, "fr", speakers, tuple(map(said, range(TURNS)))).save(folder / "said.json")
    id = library.add(path, title="Trois heures")
    sound = library.sound(id)
    assert sound
    meeting.run([sound], library.folder, transcript=folder / "said.json", title="Trois heures")
    return id


def opened(address: str, id: str) -> None:
    """Print the time to open the page of a meeting, and the times of frames while it is scrolled."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        times = []
        for _ in range(5):
            begin = time.monotonic()
            page.goto(f"{address.partition('?')[0]}meetings/{id}")
            page.locator(".turn").nth(TURNS - 1).wait_for(state="attached")
            times.append(time.monotonic() - begin)
        print(f"three hours: opened and drawn in {times[0]:.1f} s, again in {statistics.median(times[1:]):.1f} s")
        frames = sorted(page.evaluate(SCROLLED))
        print(f"  frames while scrolled: median {frames[100]:.0f} ms, 95 % below {frames[190]:.0f} ms")
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = Library(folder / "library")
        path = recording(folder)
        with served(library.folder) as address, httpx.Client(headers={"X-Dialogue": "1"}, timeout=120) as client:
            client.base_url = httpx.URL(address.partition("?")[0])
            client.get("/", params={"key": address.partition("key=")[2]})
            for _ in range(2):  # what the work costs on this machine is learned by the first
                watched(client, path)
            stopped(client, path)
        id = three_hours(library, folder)
        with served(library.folder) as address:
            opened(address, id)


if __name__ == "__main__":
    main()
