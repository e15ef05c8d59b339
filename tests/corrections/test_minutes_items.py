"""Items of the minutes stay as people left them, whoever writes the minutes again."""

from dataclasses import replace

import pytest

from dialogue.core.transcript import Speaker, Transcript
from dialogue.corrections import Correction, CorrectionError
from dialogue.corrections.minutes_items import MinutesEditor, corrected_minutes, listed
from dialogue.minutes import Minutes
from dialogue.minutes.document import (
    Action,
    Decision,
    Evidence,
    Meeting,
    NextMeeting,
    Participant,
    Point,
    Provenance,
    Topic,
    ToVerify,
)
from tests.corrections.test_edits import said

SAID = Transcript(
    "réunion",
    30.0,
    "fr",
    (Speaker("spk1"), Speaker("spk2")),
    (
        said("u1", "spk1", 1.0, "On garde le budget de mars."),
        said("u2", "spk2", 6.0, "Je relis le rapport pour lundi."),
        said("u3", "spk1", 12.0, "On pourrait inviter la presse."),
    ),
)
PROOF = {n: (Evidence((u.id,), u.start, u.end, u.text),) for n, u in enumerate(SAID, 1)}
MINUTES = Minutes(
    Meeting("réunion", date="2023-10-12"),
    Provenance("", "extractive", "fr"),
    participants=(Participant("spk1"), Participant("spk2")),
    topics=(Topic(None, (Point("Le budget de mars reste", PROOF[1]),)),),
    decisions=(Decision("d1", "On garde le budget de mars", "decided", PROOF[1]),),
    actions=(
        Action("a1", "Relire le rapport", "Intervenant 2", "spk2", None, "lundi", "2023-10-16", "open", PROOF[2]),
    ),
    next_meeting=NextMeeting("jeudi", None, PROOF[2]),
    to_verify=(ToVerify("decision", "On invite la presse", "not decided", PROOF[3]),),
)
EDITOR = MinutesEditor(MINUTES, "Anne")


def after(*made: Correction, minutes: Minutes = MINUTES, transcript: Transcript = SAID) -> Minutes:
    written = [Correction.from_dict(replace(c, id=f"c{n}", at="x").to_dict()) for n, c in enumerate(made, 1)]
    found, left = corrected_minutes(minutes, transcript, written)
    assert left == ()
    return Minutes.from_dict(found.to_dict())


def test_all_items_have_an_id() -> None:
    assert [each.id for each in listed(MINUTES)] == ["d1", "a1", "p1", "n1", "v1"]


def test_an_action_is_edited() -> None:
    [action] = after(EDITOR.edit("a1", "Relire tout le rapport", owner="Camille", due="jeudi prochain")).actions
    assert (action.what, action.owner, action.due_raw, action.due_iso) == (
        "Relire tout le rapport",
        "Camille",
        "jeudi prochain",
        "2023-10-19",
    )
    assert (action.evidence, action.confidence) == (PROOF[2], 1.0)


def test_an_item_to_verify_is_accepted_into_its_list() -> None:
    found = after(EDITOR.accept("v1"))
    assert [(d.id, d.text) for d in found.decisions] == [
        ("d1", "On garde le budget de mars"),
        ("d2", "On invite la presse"),
    ]
    assert found.to_verify == ()


@pytest.mark.parametrize("id", ["d1", "a1", "p1", "n1", "v1"])
def test_an_item_is_rejected(id: str) -> None:
    left = after(EDITOR.reject(id))
    assert len(listed(left)) == len(listed(MINUTES)) - 1


def test_items_stay_in_the_order_that_people_gave_them() -> None:
    first, second = MINUTES.decisions[0], replace(MINUTES.decisions[0], id="d2", text="On revient lundi")
    minutes = replace(MINUTES, decisions=(first, second))
    moved = MinutesEditor(minutes, "Anne").order("d2", "d1")
    found = after(moved, EDITOR.accept("v1"), minutes=minutes).decisions
    assert [(d.id, d.text) for d in found] == [
        ("d1", "On revient lundi"),
        ("d2", "On garde le budget de mars"),
        ("d3", "On invite la presse"),
    ]
    found = after(moved, MinutesEditor(after(moved, minutes=minutes), "Anne").order("d1"), minutes=minutes).decisions
    assert found == (first, second)


def test_an_item_stays_in_its_list() -> None:
    with pytest.raises(CorrectionError, match="another list"):
        EDITOR.order("a1", "d1")


def test_other_minutes_keep_what_people_wrote() -> None:
    other = replace(MINUTES, decisions=(replace(MINUTES.decisions[0], text="Le budget de mars est gardé"),), actions=())
    found = after(EDITOR.edit("d1", "Budget de mars gardé"), EDITOR.accept("a1"), minutes=other)
    assert [d.text for d in found.decisions] == ["Budget de mars gardé"]
    [action] = found.actions
    assert (action.what, action.due_iso) == ("Relire le rapport", "2023-10-16")
    assert [e.utterance_ids for e in action.evidence] == [("u2",)]


def test_an_item_whose_evidence_is_no_longer_said_is_listed() -> None:
    bare = replace(MINUTES, actions=())
    _, [left] = corrected_minutes(bare, replace(SAID, utterances=SAID.utterances[:1]), [EDITOR.accept("a1")])
    assert "its evidence is not said any more" in left.reason


def test_names_that_people_gave_are_in_minutes_written_before() -> None:
    named = replace(SAID, speakers=(SAID.speakers[0], Speaker("spk2", "Zoé", {"name_source": "manual"})))
    found = after(transcript=named)
    assert found.participants[1] == Participant("spk2", "Zoé", "manual")
    assert found.actions[0].owner == "Zoé"


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (lambda: EDITOR.accept("d9"), "no item d9. Accepted: d1, a1, p1, n1, v1."),
        (lambda: EDITOR.edit("d1", owner="Zoé"), "d1 is no action"),
        (lambda: EDITOR.edit("a1", status="decided"), "Accepted: open, done."),
        (lambda: EDITOR.edit("a1"), "nothing to change"),
    ],
)
def test_what_cannot_be_corrected_says_what_can(wish, found: str) -> None:
    with pytest.raises(CorrectionError) as error:
        wish()
    assert found in str(error.value)
