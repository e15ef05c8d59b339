"""Documents are a stage apart from minutes: how they look does not redo what they say."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core.audio import Recording
from dialogue.minutes.config import DocumentConfig, MinutesConfig
from dialogue.workflow import runner, stages
from tests.minutes.meetings import meeting

RECORDING = Recording("m", Path("m.wav"), 10.0)


@pytest.fixture
def exp(tmp_path: Path) -> Path:
    said = meeting("Anne: Je prépare le plan pour lundi.\nPaul: Très bien, c'est décidé.")
    formats.write([replace(said, recording="m")], tmp_path / "transcript/m.json")
    return tmp_path


def minutes(exp: Path, config: MinutesConfig = MinutesConfig()) -> runner.Result:
    return runner.run(stages.write_minutes(exp / "transcript", config), [RECORDING], exp / "minutes", quiet=True)


def documents(exp: Path, config: DocumentConfig = DocumentConfig()) -> runner.Result:
    stage = stages.document(exp / "minutes", exp / "transcript", config)
    return runner.run(stage, [RECORDING], exp / "documents", quiet=True)


def test_another_style_redoes_the_documents_alone(exp: Path) -> None:
    assert minutes(exp).done == documents(exp).done == ("m",)
    before = (exp / "documents/m.md").read_text()
    assert documents(exp, DocumentConfig(style="releve_decisions")).done == ("m",)
    assert minutes(exp).current == ("m",)
    assert (exp / "documents/m.md").read_text() != before


def test_another_device_redoes_nothing(exp: Path) -> None:
    minutes(exp)
    assert minutes(exp, MinutesConfig(device="cpu")).current == ("m",)


def test_a_template_whose_text_changed_is_filled_in_again(exp: Path) -> None:
    template = exp / "minutes.md"
    template.write_text("{{ meeting.id }}")
    config = DocumentConfig(template=template)
    minutes(exp)
    assert documents(exp, config).done == ("m",)
    assert documents(exp, config).current == ("m",)
    template.write_text("Compte rendu : {{ meeting.id }}")
    assert documents(exp, config).done == ("m",)
    assert (exp / "documents/m.md").read_text().startswith("Compte rendu : ")
