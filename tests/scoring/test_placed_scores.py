"""Scores of minutes by where their items were said."""

from typing import Any

import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.minutes.document import Action, Decision, Evidence, Meeting, Minutes, MinutesError, Point, Provenance
from dialogue.scoring.minutes_reference import Reference
from dialogue.scoring.minutes_scores import ScoredMinutes, score

SAID = Transcript(
    "m", 60.0, "fr", (Speaker("spk1", "Zoé"),),
    tuple(Utterance(f"u{n}", "spk1", 10.0 * n, 10.0 * n + 9, f"Phrase numéro {n}.") for n in range(6)),
)  # fmt: skip
WANTED: dict[str, Any] = {
    "decisions": [
        {"text": "Louer la sono", "kind": "agreed", "evidence": ["u0", "u1"]},
        {"text": "Garder la salle", "kind": "vote", "evidence": [4]},
    ],
    "actions": [{"what": "Appeler", "owner": "Zoé", "due": None, "kind": "volunteered", "evidence": [[20.0, 29.0]]}],
    "open_questions": [],
    "next_meeting": None,
    "not_decided": [{"text": "Faire payer", "kind": "refused", "evidence": [3]}],
}


def proof(*places: int) -> tuple[Evidence, ...]:
    return tuple(Evidence((f"u{n}",), 10.0 * n, 10.0 * n + 9, f"Phrase numéro {n}.") for n in places)


def minutes(*decided: int, tasks: tuple[int, ...] = (), owner: str | None = None, sure: float = 0.5) -> Minutes:
    """Minutes with a decision and a task at each of the given utterances."""
    return Minutes(
        Meeting("m"),
        Provenance("0", "extractive", "fr"),
        decisions=tuple(Decision(f"d{n}", "Bref", "decided", proof(n), 0.75) for n in decided),
        actions=tuple(Action(f"a{n}", "Faire", owner, evidence=proof(n), confidence=sure) for n in tasks),
    )


def scored(found: Minutes, wanted: dict[str, Any] = WANTED) -> ScoredMinutes:
    return score(found, SAID, reference=Reference.from_dict(wanted))


def test_an_item_is_found_where_it_was_said_whatever_its_words() -> None:
    rates = scored(minutes(1, 5, tasks=(2,))).rates
    assert rates["decisions_place_recall"].value == rates["decisions_place_precision"].value == 0.5
    assert rates["actions_place_f1"].value == 0
    assert (rates["items_place_recall"].errors, rates["items_place_recall"].length) == (1, 3)


def test_each_phenomenon_has_its_recall() -> None:
    placed = scored(minutes(1)).placed
    assert placed is not None
    assert {kind: rate.value for kind, rate in placed.phenomena["decisions"].items()} == {"agreed": 0, "vote": 1}


@pytest.mark.parametrize(("found", "where"), [(minutes(3), "in decisions"), (minutes(tasks=(3,)), "in actions")])
def test_what_was_refused_and_is_shown_is_counted(found: Minutes, where: str) -> None:
    rate = scored(found).rates["not_decided"]
    assert (rate.value, rate.parts[where]) == (1.0, 1)


def test_a_right_item_does_not_show_what_was_refused_at_its_place() -> None:
    at_once = {**WANTED, "not_decided": [{"text": "Acheter", "kind": "overturned", "evidence": [1]}]}
    assert scored(minutes(1), at_once).rates["not_decided"].value == 0


def test_owners_are_compared_where_tasks_match_by_place() -> None:
    rates = scored(minutes(tasks=(2,), owner="Zoé")).rates
    assert (rates["owner_place"].length, rates["owner_place"].errors, rates["owner"].length) == (1, 0, 0)


def test_a_confidence_comes_with_whether_the_item_is_right() -> None:
    placed = scored(minutes(1, 5, tasks=(2,), sure=0.9)).placed
    assert placed is not None
    assert placed.outcomes["decisions"] == [(0.75, True), (0.75, False)]
    assert placed.outcomes["actions"] == [(0.9, True)]


@pytest.mark.parametrize(("found", "errors"), [(minutes(), 0), (minutes(3), 1)])
def test_where_nothing_is_decided_nothing_is_shown(found: Minutes, errors: int) -> None:
    assert scored(found, {"decisions": [], "actions": []}).rates["nothing"].errors == errors
    assert "nothing" not in scored(found).rates


def test_a_reference_without_places_is_scored_by_words_alone() -> None:
    assert scored(minutes(1), {"decisions": ["Louer la sono"]}).placed is None


def test_evidence_of_our_own_schema_is_a_place() -> None:
    ours = Reference.from_dict(minutes(1, tasks=(2,)).to_dict())
    assert score(minutes(1, tasks=(2,)), SAID, reference=ours).rates["items_place_f1"].value == 0


def test_times_of_a_recognised_transcript_are_compared_with_what_was_said() -> None:
    heard = Transcript("m", 60.0, "fr", utterances=(Utterance("u0", None, 0.0, 60.0, "Tout."),))
    found = Minutes(
        Meeting("m"),
        Provenance("0", "extractive", "fr"),
        open_questions=(Point("Qui ?", (Evidence(("u0",), 41.0, 45.0, "Tout."),)),),
    )
    asked = {"open_questions": [{"text": "Combien ?", "evidence": ["u4"]}]}
    rates = score(found, heard, reference=Reference.from_dict(asked), said=SAID).rates
    assert rates["open_questions_place_f1"].value == 0


@pytest.mark.parametrize("evidence", [3, [None], [[1.0]], ["u1", True]])
def test_evidence_of_another_form_is_refused(evidence: Any) -> None:
    with pytest.raises(MinutesError, match="decisions, evidence"):
        Reference.from_dict({"decisions": [{"text": "Louer", "evidence": evidence}]})
