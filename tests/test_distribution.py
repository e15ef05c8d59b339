"""The wheel holds what it needs, and each extra brings what its main command needs.

Each command runs from the unpacked wheel, in a Python that sees only the distributions which that extra asks for,
directly or not: whatever else is installed here is out of its sight. The wheel alone is also installed for real.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.llm import tiny
from tests.recipes import miniatures
from tests.speech.asr import parakeet

pytestmark = pytest.mark.recipe
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "corpora/reunion/data/reunion_corpus"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq"]


def call(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that no build folder is left in the checkout."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(ROOT / "dialogue", folder / "dialogue", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    call(*PIP, "wheel", "--no-deps", "--wheel-dir", folder / "dist", folder)
    [path] = (folder / "dist").glob("dialogue_fr-*.whl")
    return path


def asked_for(wheel: Path, extra: str) -> set[str]:
    """Return the names of the installed distributions that an extra of the wheel asks for, directly or not."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        own = re.findall(r"^Requires-Dist: (.+)$", archive.read(name).decode(), flags=re.MULTILINE)
    found: set[str] = set()
    seen, left = set(), [("dialogue-fr", extra)]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            requires = own if name == "dialogue-fr" else metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # not here, so the command fails if it needs it
            continue
        found.add(name)
        for wanted in map(Requirement, requires):
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                left += [(canonicalize_name(wanted.name), e) for e in ("", *wanted.extras)]
    return found - {"dialogue-fr"}


@cache
def owners() -> dict[str, set[str]]:
    """Return the names of the distributions that have files in each folder of the installed packages."""
    found: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        for top in {file.parts[0] for file in distribution.files or ()}:
            found.setdefault(top, set()).add(canonicalize_name(distribution.name))
    return found


