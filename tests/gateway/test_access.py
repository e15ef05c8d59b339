"""Who may use a server, and how much of it."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dialogue.core.config import ConfigError
from dialogue.gateway import access, patience
from dialogue.gateway.access import AccessTokens, Bounded, Rates
from dialogue.gateway.refusals import Refusal
from dialogue.gateway.serving import application, serve
from dialogue.gateway.settings import ServeSettings, from_environment
from dialogue.server.addresses import AddressError

Made = Callable[..., TestClient]
TOKEN = "0123456789abcdef"
KNOWN = {"authorization": f"Bearer {TOKEN}"}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Return all methods and paths of an application; the method of a WebSocket is WS."""
    found, left = [], list(app.routes)
    while left:
        route = left.pop()
        if hasattr(route, "original_router"):
            left += list(route.effective_route_contexts())
            continue
        for method in getattr(route, "methods", None) or ["WS"]:
            found.append((method, re.sub(r"\{[^}]*\}", "x", route.path)))
    return found


def test_every_route_but_the_healthcheck_needs_a_token(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "FAILURES", 1000)
    client = made({TOKEN: "anne"})
    found = routes(client.app)  # type: ignore[arg-type]
    assert len(found) > 20
    for method, path in found:
        if method == "WS":
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
                pass
        else:
            status = client.request(method, path).status_code
            signed = {"/signed": 400, "/upload": 403}  # their addresses are signed
            ends = {"/healthcheck": 200, **signed}
            expected = next((status for end, status in ends.items() if path.endswith(end)), 401)
            assert status == expected, (method, path)


def test_a_websocket_is_open_to_a_token_in_its_header_or_its_address(made: Made) -> None:
    client = made({TOKEN: "anne"})

    @client.app.websocket("/echo")  # type: ignore[attr-defined]
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.state.owner)

    for path, headers in ((f"/echo?token={TOKEN}", {}), ("/echo", KNOWN)):
        with client.websocket_connect(path, headers=headers) as opened:
            assert opened.receive_text() == "anne"
    for path in ("/echo", "/echo?token=wrong"):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
            pass


