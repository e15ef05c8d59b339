"""What kind of answer a question expects, and passages that hold one."""

import pytest

from dialogue.answers import ask
from dialogue.answers.expected import expected
from dialogue.french.text import fold
from tests.minutes.meetings import meeting

MEETING = """
Anne: La grue, si elle reste, c'est combien par jour ?
Paul: Six cent trente euros.
Anne: L'ascenseur, on en parle ?
Paul: Il est resté en panne trois semaines.
Anne: Il faut que quelqu'un prévienne Madame Aydin.
Paul: Je m'en charge.
Anne: Pour les photos du ravalement, on verra plus tard.
"""


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Quand Marin envoie-t-il la grille ?", "jeudi treize", "douze euros"),
        ("À quelle heure commence-t-on ?", "à sept heures trente", "mardi"),
        ("Quel est le prix du café ?", "un euro cinquante", "le quinze mai"),
        ("Combien coûte la grue ?", "six cents euros", "trente jours"),
        ("Combien de temps dure le vote ?", "une demi-heure", "douze euros"),
        ("Quel pourcentage des paniers plante ?", "trois pour cent", "trois paniers"),
        ("Quel est le nouveau code ?", "quarante-deux, dix-sept, B", "il a changé"),
        ("Combien de lits y a-t-il ?", "vingt grands lits", "vingt euros, et des lits"),
    ],
)
def test_an_answer_has_the_kind_that_the_question_expects(question: str, answer: str, other: str) -> None:
    kind = expected(question)
    assert kind is not None
    assert kind.answers.search(fold(answer))
    assert not kind.answers.search(fold(other))


@pytest.mark.parametrize("question", ["Pourquoi refuse-t-on ?", "Que fait-on s'il pleut ?"])
def test_other_questions_expect_no_kind(question: str) -> None:
    assert expected(question) is None


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Combien coûte la grue ?", "u1"),
        ("Combien de temps l'ascenseur est-il resté en panne ?", "u3"),
        ("Qui avertit Madame Aydin ?", "u5"),
    ],
)
def test_an_answer_without_words_of_the_question_follows_it(question: str, cited: str) -> None:
    assert cited in [i for e in ask(meeting(MEETING), question).evidence for i in e.utterance_ids]


@pytest.mark.parametrize("question", ["Quand prend-on les photos du ravalement ?", "Combien coûte le ravalement ?"])
def test_a_subject_without_the_date_or_number_asked_for_is_no_answer(question: str) -> None:
    assert not ask(meeting(MEETING), question).said
