"""A WebSocket stays open for as long as its client wants, also if nothing is said."""

import asyncio
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from dialogue.gateway import patience
from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings


def test_a_silent_socket_is_not_taken_for_an_unfinished_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    websockets = pytest.importorskip("websockets", reason="the package websockets is not installed")
    monkeypatch.setattr(patience, "HEAD", 0.2)
    listening = socket.create_server(("127.0.0.1", 0))
    app = application(tmp_path / "library", ServeSettings(workers=0))
    server = uvicorn.Server(uvicorn.Config(app, http=patience.Impatient, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()

    async def wait() -> None:
        async with websockets.connect(f"ws://127.0.0.1:{listening.getsockname()[1]}/ws/jobs") as opened:
            assert '"jobs_snapshot"' in await opened.recv()
            await asyncio.sleep(4 * patience.HEAD)
            await asyncio.wait_for(await opened.ping(), 10)

    try:
        while not server.started:
            time.sleep(0.05)
        asyncio.run(wait())
    finally:
        server.should_exit = True
        thread.join()
