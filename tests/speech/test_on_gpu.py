"""What a GPU finds is what the processor finds. Left out where there is none; benchmarks/gpu.py measures more."""

import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.speech import asr, diarization
from dialogue.speech.asr import ASRConfig, Decoding
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount

np = pytest.importorskip("numpy")
ROOT = Path(__file__).parents[2]
SOUND = ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"


def benchmark(*arguments: str) -> str:
    command = [sys.executable, "benchmarks/gpu.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.gpu
@pytest.mark.model
def test_voices_are_those_of_the_processor() -> None:
    sound = audio.load(SOUND)[: 60 * audio.RATE]
    cpu, gpu = (diarization.load(DiarizationConfig(device=device)) for device in ("cpu", "cuda"))
    expected, found = cpu.listen(sound), gpu.listen(sound)
    assert found["passages"] == pytest.approx(expected["passages"], abs=0.02)
    assert found["embeddings"] == pytest.approx(expected["embeddings"], abs=0.01, nan_ok=True)
    first, second = (engine.cluster(voices, SpeakerCount()).turns for engine, voices in ((cpu, expected), (gpu, found)))
    assert [turn.speaker for turn in second] == [turn.speaker for turn in first]


@pytest.mark.gpu
@pytest.mark.model
@pytest.mark.parametrize("engine", ["faster-whisper", "transformers"])
@pytest.mark.parametrize("compute_type", ["float16", "float32"])
def test_words_are_nearly_those_of_the_processor(engine: str, compute_type: str) -> None:
    import jiwer

    sound = audio.load(SOUND)
    windows = [sound[second * audio.RATE : (second + 20) * audio.RATE] for second in (0, 20, 40)]
    texts = []
    for device, kind in (("cpu", "float32"), ("cuda", compute_type)):
        recogniser = asr.load(ASRConfig(engine=engine, device=device, compute_type=kind))
        texts.append(" ".join(s.text for found in recogniser.decode(windows, Decoding("fr")) for s in found))
    assert jiwer.wer(*texts) < 0.05


@pytest.mark.model
def test_the_benchmark_runs_on_the_processor() -> None:
    pytest.importorskip("faster_whisper")
    table = benchmark("--device", "cpu")
    for measured in ("segmentation | 4", "embedding | 8", "recognition, float32 | 2", "processes: 1", "turns (DER)"):
        assert measured in table
