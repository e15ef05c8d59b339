"""The snippet, the commands and the links of the README work."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.core import audio

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _command(starts: str) -> str:
    [line] = [line.strip() for line in README.splitlines() if line.strip().startswith(starts)]
    return line


@pytest.mark.recipe
@pytest.mark.model
def test_the_snippet_runs_as_it_stands():
    [snippet] = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    done = subprocess.run([sys.executable, "-c", snippet], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "00:00:0" in done.stdout
    assert "# Réunion du 12 octobre 2023" in done.stdout.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.recipe
@pytest.mark.model
def test_the_meeting_command_makes_what_the_readme_lists(tmp_path):
    sound = audio.load(ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac")
    audio.save_wav(tmp_path / "meeting.m4a", sound[: 20 * audio.RATE])  # the container is detected by its content
    program, *arguments = shlex.split(_command(".venv/bin/dialogue meeting"))
    assert program == ".venv/bin/dialogue"
    done = subprocess.run([sys.executable, "-m", "dialogue", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = {p.name for p in (tmp_path / "out/meeting").iterdir()}
    transcripts = {f"meeting.{e}" for e in ("json", "srt", "vtt", "rttm", "stm", "txt")}
    assert made == {*transcripts, "minutes.json", "minutes.md", "report.html"}


@pytest.mark.parametrize("target", ["try", "run", "test", "docs", "bench"])
def test_make_knows_the_targets(target):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    assert f"make {target}" in README
    assert subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True).returncode == 0


@pytest.mark.parametrize("verb", ["doctor", "models"])
def test_the_verbs_that_look_around_run(verb):
    assert f"dialogue {verb}" in README
    done = subprocess.run([sys.executable, "-m", "dialogue", verb], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1)  # 1: something is missing, and the output says what
    assert "whisper-base" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()
