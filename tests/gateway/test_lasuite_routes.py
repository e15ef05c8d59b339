"""Jobs of La Suite: recordings from a store, news by a signed webhook, results behind signed addresses."""

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from dialogue.gateway.access import AccessTokens
from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings
from dialogue.library import remote, webhook
from dialogue.library.catalogue import LibraryError
from dialogue.library.jobs import Queue
from dialogue.library.lasuite import error_code
from dialogue.library.meetings import SOUNDS, Library
from dialogue.library.webhook import Deliveries
from dialogue.library.worker import MeetingTask
from tests.gateway.conftest import ADDRESS
from tests.minutes.meetings import meeting

MEET, OTHER = "m" * 20, "o" * 20
CONTENT = "**Nadia**: Je réserve la salle avant lundi.\n**Paul**: On décide de garder le budget de huit cents euros.\n"
WANTED = {"user_sub": "u1", "language": "fr"}


class Store(http.server.BaseHTTPRequestHandler):
    """Serves what it is given, and takes news."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("location", "/file")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("content-length", str(len(self.server.data) + 9 * (self.path == "/cut")))  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(self.server.data)  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.news.append(({k.lower(): v for k, v in self.headers.items()}, json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def store() -> Iterator[Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.data, server.news = b"no sound at all" * 100, []  # type: ignore[attr-defined]
    server.host = f"127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(tmp_path: Path, store: Any, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Return a client of a server on whose queue nobody works."""
    monkeypatch.setenv(webhook.SECRET, "shared secret")
    monkeypatch.setenv(webhook.TOKENS, f"elsewhere=x,{store.host}=their-key")
    settings = ServeSettings(
        workers=0, recordings_from=(store.host,), webhooks={"meet": f"http://{store.host}/hook"}, result_ttl=60
    )
    app = application(tmp_path / "library", settings, AccessTokens({MEET: "meet", OTHER: "other"}))
    return TestClient(app, ADDRESS, headers={"authorization": f"Bearer {MEET}"})


@pytest.fixture
def library(tmp_path: Path, client: TestClient) -> Library:
    return Library(tmp_path / "library", user=None)


def submitted(client: TestClient, store: Any, path: str = "/file?key=secret") -> str:
    body = {**WANTED, "cloud_storage_url": f"http://{store.host}{path}"}
    answer = client.post("/api/v2/async-jobs/transcribe", json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["type"], answer.json()["status"]) == ("transcript", "pending")
    return str(answer.json()["job_id"])


def spoken(library: Library, id: str) -> None:
    meeting("Nadia: Bonjour à tous.", recording=id).save(library.folder / id / f"{id}.json")


def worked(library: Library, do: Callable[[Any], None]) -> None:
    """Do what a worker does with the next job, and tell the webhook."""
    queue = Queue(library)
    claim = queue.claim()
    assert claim
    try:
        do(claim.job)
    except LibraryError as error:
        queue.end(claim, "failed", str(error))
    else:
        queue.end(claim, "done")
    Deliveries(queue).deliver()


def test_a_transcript_is_told_and_behind_a_signed_address(client: TestClient, store: Any, library: Library) -> None:
    id = submitted(client, store)
    assert client.get(f"/api/v2/async-jobs/transcribe/{id}").json()["status"] == "pending"

    def recognise(job: Any) -> None:
        assert remote.fetch(library.folder / id, library.folder / SOUNDS / id)
        spoken(library, id)

    worked(library, recognise)
    assert (library.folder / SOUNDS / id).read_bytes() == store.data
    [(headers, told)] = store.news
    assert (told["job_id"], told["type"], told["status"]) == (id, "transcript", "success")
    assert headers["authorization"] == "Bearer their-key"
    assert headers["webhook-signature"].startswith("v1,")
    assert client.get(f"/api/v2/async-jobs/transcribe/{id}").json() == told
    address = urlsplit(told["transcription_data_url"])
    result = client.get(f"{address.path}?{address.query}", headers={"authorization": ""}).json()
    assert {*result} >= {"segments", "word_segments"}
    assert result["segments"][0]["text"].strip() == "Bonjour à tous."


def test_a_signed_address_is_good_for_nothing_else(client: TestClient, store: Any, library: Library) -> None:
    id, second = submitted(client, store), submitted(client, store)
    for _ in range(2):
        worked(library, lambda job: spoken(library, job.meeting))
    address = urlsplit(store.news[0][1]["transcription_data_url"])
    good = f"{address.path}?{address.query}"
    assert client.get(good).status_code == 200
    for bad in (
        good.replace(id, second),
        good.replace("owner=meet", "owner=other"),
        good.replace("until=", "until=9"),
        good.partition("&signature")[0],
    ):
        assert client.get(bad).status_code == 403


