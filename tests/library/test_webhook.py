"""What a webhook is told: signed as Standard Webhooks has it, again if it was not accepted, and never elsewhere."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogue.library import webhook
from dialogue.library.catalogue import LibraryError
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.webhook import Deliveries
from tests.library.made import recording


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        named = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((self.path, named, body))  # type: ignore[attr-defined]
        status = self.server.answers.pop(0) if self.server.answers else 200  # type: ignore[attr-defined]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    server.received, server.answers = [], []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ended(library: Library, tmp_path: Path, server, monkeypatch) -> Queue:
    """Return the queue after a job with a webhook has failed."""
    monkeypatch.setenv(webhook.SECRET, "whsec_" + base64.b64encode(b"shared").decode())
    monkeypatch.setattr(webhook, "FIRST", 0.0)
    queue = Queue(library)
    address = f"http://127.0.0.1:{server.server_port}/hook"
    queue.submit(library.add(recording(tmp_path / "a.wav")), webhook=address)
    queue.end(queue.claim(), "failed", "no « speech »")
    return queue


def test_the_news_is_signed_and_told_once(ended: Queue, server) -> None:
    deliveries = Deliveries(ended)
    deliveries.deliver()
    deliveries.deliver()
    [(path, headers, body)] = server.received
    [job] = ended.list()
    assert path == "/hook"
    assert headers["webhook-id"] == job.id
    signed = f"{job.id}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"shared", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    news = json.loads(body)
    assert news["type"] == "job.failed"
    assert news["data"] == {"job": job.id, "meeting": "a", "state": "failed", "cause": "no « speech »"}
    assert job.notified == "yes"


def test_news_that_is_not_accepted_is_told_again(ended: Queue, server) -> None:
    server.answers[:] = [500, 404]
    deliveries = Deliveries(ended)
    for _ in range(4):
        deliveries.deliver()
    assert len(server.received) == 3
    assert ended.list()[0].notified == "yes"


def test_news_that_is_never_accepted_is_given_up(ended: Queue, server) -> None:
    server.answers[:] = [500] * 99
    deliveries = Deliveries(ended)
    for _ in range(webhook.MOST_TRIES + 3):
        deliveries.deliver()
    assert len(server.received) == webhook.MOST_TRIES
    assert ended.list()[0].notified == "no"


def test_a_new_try_waits(ended: Queue, server, monkeypatch) -> None:
    monkeypatch.setattr(webhook, "FIRST", 60.0)
    server.answers[:] = [500]
    deliveries = Deliveries(ended)
    deliveries.deliver()
    deliveries.deliver()
    assert len(server.received) == 1


def test_no_redirection_is_followed(ended: Queue, server) -> None:
    server.answers[:] = [302]
    Deliveries(ended).deliver()
    assert [path for path, _, _ in server.received] == ["/hook"]
    assert ended.list()[0].notified is None


def test_what_was_told_is_not_told_again_by_a_new_index(ended: Queue, server) -> None:
    Deliveries(ended).deliver()
    ended.library.rebuild()
    Deliveries(ended).deliver()
    assert len(server.received) == 1


def test_without_a_secret_nothing_is_told(ended: Queue, server, monkeypatch) -> None:
    monkeypatch.delenv(webhook.SECRET)
    Deliveries(ended).deliver()
    assert server.received == []
    with pytest.raises(LibraryError, match=f"Set {webhook.SECRET}"):
        webhook.secret()


def test_a_secret_that_is_not_base_64_is_refused(monkeypatch) -> None:
    monkeypatch.setenv(webhook.SECRET, "whsec_é!")
    with pytest.raises(LibraryError, match="is not base 64"):
        webhook.secret()
