"""LinTO's speaker identification, against a running server: a voice is enrolled, and named in another recording."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from dialogue.library.directory import People
from tests.gateway.conftest import Served
from tests.gateway.test_linto_routes import followed

ORGANISATION = "64ff00112233445566778899"
COLLECTION = f"spkid_{ORGANISATION}_65aa00112233445566778899"
OTHERS = "spkid_75ff00112233445566778899_65aa00112233445566778899"
PERSON = "label:65cc00112233445566778899"
VOICES = f"/speaker-identification/collections/{COLLECTION}/speakers/{PERSON}"
HEADERS = {"X-Organization-Id": ORGANISATION, "X-Speaker-Id-Token": "of the voices"}
CONSENT = {"SPEAKER_ID_CONSENT": "Studio, form of 3 March", "SPEAKER_ID_API_TOKEN": "of the voices"}
IDENTIFY = {"organizationId": ORGANISATION, "collections": [COLLECTION], "speakers": "*", "minSimilarity": None}


def config(**identify: Any) -> str:
    asked = {"enableDiarization": True, "speakerIdentificationConfig": {**IDENTIFY, **identify}}
    return json.dumps({"language": "fr", "diarizationConfig": asked})


@pytest.fixture(scope="module")
def enrolling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("voices") / "library", **CONSENT)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(enrolling: Served) -> httpx.Client:
    return enrolling.client(**HEADERS)


@pytest.fixture(scope="module")
def recordings(voices: dict[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in voices.items()}


@pytest.fixture(scope="module")
def voiceprint(client: httpx.Client, recordings: dict[str, bytes]) -> dict[str, Any]:
    answer = client.post("/speaker-identification/voiceprint", files={"file": recordings["alone"]})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def named(client: httpx.Client, recordings: dict[str, bytes], voiceprint: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a job in which an enrolled voice was looked for, and its result."""
    body = {"name": "Camille", "vector": voiceprint["vector"], "modelId": voiceprint["modelId"]}
    assert client.put(VOICES, json=body).json() == {"status": "ok"}
    fields = {"transcriptionConfig": config()}
    id = client.post("/transcribe", files={"file": recordings["meeting"]}, data=fields).json()["jobid"]
    assert followed(client, id)[-1].status_code == 201
    found: dict[str, Any] = client.get(f"/results/{id}").json()
    return id, found


@pytest.mark.model
def test_a_voiceprint_has_linto_s_keys(voiceprint: dict[str, Any]) -> None:
    assert [*voiceprint] == ["vector", "modelId", "dim", "durationUsed"]
    assert (len(voiceprint["vector"]), voiceprint["dim"]) == (192, 192)
    assert 5 < voiceprint["durationUsed"] < 14


@pytest.mark.model
def test_two_voices_are_no_voiceprint(client: httpx.Client, recordings: dict[str, bytes]) -> None:
    answer = client.post("/speaker-identification/voiceprint", files={"file": recordings["two"]})
    assert answer.status_code == 400
    assert "two voices" in answer.json()["error"]


@pytest.mark.model
def test_computing_a_voiceprint_leaves_nothing(
    client: httpx.Client, recordings: dict[str, bytes], tmp_path: Path
) -> None:
    server = Served(tmp_path / "library", **CONSENT)
    try:
        with server.client(**HEADERS) as asking:
            asking.post("/speaker-identification/voiceprint", files={"file": recordings["alone"]})
    finally:
        server.stop()
    left = [p for p in server.library.rglob("*") if p.suffix in (".npz", ".wav", ".jsonl") and ".ledger" not in p.parts]
    assert left == []


@pytest.mark.model
def test_an_enrolled_voice_is_named_with_its_probability(named: tuple[str, dict[str, Any]]) -> None:
    speakers = {s["spk_id"]: s.get("spk_id_score") for s in named[1]["diarization_speakers"]}
    assert speakers.pop("Camille") > 0.89
    assert {*speakers.values()} == {None}


@pytest.mark.model
def test_the_named_voice_says_what_the_person_says(named: tuple[str, dict[str, Any]]) -> None:
    said = " ".join(s["segment"] for s in named[1]["segments"] if s["spk_id"] == "Camille").lower()
    assert len(said.split()) > 20
    assert "plan" in said


@pytest.mark.model
def test_the_consent_that_the_operator_collects_is_kept_with_the_voice(
    enrolling: Served, named: tuple[str, dict[str, Any]]
) -> None:
    person = People(enrolling.library).get("Camille")
    assert (person.consent.by, person.reference) == ("Studio, form of 3 March", f"{COLLECTION}/{PERSON}")


