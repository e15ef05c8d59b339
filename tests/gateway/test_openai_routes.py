"""OpenAI's routes, driven by OpenAI's own client against a running server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.gateway.conftest import Served

openai = pytest.importorskip("openai", reason="the client of OpenAI is not installed")
LLM = "smollm2-135m-instruct"


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    return openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0)


@pytest.fixture(scope="module")
def ask(client: Any, sound: Path) -> Callable[..., Any]:
    def asked(**options: Any) -> Any:
        with sound.open("rb") as file:
            return client.audio.transcriptions.create(file=file, model=options.pop("model", "whisper-1"), **options)

    return asked


@pytest.mark.model
def test_json_has_the_text_and_the_seconds(ask: Callable[..., Any]) -> None:
    answer = ask()
    assert "bonjour" in answer.text.lower()
    assert answer.usage.seconds == 8


@pytest.mark.model
@pytest.mark.parametrize(("format", "beginning"), [("text", "bonjour"), ("srt", "1\n00:00:0")])
def test_text_and_subtitles_are_text(ask: Callable[..., Any], format: str, beginning: str) -> None:
    assert str(ask(response_format=format)).startswith(beginning)


@pytest.mark.model
def test_verbose_json_has_the_granularities_asked_for(ask: Callable[..., Any]) -> None:
    answer = ask(response_format="verbose_json", language="fr", timestamp_granularities=["word", "segment"])
    assert (answer.language, answer.duration) == ("french", 8.0)
    assert (bool(answer.segments), bool(answer.words)) == (True, True)


@pytest.mark.model
def test_diarized_json_has_speakers_by_letters(ask: Callable[..., Any]) -> None:
    answer = ask(response_format="diarized_json", chunking_strategy="auto")
    assert {segment.speaker for segment in answer.segments} == {"A"}
    assert answer.segments[0].id == "seg_0"


@pytest.mark.model
def test_la_suite_gets_the_json_of_whisperx(served: Served, sound: Path) -> None:
    answer = served.client().post(
        "/v1/audio/transcriptions", files={"file": sound.read_bytes()}, data={"model": "whisperx"}
    )
    found = answer.json()
    assert {*found} == {"segments", "word_segments", "language"}
    assert found["segments"][0]["speaker"] == "SPEAKER_00"
    assert {*found["segments"][0]["words"][0]} == {"word", "start", "end", "score", "speaker"}


@pytest.mark.model
@pytest.mark.parametrize("format", ["json", "diarized_json"])
def test_the_deltas_of_a_stream_are_its_text(ask: Callable[..., Any], format: str) -> None:
    events = list(ask(stream=True, response_format=format))
    deltas = [e.delta for e in events if e.type == "transcript.text.delta"]
    assert deltas
    assert (events[-1].type, events[-1].text) == ("transcript.text.done", "".join(deltas))
    assert any(e.type == "transcript.text.segment" for e in events) == (format == "diarized_json")


@pytest.mark.model
def test_silence_is_an_empty_text(client: Any, silence: Path) -> None:
    with silence.open("rb") as file:
        assert client.audio.transcriptions.create(file=file, model="whisper-1").text == ""


@pytest.mark.model
def test_a_chat_ends_where_it_was_cut(client: Any) -> None:
    answer = client.chat.completions.create(
        model=LLM, messages=[{"role": "user", "content": "Bonjour, qui es-tu ?"}], max_tokens=5
    )
    assert answer.choices[0].finish_reason == "length"
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.model
def test_a_chat_in_pieces_is_the_same_with_its_usage_at_the_end(client: Any) -> None:
    ask = {"model": LLM, "messages": [{"role": "user", "content": "Bonjour"}], "max_completion_tokens": 8}
    whole = client.chat.completions.create(**ask)
    chunks = list(client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason


@pytest.mark.model
def test_a_chat_that_nobody_waits_for_leaves_room_for_the_next(client: Any) -> None:
    ask = {"model": LLM, "messages": [{"role": "user", "content": "Raconte une longue histoire."}]}
    with client.chat.completions.create(**ask, max_tokens=1000, stream=True) as chunks:
        next(iter(chunks))
    assert client.chat.completions.create(**ask, max_tokens=2).choices


@pytest.mark.model
def test_a_conversation_that_does_not_fit_is_refused(client: Any) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=LLM, messages=[{"role": "user", "content": "oui " * 9000}])
    assert refused.value.code == "context_length_exceeded"


def test_models_are_listed_and_found_by_name(client: Any) -> None:
    names = [model.id for model in client.models.list()]
    assert {"whisper-1", "whisper-base", LLM} <= {*names}
    assert client.models.retrieve("whisper-1").owned_by == "dialogue"
    with pytest.raises(openai.NotFoundError) as unknown:
        client.models.retrieve("organisation/other")
    assert unknown.value.code == "model_not_found"


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "status", "param"),
    [
        ({"response_format": "xml"}, 400, "response_format"),
        ({"model": "nobody/knows"}, 404, "model"),
        ({"language": "klingon"}, 400, "language"),
        ({"temperature": "hot"}, 400, "temperature"),
        ({"timestamp_granularities[]": "letter"}, 400, "timestamp_granularities"),
        ({"known_speaker_names[]": "Anne"}, 400, "known_speaker_names"),
        ({"include[]": "logprobs"}, 400, "include[]"),
        ({"stream": "true", "response_format": "srt"}, 400, "stream"),
    ],
)
def test_a_field_that_is_not_accepted_is_named(
    made: Callable[..., TestClient], sound: Path, asked: dict[str, str], status: int, param: str
) -> None:
    answer = made().post("/v1/audio/transcriptions", files={"file": sound.read_bytes()}, data=asked)
    assert answer.status_code == status
    assert answer.json()["error"]["param"] == param


MESSAGE = {"role": "user", "content": "Bonjour"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ({}, 404),
        ({"model": LLM}, 400),
        ({"model": LLM, "messages": []}, 400),
        ({"model": LLM, "messages": [{"role": "tool", "content": "x"}]}, 400),
        ({"model": LLM, "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400),
        ({"model": LLM, "messages": [MESSAGE], "n": 2}, 400),
        ({"model": LLM, "messages": [MESSAGE], "max_tokens": "many"}, 400),
        ({"model": LLM, "messages": [MESSAGE], "tools": [{}]}, 400),
        ({"model": LLM, "messages": [MESSAGE], "stop": [1]}, 400),
    ],
)
def test_a_conversation_that_is_none_is_refused(made: Callable[..., TestClient], body: object, status: int) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    answer = made().post("/v1/chat/completions", content=content)
    assert answer.status_code == status
    assert {*answer.json()["error"]} == {"message", "type", "param", "code"}


def test_errors_of_access_are_openai_s_under_its_prefix(made: Callable[..., TestClient]) -> None:
    client = made({"a" * 20: "anne"})
    answer = client.get("/v1/models")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    assert client.post("/v1/chat/completions", content=bytes(5_000_000)).status_code == 401
    known = {"authorization": f"Bearer {'a' * 20}"}
    large = client.post("/v1/chat/completions", content=bytes(5_000_000), headers=known)
    assert (large.status_code, large.json()["error"]["type"]) == (413, "invalid_request_error")
    pieces = iter([bytes(1_000_000)] * 5)
    assert client.post("/v1/chat/completions", content=pieces, headers=known).status_code == 413
    assert client.get("/v1/nothing", headers=known).json()["error"]["type"] == "invalid_request_error"
