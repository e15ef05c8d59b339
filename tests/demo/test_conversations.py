"""Conversations with a dialogue model: kept apart for each person, continued, rewritten, and made a task."""

import json

import pytest

from dialogue.core.transcript import Transcript
from dialogue.demo.conversations import ConversationError, Conversations, written_by_models


@pytest.fixture
def own(tmp_path):
    return Conversations(tmp_path, "anne")


@pytest.fixture
def begun(own):
    """A turn of the person, one of a model, and another one of the person."""
    said = own.add(own.begin("Thomas", "Camille"), "Bonjour Camille.")
    return own.add(own.add(said, "Bonjour.", model="small"), "Et le concert ?")


def learned(own):
    return [json.loads(line)["messages"][-1]["content"] for line in own.task().splitlines()]


def test_a_conversation_is_a_transcript_with_both_names(own, begun):
    [kept] = own.all()
    assert isinstance(kept, Transcript)
    assert [(kept.name(u.speaker), u.text) for u in kept] == [
        ("Thomas", "Bonjour Camille."),
        ("Camille", "Bonjour."),
        ("Thomas", "Et le concert ?"),
    ]


def test_it_is_continued_from_the_disk(own, begun):
    own.add(own.read(begun.recording), "En mai.", model="small")
    assert own.read(begun.recording).utterances[-1].text == "En mai."


def test_which_model_wrote_a_turn_is_kept(begun):
    assert begun.provenance == ({"stage": "talk", "utterance": "u2", "model": "small"},)
    assert written_by_models(begun) == {"u2"}


def test_nothing_is_kept_before_the_first_turn(own):
    own.begin("Thomas", "Camille")
    assert own.all() == []


def test_another_person_does_not_see_it(own, begun):
    other = Conversations(own.folder, "bob")
    assert other.all() == []
    with pytest.raises(ConversationError, match="does not exist"):
        other.read(begun.recording)


@pytest.mark.parametrize("name", ["../anne", "conversation-1", "/etc/passwd", ""])
def test_a_name_is_no_path(own, name):
    with pytest.raises(ConversationError, match="no such name"):
        own.read(name)


def test_the_owner_is_in_no_file_name(own, begun):
    assert not any("anne" in path.name for path in own.folder.rglob("*"))


@pytest.mark.parametrize("names", [("Thomas", "Thomas "), ("", "Camille"), ("[Thomas", "Camille")])
def test_names_that_a_dialogue_cannot_have_are_refused(own, names):
    with pytest.raises(ConversationError, match="two names"):
        own.begin(*names)


def test_only_what_people_said_is_learned(own, begun):
    assert learned(own) == ["Et le concert ?"]


def test_a_turn_that_people_rewrote_is_learned(own, begun):
    own.rewrite(begun, 1, "Bonjour Thomas, ça va ?")
    assert learned(own) == ["Bonjour Thomas, ça va ?", "Et le concert ?"]


@pytest.mark.parametrize(("place", "text"), [(3, "bonjour"), (-1, "bonjour"), (0, " ")])
def test_a_turn_that_is_not_there_cannot_be_rewritten(own, begun, place, text):
    with pytest.raises(ConversationError, match="Accepted: a turn"):
        own.rewrite(begun, place, text)


def test_a_single_turn_is_no_task(own):
    own.add(own.begin("Thomas", "Camille"), "Bonjour Camille.")
    assert own.task() == ""


def test_a_task_says_that_it_may_hold_personal_data(own, begun):
    assert json.loads(own.task())["personal_data"] == "yes"


def test_one_is_deleted_and_the_others_stay(own, begun):
    other = own.add(own.begin("Thomas", "Nadia"), "Bonjour Nadia.")
    own.delete(begun.recording)
    assert [t.recording for t in own.all()] == [other.recording]


def test_all_are_deleted(own, begun):
    own.delete_all()
    assert (own.all(), list(own.folder.iterdir())) == ([], [])
