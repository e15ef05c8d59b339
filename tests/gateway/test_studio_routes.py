"""LinTO's own Python client against a running server: it transcribes, follows, reads and has minutes written."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from dialogue.formats import linto as studio
from tests.gateway.conftest import Served

pytestmark = pytest.mark.model
linto = pytest.importorskip("linto", reason="LinTO's client is not installed")


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    return linto.LinTO(auth_token="anything", base_url=f"{served.address}/cm-api")


async def last(polling: Any) -> tuple[str, Any]:
    """Wait until a polling of the client ends; returns the name of the event and what came with it."""
    ended: asyncio.Future[tuple[str, Any]] = asyncio.get_running_loop().create_future()
    for name in ("done", "error", "exception"):
        polling.on(name, lambda *given, name=name: ended.set_result((name, given[0] if given else None)))
    return await asyncio.wait_for(ended, 120)


@pytest.fixture(scope="module")
def media(client: Any, sound: Path) -> Any:
    async def transcribe() -> Any:
        return await last(await client.transcribe(sound.read_bytes(), language="fr-FR", name="Réunion"))

    event, found = asyncio.run(transcribe())
    assert event == "done"
    return found


@pytest.fixture(scope="module")
def rest(served: Served) -> httpx.Client:
    return httpx.Client(base_url=f"{served.address}/cm-api/api", timeout=60)


def test_the_client_reads_the_turns(media: Any) -> None:
    assert media.name == "Réunion"
    assert media.turns[0]["speaker"]
    assert {turn["lang"] for turn in media.turns} == {"fr"}
    assert all(turn["stime"] <= turn["etime"] for turn in media.turns)
    assert "bonjour" in media.full_text.lower()
    assert media.to_format(eol="LF").splitlines()[0].count(" - ") == 2


def test_the_client_asks_for_speakers(media: Any, served: Served) -> None:
    from dialogue.library.meetings import Library

    assert Library(served.library).facts(media.response["_id"]).options["speakers"] != {"speakers": 1}


def test_a_conversation_is_read_as_a_transcript(media: Any) -> None:
    [said] = studio.loads(json.dumps(media.response))
    assert [u.text for u in said] == [turn["text"] for turn in media.turns]
    assert all(u.words for u in said)


def test_the_client_has_minutes_written(client: Any, media: Any) -> None:
    async def summarise() -> Any:
        services = await client.list_llm_services()
        flavor = services[0]["flavors"][0]["id"]
        return await last(await client.summarize(media.response["_id"], services[0]["route"], flavor))

    event, found = asyncio.run(summarise())
    assert event == "done"
    assert found["content"]["content"].startswith("# Réunion")
    exported = asyncio.run(client.export_with_template(found["jobId"], "pdf", conversation_id=media.response["_id"]))
    assert exported.startswith(b"%PDF")


def test_the_client_downloads_a_document(client: Any, media: Any) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")

    async def download() -> Any:
        found = await client.download_conversation(media.response["_id"], format="json")
        data = await client.api_service._send_request(
            "POST",
            f"{client.base_url}/api/conversations/{media.response['_id']}/download?format=docx",
            token="anything",
            response_type="binary",
        )
        return found, data

    found, data = asyncio.run(download())
    assert found["text"] == media.response["text"]
    assert media.turns[0]["text"][:20] in " ".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize(
    ("format", "beginning"), [("text", ""), ("srt", "1\n"), ("vtt", "WEBVTT"), ("whisperx", '{"segments"')]
)
def test_other_formats(rest: httpx.Client, media: Any, format: str, beginning: str) -> None:
    answer = rest.post(f"/conversations/{media.response['_id']}/download", params={"format": format})
    assert answer.status_code == 200
    assert answer.text.replace("\n", "").replace(" ", "").startswith(beginning.replace("\n", ""))


def test_silence_ends_as_an_error(client: Any, silence: Path) -> None:
    async def transcribe() -> Any:
        return await last(await client.transcribe(silence.read_bytes()))

    assert asyncio.run(transcribe())[0] == "error"


def test_another_organization_and_conversation_are_not_found(rest: httpx.Client) -> None:
    for method, path in (("GET", "/services/abc/llm"), ("GET", "/conversations/abc"), ("GET", "/folders")):
        answer = rest.request(method, path)
        assert answer.status_code == 404
        assert {*answer.json()} == {"message"}


def test_an_unknown_format_is_refused(rest: httpx.Client, media: Any) -> None:
    answer = rest.post(f"/conversations/{media.response['_id']}/download", params={"format": "exe"})
    assert (answer.status_code, [*answer.json()]) == (400, ["message"])


def test_deleting_a_conversation_deletes_its_minutes(rest: httpx.Client, media: Any, served: Served) -> None:
    id = media.response["_id"]
    rest.post(f"/conversations/{id}/download", params={"format": "minutes-fr"})
    minutes = [export["jobId"] for export in rest.get(f"/conversations/{id}/export/list").json()]
    assert minutes
    assert rest.delete(f"/conversations/{id}").status_code == 200
    assert [each for each in (id, *minutes) if (served.library / each).exists()] == []