def test_a_file_without_sound_fails_with_their_word(client: TestClient, store: Any, library: Library) -> None:
    id = submitted(client, store)
    task = MeetingTask()
    worked(library, lambda job: task(library, job, lambda *_: None))
    assert store.news[-1][1] == {
        "job_id": id,
        "type": "transcript",
        "status": "failure",
        "error_code": "corrupted_audio_file",
    }
    assert not [*(library.folder / SOUNDS).glob("*")]


@pytest.mark.parametrize("path", ["/elsewhere", "/cut"])
def test_what_cannot_be_fetched_whole_fails(client: TestClient, store: Any, library: Library, path: str) -> None:
    submitted(client, store, path)
    task = MeetingTask()
    worked(library, lambda job: task(library, job, lambda *_: None))
    assert (store.news[-1][1]["status"], store.news[-1][1]["error_code"]) == ("failure", "unknown_error")
    assert not [*library.folder.glob("*/source.json")]


def test_what_is_too_large_is_not_kept(client: TestClient, store: Any, library: Library) -> None:
    id = submitted(client, store)
    remote.note(library.folder / id, f"http://{store.host}/file", largest=100)
    with pytest.raises(LibraryError, match="larger"):
        remote.fetch(library.folder / id, library.folder / SOUNDS / id)
    assert not [*(library.folder / SOUNDS).iterdir()]


def test_no_other_host_is_fetched_from(client: TestClient, store: Any) -> None:
    for address in (
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        f"http://{store.host}@evil.example/a",
        f"http://u:p@{store.host}/a",
        f"http://{store.host}.evil.example/a",
        "http://127.0.0.1/a",
        "//x",
        None,
    ):
        answer = client.post("/api/v2/async-jobs/transcribe", json={**WANTED, "cloud_storage_url": address})
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "cloud_storage_url"]


def test_the_address_of_a_recording_is_in_no_answer_and_is_forgotten(
    client: TestClient, store: Any, library: Library
) -> None:
    id = submitted(client, store)
    remote.fetch(library.folder / id, library.folder / SOUNDS / id)
    assert not [path for path in library.folder.rglob("*") if path.is_file() and b"key=secret" in path.read_bytes()]


def test_a_summary_is_minutes(client: TestClient, store: Any, library: Library) -> None:
    body = {"user_sub": "u1", "content": CONTENT}
    id = client.post("/api/v2/async-jobs/summarize", json=body).json()["job_id"]
    task = MeetingTask()
    worked(library, lambda job: task(library, job, lambda *_: None))
    told = client.get(f"/api/v2/async-jobs/summarize/{id}").json()
    assert (told["type"], told["status"]) == ("summary", "success")
    address = urlsplit(told["summary_data_url"])
    result = client.get(f"{address.path}?{address.query}", headers={"authorization": ""})
    assert result.headers["content-type"].startswith("text/markdown")
    assert "Nadia" in result.text


def test_a_job_of_another_tenant_is_not_found(client: TestClient, store: Any) -> None:
    id = submitted(client, store)
    answers = [
        client.get(f"/api/v2/async-jobs/transcribe/{id}", headers={"authorization": f"Bearer {OTHER}"}),
        client.get(f"/api/v2/async-jobs/summarize/{id}"),
    ]
    assert [(a.status_code, [*a.json()]) for a in answers] == [(404, ["detail"])] * 2


def test_documents_are_not_pushed(client: TestClient, store: Any) -> None:
    body = {**WANTED, "cloud_storage_url": f"http://{store.host}/a", "push_to_docs_config": {"title": "x"}}
    assert client.post("/api/v2/async-jobs/transcribe", json=body).status_code == 400


def test_without_a_secret_nothing_is_signed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(webhook.SECRET)
    answer = client.post("/api/v2/async-jobs/summarize", json={"user_sub": "u", "content": CONTENT})
    assert answer.status_code == 400
    assert client.get("/api/v2/async-jobs/summarize/x/signed").status_code == 400


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ("x: no audio stream (video only). Accepted: ...", "no_audio_in_file"),
        ("x: longer than 6 h. Cut it", "media_duration_too_long"),
        ("x: not a media file, or its end is cut off", "corrupted_audio_file"),
        ("killed", "unknown_error"),
    ],
)
def test_causes_have_their_words(cause: str, code: str) -> None:
    assert error_code(cause) == code


def test_an_address_ends_with_the_results(client: TestClient, store: Any, library: Library) -> None:
    submitted(client, store)
    [about] = library.folder.glob("*/lasuite.json")
    until = int(json.loads(about.read_text())["address"].partition("until=")[2].partition("&")[0])
    assert 0 < until - time.time() <= 60
