"""A program that logs everything sees nothing of other packages."""

import subprocess
import sys

import pytest

from dialogue.core import audio
from tests.workflow.test_meeting import cut

PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s", stream=sys.stdout)
import dialogue
dialogue.transcribe(sys.argv[1])
"""


@pytest.mark.model
def test_nothing_of_other_packages_leaks_into_the_log(tmp_path) -> None:
    pytest.importorskip("torch")
    audio.save_wav(tmp_path / "short.wav", cut(46.4, 50.0))
    call = [sys.executable, "-W", "default", "-c", PROGRAM, str(tmp_path / "short.wav")]
    run = subprocess.run(call, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
