"""Names, places and addresses by rules and lists alone; the names known for a recording; the same name elsewhere."""

from pathlib import Path

import pytest

from dialogue.core.config import ConfigError
from dialogue.core.transcript import Speaker, Transcript
from dialogue.formats.script import untimed
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.detection import detect, detect_all
from dialogue.privacy.lists import is_role
from dialogue.privacy.mentions import Note, text_of

RULES = PrivacyConfig(backend="rules")


def found(text: str, *known: str, config: PrivacyConfig = RULES) -> list[tuple[str, str]]:
    [note] = detect_all([Note("a", text)], config, [known])
    return [(m.label, text[m.start : m.end]) for m in note.mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je m'appelle Rayan Belkacem.", [("PRENOM", "Rayan"), ("NOM", "Belkacem")]),
        ("C'est madame de La Tour.", [("NOM", "de La Tour")]),
        ("Monsieur Petit est là.", [("NOM", "Petit")]),
        ("Docteur Lyon, bonjour.", [("NOM", "Lyon")]),
        ("J'ai vu Jean-Baptiste Le Goff.", [("PRENOM", "Jean-Baptiste"), ("NOM", "Le Goff")]),
        ("Mon nom c'est D U P O N T.", [("NOM", "D U P O N T")]),
        ("m comme Marcel, a comme Anatole", [("NOM", "m comme Marcel, a comme Anatole")]),
        ("J'habite au douze rue des Lilas, à Rennes.", [("ADRESSE", "douze rue des Lilas"), ("VILLE", "Rennes")]),
        ("Au CHU de Poitiers.", [("HOPITAL", "CHU de Poitiers")]),
        ("camille point durand arobase free point fr", [("MAIL", "camille point durand arobase free point fr")]),
        ("madame belkacem habite rue des lilas", [("NOM", "belkacem"), ("ADRESSE", "rue des lilas")]),
        ("ma fille rose a de la fièvre", [("PRENOM", "rose")]),
    ],
)
def test_what_identifies_somebody_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "une rose claire",
        "C'est petit, le marché.",
        "Ben ok, hein, d'accord.",
        "La France et l'Allemagne ont signé.",
        "Madame le maire a dit non.",
        "y a y a pas de place de parking",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert found(text) == []


def test_a_name_known_for_the_recording_is_found_in_lower_case() -> None:
    assert found("alors claire tu notes c'est clair", "Claire Vasseur") == [("PRENOM", "claire")]


def test_a_name_is_found_wherever_else_it_is_said() -> None:
    text = "Monsieur Marchand est là.\nOui, Marchand gère le marché, comme un marchand."
    assert found(text) == [("NOM", "Marchand"), ("NOM", "Marchand")]


def test_speakers_and_participants_are_known_names() -> None:
    said = untimed("a", [("Camille", "alors ophélie tu viens"), ("spk2", "oui")], verbatim=False)
    transcript = Transcript(
        **{f: getattr(said, f) for f in said.__slots__} | {"attributes": {"participants": ["Ophelie"]}}
    )
    note = detect(transcript, RULES)
    assert note.text == text_of(transcript)
    assert [note.text[m.start : m.end] for m in note.mentions] == ["ophélie"]


def test_a_numbered_speaker_is_no_name() -> None:
    transcript = Transcript("a", 1.0, speakers=(Speaker("spk1", "Locuteur 1"),))
    assert detect(transcript, RULES).mentions == ()


def test_words_that_are_allowed_and_labels_that_are_not_wanted_stay(tmp_path: Path) -> None:
    (tmp_path / "allow.txt").write_text("Rayan\n", encoding="utf-8")
    config = PrivacyConfig(backend="rules", allow=tmp_path / "allow.txt", labels=("PRENOM", "NOM"))
    assert found("Je m'appelle Rayan Belkacem, de Rennes.", config=config) == [("NOM", "Belkacem")]


def test_unknown_labels_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"found NAME[.] Accepted: ADRESSE"):
        PrivacyConfig(labels=("NAME",))


def test_an_empty_recording_has_no_mentions() -> None:
    assert found("") == []


@pytest.mark.parametrize("name", ["Médecin", "Intervenant 2", "Locuteur A", "spk1", "SPEAKER_03", ""])
def test_a_role_is_no_name(name: str) -> None:
    assert is_role(name)


@pytest.mark.parametrize("name", ["Camille", "Léo", "Camille Durand", "Dr Petit"])
def test_a_name_is_no_role(name: str) -> None:
    assert not is_role(name)
