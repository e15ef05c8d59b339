"""Scores of the minutes of one meeting."""

from dataclasses import replace
from typing import Any

import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.minutes.document import (
    Action,
    AgendaItem,
    Decision,
    Evidence,
    Meeting,
    Minutes,
    MinutesError,
    NextMeeting,
    Point,
    Provenance,
    ToVerify,
)
from dialogue.scoring.evidence import faults, items
from dialogue.scoring.minutes_reference import Reference
from dialogue.scoring.minutes_scores import ScoredMinutes, score

SAID = Transcript(
    "m",
    700.0,
    "fr",
    (Speaker("spk1", "Camille"), Speaker("spk2", "Julien")),
    (
        Utterance("u1", "spk1", 0.0, 10.0, "C'est décidé, on gèle les partitions."),
        Utterance("u2", "spk2", 10.0, 20.0, "Je prépare les partitions pour vendredi."),
        Utterance("u3", "spk1", 400.0, 410.0, "Le budget de Gertrude est de douze euros."),
    ),
)
FROZEN = Evidence(("u1",), 0.0, 10.0, "on gèle les partitions")
PREPARED = Evidence(("u2",), 10.0, 20.0, "Je prépare les partitions")
MINUTES = Minutes(
    Meeting("m", date="2023-10-12"),
    Provenance("0", "extractive", "fr"),
    decisions=(Decision("d1", "On gèle les partitions", "decided", (FROZEN,)),),
    actions=(Action("a1", "Préparer les partitions", "Julien", due_iso="2023-10-20", evidence=(PREPARED,)),),
)
WANTED: dict[str, Any] = {
    "date": "2023-10-12",
    "decisions": ["Geler les partitions"],
    "open_questions": [],
    "actions": [{"what": "Préparer les partitions", "owner": "Julien", "due": "2023-10-20"}],
    "next_meeting": None,
}


def scored(minutes: Minutes = MINUTES, wanted: dict[str, Any] = WANTED, **options: Any) -> ScoredMinutes:
    return score(minutes, SAID, reference=Reference.from_dict(wanted), **options)


def test_minutes_that_say_what_the_reference_says_lack_nothing() -> None:
    rates = {name: rate for name, rate in scored().rates.items() if name not in ("compression", "coverage")}
    assert {name for name, rate in rates.items() if rate.errors} == set()
    assert rates["actions_f1"].length == 2


def test_a_section_that_people_left_out_is_not_scored() -> None:
    assert "decisions_f1" not in scored(wanted={"open_questions": []}).rates


def test_an_empty_section_says_that_there_is_nothing_to_find() -> None:
    rates = scored(wanted={"decisions": []}).rates
    assert (rates["decisions_precision"].value, rates["decisions_recall"].value) == (1.0, None)


def test_a_proposal_is_no_decision() -> None:
    proposed = replace(MINUTES, decisions=(replace(MINUTES.decisions[0], status="proposed"),))
    assert scored(proposed).rates["decisions_recall"].value == 1.0


@pytest.mark.parametrize(("owner", "part"), [("Camille", "wrong"), (None, "left_out")])
def test_an_owner_that_is_wrong_is_told_from_one_left_out(owner: str | None, part: str) -> None:
    rate = scored(replace(MINUTES, actions=(replace(MINUTES.actions[0], owner=owner),))).rates["owner"]
    assert (rate.value, rate.parts[part]) == (1.0, 1)


def test_an_owner_that_people_do_not_name_is_invented() -> None:
    rate = scored(wanted={"actions": [{"what": "Préparer les partitions"}]}).rates["owner"]
    assert rate.parts["invented"] == 1


def test_an_owner_with_a_family_name_is_the_same_owner() -> None:
    longer = replace(MINUTES, actions=(replace(MINUTES.actions[0], owner="Julien Petit"),))
    assert scored(longer).rates["owner"].value == 0


def test_owners_of_actions_that_nobody_wanted_are_not_scored() -> None:
    rates = scored(wanted={"actions": [{"what": "Acheter du café", "owner": "Julien"}]}).rates
    assert (rates["owner"].length, rates["actions_recall"].value) == (0, 1.0)


@pytest.mark.parametrize(
    ("wanted", "found", "errors"),
    [
        ("2023-11-09T10:00", "2023-11-09T10:00", 0),
        ("2023-11-09", "2023-11-09T10:00", 0),
        ("2023-11-09T10:00", "2023-11-09", 1),
        ("jeudi prochain", None, 0),
        (None, "2023-11-09", 1),
    ],
)
def test_a_date_is_right_when_as_precise_as_people_wrote_it(wanted: Any, found: Any, errors: int) -> None:
    minutes = replace(MINUTES, next_meeting=NextMeeting("Jeudi prochain", found))
    assert scored(minutes, {"next_meeting": wanted}).rates["next_meeting"].errors == errors


