"""Who is suggested for the speakers of a meeting, and who is not known."""

from dataclasses import replace
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue.library.directory import People  # noqa: E402
from dialogue.library.suggestions import recognise, suggest  # noqa: E402
from dialogue.library.voiceprints import posteriors  # noqa: E402
from tests.library.voices import CONSENT, recording, sample, vector  # noqa: E402


@pytest.fixture
def people(tmp_path: Path) -> People:
    found = People(tmp_path)
    for number, name in enumerate(("Camille", "Thomas", "Nadia")):
        found.enrol(name, sample(number), CONSENT)
    return found


def test_a_person_is_suggested_with_what_it_rests_on(people: People) -> None:
    people.add("Thomas", sample(1, 5))
    [found], problems = recognise(people, {"spk1": sample(1, 7, seconds=12)})
    assert (found.name, found.samples, found.seconds, problems) == ("Thomas", ("s1", "s2"), 12, [])
    assert 0.89 <= found.probability <= 1


def test_not_known_is_an_answer(people: People) -> None:
    [found], _ = recognise(people, {"spk1": sample(9)})
    assert (found.person, found.name, found.note) == (None, None, "not known")


def test_nobody_is_suggested_from_an_empty_directory(tmp_path: Path) -> None:
    assert recognise(People(tmp_path), {"spk1": sample(1)})[0][0].person is None


def test_one_person_is_suggested_for_one_speaker_only(people: People) -> None:
    likely, other = sample(0, 1), replace(sample(0, 2), vector=vector(0, 2, noise=0.5))
    first, second = recognise(people, {"spk1": other, "spk2": likely})[0]
    assert (first.person, second.name) == (None, "Camille")
    assert first.note == "not known; sounds like Camille too, who is suggested for spk2"
    assert second.note == "spk1 sounds like them too"


def test_a_longer_directory_asks_for_more() -> None:
    assert posteriors([3.0])[0] > posteriors([3.0, -9.0, -9.0])[0]
    assert sum(posteriors([2.0, 2.0])) < 1


def test_an_expired_voice_is_not_suggested_and_that_is_said(people: People) -> None:
    path = people.folder / people.get("Thomas").id / "person.json"
    path.write_text(path.read_text(encoding="utf-8").replace(CONSENT.until, "2001-01-01"), encoding="utf-8")
    [found], [problem] = recognise(people, {"spk1": sample(1, 7)})
    assert found.person is None
    assert "Thomas: the consent ended on 2001-01-01" in problem


def test_suggestions_are_kept_without_names_until_the_next_ones(people: People) -> None:
    found, _ = suggest(people, recording(("spk1", 2, 0, 20), ("spk2", 8, 21, 40), ("spk3", 1, 41, 42)))
    assert [s.name for s in found] == ["Nadia", None, None]
    assert "1.0 s of clean speech" in found[2].note
    [row] = people.noted("réunion")
    assert (row["speaker"], row["person"], row["name"]) == ("spk1", people.get("Nadia").id, None)
    suggest(people, recording(("spk1", 8, 0, 20)))
    assert people.noted("réunion") == []
