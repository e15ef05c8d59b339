"""A scripted model judges and words the items that were found without it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dialogue.core.config import ConfigError
from dialogue.llm import LLMError
from dialogue.minutes import Minutes, MinutesConfig, editing, write_minutes
from tests.minutes.meetings import meeting
from tests.minutes.test_write import MEETING

JUDGED = {
    editing.REWRITE["decisions"]: "décision",
    editing.REWRITE["actions"]: "tâche",
    editing.REWRITE["open_questions"]: "question ouverte",
}
SAID = write_minutes(meeting(MEETING), date="2023-10-12")


class Editor:
    """Answers what ``word`` says to the question of a prompt."""

    name, context_length = "editor", 4000

    def __init__(self, word: Callable[[str], str]) -> None:
        self.word, self.prompts = word, list[str]()

    def chat(self, messages, **options):
        self.prompts.append(messages[0]["content"])
        return self.word(messages[0]["content"].rpartition("\n")[2])

    def count_tokens(self, text):
        return len(text.split())

    def close(self):
        pass


def edited(word: Callable[[str], str]) -> tuple[Minutes, Editor]:
    model = Editor(word)
    return write_minutes(meeting(MEETING), model=model, date="2023-10-12", config=MinutesConfig(role="editor")), model


def wording(texts: dict[str, str]) -> Callable[[str], str]:
    return lambda ask: texts.get(ask, "décision")


def test_a_decision_gets_the_words_of_the_model_and_keeps_its_evidence():
    minutes, _ = edited(wording({editing.REWRITE["decisions"]: "Garder la salle Curie"}))
    assert [d.text for d in minutes.decisions] == ["Garder la salle Curie"]
    assert [d.evidence for d in minutes.decisions] == [d.evidence for d in SAID.decisions]
    assert minutes.provenance.sections["decisions"] == "editor"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Garder la salle Curie" + " et la salle Curie" * 20,
        "Louer le palais des congrès de Nantes",
        "We keep the room for the event",
    ],
)
def test_a_wording_that_is_not_what_was_said_is_not_used(answer):
    minutes, _ = edited(wording({editing.REWRITE["decisions"]: answer}))
    assert [d.text for d in minutes.decisions] == [d.text for d in SAID.decisions]


def test_what_is_judged_to_be_nothing_is_listed_to_verify():
    minutes, _ = edited(lambda ask: "Rien.")
    assert minutes.decisions == minutes.actions == minutes.open_questions == ()
    assert {v.reason for v in minutes.to_verify} >= {editing.REFUSED}


def test_a_question_shows_the_turns_cited_and_those_before():
    _, model = edited(wording({}))
    [first] = [p for p in model.prompts if p.endswith(editing.REWRITE["decisions"])]
    assert first.split("\n")[-3].startswith("[Anne:] C'est décidé")
    assert len(first.split("\n")) == editing.BEFORE + 1 + 2


def test_two_items_do_not_get_the_same_words():
    twice = replace(SAID, decisions=SAID.decisions * 2)
    model = Editor(wording({editing.REWRITE["decisions"]: "Garder la salle Curie"}))
    minutes, _ = editing.edited(twice, meeting(MEETING), model, lambda *_: True, lambda: None)
    assert [d.text for d in minutes.decisions] == ["Garder la salle Curie", SAID.decisions[0].text]


def test_an_item_does_not_get_the_words_of_another_of_the_same_turn():
    said = "C'est décidé : on commence par le corpus de réunions, et les partitions sont gelées avant l'entraînement."
    model = Editor(wording({editing.REWRITE["decisions"]: "Geler les partitions avant l'entraînement"}))
    minutes = write_minutes(
        meeting(f"Anne: {said}"), model=model, date="2023-10-12", config=MinutesConfig(role="editor")
    )
    assert [d.text for d in minutes.decisions] == [
        "On commence par le corpus de réunions",
        "Geler les partitions avant l'entraînement",
    ]


def test_owners_and_dates_stay():
    minutes, _ = edited(wording({editing.REWRITE["actions"]: "Préparer le programme"}))
    assert [(a.what, a.owner, a.due_iso) for a in minutes.actions] == [("Préparer le programme", "Paul", "2023-10-16")]


def test_a_model_that_no_longer_answers_leaves_the_rest_as_it_was():
    def fail(ask: str) -> str:
        raise LLMError("no server")

    minutes, model = edited(fail)
    assert [d.text for d in minutes.decisions] == [d.text for d in SAID.decisions]
    assert len(model.prompts) == 1
    assert "no server" in str(minutes.provenance.chunks[0].note)


def test_other_languages_are_refused():
    with pytest.raises((ValueError, ConfigError), match="language=en"):
        MinutesConfig(role="editor", language="en")
