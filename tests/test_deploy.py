"""What puts the server into service, as far as it can be judged without Docker."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def run(command: str, *arguments: str | Path) -> str:
    """Return what a checker says; nothing, if it is content."""
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr if done.returncode else ""


def test_the_dockerfile_is_as_its_linter_wants_it() -> None:
    if shutil.which("hadolint") is None:
        pytest.skip("hadolint is not installed: it has no wheel for this machine")
    assert run("hadolint", DEPLOY / "Dockerfile") == ""


def test_the_compose_file_follows_its_schema() -> None:
    assert shutil.which("check-jsonschema")
    assert run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml") == ""


def test_the_unit_is_one_of_systemd(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine: its unit cannot be judged")
    unit = (DEPLOY / "dialogue.service").read_text(encoding="utf-8")
    (tmp_path / "dialogue.service").write_text(unit.replace("/opt/dialogue/bin/dialogue", shutil.which("true") or ""))
    assert run("systemd-analyze", "verify", tmp_path / "dialogue.service") == ""


def test_only_what_exists_is_installed_and_copied() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    extras = re.search(r"'\.\[(.*)\]'", dockerfile)
    assert extras
    known = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(re.search(rf"^{extra} = \[", known, re.MULTILINE) for extra in extras[1].split(","))
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", dockerfile, re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())
