"""A library with a finished meeting, and clients of the server over it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue import formats
from dialogue.core import audio
from dialogue.library.meetings import Library
from dialogue.server.asgi import application
from dialogue.workflow import meeting
from tests.corrections.test_minutes_items import SAID

ADDRESS = "http://127.0.0.1:7860"
ID = "réunion"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with a meeting of the local user, whose transcript was given: nothing is recognised."""
    folder = tmp_path_factory.mktemp("finished")
    sound = folder / f"{ID}.wav"
    audio.save_wav(sound, np.full(30 * audio.RATE, 0.01, np.float32))
    formats.write([SAID], folder / "said.json")
    library = Library(folder / "library")
    library.add(sound, date="2023-10-12", title="Comité")
    path = library.sound(ID)
    assert path
    assert not meeting.run([path], library.folder, transcript=folder / "said.json", date="2023-10-12").failed
    return library.folder


@pytest.fixture
def app(finished: Path, tmp_path: Path) -> FastAPI:
    shutil.copytree(finished, tmp_path / "library", symlinks=True)
    return application(tmp_path / "library")


@pytest.fixture
def newcomer(app: FastAPI) -> Callable[[], TestClient]:
    """Return what makes a browser that was never here."""
    return lambda: TestClient(app, ADDRESS, headers={"X-Dialogue": "1", "Accept-Language": "fr"})


@pytest.fixture
def client(app: FastAPI, newcomer: Callable[[], TestClient]) -> TestClient:
    """Return the browser of the library's local user."""
    browser = newcomer()
    browser.get(f"/?key={app.state.service.clients.key}")
    return browser
