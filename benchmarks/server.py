"""Measure the server: many uploads at once, none of which may be lost, how late its event loop is, and its memory.

python benchmarks/server.py [UPLOADS] [WORKERS]
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np
import psutil

from dialogue.core import audio

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
SECONDS = 4  # of each recording


def metric(text: str, name: str) -> float:
    """Return a counter of Prometheus' text."""
    found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
    assert found
    return float(found[1])


async def uploaded(client: httpx.AsyncClient, sound: bytes) -> tuple[str, float]:
    """Send a recording; returns its job, and the seconds until it was accepted."""
    began = time.perf_counter()
    answer = await client.post("/transcribe", files={"file": sound}, data={"transcriptionConfig": "{}"})
    assert answer.status_code == 201, answer.text
    return answer.json()["jobid"], time.perf_counter() - began


async def measured(address: str, uploads: int, process: psutil.Process) -> None:
    """Print what happens when many clients come at once."""
    folder = Path(tempfile.mkdtemp())
    audio.save_wav(folder / "sound.wav", np.asarray(audio.load(SAMPLE)[: SECONDS * audio.RATE]))
    sound = (folder / "sound.wav").read_bytes()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=3600, limits=limits) as client:
        before = process.memory_info().rss
        assert (await client.get("/metrics")).status_code == 200  # forgets how late the loop was while it started
        began = time.perf_counter()
        asked = [asyncio.create_task(uploaded(client, sound)) for _ in range(uploads)]
        answered, most = [], before
        while not all(task.done() for task in asked):
            sent = time.perf_counter()
            assert (await client.get("/healthcheck")).status_code == 200
            answered.append(time.perf_counter() - sent)
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.05)
        jobs, waited = zip(*[task.result() for task in asked], strict=True)
        accepted = time.perf_counter() - began
        states = dict.fromkeys(jobs, "pending")
        late = [metric((await client.get("/metrics")).text, "dialogue_event_loop_late_seconds")]
        while unfinished := [id for id, state in states.items() if state not in ("done", "failed")]:
            states[unfinished[0]] = (await client.get(f"/job/{unfinished[0]}")).json()["state"]
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.2)
        for id in jobs:
            states[id] = (await client.get(f"/job/{id}")).json()["state"]
        late.append(metric((await client.get("/metrics")).text, "dialogue_event_loop_late_seconds"))
        whole = time.perf_counter() - began
    done = sum(state == "done" for state in states.values())
    print(f"{uploads} uploads at once of {SECONDS} s: {done} done, {uploads - done} lost or failed")
    print(f"accepted after {statistics.median(waited):.1f} s (median); all of them after {accepted:.1f} s")
    print(f"all done after {whole:.0f} s, {uploads * SECONDS / whole:.2f} s of sound a second")
    print(f"health checks during the uploads: {1000 * max(answered):.0f} ms at most")
    print(f"event loop late: {1000 * late[0]:.0f} ms during the uploads, {1000 * late[1]:.0f} ms afterwards, at most")
    print(f"memory of the server without its workers: {before / 1e6:.0f} MB before, {most / 1e6:.0f} MB at most")


def main(uploads: int = 200, workers: int = 2) -> None:
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "dialogue", "serve", "--library", str(folder), "--port", "0"]
    environment = {**os.environ, "RATE_LIMIT": "1000000", "CONCURRENCY": str(workers)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout
    try:
        address = process.stdout.readline().removeprefix("Serving at ").strip()
        asyncio.run(measured(address, uploads, psutil.Process(process.pid)))
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
