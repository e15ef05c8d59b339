"""A library with a meeting and a later one."""

import shutil
from pathlib import Path

import pytest

from dialogue.library.meetings import Library
from tests.library.made import CHOIR, LATER, put


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    put(folder, "choeur", CHOIR, title="Chœur", date="2023-10-12", tags=("Chorale", "Été"))
    put(folder, "suite", LATER, date="2023-10-19", tags=("chorale",))
    return folder


@pytest.fixture
def two(library: Library, made_once: Path) -> Library:
    shutil.copytree(made_once, library.folder, dirs_exist_ok=True)
    return library
