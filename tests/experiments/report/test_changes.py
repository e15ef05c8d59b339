"""A comparison says what differs besides the scores."""

import json
from pathlib import Path

import pytest

from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.changes import changes

RUN = {
    "stage": "transcribe",
    "version": 4,
    "git": "abc",
    "finished": "2026-01-01",
    "options": {"asr": {"batch_size": 5, "hotwords": []}},
    "models": {"whisper-base": "0" * 64},
}


def experiment(folder: Path, *runs: dict) -> Path:
    for run in runs:
        (folder / run["stage"]).mkdir(parents=True)
        (folder / run["stage"] / "stage.json").write_text(json.dumps(run))
    return folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "No option, model or version of the code differs."),
        ({"options": {"asr": {"batch_size": 1, "hotwords": []}}}, "transcribe: asr.batch_size 5 → 1"),
        ({"models": {"whisper-base": "1" * 64}}, "transcribe: model whisper-base 000000000000 → 111111111111"),
        ({"version": 5}, "transcribe: version of the method 4 → 5"),
        ({"git": "def"}, "code abc → def"),
        ({"stage": "diarize"}, "transcribe: only in A"),
    ],
)
def test_each_difference_is_a_sentence(tmp_path: Path, change: dict, said: str) -> None:
    one, other = experiment(tmp_path / "a", RUN), experiment(tmp_path / "b", RUN | change)
    assert changes(one, other, Language("en"))[0] == said


def test_every_stage_is_compared(tmp_path: Path) -> None:
    one = experiment(tmp_path / "a", RUN, RUN | {"stage": "minutes", "options": {"length": "short"}})
    other = experiment(tmp_path / "b", RUN | {"models": {}}, RUN | {"stage": "minutes", "options": {"length": "long"}})
    assert changes(one, other, Language("fr")) == [
        "transcribe : modèle whisper-base 000000000000 → –",
        "minutes : length short → long",
    ]
