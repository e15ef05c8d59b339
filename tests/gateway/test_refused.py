"""What is refused before anything is recognised, with the code and the body of the dialect."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

Made = Callable[..., TestClient]


def asked(client: TestClient, sound: Path, config: object, path: str = "/transcribe", **more: object):
    files = {"file": sound.read_bytes()}
    return client.post(path, files=files, data={"transcriptionConfig": json.dumps(config)}, **more)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ([], "transcriptionConfig"),
        ({"language": "klingon"}, "language"),
        ({"language": 3}, "language"),
        ({"diarizationConfig": {"enableDiarization": True, "numberOfSpeaker": "two"}}, "numberOfSpeaker"),
        ({"diarizationConfig": {"enableDiarization": True, "maxNumberOfSpeaker": 10**9}}, "maxNumberOfSpeaker"),
        ({"diarizationConfig": {"enableDiarization": "yes"}}, "enableDiarization"),
        ({"diarizationConfig": {"speakerIdentification": True}}, "speakerIdentification"),
        ({"diarizationConfig": [1]}, "diarizationConfig"),
    ],
)
def test_a_value_that_is_not_accepted_is_named(made: Made, sound: Path, config: object, named: str) -> None:
    answer = asked(made(), sound, config)
    assert answer.status_code == 400
    assert answer.json()["state"] == "failed"
    assert answer.json()["reason"].startswith(named)


def test_keys_that_are_not_known_are_ignored(made: Made, sound: Path) -> None:
    config = {"enableNormalization": True, "punctuationConfig": {"enablePunctuation": True}, "vadConfig": {"x": 1}}
    assert asked(made(), sound, config).status_code == 201


def test_what_is_no_sound_is_refused(made: Made, tmp_path: Path) -> None:
    client = made()
    for content in (b"", b"not sound at all", b"RIFF\x00\x00\x00\x00WAVE", b"#EXTM3U\n/etc/passwd\n"):
        (tmp_path / "x.wav").write_bytes(content)
        assert asked(client, tmp_path / "x.wav", {}).status_code == 400


def test_errors_of_linto_s_workers_are_text(made: Made) -> None:
    answer = made().post("/stt/transcribe", files={"file": b"noise"})
    assert answer.status_code == 400
    assert answer.text.startswith("Server Error: ")


def test_a_form_without_or_with_two_recordings_is_refused(made: Made, sound: Path) -> None:
    client, data = made(), {"transcriptionConfig": "{}"}
    two = {"a": sound.read_bytes(), "b": sound.read_bytes()}
    assert client.post("/transcribe", files=two, data=data).status_code == 400
    assert client.post("/transcribe", files={"timestamps": b"0 1"}, data=data).status_code == 400
    assert client.post("/transcribe", json={}).status_code == 400
    assert client.post("/transcribe", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400


def test_a_form_that_is_cut_off_leaves_nothing(made: Made) -> None:
    client = made()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x -y pwn"\r\n\r\n'
    assert client.post("/transcribe", content=head + b"half", headers=kind).status_code == 400
    assert not [*(client.app.state.recordings.folder / ".uploads").iterdir()]  # type: ignore[attr-defined]


def test_a_body_in_pieces_is_bounded_too(made: Made, sound: Path) -> None:
    client = made(max_upload_bytes=100_000)
    kind = {"content-type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    pieces = iter([head, *[bytes(50_000)] * 10])
    assert client.post("/transcribe", content=pieces, headers=kind).status_code == 413


def test_a_recording_that_is_too_long_is_refused(made: Made, sound: Path) -> None:
    assert asked(made(max_audio_seconds=2), sound, {}).status_code == 413


def test_a_full_queue_says_when_to_come_again(made: Made, sound: Path) -> None:
    client = made(max_queue=1)
    assert asked(client, sound, {}).status_code == 201
    answer = asked(client, sound, {})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("lines", [b"", b"a b c", b"3 1 x", b"0 nan", b"0 1 a b"])
def test_turns_that_are_none_are_refused(made: Made, sound: Path, lines: bytes) -> None:
    files = {"file": sound.read_bytes(), "timestamps": lines}
    assert made().post("/transcribe", files=files).status_code == 400


def test_the_job_of_another_owner_is_unknown(made: Made, sound: Path) -> None:
    client = made({"a" * 20: "anne", "b" * 20: "paul"})
    anne, paul = ({"authorization": f"Bearer {letter * 20}"} for letter in "ab")
    id = asked(client, sound, {}, headers=anne).json()["jobid"]
    assert client.get(f"/job/{id}", headers=anne).status_code == 202
    for method, path in (("GET", "job"), ("GET", "results"), ("GET", "job-log"), ("DELETE", "job")):
        theirs, nobodys = (client.request(method, f"/{path}/{x}", headers=paul) for x in (id, "0" * 36))
        assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text) == (404, theirs.text)


def test_a_deleted_job_is_unknown_and_nothing_of_it_is_left(made: Made, sound: Path) -> None:
    client = made()
    id = asked(client, sound, {}).json()["jobid"]
    assert client.get(f"/revoke/{id}").status_code == 405
    assert client.delete(f"/job/{id}").status_code == 204
    assert (client.get(f"/job/{id}").status_code, client.get(f"/job/{id}").json()["state"]) == (404, "failed")
    library = client.app.state.recordings.folder  # type: ignore[attr-defined]
    assert not [path for path in library.rglob("*") if id in path.name]


def test_a_mode_decides_what_transcribe_is(made: Made) -> None:
    assert made(transcribe_mode="jobs").post("/transcribe", files={"file": b"x"}).json()["state"] == "failed"
    assert made().post("/transcribe", files={"file": b"x"}).text.startswith("Server Error: ")


def test_where_nothing_is_the_answer_is_of_the_dialect(made: Made) -> None:
    answer = made().get("/nowhere")
    assert (answer.status_code, answer.json()["state"]) == (404, "failed")
