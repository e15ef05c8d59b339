"""The files that a newcomer opens: they are valid, and what they name exists."""

import ast
import builtins
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import dialogue

ROOT = Path(__file__).parents[2]
FOLDERS = ("dialogue", "tests", "recipes", "corpora", "docs")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = set(re.findall(r"`([\w./-]+\.(?:py|md|sh|csv|yaml|json|toml))`", CONTRIBUTING))


def test_the_hooks_of_pre_commit_are_valid_and_local() -> None:
    pytest.importorskip("pre_commit")
    file = ROOT / ".pre-commit-config.yaml"
    done = subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    repositories = yaml.safe_load(file.read_text(encoding="utf-8"))["repos"]
    assert {r["repo"] for r in repositories} == {"local"}
    assert {hook["language"] for r in repositories for hook in r["hooks"]} == {"system"}


def test_the_citation_is_that_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert (cited["version"], cited["license"]) == (dialogue.__version__, "Apache-2.0")
    assert f"## [{dialogue.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(f for f in FILES if not re.search(r"NAME|\bID\b", f)))
def test_a_file_that_contributing_names_exists(path: str) -> None:
    assert (ROOT / path).exists() or any(found for folder in FOLDERS for found in (ROOT / folder).rglob(path))


def test_names_that_contributing_gives_are_in_the_code() -> None:
    sources = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    known = {name for path in sources for name in names(ast.parse(path.read_text(encoding="utf-8")))}
    given = {a or b for a, b in re.findall(r"`(\w+)\(|`([A-Z]\w*[a-z]\w*|[A-Z_]{4,})`", CONTRIBUTING)}
    assert given - known - {*dir(builtins), "PATH"} == set()


def names(tree: ast.AST) -> set[str]:
    """Functions, classes and variables that a file defines."""
    found = {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    return found | {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
