"""``dialogue listen`` on standard input."""

import io
import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from dialogue import formats
from dialogue.core import audio

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"


def listen(sound: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dialogue", "listen", "-", *arguments]
    return subprocess.run(command, input=sound, capture_output=True, timeout=120)


def wav(samples: bytes, channels: int = 1, width: int = 2, rate: int = 16_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        written.writeframes(samples)
    return file.getvalue()


@pytest.mark.model
def test_lines_come_with_times_and_speakers_and_the_file_at_the_end(tmp_path: Path) -> None:
    sound = np.asarray(audio.load(SAMPLE))[: 6 * 16_000]
    out, record = tmp_path / "out.json", tmp_path / "out.wav"
    done = listen(wav((sound * 32767).astype("<i2").tobytes()), "--out", str(out), "--record", str(record))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines
    assert all(line.startswith("[00:0") and "spk" in line for line in lines)
    transcript = formats.read(out)[0]
    assert " ".join(u.text for u in transcript) == " ".join(line.partition(": ")[2] for line in lines)
    assert audio.probe(record).duration == pytest.approx(6, abs=0.5)


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (wav(bytes(400), channels=2), "2 channels"),
        (wav(bytes(300), width=3), "24 bits"),
        (b"RIFF....WAVE", "without sound"),
    ],
)
def test_another_form_of_wav_is_refused(sound: bytes, reason: str) -> None:
    done = listen(sound)
    assert done.returncode == 2
    assert reason in done.stderr.decode()


def test_a_format_that_cannot_be_written_is_refused_before_anybody_speaks() -> None:
    done = listen(b"", "--out", "x.eml")
    assert done.returncode == 2
    assert "Accepted" in done.stderr.decode()


@pytest.mark.model
def test_no_sound_is_no_error() -> None:
    done = listen(b"")
    assert (done.returncode, done.stdout) == (0, b""), done.stderr


@pytest.mark.model
def test_the_transcript_of_silence_is_empty(tmp_path: Path) -> None:
    assert listen(bytes(64_000), "--out", str(tmp_path / "out.json")).returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["utterances"] == []