def link(names: Iterable[str], folder: Path) -> None:
    """Link installed distributions into a folder: whole packages, which share bytecode, or files of shared ones."""
    for name in names:
        installed = metadata.distribution(name)
        files = [Path(file) for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")]
        for part in {Path(file.parts[0]) if owners()[file.parts[0]] == {name} else file for file in files}:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            (folder / part).symlink_to(Path(str(installed.locate_file(part))).resolve())


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Callable[..., str]]:
    """Make a Python that sees the wheel and what one of its extras asks for; it is called with arguments."""

    @cache
    def make(extra: str) -> Callable[..., str]:
        folder = tmp_path_factory.mktemp(extra or "core")
        link(asked_for(wheel, extra), folder)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        seen = {
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "",
            "HF_HUB_OFFLINE": "1",
            "CUDA_VISIBLE_DEVICES": "",
            "COVERAGE_PROCESS_START": "",
        }
        seen |= {name: "" for name in os.environ if name.startswith("COV_CORE")}
        return lambda *arguments: call(sys.executable, "-S", *arguments, cwd=tmp_path_factory.getbasetemp(), **seen)

    return make


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a corpus of three excerpts; ``one.jsonl`` names the first, ``speech`` holds who speaks in it."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "source").mkdir()
    miniatures.eslo2(folder / "source")
    dialogue = [sys.executable, "-m", "dialogue"]
    call(
        *dialogue, "prepare", ROOT / "corpora/eslo2/card.yaml", "--source", folder / "source", "--out", folder / "data"
    )
    first = (folder / "data/recordings.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (folder / "data/one.jsonl").write_text(first + "\n", encoding="utf-8")
    call(*dialogue, "diarize", folder / "data/one.jsonl", "--out", folder / "speech")
    return folder


def test_data_files_are_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    here = call("git", "ls-files", "dialogue").split() if (ROOT / ".git").exists() else held
    assert set(here) <= held
    assert "dialogue/py.typed" in held


def test_the_wheel_alone_converts_and_scores_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    call(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env")
    python = tmp_path / "env/bin/python"
    call(*PIP, "--python", python, "install", "--no-compile", "--constraint", ROOT / "constraints.txt", wheel)
    alone = {"cwd": tmp_path, "PYTHONPATH": ""}
    dialogue = tmp_path / "env/bin/dialogue"
    assert "meeting" in call(dialogue, "--help", **alone)
    call(dialogue, "convert", SAMPLE / "reunion_corpus.stm", "said.srt", **alone)
    assert " --> " in (tmp_path / "said.srt").read_text(encoding="utf-8")
    call(dialogue, "prepare", ROOT / "corpora/reunion/card.yaml", "--source", SAMPLE.parent, "--out", "data", **alone)
    call(dialogue, "score", "transcripts", "data", "--transcripts", "data/reference", "--out", "scores.json", **alone)
    assert "torch" not in call(
        python, "-c", "import importlib.metadata as m; print([d.name for d in m.distributions()])"
    )


@pytest.mark.model
def test_the_extra_for_recognition_recognises(environment, corpus: Path, tmp_path: Path) -> None:
    command = ("transcribe", corpus / "data/one.jsonl", "--speech", corpus / "speech", "--out", tmp_path / "asr")
    environment("asr")("-m", "dialogue", *command)
    assert list((tmp_path / "asr").glob("ESLO2*.json"))


@pytest.mark.model
@pytest.mark.parametrize("engine", ["openai-whisper", "transformers"])
def test_the_extra_for_the_other_engines_runs_them(engine: str, environment) -> None:
    load = f"from dialogue.speech import asr; engine = asr.load(asr.ASRConfig(engine={engine!r}))"
    run = "import numpy; print(engine.detect_language(numpy.zeros(16000, dtype=numpy.float32)))"
    assert len(environment("whisper")("-c", f"{load}; {run}").split()[-1]) == 2


def test_the_extra_for_onnx_recognises_without_torch(environment, tmp_path: Path) -> None:
    parakeet.save(tmp_path / "parakeet")
    load = f"engine = asr.load(asr.ASRConfig(engine='onnx', model={str(tmp_path / 'parakeet')!r}))"
    run = "print(engine.decode([numpy.zeros(16000, dtype=numpy.float32)], asr.Decoding('fr')), 'torch' in sys.modules)"
    code = f"import sys, numpy; from dialogue.speech import asr; {load}; {run}"
    assert environment("onnx")("-c", code).strip() == "[[]] False"


@pytest.mark.model
def test_the_extra_for_diarization_diarizes(environment, corpus: Path, tmp_path: Path) -> None:
    environment("diarization")("-m", "dialogue", "diarize", corpus / "data/one.jsonl", "--out", tmp_path / "turns")
    assert list((tmp_path / "turns").glob("ESLO2*.json"))


@pytest.mark.model
def test_the_extra_for_the_demo_makes_a_meeting_with_documents_and_serves(
    environment, corpus: Path, tmp_path: Path
) -> None:
    python = environment("demo")
    sound = next((corpus / "source").glob("*.wav"))
    python("-m", "dialogue", "meeting", sound, "--out", tmp_path, "--format", "docx,odt,pdf")
    assert {p.suffix for p in (tmp_path / sound.stem).iterdir()} >= {".docx", ".odt", ".pdf", ".html"}
    library = str(tmp_path / "library")
    serve = f"from dialogue.demo import site; from pathlib import Path; app = site.build(Path({library!r}))"
    ask = "from fastapi.testclient import TestClient; print(TestClient(app, 'http://127.0.0.1').get('/').status_code)"
    assert "200" in python("-c", f"{serve}; {ask}")


def test_the_extra_for_documents_writes_them(environment, corpus: Path, tmp_path: Path) -> None:
    python = environment("documents")
    command = ("minutes", corpus / "data/one.jsonl", "--transcripts", corpus / "data/reference", "--out", tmp_path)
    python("-m", "dialogue", *command)
    [minutes] = tmp_path.glob("ESLO2*.json")
    for ending in ("docx", "odt", "pdf"):
        python("-m", "dialogue", "document", minutes, "--out", tmp_path / f"minutes.{ending}")
        assert (tmp_path / f"minutes.{ending}").stat().st_size > 1000


def test_the_extra_for_plans_writes_them(environment, tmp_path: Path) -> None:
    python = environment("plan")
    python("-m", "dialogue", "dmp", "build", ROOT / "dmp", "--out", tmp_path)
    python("-m", "dialogue", "dmp", "validate", tmp_path / "madmp.json", "--schema", "1.1")
    assert (tmp_path / "dmp.fr.pdf").stat().st_size > 1000


def test_the_extra_for_corpora_reads_parquet(environment, tmp_path: Path) -> None:
    miniatures.summre(tmp_path / "source")
    card = ("prepare", ROOT / "corpora/summre/card.yaml", "--source", tmp_path / "source")
    environment("corpora")("-m", "dialogue", *card, "--out", tmp_path / "data")


@pytest.mark.model
def test_the_extra_for_language_models_answers(environment) -> None:
    code = "from dialogue import llm; m = llm.load('smollm2-135m-instruct'); print('said', m.chat([], max_tokens=1))"
    assert "said" in environment("llm")("-c", code.replace("[]", "[{'role': 'user', 'content': 'x'}]"))


@pytest.mark.model
@pytest.mark.parametrize("extra", ["continual", "qlora"])
def test_the_extras_for_finetuning_train(extra: str, environment, tmp_path: Path) -> None:
    """On a processor, ``qlora`` is only imported."""
    python = environment(extra)
    if extra == "qlora":
        python("-c", "import bitsandbytes")
        return
    card = ROOT / "corpora/sample-calls"
    python("-m", "dialogue", "prepare", card / "card.yaml", "--source", card / "data", "--out", tmp_path / "data")
    python(
        "-m",
        "dialogue",
        "tasks",
        tmp_path / "data",
        "--kind",
        "continuation",
        "--out",
        tmp_path / "task",
        "--legal-basis",
        "simulated calls, published for research",
    )
    stream = tmp_path / "stream.yaml"
    stream.write_text(
        f"model: {tiny.save(tmp_path / 'model')}\ntasks: [{tmp_path / 'task'}]\nprobe: {tmp_path / 'task'}\n"
        "training: {steps: 1, tokens: 128, context: 64, documents: 1, examples: 1}\n"
    )
    python("-m", "dialogue", "continual", "train", stream, "--exp", tmp_path / "exp")


@pytest.mark.model
def test_the_extra_for_quantization_quantises(environment, tmp_path: Path) -> None:
    command = ("quantize", tiny.save(tmp_path / "model"), "--to", "torchao-int8", "--out", tmp_path / "small")
    environment("quantization")("-m", "dialogue", *command)
