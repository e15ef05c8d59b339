"""Who does what by when, in small meetings."""

import pytest

from dialogue.french.text import overlap
from dialogue.minutes import write_minutes
from tests.minutes.meetings import as_recognised, meeting

THURSDAY = "2023-10-12"


def found(text, **options):
    options.setdefault("date", THURSDAY)
    return [(a.what, a.owner, a.due_iso) for a in write_minutes(meeting(text), **options).actions]


COMMITMENTS = {
    "a promise with a date": (
        "Paul: Il nous manque le budget.\nAnne: Je vous envoie le tableau du budget mardi.",
        ("envoyer le tableau du budget", "Anne", "2023-10-17"),
    ),
    "a request in the polite form": (
        "Anne: Monsieur Roux, est-ce que vous pourriez relancer le fournisseur avant la fin du mois ?\n"
        "Roux: Oui, bien sûr.",
        ("relancer le fournisseur", "Roux", "2023-10-31"),
    ),
    "a request without a name, answered": (
        "Anne: Tu peux m'envoyer le compte rendu du comité ?\nPaul: D'accord, je te l'envoie demain.",
        ("envoyer le compte rendu du comité", "Paul", "2023-10-13"),
    ),
    "a need that somebody takes on": (
        "Anne: Il faut réserver la salle pour la formation.\nPaul: Je m'en occupe.",
        ("réserver la salle pour la formation", "Paul", None),
    ),
    "a question to all, and a volunteer": (
        "Anne: Qui peut traduire la page d'accueil ?\nPaul: Pas moi, désolé.\nLéa: Moi je peux le faire pour vendredi.",
        ("traduire la page d'accueil", "Léa", "2023-10-13"),
    ),
    "the future tense": (
        "Anne: Où en est le devis ?\nPaul: Je finaliserai le devis lundi prochain.",
        ("finaliser le devis", "Paul", "2023-10-16"),
    ),
    "somebody else named": (
        "Anne: Donc Paul prépare la présentation pour le 20 octobre, et c'est tout.\nPaul: Oui.",
        ("préparer la présentation", "Paul", "2023-10-20"),
    ),
    "the date asked for afterwards": (
        "Anne: Paul, tu peux chiffrer les travaux ?\nPaul: Oui, je m'en charge.\nAnne: Pour quand ?\n"
        "Paul: Pour mercredi.",
        ("chiffrer les travaux", "Paul", "2023-10-18"),
    ),
    "taking charge of something": (
        "Anne: Et le traiteur ?\nPaul: Je m'occupe du traiteur.",
        ("s'occuper du traiteur", "Paul", None),
    ),
    "an imperative": (
        "Anne: Paul, envoie-moi la facture avant jeudi prochain.\nPaul: Ça marche.",
        ("envoyer la facture", "Paul", "2023-10-19"),
    ),
    "a pronoun whose noun came before": (
        "Anne: Le client attend toujours la maquette du site.\nPaul: D'accord, je la termine demain.",
        ("terminer la maquette du site", "Paul", "2023-10-13"),
    ),
    "the recogniser's spelling of an infinitive": (
        "Anne: Et l'affiche ?\nPaul: je vais préparé l'affiche du colloque pour lundi",
        ("préparer l'affiche du colloque", "Paul", "2023-10-16"),
    ),
}


@pytest.mark.parametrize("name", COMMITMENTS)
def test_an_action_has_its_owner_and_date(name):
    text, (what, owner, due) = COMMITMENTS[name]
    actions = found(text)
    assert len(actions) == 1, actions
    assert overlap(actions[0][0], what) >= 0.7, actions
    assert actions[0][1:] == (owner, due)


@pytest.mark.parametrize("name", ["a promise with a date", "a need that somebody takes on", "the future tense"])
def test_an_action_is_found_without_punctuation(name):
    text, (what, owner, due) = COMMITMENTS[name]
    actions = write_minutes(as_recognised(meeting(text)), date=THURSDAY).actions
    assert [(a.owner, a.due_iso) for a in actions] == [(owner, due)]
    assert overlap(actions[0].what, what) >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Anne: Julien, tu peux nous dire où on en est ?\nJulien: Oui, alors, on avance bien.",
        "Anne: Tu peux envoyer le dossier ?\nPaul: Non, je ne peux pas, je suis en congé.",
        "Anne: Je ne vais pas préparer le rapport.",
        "Anne: D'habitude je prépare le café tous les lundis.",
        "Anne: Si j'envoie le dossier demain, ils le refusent.",
        "Anne: J'ajoute que le budget a été voté en janvier.",
        "Anne: Hier j'ai envoyé le dossier.",
        "Anne: Je vais répondre à votre question.",
        "Anne: Vous appelez pour votre frère ?\nPaul: Oui, c'est ça.",
    ],
)
def test_talk_is_not_an_action(text):
    assert found(text) == []


