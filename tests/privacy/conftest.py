"""An installation, made once and copied for each test that erases something in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.learning.continual.conftest import tiny  # noqa: F401  a model of a few thousand weights


@pytest.fixture(scope="session")
def installed_once(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:  # noqa: F811
    from tests.privacy.made import install

    return install(tmp_path_factory.mktemp("installed") / "all", tiny).folder


@pytest.fixture
def installation(installed_once: Path):
    """Return an installation, which is at the same place for each test, since its files hold absolute paths."""
    from tests.privacy.made import Installation

    kept = installed_once.with_name("kept")
    if not kept.exists():
        shutil.copytree(installed_once, kept, symlinks=True)
    shutil.rmtree(installed_once)
    shutil.copytree(kept, installed_once, symlinks=True)
    return Installation(installed_once)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command; returns what it printed."""
    from dialogue.cli import main

    def call(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        found = main([*map(str, words)])
        out = capsys.readouterr()
        assert found == code, out.out + out.err
        return out.out + out.err

    return call
