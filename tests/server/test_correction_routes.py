"""Corrections over HTTP: each is a line of the log, and the next state has it at once."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue import corrections
from dialogue.corrections import Correction
from dialogue.corrections.correction import ItemAnchor, SpeakerAnchor, WordAnchor
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


FIRST, OTHER = SpeakerAnchor(((1.0, 3.0),), "spk1"), SpeakerAnchor(((6.0, 8.0),), "spk2")
NOWHERE = (WordAnchor(1.0, 2.0, "jamais dit"),)
GONE = ItemAnchor("decision", "Jamais décidé", NOWHERE)
LOST: dict[str, tuple[dict[str, Any], ...]] = {  # corrections, of which the last one cannot be replayed, by the reason
    "« jamais dit » n’y est plus : on y lit « ": ({"do": "text", "words": NOWHERE, "after": "dit"},),
    "« rien » n’y est plus, et rien": ({"do": "text", "words": (WordAnchor(25.0, 26.0, "rien"),), "after": "dit"},),
    "40.00 s est après la fin": ({"do": "text", "words": (WordAnchor(39.0, 40.0, "tard"),), "after": "dit"},),
    "personne ne parle là où parlait Zoé.": (
        {"do": "rename", "speaker": SpeakerAnchor(((20.0, 21.0),), "spk9", "Zoé"), "after": "Ana"},
    ),
    "la correction qui a distingué Intervenant 3": (
        {"do": "rename", "speaker": SpeakerAnchor(((1.0, 3.0),), "spk3", None, "c9"), "after": "Ana"},
    ),
    "Zoé est déjà le nom": (
        {"do": "rename", "speaker": FIRST, "after": "Zoé"},
        {"do": "rename", "speaker": OTHER, "after": "Zoé"},
    ),
    "cette voix s’appelle maintenant Zoé": (
        {"do": "rename", "speaker": FIRST, "after": "Zoé"},
        {"do": "rename", "speaker": FIRST, "after": "Ana"},
    ),
    "ce sont maintenant Zoé et Ana": (
        {"do": "rename", "speaker": FIRST, "after": "Zoé"},
        {"do": "rename", "speaker": OTHER, "after": "Ana"},
        {"do": "merge", "speaker": FIRST, "into": OTHER},
    ),
    "ces tours sont maintenant de plusieurs": (
        {"do": "join", "words": (WordAnchor(1.0, 3.0, "On garde le budget"), WordAnchor(6.0, 8.0, "Je relis"))},
    ),
    "l’un des deux n’est plus": ({"do": "order", "item": GONE},),
    "ce n’est plus dans le compte rendu, ni": ({"do": "accept", "item": GONE},),
}


@pytest.mark.parametrize("reason", LOST)
def test_why_a_correction_was_not_replayed_is_told_in_french(client: TestClient, app: FastAPI, reason: str) -> None:
    for fields in LOST[reason]:
        corrections.append(log(app), Correction("", "", "Anne", ID, **fields))
    [left] = client.get(MEETING).json()["unreplayed"]
    assert left["do"] == LOST[reason][-1]["do"]
    assert left["reason"].startswith(reason)


@pytest.mark.parametrize(("line", "reason"), [("{", "la ligne 1 des corrections"), ("[]", "en anglais : line 1")])
def test_a_damaged_line_of_the_log_is_told(client: TestClient, app: FastAPI, line: str, reason: str) -> None:
    log(app).write_text(f"{line}\n", encoding="utf-8")
    [left] = client.get(MEETING).json()["unreplayed"]
    assert (left["do"], left["reason"][: len(reason)]) == (None, reason)


def log(app: FastAPI) -> Path:
    return Path(app.state.service.folder) / ID / corrections.NAME
