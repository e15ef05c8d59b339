"""The directory of voices: consent, names, samples, forgetting and encryption."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue.library import directory  # noqa: E402
from dialogue.library.directory import Consent, People, PeopleError  # noqa: E402
from dialogue.library.sealed import SealError  # noqa: E402
from tests.library.voices import CONSENT, sample  # noqa: E402


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path)


def content(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def expire(people: People, id: str) -> None:
    path = people.folder / id / "person.json"
    path.write_text(path.read_text(encoding="utf-8").replace(CONSENT.until, "2001-01-01"), encoding="utf-8")


def test_a_person_is_kept_with_who_consented_to_what_and_until_when(people: People) -> None:
    made = people.enrol("Camille", sample(1), CONSENT, source="réunion spk1")
    [person] = People(people.folder.parent).everyone()
    assert person == made == people.get("Camille") == people.get(made.id)
    assert person.consent == CONSENT
    assert [(s.id, s.source, s.seconds) for s in person.samples] == [("s1", "réunion spk1", 20.0)]


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        (replace(CONSENT, by=" "), "by is empty"),
        (replace(CONSENT, purpose=""), "purpose is empty"),
        (replace(CONSENT, until="2001-01-01"), "is over"),
        (replace(CONSENT, until="un jour"), "un jour"),
        (replace(CONSENT, at="2098-01-01"), "to come"),
    ],
)
def test_nothing_is_kept_without_a_valid_consent(people: People, consent: Consent, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        people.enrol("Camille", sample(1), consent)
    assert not people.folder.exists()


def test_a_voice_whose_consent_ended_is_not_used(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    expire(people, person.id)
    found, problems = people.voiceprints(people.get("Camille"))
    assert found == []
    assert problems == ["Camille: the consent ended on 2001-01-01; the voice is not used."]


def test_another_sample_needs_a_consent_that_holds(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    assert [s.id for s in people.add("Camille", sample(1, 2)).samples] == ["s1", "s2"]
    expire(people, person.id)
    with pytest.raises(PeopleError, match="is over"):
        people.add("Camille", sample(1, 3))
    assert len(people.add("Camille", sample(1, 3), CONSENT).samples) == 3


def test_two_people_may_have_one_name_if_that_is_meant(people: People) -> None:
    first = people.enrol("Camille", sample(1), CONSENT)
    with pytest.raises(PeopleError, match=f"already there as {first.id}"):
        people.enrol("Camille", sample(2), CONSENT)
    second = people.enrol("Camille", sample(2), CONSENT, namesake=True)
    with pytest.raises(PeopleError, match="2 people have this name"):
        people.get("Camille")
    assert people.get(second.id) == second


@pytest.mark.parametrize(
    ("name", "kept"), [("<script>", "<script>"), ("Zoé\nMartin", "Zoé Martin"), ("😀", "😀"), ("../x", "../x")]
)
def test_a_name_has_any_characters_and_is_in_no_path(people: People, name: str, kept: str) -> None:
    person = people.enrol(name, sample(1), CONSENT)
    assert people.get(name).name == kept
    assert [p.name for p in people.folder.glob("[!.]*")] == [person.id]


def test_a_vector_of_another_model_is_ignored_with_a_sentence(people: People) -> None:
    people.enrol("Camille", sample(1, model="other@0"), CONSENT)
    found, [problem] = people.voiceprints(people.add("Camille", sample(1, 1)))
    assert len(found) == 1
    assert problem.startswith("Camille, sample s1: of the model other@0, and not campplus@")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"x" * 200])
def test_a_damaged_sample_is_not_used(people: People, damage: bytes) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    (people.folder / person.id / "s1.npz").write_bytes(damage)
    found, [problem] = people.voiceprints(person)
    assert found == []
    assert "cannot be read" in problem


def test_a_sample_with_a_pickle_is_not_unpickled(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    np.savez(people.folder / person.id / "s1.npz", vector=np.array([{}], dtype=object))
    assert "cannot be read" in people.voiceprints(person)[1][0]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"name": 1}'])
def test_a_damaged_record_is_named_and_the_others_stay(people: People, damage: str) -> None:
    lost = people.enrol("Camille", sample(1), CONSENT)
    people.enrol("Thomas", sample(2), CONSENT)
    (people.folder / lost.id / "person.json").write_text(damage, encoding="utf-8")
    assert [p.name for p in people.everyone()] == ["Thomas"]
    assert f"dialogue people forget {lost.id}" in people.problems[lost.id]
    assert people.forget(lost.id) == lost.id
    assert [p.name for p in people.everyone()] == ["Thomas"]
    assert not people.problems


def test_nobody_else_sees_a_person(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    other = People(people.folder.parent, owner="autre")
    assert other.everyone() == []
    with pytest.raises(PeopleError, match="nobody"):
        other.forget(person.id)
    assert People(people.folder.parent, owner=None).everyone() == [person]


def test_only_the_user_may_read_the_files(people: People) -> None:
    people.enrol("Camille", sample(1), CONSENT)
    assert {stat.S_IMODE(p.stat().st_mode) for p in people.folder.glob("*/*")} == {0o600}
    assert stat.S_IMODE(people.folder.stat().st_mode) == 0o700


def test_a_forgotten_person_is_nowhere(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT, source="réunion")
    kept = people.enrol("Thomas", sample(2), CONSENT)
    rows = [{"speaker": f"spk{n}", "person": id} for n, id in enumerate((person.id, kept.id))]
    people.note("réunion", rows)
    people.note("autre", rows[:1])
    people.forget("Camille")
    assert [p.name for p in people.everyone()] == ["Thomas"]
    assert people.noted("réunion") == rows[1:]
    assert people.noted("autre") == []
    assert person.id not in " ".join(map(str, people.folder.rglob("*")))
    assert person.id.encode() not in content(people.folder)


def test_a_vector_is_overwritten_before_it_is_removed(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    path = people.folder / person.id / "s1.npz"
    (people.folder / "link").hardlink_to(path)
    before = path.read_bytes()
    people.forget(person.id)
    after = (people.folder / "link").read_bytes()
    assert len(after) == len(before)
    assert after != before


def test_a_full_disk_leaves_no_half_person(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, write = people.enrol("Thomas", sample(2), CONSENT), people.seal.write

    def full(path: Path, value: bytes) -> None:
        if path.name == "person.json":
            raise OSError(28, "No space left on device")
        write(path, value)

    monkeypatch.setattr(people.seal, "write", full)
    with pytest.raises(OSError, match="No space"):
        people.enrol("Zoé", sample(1), CONSENT)
    with pytest.raises(OSError, match="No space"):
        people.add("Thomas", sample(2, 1))
    assert people.everyone() == [kept]
    assert not people.problems
    assert [p.name for p in people.folder.rglob("*.npz")] == ["s1.npz"]


# Encryption -------------------------------------------------------------------------------------------------------


@pytest.fixture
def key() -> str:
    return pytest.importorskip("cryptography.fernet").Fernet.generate_key().decode()


def test_with_a_key_nothing_can_be_read_without_it(tmp_path: Path, key: str) -> None:
    person = People(tmp_path, key=key).enrol("Camille", sample(1), CONSENT)
    people = People(tmp_path, key=key)
    assert people.get("Camille") == person
    assert len(people.voiceprints(person)[0]) == 1
    assert b"Camille" not in content(people.folder)
    with pytest.raises(SealError, match="Give the key"):
        People(tmp_path).everyone()


def test_a_wrong_key_is_refused_and_writes_nothing(tmp_path: Path, key: str) -> None:
    People(tmp_path, key=key).enrol("Camille", sample(1), CONSENT)
    other = pytest.importorskip("cryptography.fernet").Fernet.generate_key().decode()
    before = content(tmp_path)
    for wrong in (other, None):
        with pytest.raises(SealError):
            People(tmp_path, key=wrong).enrol("Thomas", sample(2), CONSENT)
    with pytest.raises(SealError, match="no key"):
        People(tmp_path, key="secret")
    assert content(tmp_path) == before


def test_what_was_kept_without_a_key_is_encrypted_when_somebody_is_added_with_one(tmp_path: Path, key: str) -> None:
    People(tmp_path).enrol("Camille", sample(1), CONSENT)
    people = People(tmp_path, key=key)
    people.enrol("Thomas", sample(2), CONSENT)
    assert [p.name for p in people.everyone()] == ["Camille", "Thomas"]
    assert b"Camille" not in content(people.folder)
    assert not [*people.folder.rglob("*.npz"), *people.folder.rglob("*.json")]


def test_a_record_holds_no_more_than_it_says(people: People) -> None:
    person = people.enrol("Camille", sample(1), CONSENT)
    record = json.loads((people.folder / person.id / "person.json").read_text(encoding="utf-8"))
    assert set(record) == {"id", "name", "consent", "owner", "samples", "reference"}
    assert {p.name for p in (people.folder / person.id).iterdir()} == {"person.json", "s1.npz"}
    assert directory.FOLDER.startswith(".")  # not among the meetings of the library
