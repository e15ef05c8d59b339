"""Questions to all meetings, and what became of promises and decisions."""

import pytest

from dialogue.answers.respond import ReplyError
from dialogue.library.asking import NOWHERE, as_shown, ask_all, candidates
from dialogue.library.catalogue import LibraryError
from dialogue.library.follow_up import FollowedItem, follow
from dialogue.library.meetings import Library
from tests.library.made import put


def test_an_answer_names_meeting_and_time(two: Library) -> None:
    given = ask_all(two, "Quel est le budget de la salle ?")
    assert [each.meeting.id for each in given] == ["choeur"]
    text = as_shown(two, given)
    assert "Chœur · 2023-10-12 · choeur" in text
    assert "huit cents euros" in text
    assert f"report.html#t={given[0].answer.evidence[0].start:.1f}" in text


def test_several_meetings_may_answer(two: Library) -> None:
    assert {each.meeting.id for each in ask_all(two, "Qui réserve la salle Saint-Jean ?")} == {"choeur", "suite"}


@pytest.mark.parametrize("question", ["Qui joue de la trompette ?", "Combien coûte le vidéoprojecteur ?", "Et alors ?"])
def test_what_nobody_said_is_not_said(two: Library, question: str) -> None:
    assert ask_all(two, question) == []
    assert as_shown(two, []) == NOWHERE["fr"]


def test_the_rarest_words_choose_the_meetings_to_read(library: Library) -> None:
    for number in range(12):
        put(library.folder, f"m{number:02}", f"Anne: On parle du budget{' de la trompette' * (number == 3)}.")
    assert candidates(library, "Quel budget pour la trompette ?", 2)[0] == "m03"


@pytest.mark.parametrize(("question", "language"), [(" ", "fr"), ("Qui ?", "de")])
def test_a_question_that_cannot_be_answered_is_refused(two: Library, question: str, language: str) -> None:
    with pytest.raises(ReplyError):
        ask_all(two, question, language=language)


def test_a_damaged_transcript_is_passed_over(two: Library) -> None:
    two.list()
    path = two.folder / "choeur/choeur.json"
    path.write_text("{}")
    assert ask_all(two, "Quel est le budget de la salle ?") == []


# What became of it ----------------------------------------------------------------------------------------------


@pytest.fixture
def promised(library: Library) -> Library:
    put(library.folder, "first", "Thomas: Je m'occupe de réserver la salle Saint-Jean avant lundi.", date="2023-10-12")
    return library


def says(library: Library, text: str, date: str = "2023-10-19") -> list[str]:
    """Return what a meeting says of the reservation."""
    put(library.folder, "second", text, date=date)
    [item] = [item for item in follow(library) if item.meeting.id == "first"]
    return [later.says for later in item.later]


@pytest.mark.parametrize(
    "text",
    [
        "Thomas: J'ai réservé la salle Saint-Jean hier.",
        "Thomas: La salle Saint-Jean a été réservée, c'est fait.",
    ],
)
def test_a_task_that_is_said_to_be_done(promised: Library, text: str) -> None:
    assert says(promised, text) == ["done"]


@pytest.mark.parametrize(
    "text",
    [
        "Nadia: Il faut encore réserver la salle Saint-Jean.",
        "Nadia: La salle Saint-Jean n'est pas réservée, ce n'est pas fait.",
        "Nadia: Est-ce que la réservation de la salle Saint-Jean, c'est fait ? Qui a réservé la salle Saint-Jean ?",
        "Nadia: Quand la salle Saint-Jean sera réservée et que c'est fait, on avance.",
    ],
)
def test_a_task_that_is_only_mentioned(promised: Library, text: str) -> None:
    assert set(says(promised, text)) == {"mentioned"}


@pytest.mark.parametrize("text", ["Nadia: La salle Martin est réservée.", "Nadia: C'est fait."])
def test_another_task_is_no_mention(promised: Library, text: str) -> None:
    assert says(promised, text) == []


@pytest.mark.parametrize("date", ["2023-10-01", "2023-10-12"])
def test_an_earlier_meeting_says_nothing_of_it(promised: Library, date: str) -> None:
    assert says(promised, "Thomas: J'ai réservé la salle Saint-Jean hier.", date) == []


def test_a_task_has_an_owner_a_date_and_its_place(promised: Library) -> None:
    [item] = follow(promised, who="thomas")
    assert (item.who, item.due, item.status) == ("Thomas", "2023-10-16", "open")
    assert item.link.endswith("first/report.html#t=0.0")
    assert (item.overdue("2023-10-17"), item.overdue("2023-10-16")) == (True, False)
    assert follow(promised, who="Nadia") == []


def test_a_decision_that_is_said_to_be_given_up(two: Library) -> None:
    put(two.folder, "fin", "Anne: On annule la réservation de la salle Saint-Jean pour le concert.", date="2023-11-01")
    [item] = [i for i in follow(two, "decision") if i.meeting.id == "choeur"]
    [said] = [later for later in item.later if later.says == "reversed"]
    assert (said.meeting, said.speaker, said.date) == ("fin", "Anne", "2023-11-01")
    assert said.quote == "On annule la réservation de la salle Saint-Jean pour le concert."


def test_the_latest_meetings_come_first_and_not_more_than_asked(two: Library) -> None:
    put(two.folder, "apres", "Paul: On décide de changer de chef.", date="2024-01-01")
    found: list[FollowedItem] = follow(two, "decision", count=1)
    assert [item.meeting.id for item in found] == ["apres"]


def test_another_kind_is_refused(two: Library) -> None:
    with pytest.raises(LibraryError, match="kind: found 'question'"):
        follow(two, "question")  # type: ignore[arg-type]
