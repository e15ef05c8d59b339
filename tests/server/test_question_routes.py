"""Search, tasks and questions over HTTP see only one's own meetings."""

import json
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.server.conftest import ID


def events(answer: Any) -> list[tuple[str, Any]]:
    parts = [dict(line.split(": ", 1) for line in part.splitlines()) for part in answer.text.strip().split("\n\n")]
    return [(part["event"], json.loads(part["data"])) for part in parts]


def test_what_was_said_is_found(client: TestClient) -> None:
    [hit, *_] = client.get("/api/search", params={"q": "presse"}).json()["hits"]
    assert hit["meeting"] == ID
    start, end = hit["marks"][0]
    assert hit["text"][start:end] == "presse"


def test_an_empty_search_is_explained(client: TestClient) -> None:
    assert client.get("/api/search").json()["error"] == "Écrivez au moins un mot à chercher."


def test_strangers_find_nothing(newcomer: Callable[[], TestClient]) -> None:
    stranger = newcomer()
    assert stranger.get("/api/search", params={"q": "presse"}).json() == {"hits": []}
    assert stranger.get("/api/actions").json() == {"items": []}
    assert events(stranger.get("/api/ask", params={"q": "Qui prévient la presse ?"}))[-1][1]["said"] is False


def test_open_tasks_are_listed(client: TestClient) -> None:
    items = client.get("/api/actions").json()["items"]
    assert items
    assert {item["meeting"] for item in items} == {ID}


def test_an_answer_says_where_it_was_said(client: TestClient) -> None:
    for params in ({"q": "Qui prévient la presse ?"}, {"q": "Qui prévient la presse ?", "meeting": ID}):
        [(kind, answer), *_, (last, done)] = events(client.get("/api/ask", params=params))
        assert (kind, last, done["said"]) == ("answer", "done", True)
        assert answer["meeting"] == ID
        assert "presse" in answer["evidence"][0]["quote"]


def test_what_was_not_said_is_not_said(client: TestClient) -> None:
    [(kind, done)] = events(client.get("/api/ask", params={"q": "Combien coûte la girafe ?"}))
    assert (kind, done["said"]) == ("done", False)
    assert done["text"]


def test_nobody_is_suggested_who_did_not_agree(client: TestClient) -> None:
    assert client.get(f"/api/meetings/{ID}/suggestions").json() == {"suggestions": []}
