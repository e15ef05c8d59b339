"""The commands of the guide work, one after the other, on the plan in ``dmp/``, with the results it describes."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from dialogue.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/data_management_plan.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}dialogue (.*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all commands of the guide have run."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "dmp", folder / "dmp", ignore=shutil.ignore_patterns("facts", "built"))
    for name in ("reunion", "simsamu", "summre", "fredsum"):
        shutil.copytree(ROOT / "corpora" / name, folder / "corpora" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            assert main(shlex.split(command)) == 0, command
    return folder


def test_the_plan_holds_the_items_and_what_was_measured(place: Path) -> None:
    plan = json.loads((place / "plan/madmp.json").read_text(encoding="utf-8"))["dmp"]
    found = {item["title"]: item for item in plan["dataset"]}
    [sample] = found["Réunion, appel et débat de démonstration"]["distribution"]
    sound = sum(path.stat().st_size for path in (place / "corpora/reunion/data").glob("*/*.flac"))
    assert sample["byte_size"] > sound
    assert "3 recordings" in sample["description"]
    assert {item["type"] for item in plan["dataset"]} >= {
        "dataset", "software", "publication", "report", "deliverable", "website", "service",
    }  # fmt: skip
    assert plan["project"][0]["funding"][0]["grant_id"]["identifier"] == "ANR-23-IAS1-0008"


def test_what_is_unknown_is_listed(place: Path) -> None:
    text = (place / "plan/dmp.en.md").read_text(encoding="utf-8")
    assert "What is not known yet" in text
    assert "retention.delete\\_after" in text


def test_all_files_that_the_guide_names_are_there(place: Path) -> None:
    for name in ("dmp.fr.pdf", "dmp.en.docx", "opidor.fr.json", "items.csv", "items/fredsum/croissant.json"):
        assert (place / "plan" / name).stat().st_size
