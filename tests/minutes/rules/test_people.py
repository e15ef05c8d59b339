"""Who is a person: a probe of words that open a sentence or address somebody, and of names of several origins.

Each list has two halves. The first was written before the rules, the second after them, without looking at the list of
first names that they use.
"""

import pytest

from dialogue.minutes import write_minutes
from tests.minutes.meetings import meeting

NOBODY = {
    "first": """D'abord|Concrètement|D'ailleurs|Hier|Maman|Président|Papa|Bref|Ensuite|Enfin|Franchement|Normalement
        |Heureusement|Malheureusement|Actuellement|Apparemment|Généralement|Globalement|Honnêtement|Personnellement
        |Clairement|Probablement|Sincèrement|Techniquement|Financièrement|Juridiquement|Autrement|Rapidement|Évidemment
        |Cependant|Pourtant|Néanmoins|Toutefois|Ainsi|Aussi|Alors|Après|Avant|Parfois|Souvent|Toujours|Jamais|Bientôt
        |Demain|Aujourd'hui|Tantôt|Jadis|Lundi|Jeudi|Dimanche|Janvier|Août|Décembre|Noël|Pâques|Toussaint|Paris|Lyon
        |Toulouse|Bordeaux|France|Espagne|Japon|Bretagne|Europe|Google|Linagora|Airbus|Renault|Ministère|Directeur
        |Directrice|Chef|Maire|Ministre|Docteur|Professeur|Maître|Monsieur|Madame|Mademoiselle|Messieurs|Tonton|Mamie
        |Papy|Frère|Sœur|Cousin|Camarades|Collègues|Chérie|Mince|Zut|Hélas|Tiens|Bravo|Chut|Dommage|Parfait|Super
        |Génial|Secrétaire|Comptable|Infirmière|Français|Parisien|Premièrement|Deuxièmement|Quant|Puisque|Lorsque
        |Néant|Silence|Question|Réponse|Équipe|Mesdames|Trésorier""",
    "second": """Forcément|Visiblement|Manifestement|Théoriquement|Pratiquement|Éventuellement|Certainement|Sûrement
        |Idéalement|Finalement|Initialement|Parallèlement|Inversement|Accessoirement|Bizarrement|Curieusement|Tristement
        |Précisément|Notamment|Récemment|Autrefois|Désormais|Dorénavant|Auparavant|Entretemps|Ailleurs|Partout|Ici|Là
        |Certes|Or|Car|Soit|Sinon|Quoique|Comme|Pendant|Depuis|Selon|Malgré|Outre|Hormis|Sauf|Vu|Grâce|Bonjour|Bonsoir
        |Salut|Adieu|Merci|Pardon|Attention|Stop|Halte|Courage|Allô|Voyons|Voilà|Ouf|Aïe|Oups|Bof|Tant|Mardi|Mercredi
        |Vendredi|Samedi|Février|Mars|Avril|Mai|Juin|Juillet|Septembre|Octobre|Novembre|Printemps|Été|Automne|Hiver
        |Ascension|Pentecôte|Épiphanie|Carnaval|Ramadan|Marseille|Nantes|Lille|Strasbourg|Grenoble|Rennes|Montpellier
        |Londres|Berlin|Rome|Madrid|Genève|Bruxelles|Allemagne|Italie|Belgique|Suisse|Maroc|Algérie|Tunisie|Sénégal
        |Canada|Chine|Israël|Argentine|Normandie|Alsace|Provence|Corse|Afrique|Amérique|Microsoft|Orange|Carrefour
        |Peugeot|Inserm|Urssaf|Sénat|Mairie|Préfecture|Comité|Conseil|Bureau|Avocat|Avocate|Juge|Maîtresse|Patron
        |Patronne|Commandant|Capitaine|Colonel|Général|Sergent|Inspecteur|Commissaire|Préfet|Sénateur|Député|Rapporteur
        |Présidente|Ingénieur|Technicien|Chauffeur|Médecin|Architecte|Étudiant|Stagiaire|Tata|Maîtres|Fiston|Bébé
        |Mon|Ma|Notre|Ceci|Cela|Chacun|Aucun|Plusieurs|Certains|Quelqu'un|Qu'est-ce|N'empêche|J'avoue|C'est|S'il
        |L'idée|Aujourd'hui|Objectif|Problème|Résultat|Exemple|Remarque|Conclusion|Point|Suivant|Trois|Vingt
        |Juste|Clair|Vrai|Exact|Possible|Impossible|Absolument|Volontiers|Ok|Oui|Non|Si|Chers|Amis|Mec|Gars|Dieu
        |Seigneur|Prince|Majesté|Excellence|Allemand|Anglais|Européen|Lyonnais""",
}
NAMES = {
    "first": """Pierre|Rose|Olive|Constant|Prudence|Marguerite|Jean-Pierre|Marie-Claude|Mohamed|Fatima|Karim|Aïcha
        |Mamadou|Aminata|João|Inês|Manuel|Kevin|Jennifer|William|Nadia|Julien|Camille|Thomas|Chloé|Gaëlle|Loïc|Yasmine
        |Ibrahim|Élodie|Hélène|Anne-Sophie""",
    "second": """Françoise|Jacqueline|Bernard|Gérard|Michel|Brigitte|Véronique|Stéphane|Frédéric|Sébastien|Guillaume
        |Aurélie|Émilie|Mathilde|Clémence|Léa|Manon|Enzo|Lucas|Nathan|Timéo|Louna|Zoé|Jean-Luc|Marie-Thérèse|Jean-Baptiste
        |Marie-Hélène|Anne-Laure|Ahmed|Youssef|Rachid|Samir|Leïla|Khadija|Nour|Amina|Moussa|Ousmane|Fatou|Awa|Abdoulaye
        |Koffi|Tiago|Filipe|Antonio|Fátima|Ryan|Dylan|Jordan|Steven|Cindy|Sandy|Ewen|Nolwenn|Yann|Gwenaël|Giulia
        |Pablo|Carmen|Olga|Mehmet|Linh|Désiré|Blanche|Violette|Marin|Ange|Victoire|Marine|France-Lise|Florence
        |Aimé|Octave|Perle|Ambre""",
}


