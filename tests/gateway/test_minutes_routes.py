"""Minutes of a transcript, as LinTO's Studio asks llm-gateway for them; written by rules."""

import io
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dialogue.gateway.access import AccessTokens
from dialogue.gateway.minutes_requests import SERVICE_ID, Flavor, transcript
from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings
from dialogue.library.meetings import Library
from dialogue.workflow.revision import Revision
from tests.gateway.conftest import ADDRESS, Served

ANNE, PAUL = "a" * 20, "p" * 20
RULES = Flavor(None).id
LINES = """Camille : Bonjour à tous, on parle du concert de décembre.
Nadia : Les partitions sont prêtes, je les envoie avant vendredi.
Thomas : Le budget de la salle est de huit cents euros.
Camille : On décide de réserver la salle Saint-Jean pour le concert.
Thomas : Je m'occupe de réserver la salle Saint-Jean avant lundi.
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of a server with a worker and two owners."""
    folder = tmp_path_factory.mktemp("minutes") / "library"
    app = application(folder, ServeSettings(), AccessTokens({ANNE: "anne", PAUL: "paul"}))
    with TestClient(app, ADDRESS, headers={"authorization": f"Bearer {ANNE}"}) as client:
        yield client


def start(client: Any, text: str = LINES, **fields: str) -> str:
    answer = client.post(
        f"/api/v1/services/{SERVICE_ID}/run",
        data={"flavor_id": RULES, "organization_id": "choir", **fields},
        files={"file": ("transcript.txt", text.encode())},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def ended(client: Any, id: str) -> dict[str, Any]:
    while (found := client.get(f"/api/v1/jobs/{id}").json())["status"] in ("queued", "processing"):
        time.sleep(0.1)
    return dict(found)


@pytest.fixture(scope="module")
def done(client: TestClient) -> dict[str, Any]:
    return ended(client, start(client, context=json.dumps({"conversation_name": "Chœur"})))


def test_the_service_is_one_that_studio_shows(client: TestClient) -> None:
    found = client.get("/api/v1/services", params={"page": 1, "page_size": 100, "organization_id": "x"}).json()
    assert (found["total"], found["total_pages"]) == (1, 1)
    service = found["items"][0]
    assert service["is_active"]
    assert service["service_type"] == "summary"
    assert [f["name"] for f in service["flavors"] if f["is_default"]] == ["extractive"]
    assert uuid.UUID(service["id"])
    assert all(uuid.UUID(f["id"]) and f["model"]["model_name"] for f in service["flavors"])


def test_a_model_that_the_operator_names_is_a_flavor_and_the_default(tmp_path: Path) -> None:
    app = application(tmp_path / "library", ServeSettings(workers=0, llm_models=("checkpoint-3",)))
    flavors = TestClient(app, ADDRESS).get(f"/api/v1/services/{SERVICE_ID}").json()["flavors"]
    assert [f["name"] for f in flavors if f["is_default"]] == ["checkpoint-3"]


def test_minutes_are_markdown_with_evidence(done: dict[str, Any]) -> None:
    assert done["status"] == "completed"
    assert done["output_type"] == "markdown"
    text = done["result"]["output"]
    assert text.startswith("# Chœur\n")
    assert "réserver la salle Saint-Jean" in text
    assert "[tour 4]" in text


def test_times_that_nobody_measured_are_not_told(done: dict[str, Any]) -> None:
    text = done["result"]["output"]
    assert "Durée" not in text
    assert re.search(r"- Nadia \(\d+\s%\)", text)
    assert not re.search(r"\d:\d\d", text)


def test_a_job_keeps_the_organization_and_the_flavor(done: dict[str, Any]) -> None:
    assert (done["organization_id"], done["flavor_id"], done["service_id"]) == ("choir", RULES, SERVICE_ID)


def test_a_text_is_executed_as_a_file_is_run(client: TestClient) -> None:
    answer = client.post("/api/v1/services/minutes-fr/execute", json={"input": LINES, "flavor_name": "extractive"})
    assert answer.status_code == 202
    assert "Saint-Jean" in ended(client, answer.json()["job_id"])["result"]["output"]


@pytest.mark.parametrize(
    ("path", "data", "files", "status"),
    [
        ("run", {"flavor_id": RULES}, {}, 400),
        ("run", {}, {"file": b"a : b"}, 422),
        ("run", {"flavor_id": RULES}, {"file": b" \n"}, 400),
        ("run", {"flavor_id": RULES, "temperature": "9"}, {"file": b"a : b"}, 422),
        ("run", {"flavor_id": str(uuid.uuid4())}, {"file": b"a : b"}, 404),
    ],
)
def test_a_wrong_run_is_refused(
    client: TestClient, path: str, data: dict[str, str], files: dict[str, bytes], status: int
) -> None:
    answer = client.post(f"/api/v1/services/{SERVICE_ID}/{path}", data=data, files=files or {"": ("", b"")})
    assert answer.status_code == status
    assert {*answer.json()} == {"detail"}


def test_an_unknown_service_is_not_found(client: TestClient) -> None:
    answer = client.post(f"/api/v1/services/{uuid.uuid4()}/run", data={"flavor_id": RULES}, files={"file": b"a : b"})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Service not found"})


def test_a_missing_input_is_a_fault_of_a_field(client: TestClient) -> None:
    answer = client.post(f"/api/v1/services/{SERVICE_ID}/execute", json={"flavor_id": RULES})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "input"]


