"""Sections of minutes that people wrote, as examples."""

import json
from pathlib import Path

import pytest

from dialogue.learning import tasks
from dialogue.learning.tasks import TaskError
from dialogue.learning.tasks.sections import questions
from dialogue.minutes.document import Action, Decision, Meeting, Minutes, NextMeeting, Point, Provenance
from tests.learning.tasks.written import dialogue, prepared

PLAIN = {
    "date": "2023-10-12",
    "decisions": ["Geler les partitions", "Montrer la démonstration"],
    "actions": [{"what": "Préparer les partitions", "owner": "Julien", "due": "2023-10-20"}, {"what": "Relire"}],
    "open_questions": [],
    "next_meeting": None,
}
OURS = Minutes(
    Meeting("m", date="2023-10-12"),
    Provenance("0" * 64, "people", "fr"),
    summary=Point("On a parlé du budget."),
    decisions=(Decision("d1", "Geler les partitions", "decided"), Decision("d2", "Fermer", "rejected")),
    actions=(Action("a1", "Relire", "Nadia", due_raw="demain"),),
    next_meeting=NextMeeting("le 9 à dix heures", "2023-11-09T10:00"),
)


def written(tmp_path: Path, value: object, date: str | None = None) -> dict[str, str]:
    """Map section titles to answers."""
    path = tmp_path / "minutes.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return {ask.split("« ")[1].split(" »")[0]: answer for ask, answer in questions(path, date)}


def test_each_section_of_plain_minutes_is_lines(tmp_path: Path) -> None:
    assert written(tmp_path, PLAIN) == {
        "Décisions": "- Geler les partitions\n- Montrer la démonstration",
        "Actions": "- Julien : Préparer les partitions (échéance : 2023-10-20)\n- sans responsable : Relire",
        "Questions en suspens": "Néant.",
        "Prochaine réunion": "Néant.",
    }


def test_an_item_that_says_where_it_was_said_is_its_text(tmp_path: Path) -> None:
    marked = {
        "decisions": [{"text": "Louer", "kind": "agreed", "evidence": [3]}],
        "next_meeting": {"text": "2024-06-03"},
    }
    assert written(tmp_path, marked) == {"Décisions": "- Louer", "Prochaine réunion": "- 2024-06-03"}


def test_each_section_of_our_minutes_is_lines(tmp_path: Path) -> None:
    assert written(tmp_path, OURS.to_dict()) == {
        "Résumé": "On a parlé du budget.",
        "Décisions": "- Geler les partitions\n- Fermer (rejetée)",
        "Actions": "- Nadia : Relire (échéance : demain)",
        "Questions en suspens": "Néant.",
        "Prochaine réunion": "- 2023-11-09T10:00",
    }


def test_a_section_that_is_absent_is_not_learned(tmp_path: Path) -> None:
    assert written(tmp_path, {"decisions": []}) == {"Décisions": "Néant."}


@pytest.mark.parametrize(
    ("own", "given", "said"), [("2023-10-12", None, True), (None, "2023-10-12", True), (None, None, False)]
)
def test_the_date_is_in_the_instruction_when_it_is_known(
    tmp_path: Path, own: str | None, given: str | None, said: bool
) -> None:
    path = tmp_path / "minutes.json"
    path.write_text(json.dumps({"date": own, "actions": []}), encoding="utf-8")
    [(ask, _)] = questions(path, given)
    assert ask.endswith(" Date : 2023-10-12.") is said


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([], "found list. Accepted: an object"),
        ({"decisions": "une"}, "decisions: found str. Accepted: a list"),
        ({"actions": ["une"]}, r"actions\[0\]: found 'une'. Accepted: an object with what, owner, due"),
        ({"open_questions": [3]}, r"open_questions\[0\]: found int. Accepted: a text"),
        ({"schema": "dialogue/minutes/1", "meeting": {}}, "minutes.meeting.id is missing"),
    ],
)
def test_what_is_no_minutes_is_named(tmp_path: Path, value: object, found: str) -> None:
    with pytest.raises(TaskError, match=rf"minutes\.json: not minutes: .*{found}"):
        written(tmp_path, value)


def test_an_example_is_the_dialogue_the_section_and_its_lines(tmp_path: Path) -> None:
    said = {"train/a": dialogue(1, turns=2), "test/b": dialogue(2)}
    built = tasks.build(prepared(tmp_path, said, minutes={"a": PLAIN}), "minutes", tmp_path / "out")
    assert built.examples == {"test": 0, "train": 4}
    first = tasks.read(tmp_path / "out/train.jsonl")[0]
    shown = first.messages[0]["content"].split("\n")
    assert [line[:6] for line in shown[:3]] == ["[Zoé:]", "[Ali:]", ""]
    assert "« Décisions »" in shown[3]
    assert first.answer == "- Geler les partitions\n- Montrer la démonstration"
    assert (first.id, first.licence, first.personal_data) == ("a-minutes-1", "CC-BY-4.0", "no")
    assert len(first.utterances) == len(first.hashes) == 2


def test_a_corpus_without_minutes_says_so(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1), "test/b": dialogue(2)})
    with pytest.raises(TaskError, match=r"no minutes/\*\.json"):
        tasks.build(data, "minutes", tmp_path / "out")
