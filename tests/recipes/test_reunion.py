"""The sample recipe from end to end, in a copy: it takes two minutes, so one run is checked for everything."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue import formats

pytestmark = [pytest.mark.recipe, pytest.mark.model]
ROOT = Path(__file__).parents[2]
IDS = ("dev_debat_republicains", "dev_regulation_scooter", "reunion_corpus")
STAGES = ("diarization", "asr", "transcript", "minutes", "documents", "minutes_of_reference")


def test_from_audio_to_results_and_then_nothing_is_redone(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    for name in ("recipes", "corpora"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("exp", "data", "RESULTS.md"))
    shutil.copytree(ROOT / "corpora/reunion/data", tmp_path / "corpora/reunion/data")
    recipe = tmp_path / "recipes/reunion"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["./run.sh", *options],
            cwd=recipe,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )

    first = run()
    assert first.returncode == 0, first.stderr[-3000:]
    exp = recipe / "exp/reunion"
    for stage in STAGES:
        assert {p.stem for p in (exp / stage).glob("*.json")} >= set(IDS)
        assert not list((exp / stage).glob("*.error"))
    for id in IDS:
        [transcript] = formats.read(exp / f"transcript/{id}.json", "json")
        assert transcript.validate().utterances
        assert (exp / f"report/{id}/report.html").stat().st_size > 100_000

    assert not (recipe / "RESULTS.md").exists()  # only --publish writes it
    results = (exp / "RESULTS.md").read_text(encoding="utf-8")
    assert "Synthetic voices" in results
    assert "`./run.sh`" in results
    scores = json.loads((exp / "scores.json").read_text())
    assert set(scores["gates"]) == {"cpwer", "der"}
    assert scores["speech"] == {"synthetic": 3}

    found = json.loads((exp / "minutes_scores.json").read_text())["against"]["totals"]
    wanted = ("decisions_f1", "actions_f1", "owner", "due", "open_questions_f1", "next_meeting", "evidence")
    assert {name: found[name]["value"] for name in wanted} == dict.fromkeys(wanted, 1.0)
    assert "this transcript" in (exp / "minutes_scores.md").read_text(encoding="utf-8")

    def made_files() -> dict[Path, int]:
        """What the stages made, when; preparation writes the references again, whose digests are then noted again."""
        files = (p for stage in STAGES for p in (exp / stage).rglob("*") if p.is_file())
        return {p: p.stat().st_mtime_ns for p in files if p.name != ".digests.json"}

    made = made_files()
    second = run("--explain")
    assert second.returncode == 0, second.stderr[-3000:]
    assert second.stdout.count(": up to date") == len(STAGES) * len(IDS)
    assert made_files() == made

    fewer = run("--stage", "attribute", "--stop-stage", "attribute", "--speakers", "2", "--explain")
    assert fewer.returncode == 0, fewer.stderr[-3000:]
    assert fewer.stdout.count("attribute ") >= len(IDS)
    for id in IDS:
        assert len(formats.read(exp / f"transcript/{id}.json", "json")[0].speakers) == 2
    unchanged = {p: t for p, t in made.items() if "transcript" not in p.parts}
    assert {p: p.stat().st_mtime_ns for p in unchanged} == unchanged

    assert run("--stage", "report", "--publish").returncode == 0
    assert "`./run.sh`" in (recipe / "RESULTS.md").read_text(encoding="utf-8")

    strict = recipe / "conf/strict.yaml"
    strict.write_text("gates: {cpwer: 0.0}\n")
    failing = run("--stage", "score", "--stop-stage", "score", "--config", "conf/strict.yaml")
    assert failing.returncode == 1
    assert "gate: cpWER is " in failing.stderr
