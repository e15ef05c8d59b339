"""Uploads, states, files and options of meetings over HTTP."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.server import uploads
from tests.server.conftest import ID

MEETING = f"/api/meetings/{ID}"
SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"


def sent(client: TestClient, content: bytes, name: str = "note.wav", **options: object) -> tuple[int, dict[str, str]]:
    answer = client.put("/api/meetings", params={"name": name, "options": json.dumps(options)}, content=content)
    return answer.status_code, answer.json()


def test_a_recording_that_is_sent_waits_to_be_processed(client: TestClient, app: FastAPI) -> None:
    status, made = sent(client, SAMPLE.read_bytes(), "Ma réunion.flac", title="Essai", speakers=3, effort="fast")
    assert (status, made["job"]["state"]) == (201, "submitted")
    known = client.get(f"/api/meetings/{made['id']}").json()["meeting"]
    assert (known["title"], known["options"]) == ("Essai", {"speakers": 3, "effort": "fast"})
    assert not list((app.state.service.folder / uploads.FOLDER).iterdir())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "Le fichier est vide"), (b"%PDF-1.7 not sound", "Ce n’est pas un fichier audio")],
)
def test_what_is_no_recording_is_explained(client: TestClient, app: FastAPI, content: bytes, sentence: str) -> None:
    status, answer = sent(client, content)
    assert status == 400
    assert answer["error"].startswith(sentence)
    assert not list((app.state.service.folder / uploads.FOLDER).iterdir())


def test_what_is_too_large_is_refused_before_it_is_read(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.put("/api/meetings", content=iter([b"x"]), headers={"Content-Length": "3000000000"})
    assert (answer.status_code, answer.json()["error"][:26]) == (413, "Le fichier dépasse 2 Go. D")


def test_what_does_not_fit_on_the_disk_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FREE", 1 << 60)
    assert sent(client, b"x")[0] == 507


@pytest.mark.parametrize(
    "options",
    [{"effort": "most"}, {"speakers": 0}, {"model": "http://evil.example/v1"}, {"what": 1}, {"date": "demain"}],
)
def test_an_option_that_is_not_valid_is_named(client: TestClient, options: dict[str, object]) -> None:
    status, answer = sent(client, SAMPLE.read_bytes(), **options)
    assert status == 400
    assert str(next(iter(options.values()))) in answer["error"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\notes\\a.wav", "a.wav"),
        ("...", "recording"),
        ("<script>.wav", "<script>.wav"),
        ("n" * 300 + ".wav", "n" * 120 + ".wav"),
    ],
)
def test_a_name_of_a_client_leads_nowhere(name: str, kept: str) -> None:
    assert uploads.safe_name(name) == kept


def test_the_state_has_what_the_viewer_shows(client: TestClient) -> None:
    state = client.get(MEETING).json()
    assert state["viewer"]["utterances"][0]["words"]
    assert state["viewer"]["sound"] == f"{MEETING}/sound"
    assert state["viewer"]["title"] == "Comité"
    assert (state["editable"], state["fresh"], state["job"]) == (True, True, None)
    assert {"minutes.md", f"{ID}.srt"} <= {file["name"] for file in state["files"]}


def test_the_sound_is_played_from_anywhere(client: TestClient) -> None:
    answer = client.get(f"{MEETING}/sound", headers={"Range": "bytes=100-199"})
    assert (answer.status_code, len(answer.content)) == (206, 100)


def test_a_download_is_never_a_page(client: TestClient) -> None:
    answer = client.get(f"{MEETING}/files/report.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox"


@pytest.mark.parametrize("name", ["meeting.yaml", "..%2F.key", "none.txt"])
def test_only_results_are_downloaded(client: TestClient, name: str) -> None:
    assert client.get(f"{MEETING}/files/{name}").status_code == 404


def test_all_files_come_in_one(client: TestClient) -> None:
    with zipfile.ZipFile(io.BytesIO(client.get(f"{MEETING}/all.zip").content)) as archive:
        assert archive.testzip() is None
        assert f"{ID}/minutes.md" in archive.namelist()


def test_facts_are_changed_and_forgotten(client: TestClient) -> None:
    changed = client.patch(MEETING, json={"tags": ["budget"], "keep_until": "2099-01-31", "title": None}).json()
    assert changed["meeting"]["tags"] == ["budget"]
    assert (changed["meeting"]["keep_until"], changed["fresh"]) == ("2099-01-31", False)


def test_a_client_changes_no_other_fact(client: TestClient) -> None:
    assert client.patch(MEETING, json={"options": {"minutes": {"model": "http://evil.example"}}}).status_code == 400


def test_another_number_of_speakers_is_a_job(client: TestClient) -> None:
    state = client.post(f"{MEETING}/rerun", json={"speakers": 4}).json()
    assert (state["job"]["state"], state["meeting"]["options"]) == ("submitted", {"speakers": 4})
    assert client.post(f"{MEETING}/rerun", json={"speakers": 5}).status_code == 409


def test_a_job_that_waits_is_cancelled(client: TestClient) -> None:
    client.post(f"{MEETING}/rerun", json={})
    assert client.post(f"{MEETING}/cancel").json()["job"]["state"] == "cancelled"


def test_a_meeting_is_deleted_with_its_job(client: TestClient, app: FastAPI) -> None:
    client.post(f"{MEETING}/rerun", json={})
    assert client.delete(MEETING).status_code == 204
    assert client.get(MEETING).status_code == 404
    left = [p for p in app.state.service.folder.rglob("*") if p.is_file() and ID in p.name]
    assert left == []


def test_a_follower_is_told_when_it_is_over(client: TestClient) -> None:
    assert client.get(f"{MEETING}/progress").text.split("\n\n")[-2] == "event: done\ndata: {}"
