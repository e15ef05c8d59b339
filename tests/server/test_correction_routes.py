"""Corrections over HTTP: each is a line of the log, and the next state has it at once."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.server.background import refresh
from tests.server.conftest import ID

MEETING = f"/api/meetings/{ID}"


def correct(client: TestClient, do: str, **fields: Any) -> Any:
    return client.post(f"{MEETING}/corrections", json={"do": do, **fields})


def words(state: Any, id: str) -> str:
    found = next(u for u in state["viewer"]["utterances"] if u["id"] == id)
    return " ".join(word[0] for word in found["words"])


def test_a_name_is_in_the_next_state(client: TestClient) -> None:
    state = correct(client, "rename", speaker="spk2", name="Zoé").json()
    assert "Zoé" in [s["name"] for s in state["viewer"]["speakers"]]
    assert (state["can_undo"], state["can_redo"], state["fresh"]) == (True, False, False)


def test_words_are_rewritten(client: TestClient) -> None:
    assert "compte-rendu" in words(correct(client, "text", place="u2:4", text="compte-rendu").json(), "u2")


def test_an_item_is_rejected_and_comes_back(client: TestClient) -> None:
    before = client.get(MEETING).json()["viewer"]["minutes"]["actions"]
    assert len(correct(client, "reject", item="a1").json()["viewer"]["minutes"]["actions"]) == len(before) - 1
    assert correct(client, "undo").json()["viewer"]["minutes"]["actions"] == before


def test_the_second_window_is_told(client: TestClient) -> None:
    seen = client.get(MEETING).json()["version"]
    assert correct(client, "text", place="u2:4", text="un", version=seen).status_code == 200
    answer = correct(client, "text", place="u2:4", text="deux", version=seen)
    assert (answer.status_code, answer.json()["error"][:30]) == (409, "Cette réunion vient d’être cor")
    assert "un" in words(answer.json()["state"], "u2")


def test_the_history_says_what_was_undone(client: TestClient) -> None:
    correct(client, "rename", speaker="spk2", name="Zoé")
    correct(client, "undo")
    history = client.get(f"{MEETING}/history").json()["corrections"]
    assert [(c["id"], c["do"], c["undone"]) for c in history] == [("c1", "rename", True), ("c2", "undo", False)]


@pytest.mark.parametrize("asked", [{"do": "burn"}, {"do": "rename", "speaker": "spk2"}, {"do": "text", "place": "u2"}])
def test_what_is_no_correction_is_refused(client: TestClient, asked: dict[str, str]) -> None:
    assert correct(client, **asked).status_code == 400
    assert not client.get(MEETING).json()["can_undo"]


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("rename", {"speaker": "spk9", "name": "Zoé"}),
        ("rename", {"speaker": "spk2", "name": " "}),
        ("text", {"place": "u99", "text": "x"}),
        ("undo", {}),
    ],
)
def test_what_is_not_possible_is_explained(client: TestClient, do: str, fields: dict[str, str]) -> None:
    answer = correct(client, do, **fields)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10


def test_what_strangers_write_stays_text(client: TestClient) -> None:
    state = correct(client, "rename", speaker="spk2", name="<script>alert(1)</script> مرحبا 🙂").json()
    assert "<script>alert(1)</script> مرحبا 🙂" in [s["name"] for s in state["viewer"]["speakers"]]


def test_the_files_have_the_correction(client: TestClient, app: FastAPI) -> None:
    folder = app.state.service.folder / ID
    correct(client, "rename", speaker="spk2", name="Zoé")
    assert refresh(folder) is None
    assert "Zoé" in (folder / f"{ID}.srt").read_text(encoding="utf-8")


def test_a_meeting_added_as_a_folder_is_only_read(client: TestClient, app: FastAPI) -> None:
    (app.state.service.folder / f".stages/transcript/{ID}.json").unlink()
    assert client.get(MEETING).json()["editable"] is False
    assert correct(client, "undo").status_code == 409
