"""Live recognition over WebSockets, driven by the client packages ``websockets`` and ``openai``."""

import base64
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from dialogue.core import audio
from dialogue.gateway import live_routes
from dialogue.gateway.dialects import VLLM, LinTO, Malformed, OpenAI, OpenAIBeta
from dialogue.gateway.streams import Streams, StreamSettings
from dialogue.workflow import listening
from dialogue.workflow.pipeline import Pipeline
from tests.speech.live.stand_ins import Tones, pcm, said, session

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
CONFIG = json.dumps({"config": {"sample_rate": 16000}})
EOF = '{"eof" : 1}'
SPEECH = np.concatenate([said(500, 700, 900), said(400, 600)])
PARTIAL, FINAL = "partial", "text"
COMPLETED = "conversation.item.input_audio_transcription.completed"
DELTA = "conversation.item.input_audio_transcription.delta"


def tones(rate: int = 16000, language: str | None = None) -> Any:
    return session(Tones(), rate=rate)


class Served:
    """The routes alone, in a thread."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        app = FastAPI()
        app.state.streams = streams
        app.include_router(live_routes.router)
        listening_on = socket.create_server(("127.0.0.1", 0))
        self.address = f"ws://127.0.0.1:{listening_on.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="error", ws_ping_interval=None)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([listening_on],), daemon=True)
        self.thread.start()

    def connect(self, path: str = "/streaming", **options: Any) -> ClientConnection:
        return connect(self.address + path, open_timeout=20, **options)

    def connect_and_drop(self, path: str, *messages: str | bytes, until: str = "") -> None:
        """Connect, send messages, wait for one with this key if any, and lose the connection."""
        with self.connect(path) as client:
            for message in messages:
                client.send(message)
            while until and until not in json.loads(client.recv(20)):
                pass
            client.socket.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.streams.close()


@contextmanager
def served(make: Any = tones, **limits: Any) -> Iterator[Served]:
    server = Served(Streams(make, StreamSettings(**limits)))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served() as found:
        yield found


def chunks(data: bytes, size: int = 6400) -> list[bytes]:
    """Cut sound into chunks of 200 ms."""
    return [data[first : first + size] for first in range(0, len(data), size)]


def until(client: ClientConnection, key: str, value: str | None = None) -> list[dict[str, Any]]:
    """Return the messages up to one that has this key, and this value."""
    found: list[dict[str, Any]] = []
    while not found or key not in found[-1] or value not in (None, found[-1][key]):
        found.append(json.loads(client.recv(20)))
    return found


def rest(client: ClientConnection) -> tuple[list[dict[str, Any]], int, str]:
    """Return the messages until the server closes, and the code and the reason of that."""
    messages = []
    try:
        while True:
            messages.append(json.loads(client.recv(60)))
    except ConnectionClosed as end:
        return messages, end.rcvd.code if end.rcvd else 1006, end.rcvd.reason if end.rcvd else ""


def closed(client: ClientConnection) -> tuple[int, str]:
    """Return the code and the reason with which the server closes."""
    return rest(client)[1:]


def append(sound: np.ndarray) -> str:
    return json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(pcm(sound)).decode()})


# linto-stt ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/streaming"])
def test_linto_gets_finals_and_the_rest_after_eof(server: Served, path: str) -> None:
    with server.connect(path) as client:
        client.send(CONFIG)
        for chunk in chunks(pcm(SPEECH)[: -2 * 12000]):  # the last pause is too short for an end
            client.send(chunk)
        client.send(EOF)
        texts, code, _ = rest(client)
    assert code == 1000
    assert [t["text"] for t in texts if FINAL in t] == ["500 700 900", "400 600"]
    assert all(set(t) <= {PARTIAL} or set(t) <= {FINAL, "speaker"} for t in texts)


def test_linto_ends_with_an_empty_text_where_nothing_is_left(server: Served) -> None:
    with server.connect() as client:
        client.send(CONFIG)
        client.send(EOF)
        assert json.loads(client.recv(20)) == {"text": ""}
        assert closed(client) == (1000, "")


def test_studio_sends_no_language_and_no_eof_and_closes_the_socket(server: Served) -> None:
    with server.connect() as client:
        client.send(CONFIG)
        for chunk in chunks(pcm(SPEECH)):
            client.send(chunk)
        assert until(client, FINAL)[-1]["text"] == "500 700 900"
    gone(server)


def gone(server: Served) -> None:
    """Wait until a server holds nothing."""
    for _ in range(200):
        if not server.streams.connected and not server.streams._running:
            return
        time.sleep(0.05)
    raise AssertionError("the session is still held")


def test_sound_that_stops_without_silence_ends_the_utterance() -> None:
    with served(gap=0.2) as server, server.connect() as client:
        client.send(CONFIG)
        client.send(pcm(said(500, 700)[:-16000]))
        assert until(client, FINAL)[-1]["text"] == "500 700"


def test_odd_bytes_are_tolerated(server: Served) -> None:
    with server.connect() as client:
        client.send(CONFIG)
        for chunk in chunks(pcm(SPEECH), 3333):
            client.send(chunk)
        assert until(client, FINAL)[-1]["text"] == "500 700 900"


def test_a_client_that_leaves_in_the_middle_frees_everything(server: Served) -> None:
    server.connect_and_drop("/streaming", CONFIG, pcm(said(500, 700)[:-16000]))
    gone(server)


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        '{"config": 1}',
        '{"config": {"sample_rate": 0}}',
        '{"config": {"sample_rate": "x"}}',
        '{"config": {"sample_rate": 16000, "language": "klingon"}}',
        '{"config": {"sample_rate": 16000, "language": 3}}',
        b"\0\0",
    ],
)
def test_linto_closes_1003_with_a_reason_at_a_bad_configuration(server: Served, message: str | bytes) -> None:
    with server.connect() as client:
        client.send(message)
        code, reason = closed(client)
    assert code == 1003
    assert reason


def test_silence_and_dither_bring_no_message(server: Served) -> None:
    noise = np.random.default_rng(0).integers(-4, 5, 32000).astype("<i2").tobytes()
    with server.connect() as client:
        client.send(CONFIG)
        for chunk in [bytes(64000), noise]:
            client.send(chunk)
        with pytest.raises(TimeoutError):
            client.recv(1)


# limits -------------------------------------------------------------------------------------------------------------


def test_more_clients_than_may_be_are_told_to_come_later() -> None:
    with served(most=1) as server, server.connect() as first:
        first.send(CONFIG)
        with server.connect() as second:
            assert closed(second)[0] == 1013
        with server.connect("/v1/realtime") as third:
            assert json.loads(third.recv(20))["code"] == "rate_limit_exceeded"


def test_a_client_that_sends_nothing_is_closed() -> None:
    with served(idle=0.2) as server, server.connect() as client:
        assert closed(client) == (1008, "nothing came for 0.2 s")


def test_a_message_that_is_too_large_is_refused(server: Served) -> None:
    with server.connect(max_size=None) as client:
        client.send(CONFIG)
        client.send(bytes((1 << 20) + 2))
        assert closed(client)[0] == 1009


def test_an_error_of_ours_closes_without_a_traceback() -> None:
    def broken(**options: Any) -> Any:
        raise RuntimeError("secret")

    with served(broken) as server, server.connect("/v1/realtime") as client:
        client.send(append(SPEECH))
        messages = until(client, "type", "error")
        assert "secret" not in str(messages)
        assert closed(client)[0] == 1011


# resume -------------------------------------------------------------------------------------------------------------


def test_a_client_that_comes_back_goes_on_where_it_was(server: Served) -> None:
    data = pcm(SPEECH)
    in_the_middle = data[:25600]  # of the first utterance
    server.connect_and_drop("/streaming?session=salle-3", CONFIG, in_the_middle, until=PARTIAL)
    with server.connect("/streaming?session=salle-3") as second:
        second.send(CONFIG)
        second.send(data[25600:])
        assert until(second, FINAL)[-1]["text"] == "500 700 900"
        second.send(EOF)
        closed(second)
    gone(server)


def test_what_was_not_told_is_told_first_after_coming_back(server: Served) -> None:
    server.connect_and_drop("/streaming?session=s1", CONFIG, pcm(SPEECH))
    time.sleep(0.5)
    with server.connect("/streaming?session=s1") as second:
        second.send(CONFIG)
        second.send(EOF)
        told = rest(second)[0]
    assert "400 600" in [t.get("text") for t in told]


def test_a_second_client_with_the_id_takes_the_session_over(server: Served) -> None:
    with server.connect("/streaming?session=one") as first:
        first.send(CONFIG)
        with server.connect("/streaming?session=one") as second:
            assert closed(first) == (1008, "another connection has taken this session over")
            second.send(CONFIG)
            second.send(EOF)
            assert closed(second)[0] == 1000


def test_a_session_that_nobody_comes_back_to_is_forgotten() -> None:
    with served(resume=0.2) as server:
        server.connect_and_drop("/streaming?session=one", CONFIG)
        gone(server)


def test_an_id_with_other_characters_is_refused(server: Served) -> None:
    with server.connect("/streaming?session=a%2Fb") as client:
        assert closed(client)[0] == 1003


# /v1/realtime -------------------------------------------------------------------------------------------------------


def test_vllm_gets_increments_and_the_text_after_a_final_commit(server: Served) -> None:
    with server.connect("/v1/realtime") as client:
        created = json.loads(client.recv(20))
        assert created["type"] == "session.created"
        assert {"id", "created"} <= set(created)
        client.send('{"type": "session.update", "model": "voxtral"}')
        client.send('{"type": "input_audio_buffer.commit", "final": false}')
        for first in range(0, len(SPEECH), 3200):
            client.send(append(SPEECH[first : first + 3200]))
        client.send('{"type": "input_audio_buffer.commit", "final": true}')
        *deltas, done = until(client, "type", "transcription.done")
    assert done["text"] == "500 700 900 400 600" == "".join(d["delta"] for d in deltas)
    assert done["usage"]["seconds"] == pytest.approx(len(SPEECH) / 16000)


def test_vllm_emits_without_another_commit(server: Served) -> None:
    with server.connect("/v1/realtime") as client:
        client.send('{"type": "input_audio_buffer.commit", "final": false}')
        client.send(append(SPEECH))
        assert until(client, "type", "transcription.delta")


def test_beta_gets_its_own_names(server: Served) -> None:
    headers = {"OpenAI-Beta": "realtime=v1"}
    with server.connect("/v1/realtime?intent=transcription", additional_headers=headers) as client:
        assert json.loads(client.recv(20))["type"] == "transcription_session.created"
        session = {"input_audio_format": "pcm16", "input_audio_transcription": {"model": "whisper-1"}}
        client.send(json.dumps({"type": "transcription_session.update", "session": session}))
        assert json.loads(client.recv(20))["type"] == "transcription_session.updated"
        client.send(append(SPEECH))
        assert until(client, "type", COMPLETED)[-1]["transcript"] == "500 700 900"


@pytest.mark.parametrize(
    ("message", "param"),
    [
        ("nonsense", None),
        ("[1]", None),
        ("[" * 100_000, None),
        ('{"type": "response.create"}', "type"),
        ('{"type": "input_audio_buffer.append"}', "audio"),
        ('{"type": "input_audio_buffer.append", "audio": "é"}', "audio"),
        ('{"type": "session.update", "session": []}', "session"),
        ('{"type": "session.update", "session": {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}}', None),
    ],
)
def test_a_malformed_message_gets_an_error_and_the_session_goes_on(
    server: Served, message: str, param: str | None
) -> None:
    with server.connect("/v1/realtime?intent=transcription") as client:
        client.send(message)
        error = until(client, "type", "error")[-1]["error"]
        assert error["type"] == "invalid_request_error"
        assert param is None or error["param"] == param
        client.send('{"type": "input_audio_buffer.clear"}')
        assert until(client, "type", "input_audio_buffer.cleared")


def test_a_client_that_sends_only_nonsense_is_closed(server: Served) -> None:
    with server.connect("/v1/realtime") as client:
        for _ in range(20):
            client.send("x")
        assert closed(client)[0] == 1008


def test_a_commit_without_sound_is_an_error(server: Served) -> None:
    with server.connect("/v1/realtime?intent=transcription") as client:
        client.send('{"type": "input_audio_buffer.commit"}')
        assert until(client, "type", "error")[-1]["error"]["code"] == "input_audio_buffer_commit_empty"


SLOW = said(500, 700, 900, rate=24_000)


def test_the_openai_package_transcribes_what_it_commits(server: Served) -> None:
    openai = pytest.importorskip("openai", reason="a client that only these tests need")
    ours = openai.OpenAI(api_key="k", base_url="http://x/v1", websocket_base_url=f"{server.address}/v1")
    form = {"type": "audio/pcm", "rate": 24_000}
    audio_input = {"format": form, "transcription": {"model": "whisper-1", "language": "fr"}, "turn_detection": None}
    with ours.realtime.connect(extra_query={"intent": "transcription"}) as client:
        assert client.recv().type == "session.created"
        client.session.update(session={"type": "transcription", "audio": {"input": audio_input}})
        assert client.recv().type == "session.updated"
        for first in range(0, len(SLOW), 4800):
            data = base64.b64encode(pcm(SLOW[first : first + 4800])).decode()
            client.input_audio_buffer.append(audio=data)
        client.input_audio_buffer.commit()
        events = []
        while not events or events[-1].type != COMPLETED:
            events.append(client.recv())
    committed = next(e for e in events if e.type == "input_audio_buffer.committed")
    assert events[-1].transcript == "500 700 900" == "".join(e.delta for e in events if e.type == DELTA)
    assert {e.item_id for e in events} == {committed.item_id}
    assert events[-1].usage.seconds == pytest.approx(len(SLOW) / 24_000, abs=0.01)


def test_items_of_ga_end_by_themselves_where_turns_are_detected(server: Served) -> None:
    with server.connect("/v1/realtime?intent=transcription&sample_rate=16000") as client:
        client.send(append(SPEECH))
        found = []
        while sum(event["type"] == COMPLETED for event in found) < 2:
            found.append(json.loads(client.recv(20)))
    assert [e["transcript"] for e in found if e["type"] == COMPLETED] == ["500 700 900", "400 600"]
    committed = [e for e in found if e["type"] == "input_audio_buffer.committed"]
    assert [e["previous_item_id"] for e in committed] == [None, committed[0]["item_id"]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    st.one_of(
        st.text(),
        st.binary(max_size=50),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=10),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["type", "session", "audio", "input", "format", "transcription", "config", "final", "model"]
                    ),
                    inner
                    | st.sampled_from(["session.update", "input_audio_buffer.append", "input_audio_buffer.commit"]),
                )
            ),
        ).map(json.dumps),
    )
)
def test_every_dialect_reads_any_message_or_calls_it_malformed(message: str | bytes) -> None:
    for kind in (LinTO, VLLM, OpenAI, OpenAIBeta):
        with contextlib.suppress(Malformed):
            assert isinstance(kind().read(message), list)


@pytest.mark.model
def test_a_meeting_is_written_while_it_is_spoken() -> None:
    make = partial(listening.session, Pipeline(), settle=False)
    sound = np.asarray(audio.load(SAMPLE))[: 5 * 16000]
    with served(make) as server, server.connect() as client:
        client.send(CONFIG)
        for chunk in chunks(pcm(sound)):
            client.send(chunk)
        client.send(EOF)
        texts = rest(client)[0]
    assert len(" ".join(t["text"] for t in texts if FINAL in t).split()) > 5
    assert {t["speaker"] for t in texts if t.get(FINAL)} <= {"spk1", "spk2", "spk3"}
