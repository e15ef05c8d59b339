"""The packages are strictly ordered, no modules import each other in a circle, and heavy packages are imported late."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "dialogue"
# A package imports only from those before it. Answers come after learning, whose tasks define the prompts for a reply.
WINGS = """core french formats corpus speech llm minutes scoring corrections learning answers plan pages workflow
    library privacy experiments server gateway demo cli""".split()
HEAVY = """bm25s sacrebleu docx odfdo typst jinja2 torch scipy av transformers ctranslate2 faster_whisper whisper
    pyannote jiwer meeteval pandas gradio matplotlib rouge_score nltk""".split()
SOURCES = sorted(HOUSE.rglob("*.py"))
MODULES = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in SOURCES}
ENTRIES = {HOUSE / "__init__.py", HOUSE / "__main__.py"}  # the public API and the command: they may import everything
# Modules with the same name cover one topic in two packages: a format, an engine, or a verb and its work.
ONE_NAME = {"config", "linto", "transformers"}


def imported(path: Path) -> Iterator[str]:
    """Return the names of all modules that a file imports anywhere: ``dialogue.core.audio``, ``numpy``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else str(node.module)


def ours(path: Path) -> set[Path]:
    """Return the files of the library that a file imports."""
    return {MODULES[name] for name in imported(path) if name in MODULES} - {path}


def wing(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def test_every_folder_is_a_wing() -> None:
    assert {wing(path) for path in SOURCES if path not in ENTRIES} <= set(WINGS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_wing_imports_only_from_those_before_it(path: Path) -> None:
    if path in ENTRIES:
        return
    upward = {p for p in ours(path) if p in ENTRIES or WINGS.index(wing(p)) > WINGS.index(wing(path))}
    assert [str(p.relative_to(ROOT)) for p in sorted(upward)] == []


def test_no_files_import_each_other_in_a_circle() -> None:
    arrows = {path: ours(path) for path in SOURCES}
    left = set(arrows)
    while True:  # a module with no remaining imports, or not imported by a remaining one, is in no circle
        needed = set().union(*(arrows[path] for path in left))
        inside = {path for path in left if arrows[path] & left and path in needed}
        if inside == left:
            break
        left = inside
    assert sorted(str(p.relative_to(ROOT)) for p in left) == []


def test_no_two_modules_have_one_name_for_two_things() -> None:
    places = defaultdict(set)
    for path in SOURCES:
        if wing(path) != "cli":  # a verb may share the name of the module that does its work
            places[path.parent.name if path.stem == "__init__" else path.stem].add(path)
    assert {name for name, paths in places.items() if len(paths) > 1} == ONE_NAME


def test_no_two_classes_have_one_name() -> None:
    homes = defaultdict(set)
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(str(path.relative_to(ROOT)))
    assert {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_library_knows_neither_corpora_nor_demo(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)} & {"corpora", "demo", "recipes", "benchmarks"} == set()


def test_no_file_is_a_drawer() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    assert [n for n in names if Path(n).stem in ("utils", "util", "helpers", "misc", "common")] == []


@pytest.mark.parametrize(
    "code",
    [
        "import dialogue",
        "from dialogue.cli import main; main([])",
        "from dialogue.cli import main\ntry: main(['meeting', '--help'])\nexcept SystemExit: pass",
        "import dialogue.formats.stm; dialogue.formats.stm.dumps([])",
        "from dialogue.core import models; models.table()",
    ],
)
def test_a_first_look_imports_not_even_numpy(code: str) -> None:
    assert imported_by(code, {*HEAVY, "numpy"}) == set()


def test_all_stages_are_known_without_heavy_packages() -> None:
    stages = (
        "import dialogue.workflow.stages, dialogue.workflow.meeting, dialogue.experiments.results, dialogue.cli.doctor"
    )
    assert imported_by(stages, set(HEAVY)) == set()


def imported_by(code: str, names: set[str]) -> set[str]:
    look = f"{code}\nimport sys; print(*{names} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())
