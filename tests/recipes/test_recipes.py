"""Every recipe from end to end, on a miniature in its corpus's layout: see ``recipes.csv`` and ``miniatures.py``."""

import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recipes import miniatures

ROOT = Path(__file__).parents[2]
with (ROOT / "tests/recipes/recipes.csv").open(encoding="utf-8") as rows:
    TABLE = list(csv.DictReader(rows))


def test_every_recipe_is_in_the_table() -> None:
    recipes = {p.parent.name for p in (ROOT / "recipes").glob("*/run.sh")}
    assert {row["recipe"] for row in TABLE} == recipes - {"reunion"}  # reunion has its own test


@pytest.mark.parametrize("recipe", sorted(p.parent.name for p in (ROOT / "recipes").glob("*/run.sh")))
def test_every_recipe_says_what_a_newcomer_needs(recipe: str) -> None:
    folder = ROOT / "recipes" / recipe
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "## " in text or recipe == "reunion"
    assert (folder / "RESULTS.md").exists()
    assert len((folder / "run.sh").read_text().splitlines()) < 60
    assert list((folder / "conf").glob("*.yaml"))


@pytest.mark.recipe
@pytest.mark.model
@pytest.mark.parametrize("row", TABLE, ids=[row["recipe"] for row in TABLE])
def test_a_recipe_runs_on_its_miniature(row: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pytest.importorskip("torch")
    data = []
    for need in row["needs"].split():
        if need == "dev_data":
            data.append(request.getfixturevalue("dev_data"))
        else:
            if importlib.util.find_spec(need) is None:  # found, but not imported: the recipe does that itself
                pytest.skip(f"needs {need}")
    made = shutil.ignore_patterns("exp", "data", "RESULTS.md")
    shutil.copytree(ROOT / "recipes", tmp_path / "recipes", ignore=made)
    shutil.copytree(ROOT / "corpora", tmp_path / "corpora")
    recipe = tmp_path / "recipes" / row["recipe"]
    if row["recipe"] == "TEMPLATE":  # as its README says
        recipe = recipe.rename(recipe.with_name("mine"))
        for path in (recipe / "run.sh", recipe / "conf/TEMPLATE.yaml"):
            path.write_text(path.read_text().replace("CORPUS", row["corpus"]).replace("TEMPLATE", "mine"))
        (recipe / "conf/TEMPLATE.yaml").rename(recipe / "conf/mine.yaml")
    source: list[str] = []
    if row["corpus"]:  # otherwise its data is part of the repository
        getattr(miniatures, row["corpus"])(_made(tmp_path / "source"), *data)
        source = ["--source", str(tmp_path / "source")]
    done = _run(recipe, *source, "--exp", "exp/mini", *row["options"].split())
    assert done.returncode == 0, done.stderr[-3000:]
    exp = recipe / "exp/mini"
    for name in row["files"].split():
        assert (exp / name).exists(), name
        assert not list((exp / name).glob("*.error"))
    for metric, low, high in re.findall(r"(\w+)=([\d.]+):([\d.]+)", row["scores"]):
        found = json.loads((exp / "scores.json").read_text())["totals"][metric]
        assert float(low) <= found["errors"] / found["length"] <= float(high), metric


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _run(recipe: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["./run.sh", *options], cwd=recipe, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