def test_our_own_schema_is_a_reference_too() -> None:
    rates = score(MINUTES, SAID, reference=Reference.from_dict(MINUTES.to_dict())).rates
    assert rates["decisions_f1"].errors == rates["due"].errors == 0


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"actions": ["x"]}, "actions"),
        ({"decisions": "x"}, "decisions"),
        ({"open_questions": [3]}, "open_questions"),
    ],
)
def test_a_reference_of_another_form_is_refused_by_its_field(wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(MinutesError, match=field):
        Reference.from_dict(wanted)


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ((), "no citation"),
        ((replace(FROZEN, utterance_ids=("u9",)),), "unknown utterance"),
        ((replace(FROZEN, quote="on dégèle tout"),), "quote not said"),
        ((replace(FROZEN, quote=""),), "quote not said"),
        ((replace(FROZEN, start=5.0, end=99.0),), "times wrong"),
        ((FROZEN, replace(PREPARED, utterance_ids=("u1",))), "quote not said"),
    ],
)
def test_evidence_is_looked_up_in_the_transcript(evidence: tuple[Evidence, ...], reason: str) -> None:
    changed = replace(MINUTES, decisions=(replace(MINUTES.decisions[0], evidence=evidence),))
    assert [f.reason for f in faults(items(changed), SAID)] == [reason]


def test_a_quotation_may_differ_in_case_and_punctuation() -> None:
    plain = replace(
        MINUTES,
        decisions=(replace(MINUTES.decisions[0], evidence=(replace(FROZEN, quote="ON GELE, les partitions"),)),),
    )
    assert faults(items(plain), SAID) == []


def test_coverage_counts_topics_in_which_nothing_is_cited() -> None:
    topics = (AgendaItem("t1", "Données", 0.0, 300.0), AgendaItem("t2", "Budget", 300.0, 700.0))
    assert scored(replace(MINUTES, agenda=topics)).rates["coverage"].value == 0.5


def test_a_meeting_of_one_topic_is_covered_by_five_minutes() -> None:
    one = replace(MINUTES, agenda=(AgendaItem("t1", "Tout", 0.0, 700.0),))
    assert (scored(one).rates["coverage"].errors, scored(one).rates["coverage"].length) == (1, 2)


def test_a_name_that_the_recogniser_made_up_is_in_its_transcript_and_was_not_said() -> None:
    heard = replace(
        SAID, utterances=(*SAID.utterances[:2], replace(SAID.utterances[2], text="avant le premier Antelma"))
    )
    minutes = replace(MINUTES, open_questions=(Point("Que fait le premier Antelma ?"),))
    rates = score(minutes, heard, said=SAID).rates
    assert (rates["names"].errors, rates["names_said"].errors) == (0, 1)


def test_the_first_word_of_a_statement_is_no_name() -> None:
    minutes = replace(MINUTES, open_questions=(Point("que faire de ce corpus"), Point("Montrer le budget")))
    assert scored(minutes).rates["names"].length == 0


def test_statements_to_verify_are_not_scored() -> None:
    doubtful = replace(MINUTES, to_verify=(ToVerify("decision", "On embauche Gontran", "no evidence"),))
    assert scored(doubtful).rates == scored().rates


def test_minutes_in_another_language_are_wrong() -> None:
    english = replace(
        MINUTES,
        summary=Point("The team is to freeze the data and it was not for the budget of the year in this plan"),
    )
    assert scored(english).rates["language"].value == 1.0


def test_summaries_are_shown_next_to_the_first_words_and_those_of_people() -> None:
    written = replace(MINUTES, summary=Point("Les partitions sont gelées."))
    rows = scored(
        written, summaries=["Les partitions sont gelées.", "Le budget manque."], systems={"other": ""}
    ).summaries
    assert list(rows) == ["minutes", "other", "first words", "people"]
    assert rows["minutes"]["rouge1"].errors < rows["other"]["rouge1"].errors == 1.0


def test_people_are_compared_with_each_other_and_not_with_themselves() -> None:
    assert scored(summaries=["budget voté", "salle fermée"]).summaries["people"]["rouge1"].errors == 1.0


def test_as_many_first_words_are_taken_as_people_write() -> None:
    rows = scored(summaries=["un", "un deux trois"]).summaries
    assert rows["first words"]["words"].value == rows["people"]["words"].value == 2


def test_an_empty_human_summary_is_none() -> None:
    assert list(scored(summaries=["", " "]).summaries) == ["minutes"]
