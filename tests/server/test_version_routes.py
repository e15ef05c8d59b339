"""Two minutes of one meeting are compared without their writers' names, and what was preferred is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.library.facts import read_facts
from dialogue.library.versions import PREFERENCES, Versions
from dialogue.minutes import Minutes
from tests.server.conftest import ID

MEETING = f"/api/meetings/{ID}"


@pytest.fixture
def two(client: TestClient, app: FastAPI) -> Path:
    """Return the library after another writer wrote the minutes anew."""
    library = app.state.service.folder
    Versions(library, ID).keep()
    path = library / f".stages/minutes/{ID}.json"
    minutes = Minutes.load(path)
    replace(minutes, provenance=replace(minutes.provenance, engine="a-model"), decisions=()).save(path)
    return Path(library)


def test_one_version_has_nothing_to_compare(client: TestClient) -> None:
    found = client.get(f"{MEETING}/versions").json()
    assert (found["versions"], found["pair"]) == ([{"writer": "extractive", "current": True}], None)


def test_a_version_that_is_replaced_is_kept(client: TestClient, two: Path) -> None:
    assert client.get(f"{MEETING}/versions").json()["versions"] == [
        {"writer": "a-model", "current": True},
        {"writer": "extractive", "current": False},
    ]


def test_those_who_compare_do_not_learn_who_wrote(client: TestClient, two: Path) -> None:
    pair = client.get(f"{MEETING}/versions").json()["pair"]
    assert len({each["token"] for each in pair}) == 2
    assert "a-model" not in json.dumps(pair)
    assert "extractive" not in json.dumps(pair)


def test_what_was_preferred_is_a_pair_to_learn_from(client: TestClient, two: Path) -> None:
    one, other = client.get(f"{MEETING}/versions").json()["pair"]
    answer = client.post(f"{MEETING}/preference", json={"chosen": one["token"], "rejected": other["token"]}).json()
    [line] = (two / ID / PREFERENCES).read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert (kept["chosen"]["writer"], kept["rejected"]["writer"]) == (answer["chosen"], answer["rejected"])
    assert kept["chosen"]["text"].startswith("# ")


def test_minutes_of_an_older_transcript_are_not_compared(client: TestClient, two: Path) -> None:
    path = two / f".stages/minutes/{ID}.json"
    minutes = Minutes.load(path)
    replace(minutes, provenance=replace(minutes.provenance, transcript_sha256="0" * 64)).save(path)
    assert client.get(f"{MEETING}/versions").json()["pair"] is None


def test_a_version_goes_with_its_meeting(client: TestClient, two: Path) -> None:
    assert client.delete(MEETING).status_code == 204
    assert list((two / ".stages/versions").rglob("*.json")) == []


def test_a_version_that_is_kept_comes_back_without_being_written_again(client: TestClient, two: Path) -> None:
    path = two / f".stages/minutes/{ID}.json"
    kept = Versions(two, ID)
    before = next(v.minutes for v in kept.all() if not v.current)
    assert client.post(f"{MEETING}/rerun", json={"model": None}).status_code == 200
    assert Minutes.load(path) == before
    assert {(v.writer, v.current) for v in kept.all()} == {("extractive", True), ("a-model", False)}


def test_a_section_has_options_of_its_own_until_all_is_written_again(client: TestClient, app: FastAPI) -> None:
    def asked(options: dict[str, object]) -> dict[str, object]:
        assert client.post(f"{MEETING}/rerun", json=options).status_code == 200
        client.post(f"{MEETING}/cancel")
        return read_facts(app.state.service.folder / ID).options.get("minutes", {})

    assert asked({"section": "summary", "length": "long"}) == {
        "sections": {"summary": {"model": None, "length": "long"}}
    }
    assert asked({"length": "short"}) == {"length": "short"}


@pytest.mark.parametrize("options", [{"section": "salary"}, {"section": "summary", "length": "endless"}])
def test_what_no_section_has_is_refused(client: TestClient, options: dict[str, str]) -> None:
    assert client.post(f"{MEETING}/rerun", json=options).status_code == 400
