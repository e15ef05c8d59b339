"""Imports go down only, and heavy packages are imported when they are first needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (
    {
        "transcript",
        "audio",
        "config",
        "models",
        "digests",
        "compatibility",
        "parallel",
        "progress",
        "picture",
        "formats",
        "normalization",
    },
    {"asr", "diarization", "llm", "corpus"},
    {
        "attribution",
        "scoring",
        "minutes",
        "tasks",
        "continual",
        "scaling",
        "quantization",
        "documents",
        "replies",
    },
    {"page", "pipeline", "stages", "meeting", "results", "minutes_results", "report", "doctor", "convert"},
    {"__main__"},
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
HEAVY = "bm25s sacrebleu docx odfdo typst jinja2 torch scipy av transformers ctranslate2 faster_whisper whisper pyannote jiwer meeteval pandas gradio matplotlib rouge_score nltk".split()
SOURCES = sorted(p for p in (ROOT / "dialogue").rglob("*.py") if p != ROOT / "dialogue/__init__.py")


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def home(name: str) -> str:
    """``dialogue.formats.stm`` -> ``formats``."""
    return name.split(".")[1]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path: Path) -> None:
    own = path.relative_to(ROOT / "dialogue").parts[0].removesuffix(".py")
    ours = {home(name) for name in imported(path) if name.startswith("dialogue.")} - {"__version__"}
    assert ours <= set(LAYER), "a module that no layer lists"
    assert [name for name in sorted(ours) if LAYER[name] > LAYER[own]] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_library_knows_neither_corpora_nor_demo(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)} & {
        "corpora",
        "demo",
        "recipes",
        "benchmarks",
    } == set()


def test_no_file_is_a_drawer() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    assert [n for n in names if Path(n).stem in ("utils", "util", "helpers", "misc", "common")] == []


@pytest.mark.parametrize(
    "code",
    [
        "import dialogue",
        "from dialogue.__main__ import main; main([])",
        "from dialogue.__main__ import main\ntry: main(['meeting', '--help'])\nexcept SystemExit: pass",
        "import dialogue.formats.stm; dialogue.formats.stm.dumps([])",
        "from dialogue import models; models.table()",
    ],
)
def test_a_first_look_imports_not_even_numpy(code: str) -> None:
    assert imported_by(code, {*HEAVY, "numpy"}) == set()


def test_all_stages_are_known_without_heavy_packages() -> None:
    assert (
        imported_by(
            "import dialogue.workflow.stages, dialogue.workflow.meeting, dialogue.experiments.results, dialogue.cli.doctor",
            set(HEAVY),
        )
        == set()
    )


def imported_by(code: str, names: set[str]) -> set[str]:
    look = f"{code}\nimport sys; print(*{names} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())