def test_without_tokens_only_loopback_names_are_answered(made: Made) -> None:
    assert made().get("/list-services", headers={"host": "127.0.0.1:9"}).status_code == 200
    assert made().get("/list-services", headers={"host": "attacker.example"}).status_code == 421
    assert made(hosts=("dialogue",)).get("/list-services", headers={"host": "dialogue:80"}).status_code == 200
    assert made(hosts=("dialogue",)).get("/list-services").status_code == 421


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1:1"])
def test_the_page_of_another_site_changes_nothing(made: Made, origin: str) -> None:
    answer = made().post("/transcribe", files={"file": b"x"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_no_other_site_may_read(made: Made) -> None:
    asked = {"origin": "https://other.example", "access-control-request-method": "POST"}
    answer = made().options("/transcribe", headers=asked)
    assert "access-control-allow-origin" not in answer.headers


def test_too_many_requests_are_told_to_wait(made: Made) -> None:
    client = made(requests_per_minute=3)
    codes = [client.get("/list-services").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert int(client.get("/list-services").headers["retry-after"]) > 0
    assert client.get("/healthcheck").status_code == 200


def test_guessing_tokens_is_slowed_down(made: Made) -> None:
    client = made({TOKEN: "anne"})
    codes = [client.get("/list-services", headers={"authorization": f"Bearer {n}"}).status_code for n in range(30)]
    assert codes[:20] == [401] * 20
    assert codes[-1] == 429


def test_a_rate_allows_again_after_a_while() -> None:
    now = [0.0]
    rates = Rates(60, clock=lambda: now[0])
    assert [rates.wait("anne") for _ in range(60)] == [0.0] * 60
    assert rates.wait("anne") == pytest.approx(1.0)
    assert rates.wait("paul") == 0.0
    now[0] = 1.0
    assert rates.wait("anne") == 0.0


def test_tokens_are_of_owners(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text(f"# who\n{TOKEN} anne\n{TOKEN}2 paul # him\n")
    found = access.tokens(tmp_path / "tokens", {"API_KEY": f"{TOKEN}3", "API_KEYS": f"marie:{TOKEN}4,{TOKEN}5"})
    owners = [found.owner(f"{TOKEN}{n}") for n in ("", 2, 3, 4)]
    assert owners == ["anne", "paul", "local", "marie"]
    assert str(found.owner(f"{TOKEN}5")).startswith("key-")
    assert found.owner("") is found.owner(f"{TOKEN}6") is None


@pytest.mark.parametrize("line", ["short anne", TOKEN, f"{TOKEN} anne paul", ""])
def test_a_file_of_tokens_that_is_wrong_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "tokens").write_text(line)
    with pytest.raises(ConfigError):
        access.tokens(tmp_path / "tokens", {})


def test_another_address_needs_tokens(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="--tokens"):
        serve(tmp_path, ServeSettings(), AccessTokens({}), host="0.0.0.0")


def test_an_error_of_ours_shows_neither_code_nor_words(
    made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client, words = made(), "what was said"

    def fail(*_: object) -> None:
        raise KeyError(words)

    monkeypatch.setattr(client.app.state.recordings, "job", fail)  # type: ignore[attr-defined]
    answer = client.get("/job/x")
    assert answer.status_code == 500
    assert "said" not in answer.text + caplog.text
    assert "KeyError" not in answer.text
    assert "KeyError" in caplog.text


def test_metrics_count_by_route_and_not_by_address(made: Made) -> None:
    client = made()
    client.get("/job/secret")
    text = client.get("/metrics").text
    assert 'dialogue_requests_total{method="GET",route="/job/{id}",status="404"} 1.0' in text
    assert "secret" not in text


def test_the_description_is_one_page_without_scripts_or_other_hosts(made: Made) -> None:
    answer = made().get("/docs")
    assert "POST /v1/audio/transcriptions" in answer.text
    assert "<script" not in answer.text
    assert "//" not in answer.text.replace("<!doctype", "")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# Patience -----------------------------------------------------------------------------------------------------------


def test_a_body_that_stops_coming_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "IDLE", 0.01)

    async def silent() -> dict:
        await asyncio.sleep(60)
        return {}

    with pytest.raises(Refusal) as refused:
        asyncio.run(Bounded(silent, None, None)())
    assert refused.value.status == 408


def test_a_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def crumbs() -> dict:
        return {"type": "http.request", "body": b"x", "more_body": True}

    body = Bounded(crumbs, None, None)
    asyncio.run(body())
    body.began -= 120
    with pytest.raises(Refusal) as refused:
        asyncio.run(body())
    assert refused.value.status == 408


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET /healthcheck HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nGET /"])
def test_a_connection_whose_head_does_not_come_is_closed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sent: bytes
) -> None:
    monkeypatch.setattr(patience, "HEAD", 0.3)
    listening = socket.create_server(("127.0.0.1", 0))
    app = application(tmp_path / "library", ServeSettings(workers=0))
    server = uvicorn.Server(uvicorn.Config(app, http=patience.Impatient, log_level="error", timeout_keep_alive=1))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    with socket.create_connection(listening.getsockname(), timeout=20) as client:
        client.sendall(sent)
        while client.recv(4096):  # until it is closed
            time.sleep(0.01)
    server.should_exit = True
    thread.join()


# Settings -------------------------------------------------------------------------------------------------------------


def test_the_variables_of_linto_are_settings() -> None:
    found = from_environment(
        {"MODEL": "base", "LANGUAGE": "fr-FR", "DEVICE": "cuda:0", "NUM_THREADS": "2", "USE_ACCURATE": "false",
         "RESULT_TTL": "60", "KEEP_AUDIO": "1", "CONCURRENCY": "2", "TRANSCRIBE_MODE": "jobs"}
    )  # fmt: skip
    assert (found.model, found.language, found.device, found.threads) == ("whisper-base", "fr", "cuda", 2)
    assert (found.accurate, found.result_ttl, found.keep_audio, found.workers) == (False, 60, True, 2)


def test_the_language_of_a_shell_is_not_that_of_the_meetings() -> None:
    assert from_environment({"LANGUAGE": "de_DE:en"}).language == "fr"


@pytest.mark.parametrize(
    "variables", [{"MAX_QUEUE": "0"}, {"MODEL": "gigantic"}, {"KEEP_AUDIO": "perhaps"}, {"LANGUAGE": "klingon"}]
)
def test_a_variable_that_is_wrong_is_named(variables: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(variables)) + "|model"):
        from_environment(variables)