def test_the_one_who_accepts_owns_it_and_not_the_one_who_asks():
    actions = found("Anne: Paul, tu peux corriger le contrat ?\nLéa: Il est long.\nPaul: Oui, je le corrige ce soir.")
    assert [a[1] for a in actions] == ["Paul"]


def test_who_volunteers_after_a_refusal_owns_it():
    actions = found("Anne: Paul, tu peux imprimer les badges ?\nPaul: Non, désolé.\nLéa: Je m'en occupe.")
    assert [(a[1]) for a in actions] == ["Léa"]


def test_a_deadline_without_anybody_stays_without_owner():
    actions = found("Anne: Il faut envoyer le dossier de financement avant le trente novembre.")
    assert actions == [("Envoyer le dossier de financement", None, "2023-11-30")]


def test_two_people_two_actions():
    actions = found(
        "Anne: Paul, tu peux rédiger le bilan ?\nPaul: Oui, pour mardi.\n"
        "Anne: Et Léa, tu peux commander les chaises ?\nLéa: D'accord."
    )
    assert [
        (overlap(a[0], w) > 0.6, a[1])
        for a, w in zip(actions, ["rédiger le bilan", "commander les chaises"], strict=True)
    ] == [
        (True, "Paul"),
        (True, "Léa"),
    ]


def test_a_relative_date_without_the_meeting_date_is_not_resolved():
    (action,) = write_minutes(meeting("Anne: Je prépare le bilan pour vendredi prochain.")).actions
    assert (action.due_raw, action.due_iso) == ("pour vendredi prochain", None)


def test_without_speakers_there_is_no_owner():
    from dataclasses import replace

    transcript = meeting("Anne: Il faut un devis.\nPaul: Je prépare le devis pour lundi.")
    bare = replace(transcript, speakers=(), utterances=tuple(replace(u, speaker=None) for u in transcript.utterances))
    assert [a.owner for a in write_minutes(bare, date=THURSDAY).actions] == [None]


def test_a_date_that_leaves_a_choice_stays_in_words():
    minutes = write_minutes(
        meeting(
            "Paule: Bon, pour la suite.\nRémi: On se revoit le premier lundi d'avril, à 9 heures.\nPaule: D'accord.\n"
            "Rémi: Je relance l'imprimeur le dernier vendredi du mois.\n"
            "Paule: Moi je relis l'épreuve le lundi suivant.\nRémi: Je ne peux pas livrer avant mardi."
        ),
        date="2024-03-14",
    )
    assert [(a.what, a.owner, a.due_raw, a.due_iso) for a in minutes.actions] == [
        ("Relancer l'imprimeur", "Rémi", "le dernier vendredi du mois", "2024-03-29"),
        ("Relire l'épreuve", "Paule", "le lundi suivant", None),
    ]
    assert minutes.next_meeting is not None
    assert minutes.next_meeting.iso == "2024-04-01T09:00"


