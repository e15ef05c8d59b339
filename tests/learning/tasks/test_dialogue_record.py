"""The record of a few turns: computed from their text, and the scores of an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialogue.learning import tasks
from dialogue.learning.tasks import TaskError, dialogue_record
from tests.learning.tasks.written import dialogue, prepared

TURNS = "[Zoé:] on vote le budget?\n[Ali:] oui\n[Zoé:] qui est contre?\n[Max:] moi. pourquoi si vite?\n[Ali:] bon"
RIGHT = '{"1": "Zoé asks", "2": "Ali says", "3": "Zoé asks", "4": "Max asks", "5": "Ali says"}'


def test_a_record_says_of_each_turn_whose_it_is_and_whether_it_asks() -> None:
    assert dialogue_record.record(TURNS) == RIGHT


def test_the_right_answer_has_full_scores() -> None:
    assert dialogue_record.score(f"{RIGHT}\n", RIGHT) == {"exact": 1, "fields": 1}


def test_another_layout_has_the_fields_but_is_not_exact() -> None:
    assert dialogue_record.score(RIGHT.replace(": ", ":"), RIGHT) == {"exact": 0, "fields": 1}


def test_f1_worked_out_by_hand() -> None:
    """It says 4 things, of 5 that are true; the first and the last are shared: 2 * 2 / (4 + 5)."""
    written = '{"1": "Zoé asks", "2": "Ali asks", "3": "Ali asks", "5": "Ali says"}'
    assert dialogue_record.score(written, RIGHT) == {"exact": 0, "fields": pytest.approx(4 / 9)}


@pytest.mark.parametrize(
    "written",
    ["", "Voici la fiche.", RIGHT[:-1], f"Voici : {RIGHT}", f"[{RIGHT}]", "3", "[" * 100_000, '{"1": ["Zoé asks"]}'],
)
def test_what_is_no_record_scores_nothing(written: str) -> None:
    assert dialogue_record.score(written, RIGHT) == {"exact": 0, "fields": 0}


def test_examples_answer_with_the_record_of_their_own_prompt(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1, 12), "test/b": dialogue(2, 12, ("Eva", "Max"))})
    tasks.build(data, "record", tmp_path / "out")
    found = tasks.read(tmp_path / "out" / "train.jsonl")
    assert len(found) > 1
    assert [e.answer for e in found] == [dialogue_record.record(e.dialogue) for e in found]
    assert all(len({*json.loads(e.answer).values()}) > 1 for e in found)


def test_a_monologue_has_no_record(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1, 8, ("Zoé",)), "test/b": dialogue(2, 8, ("Eva",))})
    with pytest.raises(TaskError, match="no two speakers within 200 bytes"):
        tasks.build(data, "record", tmp_path / "out")
