"""What people read is in both languages."""

from pathlib import Path

from dialogue.server.texts import SENTENCES, STEPS
from dialogue.workflow import meeting
from dialogue.workflow.config import Config


def test_both_languages_have_the_same_sentences() -> None:
    assert SENTENCES["fr"].keys() == SENTENCES["en"].keys()


def test_every_step_has_a_name() -> None:
    steps = [*meeting._recognition(Config(), Path("out"), None), *meeting._results(Config(), Path("out"))]
    names = {stage.name for stage, _ in steps}
    assert STEPS["fr"].keys() == STEPS["en"].keys() == names
