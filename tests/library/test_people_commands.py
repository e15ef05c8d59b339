"""`dialogue people` on a directory that is there: what it shows, and the exit codes."""

from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue.cli import main  # noqa: E402
from dialogue.library.directory import People  # noqa: E402
from tests.library.voices import CONSENT, sample  # noqa: E402


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setenv("DIALOGUE_LIBRARY", str(tmp_path))
    monkeypatch.delenv("DIALOGUE_PEOPLE_KEY", raising=False)
    return People(tmp_path)


def test_the_list_says_until_when_and_who_has_expired(people: People, capsys) -> None:
    camille, thomas = (people.enrol(name, sample(n), CONSENT) for n, name in enumerate(("Camille", "Thomas")))
    record = people.folder / thomas.id / "person.json"
    record.write_text(record.read_text(encoding="utf-8").replace(CONSENT.until, "2001-01-01"), encoding="utf-8")
    assert main(["people", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{camille.id}  Camille  until 2099-12-31  1 sample, 20 s",
        f"{thomas.id}  Thomas  expired 2001-01-01  1 sample, 20 s",
    ]
    assert main(["people", "forget", "--expired"]) == 0
    assert [p.name for p in people.everyone()] == ["Camille"]


def test_a_person_is_shown_with_what_cannot_be_used(people: People, capsys) -> None:
    people.enrol("Camille", sample(1, model="other@0"), CONSENT, source="réunion spk1")
    assert main(["people", "show", "Camille"]) == 1
    found = capsys.readouterr()
    assert "consent   Camille, on " in found.out
    assert "purpose   comptes rendus" in found.out
    assert "réunion spk1  20.0 s  other@0" in found.out
    assert "of the model other@0" in found.err


def test_a_damaged_record_is_in_the_list_of_problems(people: People, capsys) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    (people.folder / person.id / "person.json").write_text("{", encoding="utf-8")
    assert main(["people", "list"]) == 1
    assert "no record of a person" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["forget"], "whom?"),
        (["forget", "Zoé"], "Zoé: nobody of this id or name"),
        (["enrol", "Zoé", "--consent", "Zoé", "--purpose", "x", "--until", "2099-01-01"], "where is the voice?"),
        (["enrol", "Zoé", "--sound", "zoé.wav"], "no voice is kept without consent: --consent, --purpose, --until"),
        (["list", "--key-file", "no key"], "no key: No such file"),
    ],
)
def test_a_wrong_call_says_what_to_type(people: People, words: list[str], said: str, capsys) -> None:
    assert main(["people", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_key_is_one_line(people: People, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    fernet = pytest.importorskip("cryptography.fernet").Fernet
    monkeypatch.setenv("DIALOGUE_PEOPLE_KEY", fernet.generate_key().decode())
    People(people.folder.parent, key=fernet.generate_key().decode()).enrol("Camille", sample(1), CONSENT)
    assert main(["people", "list"]) == 2
    assert "written with another key, or damaged" in capsys.readouterr().err
