"""Fixtures shared by several tests, and the selection of tests that a machine can run."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
NO_SKIPS = "DIALOGUE_NO_SKIPS"  # set it where everything is installed: then a skipped test fails


# A busy machine is slow: how long an example takes is no property of the code. The same code is given the same
# examples, so that a change is judged by what it changes; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
settings.load_profile("same")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return Chromium, driven by Playwright."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the page is not drawn")
    path = next((b for b in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if b), None)
    if path is None:
        pytest.skip("no Chromium on this machine: the page is not drawn")
    with api.sync_playwright() as player:
        started = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def dev_data() -> Path:
    """Return the folder of development data, which is not in the repository: ``DIALOGUE_DEV_DATA``, or next to it."""
    folder = Path(os.environ.get("DIALOGUE_DEV_DATA", ROOT / "../shared/data/dev"))
    if not folder.is_dir():
        pytest.skip("development data absent: set DIALOGUE_DEV_DATA to its folder")
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that need Slurm or a GPU where there is none, because no installation could provide it."""
    needs = {"slurm": slurm_answers, "gpu": gpu_answers}
    left_out = [item for item in items if any(item.get_closest_marker(name) and not needs[name]() for name in needs)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@cache
def slurm_answers() -> bool:
    return shutil.which("sinfo") is not None and subprocess.run(["sinfo"], capture_output=True).returncode == 0


@cache
def gpu_answers() -> bool:
    if shutil.which("nvidia-smi") is None:
        return False
    try:
        import torch
    except ModuleNotFoundError:
        return False
    return torch.cuda.is_available()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    return no_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return no_skip(report)


def no_skip(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    if report.skipped and os.environ.get(NO_SKIPS):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason} ({NO_SKIPS} is set)"
    return report
