"""The clients, before a server that is made of functions: what is sent, tried again, and told."""

import asyncio
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("httpx", reason="the client extra is not installed: pip install '.[client]'")

import httpx

from dialogue import client as module
from dialogue.client import AsyncClient, Client, ClientError, JobFailedError, Progress

RESULT = {
    "transcription_result": "spk1: Bonjour.",
    "segments": [
        {"spk_id": "spk1", "start": 0.0, "end": 1.0, "segment": "Bonjour.", "words": []},
    ],
    "language": "fr",
}
STARTED = {"transcription": {"required": True, "status": "started", "progress": 0.4}}


class Server:
    """Answers each route with the answers that it is given, the last one again and again."""

    def __init__(self, **answers: list[tuple[int, object]]) -> None:
        self.answers, self.asked = answers, []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        route = request.url.path.split("/")[1]
        left = self.answers[route]
        status, body = left.pop(0) if len(left) > 1 else left[0]
        if body is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(status, json=body, headers={"retry-after": "0"} if status == 429 else {})


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    """Return what makes a client of such a server."""
    monkeypatch.setattr(module, "PAUSE", 0.0)
    monkeypatch.setattr(module, "LOOK", 0.0)
    made = httpx.AsyncClient
    clients = []

    def connect(server: Server) -> Client:
        monkeypatch.setattr(httpx, "AsyncClient", lambda **o: made(transport=httpx.MockTransport(server), **o))
        clients.append(Client("http://server", token="secret"))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


def finished(**more: list[tuple[int, object]]) -> Server:
    job = [
        (202, {"state": "pending"}),
        (202, {"state": "started", "steps": STARTED}),
        (201, {"state": "done", "result_id": "r"}),
    ]
    return Server(**{"transcribe": [(201, {"jobid": "j"})], "job": job, "results": [(200, RESULT)], **more})


def test_a_recording_becomes_a_transcript(connected) -> None:
    said = connected(finished()).transcribe(b"sound", language="fr", speakers=2).result()
    assert [(u.speaker, u.text) for u in said] == [("spk1", "Bonjour.")]


def test_what_is_asked_for_is_linto_s_configuration(connected) -> None:
    server = finished()
    connected(server).transcribe(b"sound", language="fr", speakers=2, punctuationConfig={"enablePunctuation": True})
    body = server.asked[0].content.decode()
    asked = json.loads(body.split('name="transcriptionConfig"')[1].split("\r\n")[2])
    assert asked == {
        "language": "fr",
        "diarizationConfig": {"enableDiarization": True, "numberOfSpeaker": 2},
        "punctuationConfig": {"enablePunctuation": True},
    }
    assert server.asked[0].headers["authorization"] == "Bearer secret"


def test_a_job_tells_how_far_it_is(connected) -> None:
    job = connected(finished()).transcribe(b"sound")
    assert list(job) == [Progress("pending"), Progress("started", "transcription", 0.4), Progress("done")]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_with_the_whole_file(connected, status: int) -> None:
    server = finished(transcribe=[(status, {}), (201, {"jobid": "j"})])
    assert connected(server).transcribe(io.BytesIO(b"the sound")).id == "j"
    assert all(b"the sound" in request.content for request in server.asked)


def test_a_server_that_stays_busy_says_so(connected) -> None:
    with pytest.raises(ClientError, match="429: full") as caught:
        connected(finished(transcribe=[(429, {"reason": "full"})])).transcribe(b"sound")
    assert caught.value.status == 429


def test_a_server_that_is_starting_is_waited_for(connected) -> None:
    assert connected(finished(transcribe=[(0, None), (201, {"jobid": "j"})])).transcribe(b"sound").id == "j"


def test_a_server_that_is_not_there_is_named(connected) -> None:
    with pytest.raises(ClientError, match="http://server: not reached"):
        connected(finished(transcribe=[(0, None)])).transcribe(b"sound")


@pytest.mark.parametrize("status", [400, 500])
def test_a_job_that_failed_says_why(connected, status: int) -> None:
    job = connected(finished(job=[(status, {"state": "failed", "reason": "no speech"})])).transcribe(b"sound")
    with pytest.raises(JobFailedError, match="no speech"):
        job.result()


def test_a_job_that_nobody_knows_is_no_failure_of_the_recording(connected) -> None:
    with pytest.raises(ClientError, match="404") as caught:
        connected(finished(job=[(404, {"reason": "Unknown jobid"})])).job("x").progress()
    assert not isinstance(caught.value, JobFailedError)


def test_a_refusal_is_not_tried_again(connected) -> None:
    server = finished(transcribe=[(413, {"reason": "too large"})])
    with pytest.raises(ClientError, match="413: too large"):
        connected(server).transcribe(b"sound")
    assert len(server.asked) == 1


def test_a_result_that_takes_too_long_is_given_up(connected) -> None:
    job = connected(finished(job=[(202, {"state": "pending"})])).transcribe(b"sound")
    with pytest.raises(TimeoutError, match="no result within"):
        job.result(timeout=0.05)


def test_the_upload_is_told(connected, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(bytes(200_000))
    told = []
    connected(finished()).transcribe(tmp_path / "a.wav", uploaded=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (200_000, 200_000)
    assert len(told) > 1


def test_a_cancelled_job_is_deleted(connected) -> None:
    server = finished()
    server.answers["job"] = [(204, "")]
    connected(server).job("j").cancel()
    assert server.asked[0].method == "DELETE"


def test_the_same_with_await(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.0)
    made, server = httpx.AsyncClient, finished()
    monkeypatch.setattr(httpx, "AsyncClient", lambda **o: made(transport=httpx.MockTransport(server), **o))

    async def run() -> tuple[list[str], str]:
        async with AsyncClient("http://server") as client:
            job = await client.transcribe(b"sound")
            states = [now.state async for now in job]
            return states, (await job.result()).text

    assert asyncio.run(run()) == (["pending", "started", "done"], "Bonjour.")
