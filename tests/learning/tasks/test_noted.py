"""Questions about the items of minutes that say where each was said."""

from pathlib import Path

import pytest

from dialogue.learning import tasks
from dialogue.learning.tasks import Kind, TaskError
from dialogue.minutes import editing
from tests.learning.tasks.written import dialogue, prepared

MINUTES = {
    "decisions": [{"text": "Voter le budget", "evidence": [1, "u4"]}],
    "actions": [{"what": "Reprendre les points", "owner": "Ali", "evidence": [3]}],
    "open_questions": [],
    "not_decided": [{"text": "Changer de salle", "evidence": [4]}],
}


def built(tmp_path: Path, kind: Kind, minutes: object = MINUTES) -> list[tasks.Example]:
    said = {"train/a": dialogue(1, turns=12), "test/b": dialogue(2)}
    tasks.build(prepared(tmp_path, said, minutes={"a": minutes}), kind, tmp_path / "out")
    return tasks.read(tmp_path / "out/train.jsonl")


def test_a_rewrite_answers_with_the_words_of_people(tmp_path: Path) -> None:
    found = {e.answer: e for e in built(tmp_path, "rewrite")}
    assert list(found) == ["Voter le budget", "Reprendre les points"]
    assert found["Voter le budget"].messages[0]["content"].endswith(editing.REWRITE["decisions"])
    assert found["Voter le budget"].utterances == ("u1", "u2", "u4")  # one before, and those cited


def test_a_judgement_is_what_people_noted_or_nothing(tmp_path: Path) -> None:
    answers = [e.answer for e in built(tmp_path, "judge")]
    assert answers == ["décision", "tâche", "rien", "rien"]  # not decided, and elsewhere


def test_minutes_that_do_not_say_where_give_no_example(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="where each item was said"):
        built(tmp_path, "judge", {"decisions": ["Voter le budget"]})


@pytest.mark.parametrize("place", [99, "u99"])
def test_an_utterance_that_does_not_exist_is_named(tmp_path: Path, place: object) -> None:
    with pytest.raises(TaskError, match=rf"minutes: evidence: no utterance '?{place!s}"):
        built(tmp_path, "rewrite", {"decisions": [{"text": "Voter", "evidence": [place]}]})
