"""Two minutes of one meeting are compared without their writers' names, and what was preferred is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

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
