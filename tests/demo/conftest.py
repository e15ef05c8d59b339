"""The application as people meet it: a server with a library, and a browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.server.conftest import finished

__all__ = ["finished"]
SCREENSHOTS = "DIALOGUE_SCREENSHOTS"  # a folder in which the pictures of the tests stay


class Demo:
    """`dialogue demo` over a library, in a process of its own."""

    def __init__(self, library: Path) -> None:
        self.library = library
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "dialogue", "demo", "--library", self.library, "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--no-browser"], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.mine = re.sub("^Open ", "", self.process.stdout.readline()).strip()  # with the key of the local user
        assert self.mine.startswith(self.address)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="session")
def demo(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(finished, folder / "library", symlinks=True)
    served = Demo(folder / "library")
    yield served
    served.stop()


@pytest.fixture
def visitor(browser: Any, demo: Demo) -> Iterator[Callable[..., Any]]:
    """Return what opens the page of a browser that was never here; none may ask another host for anything."""
    contexts, hosts = [], set()

    def visit(width: int = 1280, language: str = "fr-FR", **options: Any) -> Any:
        context = browser.new_context(locale=language, viewport={"width": width, "height": 900}, **options)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert hosts - {""} <= {urlsplit(demo.address).netloc}


@pytest.fixture
def page(visitor: Callable[..., Any], demo: Demo) -> Any:
    """Return the home page as the library's local user sees it."""
    opened = visitor()
    opened.goto(demo.mine)
    return opened


def picture(page: Any, name: str) -> None:
    """Keep a picture where ``$DIALOGUE_SCREENSHOTS`` says."""
    if folder := os.environ.get(SCREENSHOTS):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")
