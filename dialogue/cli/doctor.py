"""Say what is installed, what is missing and what to type."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

from dialogue.cli.options import DONE, SOME_FAILED
from dialogue.core.extras import how_to_install

EXAMPLES = """  dialogue doctor
  dialogue doctor --cluster --slurm recipes/conf/slurm.yaml"""

PACKAGES = {  # package -> module, extra, purpose
    "faster-whisper": ("faster_whisper", "asr", "speech recognition (default engine)"),
    "openai-whisper": ("whisper", "whisper", "speech recognition, second engine"),
    "transformers": ("transformers", "whisper", "speech recognition, third engine; language models"),
    "onnx-asr": ("onnx_asr", "onnx", "speech recognition, models of another family"),
    "onnxruntime": ("onnxruntime", "diarization", "networks"),
    "kaldi-native-fbank": ("kaldi_native_fbank", "diarization", "filter banks"),
    "torch": ("torch", "diarization", "networks, to export them and on a GPU"),
    "torchaudio": ("torchaudio", "diarization", "needed by pyannote.audio"),
    "pyannote.audio": ("pyannote.audio", "diarization", "who speaks when"),
    "gradio": ("gradio", "demo", "demo page"),
}
NEEDED = ("faster-whisper", "onnxruntime", "kaldi-native-fbank", "torch", "torchaudio", "pyannote.audio")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", action="store_true", help="look at Slurm too: partition, shared folder, variables")
    parser.add_argument("--slurm", type=Path, metavar="FILE", help="YAML file of the site")


def run(call: argparse.Namespace) -> int:
    report, complete = examine()
    print(report)
    if call.cluster:
        from dialogue.core import config
        from dialogue.workflow import slurm

        lines, able = slurm.examine(config.load(slurm.SlurmConfig, call.slurm), Path.cwd())
        print("\n".join(["cluster", *(f"  {line}" for line in lines)]))
        complete &= able
    return DONE if complete else SOME_FAILED


def examine() -> tuple[str, bool]:
    """Return a report for the user, and whether a meeting can be processed on this machine."""
    from dialogue.core import models
    from dialogue.speech.asr import choice

    lines = [
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    ]
    lines.append(f"GPU: {_gpu()}")
    complete = True
    lines.append("packages")
    for package, (module, extra, purpose) in PACKAGES.items():
        found = _find(module)
        complete &= found or package not in NEEDED
        state = importlib.metadata.version(package) if found else f"missing. {how_to_install(extra)}"
        lines.append(f"  {package:18} {state:18} {purpose}")
    lines.append(f"models in {models.folder()}")
    for line in models.table().splitlines():
        lines.append(f"  {line}")
    if advice := choice.advice():
        lines.append(f"  {advice}")
    missing = [n for n in ("whisper-base", "segmentation-3.0", "campplus") if models.here(models.get(n)) is None]
    complete &= not missing
    lines.append("ready: dialogue meeting AUDIO --out DIR" if complete else "not ready: see what is missing above")
    return "\n".join(lines), complete


def _find(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _gpu() -> str:
    if shutil.which("nvidia-smi") is None:
        return "none found; int8 on the processor"
    asked = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "none found; int8 on the processor"
