"""Live recognition by the running server, as LinTO's client sends it: no language, pieces of 200 ms."""

import json
from pathlib import Path

import numpy as np
import pytest

from dialogue.core import audio
from tests.gateway.conftest import Served

connect = pytest.importorskip("websockets.sync.client", reason="the server extra is not installed").connect


def test_what_is_spoken_comes_back_while_it_is_spoken(served: Served, sound: Path) -> None:
    pcm = (np.asarray(audio.load(sound)) * 32767).astype("<i2").tobytes()
    heard = []
    with connect(served.address.replace("http", "ws") + "/streaming", open_timeout=30) as client:
        client.send(json.dumps({"config": {"sample_rate": 16000}}))
        for start in range(0, len(pcm), 6400):
            client.send(pcm[start : start + 6400])
        client.send('{"eof" : 1}')
        heard = [json.loads(message) for message in client]
    assert any(message.get("partial") for message in heard)
    assert " ".join(message["text"] for message in heard if message.get("text"))


def test_a_stream_needs_the_token_too(made) -> None:
    from starlette.websockets import WebSocketDisconnect

    client = made({"x" * 16: "somebody"})
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/streaming"):
        pass
