"""What was decided, proposed or rejected, in small meetings."""

import pytest

from dialogue.french.text import overlap
from dialogue.minutes import write_minutes
from tests.minutes.meetings import as_recognised, meeting


def found(text):
    return [(d.text, d.status) for d in write_minutes(meeting(text)).decisions]


DECISIONS = {
    "said to be decided": ("Anne: C'est décidé, on déménage en juin.", "on déménage en juin"),
    "settled on": ("Anne: Bon, on part sur la solution libre pour la messagerie.", "on part sur la solution libre"),
    "proposed and agreed": (
        "Anne: Je propose qu'on augmente le budget communication.\nPaul: Bonne idée.",
        "augmente le budget communication",
    ),
    "asked and agreed": (
        "Anne: On invite les étudiants au séminaire, ça vous va ?\nPaul: Oui, parfait.",
        "on invite les étudiants au séminaire",
    ),
    "confirmed afterwards": (
        "Anne: On garde les deux prestataires.\nPaul: Je suis pour.\nAnne: Très bien, c'est acté.",
        "on garde les deux prestataires",
    ),
    "with nous": ("Anne: Nous décidons de fermer le site de Lyon.", "fermer le site de Lyon"),
    "what if": ("Anne: Et si on reportait la livraison ?\nPaul: D'accord.", "reporter la livraison"),
    "needed and agreed": (
        "Anne: Il faut qu'on change de logiciel de paie.\nPaul: Tu as raison.",
        "change de logiciel de paie",
    ),
    "cut by a yes of somebody": (
        "Anne: Je propose qu'on recrute un alternant.\nLéa: Un alternant en informatique ?\nPaul: Je suis d'accord.",
        "recrute un alternant",
    ),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_is_found(name):
    text, expected = DECISIONS[name]
    decisions = found(text)
    assert [status for _, status in decisions] == ["decided"], decisions
    assert overlap(decisions[0][0], expected) >= 0.7, decisions


@pytest.mark.parametrize("name", ["settled on", "proposed and agreed", "needed and agreed"])
def test_a_decision_is_found_without_punctuation(name):
    text, expected = DECISIONS[name]
    decisions = write_minutes(as_recognised(meeting(text))).decisions
    assert [d.status for d in decisions] == ["decided"]
    assert overlap(decisions[0].text, expected) >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Anne: On ne décide rien aujourd'hui.",
        "Anne: Rien n'est décidé pour le moment.",
        "Anne: Comment on décide du prestataire ?\nPaul: Je ne sais pas.",
        "Anne: Si on décide de partir, il faudra prévenir le bailleur.",
        "Anne: L'an dernier on a décidé de fermer le site.",
        "Anne: Il faut qu'on demande aux partenaires.\nPaul: J'ai vu Marc hier.",
        "Anne: Je propose qu'on passe au point suivant.\nPaul: D'accord.",
        "Anne: C'est pas encore décidé.",
    ],
)
def test_what_is_not_a_decision(text):
    assert found(text) == []


def test_a_refused_proposal_is_rejected():
    decisions = found("Anne: Je propose qu'on externalise la paie.\nPaul: Non, c'est trop cher.")
    assert [d[1] for d in decisions] == ["rejected"]


def test_a_proposal_that_meets_silence_is_proposed():
    assert [d[1] for d in found("Anne: Je propose qu'on change les horaires.\nAnne: Bon, la machine à café.")] == [
        "proposed"
    ]


def test_a_decision_that_is_taken_back_is_rejected():
    decisions = found(
        "Anne: On part sur la salle Curie pour le colloque.\nPaul: Elle est prise ce jour-là.\n"
        "Anne: Bon, on ne retient pas la salle Curie."
    )
    assert [d[1] for d in decisions] == ["rejected"]


def test_two_decisions_in_one_sentence():
    decisions = found("Anne: Donc c'est décidé : on garde le nom actuel, et le logo est refait par l'agence.")
    assert [d[1] for d in decisions] == ["decided", "decided"]


def test_a_decision_said_twice_is_one():
    decisions = found(
        "Anne: Je propose qu'on loue deux camions.\nPaul: D'accord.\n"
        "Anne: Pour résumer, c'est décidé, on loue deux camions."
    )
    assert len(decisions) == 1
