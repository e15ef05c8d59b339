"""Whole meetings of different kinds: a team, a council that says vous, a household without punctuation, a launch."""

from dialogue.minutes import write_minutes
from tests.minutes.meetings import meeting

TEAM = """
Sophie: Bonjour, on est le lundi 4 mars 2024. À l'ordre du jour, le recrutement, le site web et le budget.
Marc: Bonjour.
Sophie: On commence par le recrutement. Karim, tu en es où ?
Karim: J'ai reçu douze candidatures. Il y en a trois de bonnes.
Sophie: Il faudrait organiser les entretiens rapidement.
Karim: Je peux les organiser la semaine prochaine.
Sophie: Parfait. Passons au site web.
Marc: L'agence demande quatre mille euros de plus. Je ne suis pas favorable.
Sophie: Moi non plus. Du coup on refuse le devis ?
Karim: Oui, d'accord.
Marc: Je leur envoie un mail demain pour leur dire non.
Sophie: Le budget maintenant. Est-ce qu'on augmente la ligne formation ?
Marc: Je ne sais pas, il faut que je regarde les chiffres.
Sophie: Ok. Tu nous enverras le tableau avant jeudi ?
Marc: Oui, pas de problème.
Sophie: Bon, on se revoit lundi 18 mars à 9h30. Bonne journée.
"""
COUNCIL = """
Présidente: Mes chers collègues, nous ouvrons la séance.
Dupont: Madame la présidente, je souhaiterais que nous reportions le vote.
Présidente: Qui est contre le report du vote ? Personne. Le report est donc adopté.
Martin: Pouvez-vous nous transmettre le règlement intérieur ?
Présidente: Je vous le fais parvenir cette semaine. Monsieur Martin, pourriez-vous rédiger un avis pour le 12 avril ?
Martin: Entendu.
Dupont: Et qui prévient la mairie ?
Martin: Je m'en charge aussi.
Présidente: Nous n'avons pas de réponse sur la subvention, c'est à voir avec la région.
"""
HOUSEHOLD = """
A: bon alors la fuite d'eau qui est-ce qui appelle le plombier
B: moi je peux l'appeler cet après-midi
A: super et pour les clés on fait comment
C: je les laisse chez la gardienne
A: ok donc on fait comme ça
B: et on repeint la cage d'escalier ou pas
C: non c'est trop cher cette année
A: d'accord on laisse tomber la peinture
C: par contre il faut changer l'ampoule du hall
A: oui je l'achète demain
"""
LAUNCH = """
Léa: Moi je pense qu'il vaut mieux décaler le lancement au mois de juin.
Tom: Oui je suis assez d'accord avec Léa.
Nora: OK pour moi.
Léa: Donc on décale le lancement à juin, c'est noté.
Tom: Nora, tu te charges d'informer les clients ?
Nora: Oui, je leur écris d'ici vendredi.
Tom: Et toi Léa tu t'occupes de la plaquette ?
Léa: La plaquette ? Non, je n'ai pas le temps, mais Tom peut la faire.
Tom: Bon, d'accord, je la ferai pour le 15.
Léa: Et le communiqué de presse, on l'envoie quand ?
Nora: Bonne question. À voir avec la direction.
"""


def of(text, date=None):
    return write_minutes(meeting(text), date=date)


def actions(minutes):
    return [(a.what, a.owner, a.due_iso) for a in minutes.actions]


def decisions(minutes):
    return [(d.text, d.status) for d in minutes.decisions]


def test_a_team_meeting():
    minutes = of(TEAM)
    assert minutes.meeting.date == "2024-03-04"  # spoken with its year
    assert [a.title for a in minutes.agenda] == ["Le recrutement", "Le site web", "Le budget"]
    assert decisions(minutes) == [("On refuse le devis", "decided")]
    assert actions(minutes) == [
        ("Organiser les entretiens rapidement", "Karim", "2024-W11"),
        ("Leur envoyer un mail pour leur dire non", "Marc", "2024-03-05"),
        ("Envoyer le tableau", "Marc", "2024-03-07"),
    ]
    assert ["ligne formation" in q.text for q in minutes.open_questions] == [True]
    assert minutes.next_meeting is not None
    assert minutes.next_meeting.iso == "2024-03-18T09:30"


def test_a_council_that_says_vous():
    minutes = of(COUNCIL, "2024-03-05")
    [(decision, status)] = decisions(minutes)
    assert (decision.endswith("Le report est donc adopté"), "reportions le vote" in decision, status) == (
        True,
        True,
        "decided",
    )
    assert actions(minutes) == [
        ("Transmettre le règlement intérieur", "Présidente", "2024-W10"),
        ("Rédiger un avis", "Martin", "2024-04-12"),
        ("Prévenir la mairie", "Martin", None),
    ]
    assert ["subvention" in q.text for q in minutes.open_questions] == [True]


def test_a_household_without_punctuation():
    minutes = of(HOUSEHOLD, "2024-03-05")
    assert ("On repeint la cage d'escalier", "rejected") in decisions(minutes)
    assert actions(minutes) == [
        ("Appeler le plombier", "B", "2024-03-05"),
        ("Acheter l'ampoule du hall", "A", "2024-03-06"),
    ]


def test_a_launch_with_a_refused_request():
    minutes = of(LAUNCH, "2024-03-05")
    assert decisions(minutes) == [("On décale le lancement à juin", "decided")]
    assert actions(minutes) == [
        ("Informer les clients", "Nora", "2024-03-08"),
        ("S'occuper de la plaquette", "Tom", "2024-03-15"),
    ]
    assert ["communiqué" in q.text for q in minutes.open_questions] == [True]
