"""pyannoteAI's interface, as its own client uses it, against a running server."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi.testclient import TestClient

from tests.gateway.conftest import Served

TOKEN = "0123456789abcdef"
KNOWN = {"authorization": f"Bearer {TOKEN}"}
JSON = dict[str, Any]

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pyannoteai")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("pyannoteai") / "library", API_KEY=TOKEN)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    from pyannoteai.sdk import Client

    class Ours(Client):  # type: ignore[misc]
        API_URL = f"{served.address}/v1"

    return Ours(TOKEN)


@pytest.fixture(scope="module")
def diarized(client: Any, voices: dict[str, Path]) -> JSON:
    media = client.upload(voices["meeting"])
    job: JSON = client.retrieve(client.diarize(media, exclusive=True, transcription=True), every_seconds=1)
    return job


@pytest.mark.model
def test_a_job_says_who_speaks_when(diarized: JSON) -> None:
    assert diarized["status"] == "succeeded"
    turns = diarized["output"]["diarization"]
    assert {tuple(turn) for turn in turns} == {("speaker", "start", "end")}
    assert {"SPEAKER_00", "SPEAKER_01", "SPEAKER_02"} <= {turn["speaker"] for turn in turns}


@pytest.mark.model
def test_exclusive_turns_do_not_overlap(diarized: JSON) -> None:
    turns = sorted((t["start"], t["end"]) for t in diarized["output"]["exclusiveDiarization"])
    assert all(end <= start + 0.05 for (_, end), (start, _) in itertools.pairwise(turns))


@pytest.mark.model
def test_words_and_turns_say_the_same(diarized: JSON) -> None:
    output = diarized["output"]
    assert " ".join(w["text"] for w in output["wordLevelTranscription"]) == " ".join(
        t["text"] for t in output["turnLevelTranscription"]
    )


@pytest.mark.model
def test_a_voice_is_found_by_its_voiceprint(client: Any, voices: dict[str, Path]) -> None:
    made = client.retrieve(client.voiceprint(client.upload(voices["alone"])), every_seconds=1)
    known = {"Camille": made["output"]["voiceprint"]}
    media = client.upload(voices["meeting"], media_url="media://meeting.wav")
    output = client.retrieve(client.identify(media, known, matching_threshold=80), every_seconds=1)["output"]
    assert [v["match"] for v in output["voiceprints"]].count("Camille") == 1
    named = [t for t in output["identification"] if t["speaker"] == "Camille"]
    assert sum(t["end"] - t["start"] for t in named) == pytest.approx(18.6, abs=5)


@pytest.mark.model
def test_a_recording_of_several_people_is_no_voiceprint(client: Any, voices: dict[str, Path]) -> None:
    from pyannoteai.sdk.client import PyannoteAIFailedJob

    with pytest.raises(PyannoteAIFailedJob, match="two voices"):
        client.retrieve(client.voiceprint(client.upload(voices["meeting"])), every_seconds=1)


def test_a_wrong_key_is_refused(client: Any) -> None:
    with pytest.raises(requests.exceptions.HTTPError, match="authenticate"):
        type(client)("wrong")


# Without a worker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def app(made: Callable[..., TestClient]) -> TestClient:
    client = made({TOKEN: "anne", f"{TOKEN}2": "paul"})
    client.headers.update(KNOWN)
    return client


def uploaded(app: TestClient, sound: Path) -> None:
    address = app.post("/v1/media/input", json={"url": "media://a"}).json()["url"]
    assert app.put(address, content=sound.read_bytes(), headers={"authorization": ""}).status_code == 200


def test_an_upload_is_its_owner_s_alone(app: TestClient, silence: Path) -> None:
    uploaded(app, silence)
    others = {"authorization": f"Bearer {TOKEN}2"}
    assert app.post("/v1/diarize", json={"url": "media://a"}, headers=others).status_code == 400
    assert app.post("/v1/diarize", json={"url": "media://a"}).json()["status"] == "created"


def test_a_job_of_another_owner_is_unknown(app: TestClient, silence: Path) -> None:
    uploaded(app, silence)
    id = app.post("/v1/diarize", json={"url": "media://a"}).json()["jobId"]
    assert app.get(f"/v1/jobs/{id}", headers={"authorization": f"Bearer {TOKEN}2"}).status_code == 404
    assert app.get(f"/v1/jobs/{id}").json()["status"] == "created"


@pytest.mark.parametrize("change", [("signature=", "signature=0"), ("until=", "until=9"), ("media-", "media-0")])
def test_only_signed_addresses_take_uploads(app: TestClient, change: tuple[str, str]) -> None:
    address = app.post("/v1/media/input", json={"url": "media://a"}).json()["url"].replace(*change)
    assert app.put(address, content=b"sound").status_code == 403


def test_an_upload_is_bounded(made: Callable[..., TestClient]) -> None:
    app = made(max_upload_bytes=1000)
    address = app.post("/v1/media/input", json={"url": "media://a"}).json()["url"]
    assert app.put(address, content=iter([b"x" * 600, b"x" * 600])).status_code == 413


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("diarize", {"url": "https://example.org/a.wav"}),
        ("diarize", {"url": "media://unknown"}),
        ("diarize", {"url": "media://a", "confidence": True}),
        ("diarize", {"url": "media://a", "webhook": "https://example.org"}),
        ("diarize", {"url": "media://a", "numSpeakers": "two"}),
        ("diarize", []),
        ("identify", {"url": "media://a", "voiceprints": []}),
        ("identify", {"url": "media://a", "voiceprints": [{"label": "a", "voiceprint": "AAAA"}]}),
        ("identify", {"url": "media://a", "voiceprints": [{}], "matching": {"threshold": 101}}),
    ],
)
def test_what_is_not_accepted_is_refused_in_their_words(app: TestClient, silence: Path, path: str, body: Any) -> None:
    uploaded(app, silence)
    answer = app.post(f"/v1/{path}", json=body)
    assert (answer.status_code, [*answer.json()]) == (400, ["message", "errors"])
