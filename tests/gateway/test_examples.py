"""The example scripts do what they say, on seconds of real sound, and on a running server."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.conftest import ROOT, Served

EXAMPLES = ROOT / "docs/examples"
CALLS = {  # script -> its arguments, in the words of the test
    "several_at_once": ["SOUND"],
    "for_other_programs": ["TRANSCRIPT"],
    "of_a_server": ["SERVER", "SOUND"],
    "of_a_server_at_once": ["SERVER", "SOUND", "SOUND"],
    "while_it_is_spoken": [],
}


def test_every_example_is_run() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*CALLS}


@pytest.mark.model
@pytest.mark.parametrize("name", CALLS)
def test_an_example_runs(name: str, served: Served, sound: Path) -> None:
    from dialogue.core import audio

    known = {
        "SOUND": str(sound),
        "SERVER": served.address,
        "TRANSCRIPT": str(ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.stm"),
    }
    pcm = (audio.load(sound) * 32767).astype("<i2").tobytes()
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), *(known[word] for word in CALLS[name])]
    done = subprocess.run(command, input=pcm, capture_output=True, timeout=180)
    assert done.returncode == 0, done.stderr.decode()
    assert ("datasets: " if name == "for_other_programs" else "onjour") in done.stdout.decode()
