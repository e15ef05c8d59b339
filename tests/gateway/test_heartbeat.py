"""LinTO's gateway is told that the server is there."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from dialogue.core.config import ConfigError
from dialogue.gateway import heartbeat
from dialogue.gateway.heartbeat import from_environment

TOLD = {
    "REGISTRATION_MODE": "HTTP",
    "GATEWAY_SERVICE_BASE_URL": "http://gateway:8000/",
    "PROXIED_SERVICE_BASE_URL": "http://us:8080",
}


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[Any]]]:
    """Return the address of a gateway, and what it is told."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, json.loads(self.rfile.read(int(self.headers["content-length"])))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def test_nothing_is_told_unless_it_is_asked_for() -> None:
    assert from_environment({}, "fr") is None


def test_the_gateway_is_told_again_and_again(gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    address, heard = gateway
    told = from_environment({**TOLD, "GATEWAY_SERVICE_BASE_URL": address, "SERVICE_NAME": "notre-service"}, "fr")
    assert told

    async def twice() -> None:
        beating = asyncio.create_task(told.beat())
        while len(heard) < 2:
            await asyncio.sleep(0.01)
        beating.cancel()

    asyncio.run(asyncio.wait_for(twice(), 30))
    path, body = heard[0]
    assert path == "/gateway/services?type=transcription"
    assert (body["serviceName"], body["host"], body["language"]) == ("notre-service", "http://us:8080/", "fr-FR")
    assert body["label"]["endpoints"] == {"/dialogue": {}}


def test_a_gateway_that_is_not_there_is_no_failure() -> None:
    told = from_environment({**TOLD, "GATEWAY_SERVICE_BASE_URL": "http://127.0.0.1:9"}, "fr")
    assert told
    assert told.tell().startswith("not reached")


@pytest.mark.parametrize(
    "wrong",
    [
        {"GATEWAY_SERVICE_BASE_URL": ""},
        {"PROXIED_SERVICE_BASE_URL": "us:8080"},
        {"GATEWAY_DESCRIPTION": "x"},
        {"SECURITY_LEVEL": "9"},
    ],
)
def test_what_cannot_be_told_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="Accepted"):
        from_environment({**TOLD, **wrong}, "fr")