@pytest.mark.model
def test_a_forgotten_voice_names_nobody_any_more(client: httpx.Client, named: tuple[str, dict[str, Any]]) -> None:
    assert client.delete(VOICES).json() == {"status": "ok"}
    speakers = {s["spk_id"] for s in client.get(f"/results/{named[0]}").json()["diarization_speakers"]}
    assert "Camille" not in speakers


# Without a worker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(made: Callable[..., TestClient]) -> TestClient:
    client = made(voices_consent="Studio", voices_token="of the voices")
    client.headers.update(HEADERS)
    return client


def body(**changed: Any) -> dict[str, Any]:
    from dialogue.library.voiceprints import model_id

    return {"name": "Camille", "vector": [0.1] * 192, "modelId": model_id(), **changed}


@pytest.mark.model
def test_a_voice_that_is_sent_again_replaces_the_first(kept: TestClient, tmp_path: Path) -> None:
    for name in ("Camille", "Camille Durand"):
        assert kept.put(VOICES, json=body(name=name)).status_code == 200
    assert [p.name for p in People(tmp_path / "library").everyone()] == ["Camille Durand"]


@pytest.mark.model
def test_a_collection_is_forgotten_at_once(kept: TestClient, tmp_path: Path) -> None:
    kept.put(VOICES, json=body())
    kept.put(VOICES.replace("65cc", "65dd"), json=body(name="Thomas"))
    assert kept.delete(f"/speaker-identification/collections/{COLLECTION}").status_code == 200
    assert People(tmp_path / "library").everyone() == []


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"vector": [1.0]}, {"vector": [1e300] * 192}, {"vector": [True] * 192}, {"modelId": "x"}]
)
@pytest.mark.model
def test_a_voice_that_cannot_be_kept_is_refused(kept: TestClient, wrong: dict[str, Any]) -> None:
    assert kept.put(VOICES, json=body(**wrong)).status_code == 400


@pytest.mark.model
def test_information_says_which_model_it_is(kept: TestClient) -> None:
    found = kept.get("/speaker-identification/info").json()
    assert (found["enabled"], found["dim"]) == (True, 192)
    told = json.loads(kept.get("/list-services").json()["diarization"][0]["info"])
    assert (told["speaker_identification"], told["model_id"]) == (True, found["modelId"])


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"X-Organization-Id": "none"}, "info", 400),
        ({"X-Speaker-Id-Token": "wrong"}, "info", 401),
        ({}, f"collections/{OTHERS}", 403),
        ({}, f"collections/{COLLECTION}/speakers/65cc", 400),
    ],
)
def test_who_may_not_is_told_so(kept: TestClient, headers: dict[str, str], path: str, status: int) -> None:
    method = "GET" if path == "info" else "DELETE"
    answer = kept.request(method, f"/speaker-identification/{path}", headers=headers)
    assert (answer.status_code, [*answer.json()]) == (status, ["error"])


def test_without_consent_that_somebody_collects_no_voice_is_kept(made: Callable[..., TestClient]) -> None:
    client = made()
    assert client.put(VOICES, json={}, headers=HEADERS).status_code == 404
    assert client.get("/speaker-identification/info", headers=HEADERS).json() == {"enabled": False}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"organizationId": "64ff"}, 400),
        ({"collections": []}, 400),
        ({"collections": [COLLECTION] * 17}, 400),
        ({"collections": [OTHERS]}, 403),
        ({"speakers": 42}, 400),
        ({"minSimilarity": "0.5"}, 400),
        ({"organizationId": OTHERS[6:30], "collections": [OTHERS]}, 403),
    ],
)
def test_a_job_looks_only_for_voices_of_its_organisation(
    kept: TestClient, silence: Path, changed: dict[str, Any], status: int
) -> None:
    fields = {"transcriptionConfig": config(**changed)}
    answer = kept.post("/transcribe", files={"file": silence.read_bytes()}, data=fields)
    assert answer.status_code == status


def test_nobody_is_identified_without_diarization(kept: TestClient, silence: Path) -> None:
    asked = {"diarizationConfig": {"enableDiarization": False, "speakerIdentificationConfig": IDENTIFY}}
    answer = kept.post(
        "/transcribe", files={"file": silence.read_bytes()}, data={"transcriptionConfig": json.dumps(asked)}
    )
    assert answer.status_code == 400
