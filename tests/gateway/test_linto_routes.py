"""LinTO's jobs and its synchronous routes, against a running server."""

import itertools
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.conftest import Served

pytestmark = pytest.mark.model
DIARIZED = json.dumps({"language": "fr-FR", "diarizationConfig": {"enableDiarization": True}, "modelType": "whisper"})


@pytest.fixture(scope="module")
def client(served: Served) -> httpx.Client:
    return served.client()


def submitted(client: httpx.Client, path: Path, config: str = "", **fields: Any) -> str:
    answer = client.post(
        "/transcribe", files={"file": path.read_bytes()}, data={"transcriptionConfig": config, **fields}
    )
    assert answer.status_code == 201
    return str(answer.json()["jobid"])


def followed(client: httpx.Client, id: str) -> list[httpx.Response]:
    """Return the answers about a job until it has ended."""
    seen = [client.get(f"/job/{id}")]
    while seen[-1].status_code == 202:
        time.sleep(0.1)
        seen.append(client.get(f"/job/{id}"))
    return seen


@pytest.fixture(scope="module")
def done(client: httpx.Client, sound: Path) -> tuple[str, list[httpx.Response]]:
    id = submitted(client, sound, DIARIZED)
    return id, followed(client, id)


@pytest.fixture(scope="module")
def result(client: httpx.Client, done: tuple[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/results/{done[0]}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_job_is_pending_then_started_with_steps_then_done(done: tuple[str, list[httpx.Response]]) -> None:
    id, seen = done
    assert {r.json()["state"] for r in seen[:-1]} <= {"pending", "started"}
    steps = next(r.json()["steps"] for r in seen if r.json()["state"] == "started")
    assert [*steps] == ["preprocessing", "transcription", "diarization", "punctuation", "postprocessing"]
    assert seen[-1].status_code == 201
    assert seen[-1].json() == {"state": "done", "result_id": id}


def test_a_word_of_a_result_has_no_other_keys_than_linto_s(result: dict[str, Any]) -> None:
    assert {tuple(word) for s in result["segments"] for word in s["words"]} == {("word", "start", "end", "conf")}


def test_a_raw_segment_has_as_many_tokens_as_words(result: dict[str, Any]) -> None:
    assert [len(s["raw_segment"].split()) for s in result["segments"]] == [len(s["words"]) for s in result["segments"]]


def test_neighbouring_segments_are_of_different_speakers(result: dict[str, Any]) -> None:
    speakers = [segment["spk_id"] for segment in result["segments"]]
    assert all(a != b for a, b in itertools.pairwise(speakers))
    assert [s["spk_id"] for s in result["diarization_speakers"]] == [*dict.fromkeys(speakers)]


@pytest.mark.parametrize(
    ("accept", "kind", "beginning"),
    [
        ("text/plain", "text/plain", "spk1: "),
        ("text/vtt", "text/vtt", "WEBVTT Kind: captions; Language: fr\n"),
        ("text/srt", "text/srt", "1\n00:00:0"),
        ("application/json, text/plain, */*", "application/json", '{"transcription_result":'),
        ("text/vtt;q=0.4, text/plain;q=0.9", "text/plain", "spk1: "),
    ],
)
def test_a_result_is_in_the_form_that_is_accepted(
    client: httpx.Client, done: tuple[str, Any], accept: str, kind: str, beginning: str
) -> None:
    answer = client.get(f"/transcription/results/{done[0]}", headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.text.startswith(beginning)


def test_a_form_that_does_not_exist_is_refused(client: httpx.Client, done: tuple[str, Any]) -> None:
    assert client.get(f"/results/{done[0]}", headers={"accept": "image/png"}).status_code == 400


def test_subtitles_name_the_speakers(client: httpx.Client, done: tuple[str, Any]) -> None:
    assert "<v spk1>" in client.get(f"/results/{done[0]}", headers={"accept": "text/vtt"}).text


def test_words_are_replaced_as_text_and_not_as_a_pattern(client: httpx.Client, done: tuple[str, Any]) -> None:
    query = {"wordsub": ["bonjour:bonsoir", "(a+)+$:x"]}
    said = client.get(f"/results/{done[0]}", params=query).json()["transcription_result"]
    assert "bonsoir" in said
    assert "bonjour" not in said


def test_corrections_of_the_library_are_in_the_result(client: httpx.Client, served: Served, sound: Path) -> None:
    from dialogue.workflow.revision import Revision

    id = submitted(client, sound, DIARIZED)
    followed(client, id)
    revision = Revision(served.library / id)
    revision.add(revision.editor("Anne").rename("spk1", "Camille"))
    revision.refresh()
    assert client.get(f"/results/{id}").json()["segments"][0]["spk_id"] == "Camille"


def test_without_diarization_everything_is_one_segment_of_nobody(client: httpx.Client, sound: Path) -> None:
    answer = client.post("/transcribe", files={"x": sound.read_bytes()}, data={"force_sync": "true"})
    assert answer.status_code == 200
    assert [s["spk_id"] for s in answer.json()["segments"]] == [None]
    assert answer.json()["diarization_speakers"] == []


def test_given_turns_keep_their_speakers(client: httpx.Client, sound: Path) -> None:
    files = {"file": sound.read_bytes(), "timestamps": b"0.2 4 Nadia\n4.0 7.8 spk7\n"}
    answer = client.post("/transcribe", files=files, data={"force_sync": "1"})
    assert [s["spk_id"] for s in answer.json()["segments"]] == ["Nadia", "spk7"]


def test_a_file_a_speaker(client: httpx.Client, sound: Path, silence: Path) -> None:
    files = [("a", ("x", silence.read_bytes())), ("b", ("y", sound.read_bytes()))]
    id = client.post("/transcribe-multi", files=files).json()["jobid"]
    followed(client, id)
    assert {s["spk_id"] for s in client.get(f"/results/{id}").json()["segments"]} == {"spk2"}


def test_a_job_of_silence_fails_with_the_reason(client: httpx.Client, silence: Path) -> None:
    last = followed(client, submitted(client, silence))[-1]
    assert last.status_code == 500
    assert last.json()["state"] == "failed"
    assert "no speech found" in last.json()["reason"]


def test_silence_at_once_is_an_empty_text(client: httpx.Client, silence: Path) -> None:
    answer = client.post("/transcribe", files={"file": silence.read_bytes()})
    assert (answer.status_code, answer.json()["text"], answer.json()["words"]) == (200, "", [])


def test_recognition_at_once_keeps_the_punctuation(client: httpx.Client, sound: Path) -> None:
    answer = client.post("/stt/transcribe", files={"file": sound.read_bytes()}, data={"language": "French"}).json()
    assert {*answer} == {"text", "language", "confidence-score", "words"}
    assert " ".join(word["word"] for word in answer["words"]) == answer["text"]


def test_diarization_at_once_counts_the_speakers(client: httpx.Client, sound: Path) -> None:
    answer = client.post("/diarization", files={"file": sound.read_bytes()}, data={"speaker_count": "1"}).json()
    assert [s["spk_id"] for s in answer["speakers"]] == ["spk1"]
    assert answer["segments"][0].keys() == {"seg_id", "spk_id", "seg_begin", "seg_end"}


def test_what_is_answered_at_once_leaves_no_meeting(client: httpx.Client, served: Served, sound: Path) -> None:
    before = {path for folder in ("", ".uploads") for path in (served.library / folder).glob("*")}
    client.post("/transcribe", files={"file": sound.read_bytes()})
    assert {path for folder in ("", ".uploads") for path in (served.library / folder).glob("*")} == before


def test_no_minutes_are_made_that_nobody_asked_for(done: tuple[str, Any], served: Served) -> None:
    names = {path.name.replace(done[0], "x") for path in (served.library / done[0]).iterdir()}
    assert names == {"meeting.yaml", "x.json", "x.srt", "x.vtt", "x.stm", "x.txt", "x.rttm"}
    assert not (served.library / ".stages" / "minutes" / f"{done[0]}.json").exists()


def test_the_sound_is_deleted_after_the_job(done: tuple[str, Any], served: Served) -> None:
    assert not [*(served.library / ".sounds").glob(f"{done[0]}*")]


def test_the_log_of_a_job_says_what_became_of_it(client: httpx.Client, done: tuple[str, Any]) -> None:
    assert client.get(f"/job-log/{done[0]}").text.splitlines()[-1].endswith("done")


def test_both_lists_of_services_are_lists_also_behind_two_slashes(client: httpx.Client, served: Served) -> None:
    found = client.get(f"{served.address}//list-services").json()
    assert found["punctuation"] == []
    assert found["diarization"][0]["service_type"] == "diarization"
    assert json.loads(found["diarization"][0]["info"])["fr"]
