"""The page of what a model learned and forgot, on runs made by hand."""

import json

import pytest

pytest.importorskip("gradio", reason="the demo extra is not installed: pip install '.[demo]'")

from dialogue.core.files import save_json
from dialogue.demo.learning_page import experiments, page_of
from dialogue.learning.continual.options import Guard
from tests.learning.continual.test_comparison import NAIVE, REPLAY, made, save

STREAM = {"model": "small", "tasks": ["calls", "debates"], "method": "naive"}


@pytest.fixture
def folder(tmp_path):
    """A run that forgets half a bit, with the card of its second checkpoint, and one that forgets less."""
    save(tmp_path / "exp", "naive-0", made(NAIVE), "naive")
    save(tmp_path / "exp", "replay-0", made(REPLAY), "replay")
    task = {"task": "calls", "sha256": "0", "licences": ["MIT"], "examples": 3, "utterances": []}
    card = {"data": [{**task, "recordings": ["<b>réunion</b>"], "speakers": ["Camille"]}]}
    save_json(tmp_path / "exp/naive-0/task_2/card.json", card)
    return tmp_path


def guarded(folder, **guard):
    (folder / "exp/naive-0/config.json").write_text(json.dumps({**STREAM, "guard": guard}))
    return page_of(folder, "exp/naive-0", "fr")


def test_runs_and_folders_of_several_runs_are_found(folder):
    assert experiments(folder) == ["exp", "exp/naive-0", "exp/replay-0"]


def test_the_error_on_each_task_has_a_colour(folder):
    page = page_of(folder, "exp/naive-0", "fr")
    assert page.count('class="number heat') == 6
    assert page.count(" own") == 2  # the task that was just learned


def test_forgetting_stands_beside_plasticity(folder):
    page = page_of(folder, "exp", "en")
    assert '<th scope="col">forgetting</th><th scope="col">plasticity</th>' in page
    assert page.index("0.500") < page.index("2.100")


def test_numbers_are_french_in_french(folder):
    assert "0,500" in page_of(folder, "exp", "fr")


def test_it_says_what_each_checkpoint_saw(folder):
    page = page_of(folder, "exp/naive-0", "fr")
    assert "&lt;b&gt;réunion&lt;/b&gt;" in page
    assert "Camille" in page


@pytest.mark.parametrize(
    ("guard", "verdict"),
    [
        ({"max_forgetting": 0.6}, "Publiable"),
        ({"max_forgetting": 0.1}, "Non publiable"),
        ({"max_forgetting": 0.1, "on_fail": "blend"}, "sera mélangé"),
        ({}, "Aucune limite"),
    ],
)
def test_the_guard_says_whether_the_model_may_be_published(folder, guard, verdict):
    assert verdict in guarded(folder, **guard)


def test_a_folder_outside_is_not_shown(folder):
    assert "Aucune exp" in page_of(folder / "exp", "../exp/naive-0", "fr")


def test_a_damaged_run_is_explained(folder):
    (folder / "exp/naive-0/matrix.json").write_text("{}")
    assert "ne peut pas être lue" in page_of(folder, "exp/naive-0", "fr")


def test_a_folder_without_runs_says_what_an_experiment_is(tmp_path):
    assert "continual train" in page_of(tmp_path, "", "fr")


@pytest.mark.parametrize(("limit", "forgot", "allowed"), [(None, 9.0, True), (0.1, None, True), (0.1, 0.2, False)])
def test_a_guard_allows_what_is_below_its_limit(limit, forgot, allowed):
    assert Guard(limit).allows(forgot) is allowed