def words(lists: dict[str, str]) -> list:
    halves = [(half, word.strip()) for half, listed in lists.items() for word in listed.split("|")]
    return [pytest.param(word, id=f"{half}-{word}") for half, word in halves]


def addressed(word: str, times: int):
    """Return minutes of a meeting where one voice calls another by a word several times, and gives it a task."""
    asked = [
        f"A: {word}, tu peux préparer le budget pour vendredi ?\nB: Oui, je regarde cela.",
        f"A: {word}, est-ce que vous avez reçu le rapport ?\nB: Oui, il est arrivé hier.",
        f"A: On avance bien. {word}, tu as une remarque ?\nB: Non, rien à ajouter.",
        f"A: C'est noté. Tu peux nous envoyer le compte rendu, {word} ?\nB: Oui, d'accord.",
    ]
    others = "\nC: De mon côté, le planning est prêt.\n"
    return write_minutes(meeting(others.join(asked[:times]) + others, anonymous=True), date="2023-10-12")


@pytest.mark.parametrize("word", words(NOBODY))
def test_a_word_that_is_no_name_names_nobody(word):
    minutes = addressed(word, 4)
    assert {p.name for p in minutes.participants} == {None}
    assert word not in {a.owner for a in minutes.actions}


@pytest.mark.parametrize("name", words(NAMES))
def test_a_person_addressed_twice_is_named(name):
    minutes = addressed(name, 2)
    assert [p.name for p in minutes.participants] == [None, name, None]


def test_a_person_addressed_once_is_not_named():
    assert {p.name for p in addressed("Nadia", 1).participants} == {None}


@pytest.mark.parametrize("said", ["Je m'appelle Thomas", "Moi, c'est Thomas", "Ici Thomas", "Je suis Thomas"])
def test_a_person_who_introduces_themselves_is_named(said):
    minutes = write_minutes(meeting(f"A: Bonjour à tous.\nB: {said}, du service juridique.", anonymous=True))
    assert [p.name for p in minutes.participants] == [None, "Thomas"]


@pytest.mark.parametrize("word", ["Maman", "Français", "Concrètement", "Président", "Marseille"])
def test_who_says_what_they_are_does_not_say_their_name(word):
    minutes = write_minutes(meeting(f"A: Bonjour.\nB: Je suis {word}.\nB: Ici {word}, oui.", anonymous=True))
    assert {p.name for p in minutes.participants} == {None}


def test_a_rare_name_is_heard_if_it_is_in_the_list_of_participants():
    text = "A: Zyxwen, tu peux préparer le budget pour vendredi ?\nB: Oui.\nC: Bien."
    minutes = write_minutes(meeting(text, anonymous=True), participants=["Zyxwen Martin"])
    assert minutes.actions[0].owner == "Zyxwen Martin"


def test_a_common_word_is_not_taken_for_the_name_of_a_participant():
    text = "A: Clairement, tu peux préparer le budget pour vendredi ?\nB: Oui, je regarde cela.\nC: Bien."
    minutes = write_minutes(meeting(text, anonymous=True), participants=["Clément", "Anne"])
    assert "Clément" not in {a.owner for a in minutes.actions}