# What is said, and what somebody has then taken on: each row is a conversation, and the tasks that it leaves.
TAKEN = {
    "Qui s'occupe de l'affichage ?|B: Je m'en occupe.": ("S'occuper de l'affichage", "B", None),
    "Et pour les clés ?|B: Ça, c'est Gaëlle qui s'en charge.|Gaëlle: Oui, je m'en charge d'ici vendredi.": (
        "S'occuper des clés", "Gaëlle", "2024-03-15"
    ),
    "Et la facture ?|B: Je le fais.": ("S'occuper de la facture", "B", None),
    "Il faut relancer le traiteur.|B: Laisse, je prends.": ("Relancer le traiteur", "B", None),
    "Il faut relancer le traiteur.|B: Je m'y colle.": ("Relancer le traiteur", "B", None),
    "Il faut relancer le traiteur.|B: Je m'en occupe pour lundi.": ("Relancer le traiteur", "B", "2024-03-18"),
    "Le devis n'est toujours pas signé.|B: Je m'en occupe pour lundi.": ("S'occuper du devis", "B", "2024-03-18"),
    "Le site est en panne.|B: Je m'en occupe demain matin.": ("S'occuper du site", "B", "2024-03-15"),
    "Il reste les badges à imprimer. Je m'en charge.": ("S'occuper : les badges à imprimer", "A", None),
    "Il faut envoyer le compte rendu.|B: C'est Léa qui s'en occupe, pour mardi.": (
        "Envoyer le compte rendu", "Léa", "2024-03-19"
    ),
    "Pour le parking, qui s'en occupe ?|B: Moi.": ("S'occuper du parking", "B", None),
    "Tu t'en occupes, du traiteur ?|B: Oui, pour lundi.": ("S'occuper du traiteur", "B", "2024-03-18"),
    "L'affiche, je m'en occupe.": ("S'occuper de l'affiche", "A", None),
    "L'affiche, c'est Paul qui s'en occupe.|Paul: D'accord.": ("S'occuper de l'affiche", "Paul", None),
    "Qui contacte la mairie ?|B: C'est Paul qui s'en charge, pour le 20 mars.": (
        "Contacter la mairie", "Paul", "2024-03-20"
    ),
    "Qui s'occupe du traiteur ?|B: C'est Léa qui s'y colle.": ("S'occuper du traiteur", "Léa", None),
    "Est-ce que tu as relancé l'imprimeur ?|B: Non, je le fais demain.": ("Relancer l'imprimeur", "B", "2024-03-15"),
    "La réservation du car, personne ne l'a faite.|B: Laisse, je m'en occupe.": (
        "S'occuper de la réservation du car", "B", None
    ),
}  # fmt: skip
NOT_TAKEN = [
    "Bonjour à tous.|B: Je m'en charge.",
    "Il fait froid ici.|B: Je m'en occupe.",
    "On commence.|B: Oui, je m'y mets.",
    "Le café est froid.|B: Je le fais.",
    "La semaine prochaine ?|B: Je m'en occupe.",
    "Qui s'en charge ?|B: Je m'en charge.",
    "Et la facture ?|B: Je ne m'en occupe pas.",
    "Et la facture ?|B: Je m'en occupe toujours, c'est pénible.",
    "Les enfants, je m'en occupe le mercredi.",
    "Le matin je suis avec les enfants, je m'en occupe.",
    "Tu as vu le match hier ?|B: Oui, je m'en charge.",
    "Bon, je m'en occupe.",
    "Mon père, il veut pas trop.|A: Donc je le fais quand mon père est pas là.",
    "Les économies, je les ferais avec quatre grandes réformes, celle des retraites, celle du chômage, et deux autres.",
    "Il y a des régimes qui n'ont pas été réformés.|B: J'augmenterai les retraites et je les ferai financer.",
]


def taken(text):
    people = ("Gaëlle", "Léa", "Paul")
    minutes = write_minutes(meeting(f"A: {text}".replace("|", "\n")), date="2024-03-14", participants=people)
    return [(a.what, a.owner, a.due_iso) for a in minutes.actions]


@pytest.mark.parametrize("text", TAKEN)
def test_a_task_taken_by_pronoun_is_what_was_just_said(text):
    assert taken(text) == [TAKEN[text]]


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_nothing_is_made_up_for_a_pronoun(text):
    assert taken(text) == []


def test_what_somebody_took_is_not_taken_again():
    text = "Il faut réserver la salle.|B: Je m'en occupe.|A: Il fait froid ici.|C: Je m'en occupe."
    assert taken(text) == [("Réserver la salle", "B", None)]


@pytest.mark.parametrize(
    ("talk", "what"),
    [
        ("A: Paul, tu peux t'occuper de la sono ?\nPaul: Oui.", "S'occuper de la sono"),
        ("A: Marie, vous pouvez vous renseigner sur les prix ?\nMarie: Oui.", "Se renseigner sur les prix"),
        ("A: Il faut se renseigner sur les tarifs.\nB: Je le fais.", "Se renseigner sur les tarifs"),
        ("A: Il faut lui envoyer le devis.\nB: Je m'en occupe.", "Lui envoyer le devis"),
    ],
)
def test_a_reflexive_verb_keeps_its_pronoun(talk: str, what: str) -> None:
    [action] = write_minutes(meeting(talk), date="2024-03-05").actions
    assert action.what == what
