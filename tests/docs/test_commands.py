"""The commands that the guides show are accepted by the command line."""

import re
import shlex
from pathlib import Path

import pytest

from dialogue.cli import build

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
COMMANDS = [
    (page.name, line)
    for page in PAGES
    for line in re.findall(r"^ {4}(?:\.venv/bin/)?dialogue (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_of_a_guide_is_accepted(page: str, command: str) -> None:
    words = shlex.split(command, comments=True)
    assert build(words[:1]).parse_args(words).verb == words[0]
