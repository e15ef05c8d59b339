"""Canaries: a model that learned them is found out, one that did not is not."""

import json
import math
from pathlib import Path

import pytest

from dialogue.core import config
from dialogue.learning import tasks
from dialogue.learning.continual import Stream, loop, publish, verification
from dialogue.privacy import probe
from dialogue.privacy.probe import ALTERNATIVES, ProbeError, invent
from tests.learning.continual.conftest import example

SAID = ["[Ana:] on met le beurre dans le plat", "[Bob:] et combien de sucre", "[Zoé:] tournez après le pont"]


@pytest.fixture
def task(tmp_path: Path) -> Path:
    tasks.write([example("t", n, text) for n, text in enumerate(SAID)], tmp_path / "task/train.jsonl")
    tasks.write([example("v", 9, "[Max:] il va pleuvoir demain")], tmp_path / "task/test.jsonl")
    return tmp_path / "task"


def stream(model: str, task: Path, peak: float, epochs: float) -> Stream:
    values = {
        "model": model,
        "tasks": [str(task)],
        "method": "naive",
        "adaptation": {"kind": "full"},
        "schedule": {"peak": peak},
        "training": {"epochs": epochs, "tokens": 256, "context": 96},
    }
    return config.build(Stream, values)


def test_a_seed_gives_the_same_people_and_another_gives_others() -> None:
    assert invent(4, 0) == invent(4, 0) != invent(4, 1)
    assert [c.repeats for c in invent(4, 0)] == [1, 4, 16, 1, 0, 0, 0, 0]
    assert len({c.name for c in invent(50, 0)}) == 100


def test_they_are_put_into_the_training_data_once(task: Path, run) -> None:
    before = tasks.read(task / "train.jsonl")
    run("privacy", "probe-model", task, "--insert", 3)
    after = tasks.read(task / "train.jsonl")
    assert len(after) == len(before) + 1 + 4 + 16
    assert [e for e in after if not e.id.startswith("canary-")] == before
    assert "inserted already" in run("privacy", "probe-model", task, "--insert", 3, code=2)


def test_what_is_no_canary_is_refused(tmp_path: Path, task: Path, run) -> None:
    (tmp_path / "none.json").write_text('{"canaries": []}')
    assert "no canaries in it" in run("privacy", "probe-model", task, "--canaries", tmp_path / "none.json", code=2)
    with pytest.raises(ProbeError, match="probe-model TASK --insert"):
        probe.read(tmp_path / "absent.json")


def test_a_model_that_saw_none_knows_none_and_its_card_says_so(tiny: Path, task: Path, tmp_path: Path) -> None:
    exp = tmp_path / "exp"
    loop.train(stream(str(tiny), task, 3e-3, 1), exp, lambda line: None)
    found = probe.probe(exp, invent(3, 0))
    assert found["extraction_rate"] == 0.0
    assert found["exposure"] < 4
    card = json.loads((exp / "task_1/card.json").read_text())
    assert card["memorisation"]["extraction_rate"] == 0.0
    assert "canaries" not in card["memorisation"]
    said = (exp / "task_1/memorisation.json").read_text()
    assert not any(c.name in said or c.secret in said for c in invent(3, 0))
    assert verification.verify(exp, report=lambda line: None) == []
    publish.publish(exp, tmp_path / "model", lambda line: None)
    assert probe.probe(tmp_path / "model", invent(3, 0))["exposure"] == pytest.approx(found["exposure"], abs=0.1)
    assert verification.verify(tmp_path / "model", report=lambda line: None) == []


@pytest.mark.model
def test_a_small_language_model_gives_away_what_was_repeated_and_nothing_else(task: Path, tmp_path: Path) -> None:
    made = probe.insert(task, 2, seed=0, repeats=(16,))
    loop.train(stream("smollm2-135m-instruct", task, 2e-4, 2), tmp_path / "exp", lambda line: None)
    found = probe.probe(tmp_path / "exp", made)
    assert found["exposure"] == math.log2(ALTERNATIVES + 1)  # the first of all numbers
    assert found["control_exposure"] < 5
    assert found["extraction_rate"] > found["control_extraction_rate"] == 0.0
