"""Every browser has a space of its own, and only our pages are answered."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.server.asgi import application
from tests.server.conftest import ADDRESS, ID

MEETING = f"/api/meetings/{ID}"


def listed(client: TestClient) -> list[str]:
    return [entry["id"] for entry in client.get("/api/meetings").json()["meetings"]]


def test_the_key_opens_the_meetings_of_the_local_user(client: TestClient) -> None:
    assert listed(client) == [ID]


def test_a_browser_without_the_key_has_an_empty_space(newcomer: Callable[[], TestClient]) -> None:
    assert listed(newcomer()) == []


def test_a_browser_stays_who_it_is(newcomer: Callable[[], TestClient]) -> None:
    browser = newcomer()
    assert browser.get("/api/meetings").headers["set-cookie"]
    assert "set-cookie" not in browser.get("/api/meetings").headers


@pytest.mark.parametrize("path", ["", "/sound", "/history", "/version", "/files/minutes.md", "/all.zip", "/progress"])
def test_nobody_reads_the_meeting_of_another(newcomer: Callable[[], TestClient], path: str) -> None:
    answer = newcomer().get(MEETING + path)
    assert (answer.status_code, answer.json()) == (404, {"error": "Cette réunion n’existe pas, ou a été supprimée."})


def test_nobody_changes_the_meeting_of_another(newcomer: Callable[[], TestClient], client: TestClient) -> None:
    stranger = newcomer()
    answers = [
        stranger.post(f"{MEETING}/corrections", json={"do": "reject", "item": "d1"}),
        stranger.patch(MEETING, json={"title": "x"}),
        stranger.post(f"{MEETING}/rerun", json={}),
        stranger.post(f"{MEETING}/cancel"),
        stranger.delete(MEETING),
    ]
    assert [a.status_code for a in answers] == [404] * 5
    assert stranger.delete("/api/meetings").status_code == 204  # everything of theirs, which is nothing
    assert listed(client) == [ID]


def test_a_made_up_cookie_is_nobody(app: FastAPI, newcomer: Callable[[], TestClient]) -> None:
    browser = newcomer()
    clients = app.state.service.clients
    browser.cookies.set(clients.cookie, f"{clients.key}.0000")
    assert listed(browser) == []


def test_a_name_that_leads_to_this_machine_is_refused(client: TestClient) -> None:
    answer = client.get("/api/meetings", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "evil.example" in answer.json()["error"]


@pytest.mark.parametrize("headers", [{"X-Dialogue": ""}, {"Origin": "http://evil.example"}])
def test_another_site_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.delete(MEETING, headers=headers).status_code == 403
    assert listed(client) == [ID]


def test_errors_are_in_the_language_of_the_reader(client: TestClient) -> None:
    answer = client.get("/api/meetings/none", headers={"Accept-Language": "en-GB"})
    assert answer.json()["error"] == "This meeting does not exist, or was deleted."


def test_with_a_password_nothing_is_told_without_it(app: FastAPI) -> None:
    locked = application(app.state.service.folder, password="sésame")
    browser = TestClient(locked, "http://machine.example", headers={"X-Dialogue": "1"})
    assert browser.get("/api/meetings").status_code == 401
    browser.cookies.set(locked.state.service.clients.cookie, app.state.service.clients.welcome())
    assert browser.get("/api/meetings").status_code == 401  # a cookie from before the password
    browser.cookies.set(locked.state.service.clients.cookie, locked.state.service.clients.welcome())
    assert browser.get("/api/meetings").status_code == 200


def test_a_file_of_gradio_is_for_who_sent_it(app: FastAPI, newcomer: Callable[[], TestClient]) -> None:
    @app.post("/gradio_api/upload")
    def upload() -> list[str]:
        return ["/tmp/gradio/voix.wav"]

    @app.get("/gradio_api/file={path:path}")
    def file(path: str) -> str:
        return path

    sender = newcomer()
    sender.post("/gradio_api/upload", headers={"Origin": ADDRESS})
    assert sender.get("/gradio_api/file=/tmp/gradio/voix.wav").status_code == 200
    assert newcomer().get("/gradio_api/file=/tmp/gradio/voix.wav").status_code == 404
