"""Clients that leave in the middle, over real connections to an application on whose queue nobody works."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from dialogue.gateway.patience import Impatient
from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library


@contextlib.contextmanager
def running(library: Path) -> Iterator[tuple[str, int]]:
    listening = socket.create_server(("127.0.0.1", 0))
    app = application(library, ServeSettings(workers=0))
    server = uvicorn.Server(uvicorn.Config(app, http=Impatient, log_level="critical"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join()


def until(condition, patience: float = 30.0) -> bool:
    end = time.monotonic() + patience
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


def test_a_client_that_leaves_while_it_waits_leaves_nothing(tmp_path: Path, sound: Path) -> None:
    library = Library(tmp_path / "library", user=None)
    with running(library.folder) as (host, port):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"http://{host}:{port}/stt/transcribe", files={"file": sound.read_bytes()}, timeout=5)
        assert until(lambda: not library.list())
        assert Queue(library).list() == []


def announcement(size: int) -> bytes:
    """Return the head of a form that has not come yet."""
    lines = ("POST /transcribe HTTP/1.1", "host: 127.0.0.1", f"content-length: {size}")
    return "\r\n".join([*lines, "content-type: multipart/form-data; boundary=b", "", ""]).encode()


def test_what_is_announced_as_too_large_is_not_waited_for(tmp_path: Path) -> None:
    with running(tmp_path / "library") as address, socket.create_connection(address, timeout=20) as client:
        client.sendall(announcement(5_000_000_000))
        assert b" 413 " in client.recv(1000).partition(b"\r\n")[0]


def test_a_client_that_leaves_while_it_sends_leaves_nothing(tmp_path: Path) -> None:
    uploads = tmp_path / "library" / ".uploads"
    with running(tmp_path / "library") as address:
        with socket.create_connection(address) as client:
            client.sendall(announcement(5000))
            assert until(lambda: [*uploads.glob("*")])
        assert until(lambda: not [*uploads.glob("*")])
