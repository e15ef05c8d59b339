"""Open questions, the next meeting, the meeting's own date."""

import pytest

from dialogue.french.sentences import sentences
from dialogue.minutes import write_minutes
from dialogue.minutes.rules.questions import open_questions
from tests.minutes.meetings import meeting


def questions(text):
    return [q.text for q in write_minutes(meeting(text)).open_questions]


def test_a_question_that_nobody_can_answer_is_open():
    (question,) = questions("Anne: Quel est le budget pour le colloque ?\nPaul: On ne sait pas encore.")
    assert question.startswith("Quel est le budget pour le colloque ?")


def test_a_question_said_to_be_open_is_open():
    assert len(questions("Anne: Qui finance le logiciel ?\nAnne: Ça reste à trancher.")) == 1


def test_an_open_question_keeps_what_would_close_it():
    (question,) = questions(
        "Anne: On garde quelle licence ?\nPaul: On ne le sait pas encore, il faut demander au service juridique."
    )
    assert "demander au service juridique" in question


@pytest.mark.parametrize(
    "text",
    [
        "Anne: Quel est le budget ?\nPaul: Douze mille euros.",
        "Anne: Vous avez mal où ?\nPaul: Je sais pas.",
        "Anne: Ça va ?\nPaul: On ne sait jamais.",
        "Anne: Tu peux venir lundi ?\nPaul: Oui.",
    ],
)
def test_an_answered_or_personal_question_is_not_open(text):
    assert questions(text) == []


def test_the_rules_know_a_question_that_a_third_person_answers():
    said = meeting("Anne: Quel est le budget ?\nPaul: Je ne sais pas.\nLéa: C'est douze mille euros.")
    assert open_questions(sentences(said)) == ()


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("Prochaine réunion le jeudi neuf novembre à dix heures.", "2023-11-09T10:00"),
        ("On se revoit mardi prochain à 14h30.", "2023-10-17T14:30"),
        ("La prochaine fois, ce sera le 3 novembre.", "2023-11-03"),
        ("prochain comité la semaine prochaine", "2023-W42"),
    ],
)
def test_the_next_meeting(said, iso):
    following = write_minutes(meeting(f"Anne: On a fini.\nAnne: {said}"), date="2023-10-12").next_meeting
    assert following is not None
    assert following.iso == iso


def test_a_meeting_in_the_past_is_not_the_next_one():
    assert (
        write_minutes(meeting("Anne: La dernière réunion était le 3 octobre."), date="2023-10-12").next_meeting is None
    )


def test_a_spoken_date_without_year_stays_unresolved():
    minutes = write_minutes(meeting("Anne: On est le jeudi douze octobre.\nAnne: Je prépare le bilan pour lundi."))
    assert (minutes.meeting.date, minutes.meeting.date_source) == (None, "spoken")
    assert minutes.meeting.date_raw == "jeudi douze octobre"
    assert minutes.actions[0].due_iso is None


def test_a_spoken_date_with_its_year_resolves_the_others():
    minutes = write_minutes(meeting("Anne: Nous sommes le 12 octobre 2023.\nAnne: Je prépare le bilan pour lundi."))
    assert minutes.meeting.date == "2023-10-12"
    assert minutes.actions[0].due_iso == "2023-10-16"


def test_a_spoken_date_that_contradicts_the_given_one_is_reported():
    minutes = write_minutes(meeting("Anne: On est le treize octobre."), date="2023-10-12")
    assert minutes.checks.date_conflict
