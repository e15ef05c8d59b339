"""`dialogue config` prints every option, and what it prints can be read back."""

import re

import pytest

from dialogue.cli import main
from dialogue.core import config
from dialogue.workflow.config import Config


@pytest.mark.parametrize("what", ["recordings", "continual"])
def test_every_option_has_a_meaning(what: str, capsys) -> None:
    main(["config", what])
    printed = capsys.readouterr().out
    comments = re.findall(r"# (.*?)Accepted: ", printed, re.DOTALL)
    assert len(comments) > 25
    assert [c for c in comments if len(c.strip()) < 5] == []


def test_the_defaults_are_a_configuration(tmp_path, capsys) -> None:
    main(["config"])
    (tmp_path / "all.yaml").write_text(capsys.readouterr().out)
    assert config.load(Config, tmp_path / "all.yaml") == Config()


def test_choices_and_bounds_are_said(capsys) -> None:
    main(["config"])
    printed = " ".join(re.sub(r"\n *# +", " ", capsys.readouterr().out).split())
    assert "Accepted: faster-whisper, openai-whisper, transformers, onnx. engine: faster-whisper" in printed
    assert "Accepted: a whole number, at least 1 or null. track: null" in printed
