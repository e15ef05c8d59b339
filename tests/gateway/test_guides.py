"""The commands of the guides run as they stand, before the server of the tests."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.conftest import ROOT, Served

LINES = [
    pytest.param(line.strip(), id=f"{guide}-{number}")
    for guide in ("server", "linto", "lasuite")
    if (path := ROOT / "docs" / f"{guide}.md").exists()
    for number, line in enumerate(re.findall(r"^    (curl .*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_curl_gets_an_answer(served: Served, sound: Path, tmp_path: Path, line: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine: the commands of the guides are not run")
    shutil.copy(sound, tmp_path / "meeting.wav")
    line = line.replace("http://127.0.0.1:8080", served.address)
    arguments = [*shlex.split(line), "--silent", "--show-error", "--fail-with-body", "--max-time", "120"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()
    if done.stdout.startswith("{"):
        json.loads(done.stdout)


CODE = re.findall(r"```python\n(.*?)```", (ROOT / "docs/server.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(("code", "said"), [(CODE[0], "SPEAKER_00"), (CODE[1], "done")], ids=["pyannoteai", "ours"])
def test_the_python_of_the_guide_runs(code: str, said: str, served: Served, sound: Path, tmp_path: Path) -> None:
    shutil.copy(sound, tmp_path / "meeting.wav")
    (tmp_path / "guide.py").write_text(code.replace("http://127.0.0.1:8080", served.address), encoding="utf-8")
    done = subprocess.run([sys.executable, "guide.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
