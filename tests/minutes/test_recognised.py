"""Minutes of a meeting as a small recogniser heard it: wrong words, two voices merged, misplaced punctuation."""

from dialogue.french.text import overlap
from dialogue.minutes import write_minutes
from tests.minutes.meetings import meeting

RECOGNISED = """
spk1: Bonjour à tous, merci d'être là, on est judis 12 octobre, on a 3 points à l'ordre du jour. Les corpus, \
le plan de gestion des données et la démonstration.
spk2: Bonjour !
spk3: Bonjour à tous.
spk1: Alors, premier point à les corpus. Julien, tu peux nous dire où on en est ?
spk2: Oui alors, j'ai regardé les conversations disponibles. Au total, ça fait à peu près son vainheur.
spk1: Bon, je propose qu'on commence par les réunions parce que c'est notre cas d'usage principale et qu'on garde \
les débats pour le résumer.
spk3: Je suis d'accord, mais il faut qu'on gèle les partitions avant le premier entraînement. Sinon, on ne pourra \
pleurer à comparer.
spk1: Oui, très juste. Donc, ça décidait. On commence par le corpus de réunion et les partitions sont gelées avant \
l'entraînement.
spk2: Je m'en occupe, je peux parler partitions pour vendredi prochain.
spk1: Parfait une, deuxième point, le plan de gestion des données. D'accord, Thomas, est-ce que tu peux rédiger \
la partie juridique du plan ?
spk2: Oui, je peux l'envoyer avant le 30 novembre. Et pour l'élicence au mec-là, parce que certains corps plus \
interdisent l'usage commerciale.
spk1: C'est à dire, on ne le sait pas encore, c'est une question ouverte, il faut qu'on demande aux partenaires. \
Dernier point, la démonstration, Nadia.
spk3: Alors, la démonstration marche sur mon ordinateur. Je voudrais réserver une carte graphique pour faire \
des mesures sérieuses.
spk3: T'habillais à l'eau chez la Hisephe lundi.
spk1: Super, on montre la démonstration au comité le 15 décembre, c'est validé.
spk2: Valider pour moi, oui.
spk1: Parfait, prochaine réunion, le jeudi 9 novembre à 10h. Merci à tous, bonne journée. Merci au revoir.
"""


def minutes():
    return write_minutes(meeting(RECOGNISED), date="2023-10-12")


def test_decisions_survive_wrong_words():
    found = minutes().decisions
    assert [d.status for d in found] == ["decided"] * 3
    for decision, expected in zip(
        found,
        ["commence par les réunions", "gèle les partitions", "montre la démonstration au comité"],
        strict=True,
    ):
        assert overlap(decision.text, expected) >= 0.6


def test_actions_survive_wrong_words_and_the_lost_one_is_not_made_up():
    found = [(a.owner_id, a.due_iso) for a in minutes().actions]
    assert found == [("spk2", "2023-10-20"), ("spk2", "2023-11-30")]


def test_a_question_that_lost_its_mark_is_open():
    [question] = [q.text for q in minutes().open_questions if "usage commerciale" in q.text]
    assert "partenaires" in question


def test_two_names_for_one_voice_name_nobody():
    assert {p.id: p.name for p in minutes().participants} == {"spk1": None, "spk2": None, "spk3": None}


def test_the_agenda_and_the_next_meeting():
    found = minutes()
    assert [a.title for a in found.agenda] == [
        "Les corpus",
        "Le plan de gestion des données",
        "La démonstration",
    ]
    assert found.next_meeting is not None
    assert found.next_meeting.iso == "2023-11-09T10:00"
