"""Text that a recogniser invents, and genuine text that looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.speech.asr import guard


@pytest.mark.parametrize(
    "text",
    [
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Sous-titres réalisés para la communauté d'Amara.org",
        "Sous-titrage ST' 501",
        "Sous-titrage Société Radio-Canada",
        "Sous-titrage FR ?",
        "Sous-titres par Jérémy Diaz",
        "❤️ par SousTitreur.com",
        "© Société Radio-Canada",
        "Merci d'avoir regardé !",
        "Merci d'avoir regardé cette vidéo !",
        "Merci à tous d'avoir suivi cette émission, à bientôt.",
        "Abonnez-vous à la chaîne !",
        "N'oubliez pas de vous abonner.",
        "À la prochaine vidéo",
        "[Musique]",
        "Applaudissements",
        "Thanks for watching!",
        "Thank you so much for watching.",
        "Subtitles by the Amara.org community",
        "Please subscribe to my channel",
    ],
)
def test_what_subtitles_end_with_is_boilerplate(text: str) -> None:
    assert guard.boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "Merci.",
        "Traduction.",
        "Radio-Canada.",
        "Merci d'avoir écouté ma présentation, on passe au budget.",
        "Merci d'avoir suivi le dossier.",
        "Merci d'avoir regardé le devis avec Nadia.",
        "Je propose que les sous-titres soient faits par Nadia.",
        "Sous-titrer la vidéo de Thomas, c'est prévu pour lundi par le service communication.",
        "La traduction sera faite par Thomas demain.",
        "Transcription de la réunion par Nadia, compte rendu par Thomas.",
        "Abonner les clients à la lettre.",
        "Abonnez-vous à la lettre d'information de la mairie.",
        "La musique, c'est trop fort.",
        "Musique classique ou jazz pour la soirée ?",
        "Pour la vidéo, on se retrouve la semaine prochaine.",
        "Le copyright de la photo est à Nadia.",
        "Il faut régler l'abonnement à Radio-Canada.",
        "",
    ],
)
def test_what_people_say_is_not_boilerplate(text: str) -> None:
    assert not guard.boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "oui " * 8,
        "on y va " * 5,
        "je pense que c'est " * 3,
        "et puis " * 6,
        "ha" * 60,
        "Bonjour. " + "C'est une bonne idée de le faire. " * 6,
    ],
)
def test_a_loop_is_a_repetition(text: str) -> None:
    assert guard.repetition(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oui",
        "oui oui oui",
        "non, non, non, non",
        "très très très bien",
        "on y va on y va",
        "Nous devons livrer le prototype lundi, ensuite nous devons livrer la documentation mardi.",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    ],
)
def test_how_people_repeat_themselves_is_none(text: str) -> None:
    assert not guard.repetition(text)


def test_the_ratio_is_a_parameter() -> None:
    text = "la réunion de lundi, la réunion de mardi, la réunion de jeudi, la réunion de samedi"
    assert guard.repetition(text, compression_ratio=1.1)
    assert not guard.repetition(text, compression_ratio=10.0)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert guard.boilerplate(text) in (True, False)
    assert guard.repetition(text) in (True, False)


@given(
    st.lists(
        st.sampled_from("lundi mardi budget projet nous devons livrer".split()),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_a_sentence_of_different_words_is_never_a_repetition(words: list[str]) -> None:
    assert not guard.repetition(" ".join(words))
    assert guard.repetition(" ".join(words * 8))
