"""A server in a process of its own, and the application alone, without a worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8080"


class Served:
    """A server that runs as `dialogue serve`.

    Args:
        library: its folder.
        arguments: of the command.
        environment: variables of it.
    """

    def __init__(self, library: Path, *arguments: str, **environment: str) -> None:
        self.library, self.arguments, self.environment = library, arguments, environment
        self.port = "0"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "dialogue", "serve", "--library", str(self.library), "--port", self.port]
        variables = {k: v for k, v in os.environ.items() if k not in ("API_KEY", "API_KEYS", "LANGUAGE", "MODEL")}
        self.process = subprocess.Popen(
            [*command, *self.arguments],
            env={**variables, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().removeprefix("Serving at ").strip()
        self.port = self.address.rpartition(":")[2]  # also after it was killed

    def kill(self) -> None:
        """Kill the server, its worker and all others of its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers=headers, timeout=120)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 8 s of a French conversation that this repository holds."""
    import numpy as np

    from dialogue.core import audio

    whole = audio.load(ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac")
    path = tmp_path_factory.mktemp("sound") / "réunion.wav"
    audio.save_wav(path, np.asarray(whole[: 8 * audio.RATE]))
    return path


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return words of one person, of two, and a later part of the same meeting in which four speak."""
    import numpy as np

    from dialogue.core import audio

    whole = np.asarray(audio.load(ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"))
    spans = {"alone": [(0.8, 10.2), (12.95, 16.95)], "two": [(0.8, 10.2), (17.4, 27.2)], "meeting": [(52.7, 96.5)]}
    folder = tmp_path_factory.mktemp("voices")
    for name, parts in spans.items():
        pieces = [whole[int(a * audio.RATE) : int(b * audio.RATE)] for a, b in parts]
        audio.save_wav(folder / f"{name}.wav", np.concatenate(pieces))
    return {name: folder / f"{name}.wav" for name in spans}


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import numpy as np

    from dialogue.core import audio

    path = tmp_path_factory.mktemp("silence") / "silence.wav"
    audio.save_wav(path, np.zeros(2 * audio.RATE, np.float32))
    return path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a running server, whose models are loaded at the first recording."""
    server = Served(tmp_path_factory.mktemp("served") / "library")
    yield server
    server.stop()


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., TestClient]:
    """Return what makes a client of the application, over a library of its own on which nobody works."""

    def make(tokens: dict[str, str] | None = None, **settings: object) -> TestClient:
        from dialogue.gateway.access import AccessTokens

        known = ServeSettings(workers=0, **settings)  # type: ignore[arg-type]
        app: FastAPI = application(tmp_path / "library", known, AccessTokens(tokens or {}))
        return TestClient(app, ADDRESS, raise_server_exceptions=False)

    return make