def test_the_organization_chooses_and_the_owner_bounds(client: TestClient, done: dict[str, Any]) -> None:
    def ids(token: str, **query: str) -> set[str]:
        headers = {"authorization": f"Bearer {token}"}
        return {job["id"] for job in client.get("/api/v1/jobs", params=query, headers=headers).json()["items"]}

    assert done["id"] in ids(ANNE, organization_id="choir")
    assert ids(ANNE, organization_id="other") == set()
    assert ids(PAUL, organization_id="choir") == set()
    answer = client.get(f"/api/v1/jobs/{done['id']}", headers={"authorization": f"Bearer {PAUL}"})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Job not found"})


def test_what_somebody_rewrites_is_a_version_that_can_be_taken_back(client: TestClient) -> None:
    job = ended(client, start(client))
    path, first = f"/api/v1/jobs/{job['id']}", job["result"]["output"]
    changed = client.patch(f"{path}/result", json={"content": "# Réécrit\n\nTout va bien."}).json()
    assert (changed["current_version"], changed["result"]["output"]) == (2, "# Réécrit\n\nTout va bien.")
    assert [v["version_number"] for v in client.get(f"{path}/versions").json()] == [1, 2]
    assert client.get(f"{path}/versions/1").json()["content"] == first
    restored = client.post(f"{path}/versions/1/restore").json()
    assert (restored["current_version"], restored["result"]["output"]) == (3, first)
    assert client.post(f"{path}/versions/3/restore").status_code == 400
    assert client.get(f"{path}/versions/9").status_code == 404


def test_a_correction_in_the_library_is_in_the_result(client: TestClient) -> None:
    id = ended(client, start(client))["id"]
    revision = Revision(client.app.state.recordings.folder / id)  # type: ignore[attr-defined]
    said = Library(revision.folder.parent, "anne").transcript(id)
    speaker = next(s.id for s in said.speakers if s.name == "Nadia")
    revision.add(revision.editor("Anne").rename(speaker, "Nadège"))
    revision.refresh()
    text = client.get(f"/api/v1/jobs/{id}").json()["result"]["output"]
    assert "Nadège" in text
    assert "Nadia" not in text


def test_an_export_holds_what_somebody_wrote(client: TestClient) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    path = f"/api/v1/jobs/{ended(client, start(client))['id']}"
    before = client.get(f"{path}/export/docx", params={"timezone": "Europe/Paris"})
    assert "partitions" in " ".join(p.text for p in docx.Document(io.BytesIO(before.content)).paragraphs)
    client.patch(f"{path}/result", json={"content": "# Titre\n\n- **Nadia** : appelle"})
    after = docx.Document(io.BytesIO(client.get(f"{path}/export/docx").content))
    assert [p.text for p in after.paragraphs if p.text.strip()] == ["Titre", "Nadia : appelle"]


