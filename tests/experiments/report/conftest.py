"""A small experiment whose errors are known."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dialogue import formats
from dialogue.core.audio import RATE, Recording, save_wav
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.experiments import results
from dialogue.formats import lhotse
from dialogue.formats.rttm import turns

SAID = (
    ("Anne", 0.0, 4.0, "bonjour à tous on commence par le premier point"),
    ("Zoé", 4.5, 9.0, "le budget est voté demain matin par la salle"),
    ("Anne", 9.5, 10.0, "oui"),
    ("Zoé", 9.6, 10.1, "merci"),
)
HEARD = (
    ("Anne", 0.0, 4.0, "bonjour à tous on commence par le premier point"),
    ("Zoé", 4.5, 9.0, "le budget est volé demain par la grande salle"),
    ("Zoé", 9.5, 10.0, "oui"),
    ("Zoé", 10.0, 10.1, "merci"),
)


def transcript(recording: str, rows: tuple, probability: float | None = None) -> Transcript:
    ids = {name: f"spk{n}" for n, name in enumerate(dict.fromkeys(row[0] for row in rows), start=1)}
    utterances = []
    for number, (name, start, end, text) in enumerate(rows, start=1):
        words = text.split()
        step = (end - start) / len(words)
        said = [Word(w, start + n * step, start + (n + 1) * step, probability) for n, w in enumerate(words)]
        utterances.append(Utterance(f"u{number}", ids[name], start, end, text, tuple(said)))
    speakers = tuple(Speaker(id, name) for name, id in ids.items())
    return Transcript(recording, 11.0, "fr", speakers, tuple(utterances))


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write ``data`` and ``exp/<name>`` and score it: recording -> (said, heard), by default always the same."""

    def write(
        name: str = "small",
        recordings: dict | None = None,
        probability: float | None = 0.8,
        kept: bool = True,
        level: str = "fr-std",
        sound: bool = True,
    ) -> Path:
        recordings = {"r1": (SAID, HEARD)} if recordings is None else recordings
        data, exp = tmp_path / "data", tmp_path / "exp" / name
        data.mkdir(exist_ok=True)
        tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(11 * RATE) / RATE)
        if sound:
            for id in recordings:
                save_wav(data / f"{id}.wav", tone.astype(np.float32))
        manifest = [Recording(id, data / f"{id}.wav", 11.0, attributes={"speech": "synthetic"}) for id in recordings]
        lhotse.write_recordings(manifest, data / "recordings.jsonl")
        formats.write([transcript(id, said) for id, (said, _) in recordings.items()], data / "reference.stm")
        for id, (_, heard) in recordings.items():
            if heard is None:
                continue
            found = transcript(id, heard, probability)
            made = ({"stage": "transcribe", "models": {"whisper-base": "a" * 64}, "seconds": 2.2},)
            formats.write([replace(found, provenance=made)], exp / f"transcript/{id}.json")
            if kept and turns(found):
                formats.write([found], exp / f"transcript/turns/{id}.rttm")
        (exp / "transcript").mkdir(parents=True, exist_ok=True)
        (exp / "transcript/stage.json").write_text(
            json.dumps(
                {
                    "finished": "2024-01-02",
                    "git": "abc1234",
                    "command": "./run.sh",
                    "host": {"processors": 2, "system": "Linux"},
                }
            )
        )
        results.score_experiment(data, exp / "transcript", exp / "scores.json", level=level)
        return exp

    return write