def test_an_export_is_a_pdf(client: TestClient, done: dict[str, Any]) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    answer = client.get(f"/api/v1/jobs/{done['id']}/export/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_job_that_waits_can_be_cancelled_once(made: Callable[..., TestClient]) -> None:
    idle = made()
    id = start(idle)
    assert idle.delete(f"/api/v1/jobs/{id}").status_code == 400
    assert idle.post(f"/api/v1/jobs/{id}/cancel").json()["status"] == "cancelled"
    assert idle.get(f"/api/v1/jobs/{id}").json()["status"] == "cancelled"
    assert idle.post(f"/api/v1/jobs/{id}/cancel").status_code == 400
    assert idle.delete(f"/api/v1/jobs/{id}").json()["status"] == "success"
    assert idle.get(f"/api/v1/jobs/{id}").status_code == 404


def test_the_socket_of_an_organization_tells_of_jobs_that_come_later(client: TestClient) -> None:
    with client.websocket_connect(f"/ws/jobs?organization_id=choir&token={ANNE}") as socket:
        assert socket.receive_json()["type"] == "jobs_snapshot"
        id = start(client)
        news = [socket.receive_json()]
        while news[-1]["status"] != "completed":
            news.append(socket.receive_json())
        assert {(n["type"], n["job_id"]) for n in news} == {("job_update", id)}
        assert "Saint-Jean" in news[-1]["result"]["output"]


def test_a_socket_tells_nothing_of_another_owner(made: Callable[..., TestClient]) -> None:
    idle = made({ANNE: "anne", PAUL: "paul"})
    idle.headers["authorization"] = f"Bearer {ANNE}"
    id = start(idle)
    seen = []
    for token in (ANNE, PAUL):
        headers = {"authorization": f"Bearer {token}"}
        with idle.websocket_connect("/ws/jobs?organization_id=choir", headers=headers) as socket:
            seen.append([job["job_id"] for job in socket.receive_json()["jobs"]])
    assert seen == [[id], []]


def test_a_snapshot_has_the_jobs_that_have_not_ended(made: Callable[..., TestClient]) -> None:
    idle = made()
    id = start(idle)
    with idle.websocket_connect("/ws/jobs?organization_id=choir", headers={"host": "127.0.0.1"}) as socket:
        assert [(j["job_id"], j["status"]) for j in socket.receive_json()["jobs"]] == [(id, "queued")]


def test_the_socket_of_a_job_ends_with_it(client: TestClient, done: dict[str, Any]) -> None:
    with client.websocket_connect(f"/ws/jobs/{done['id']}?token={ANNE}") as socket:
        told = socket.receive_json()
        assert (told["event_type"], told["status"]) == ("complete", "completed")
        with pytest.raises(WebSocketDisconnect) as left:
            socket.receive_json()
        assert left.value.code == 1000


@pytest.mark.parametrize("path", ["/ws/jobs", "/ws/jobs/x", "/ws/jobs?token=wrong"])
def test_a_socket_needs_a_token(made: Callable[..., TestClient], path: str) -> None:
    with pytest.raises(WebSocketDisconnect), made({ANNE: "anne"}).websocket_connect(path):
        pass


def test_the_socket_of_an_unknown_job_is_closed(client: TestClient, done: dict[str, Any]) -> None:
    for id, token in ((uuid.uuid4(), ANNE), (done["id"], PAUL)):
        headers = {"authorization": f"Bearer {token}"}
        with (
            client.websocket_connect(f"/ws/jobs/{id}", headers=headers) as socket,
            pytest.raises(WebSocketDisconnect) as left,
        ):
            socket.receive_json()
        assert left.value.code == 1008


def test_chat_by_rules_quotes_what_was_said(client: TestClient) -> None:
    asked = {
        "flavor_id": RULES,
        "messages": [{"role": "user", "content": "Quel est le budget de la salle ?"}],
        "context": {"transcript": LINES},
    }
    answer = client.post("/api/v1/chat/completions", json=asked)
    assert answer.headers["content-type"].startswith("text/event-stream")
    first, last = answer.text.strip().split("\n\n")
    assert first.startswith("event: token\n")
    assert "huit cents euros" in json.loads(first.partition("data: ")[2])["content"]
    assert last.startswith("event: done\n")


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("spk1 : Oui.\nJean-Paul : Non.", [("spk1", "Oui."), ("Jean-Paul", "Non.")]),
        ("Nadia: Oui.\nElle ajoute un mot.", [("Nadia", "Oui. Elle ajoute un mot.")]),
        ("Nadia : Voici\nNota bene: rien", [("Nadia", "Voici Nota bene: rien")]),
        ("Rendez-vous à 10:30.", [(None, "Rendez-vous à 10:30.")]),
    ],
)
def test_lines_are_turns_of_speakers(text: str, turns: list[tuple[str | None, str]]) -> None:
    said = transcript(text)
    assert [(said.name(u.speaker) if u.speaker else None, u.text) for u in said] == turns


def test_minutes_survive_the_death_of_server_and_worker(tmp_path: Path) -> None:
    server = Served(tmp_path / "library")
    try:
        with server.client() as client:
            id = start(client)
        server.kill()
        server.start()
        with server.client() as client:
            assert ended(client, id)["status"] == "completed"
    finally:
        server.stop()
