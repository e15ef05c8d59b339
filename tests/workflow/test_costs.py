"""What a stage costs on this machine is remembered."""

from pathlib import Path

import pytest

from dialogue.core.audio import Recording
from dialogue.workflow import costs

LONG = [Recording("a", Path("a"), 100.0), Recording("b", Path("b"), 300.0)]


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "dialogue/costs.json"


def test_without_a_measurement_the_cost_of_the_stage_counts() -> None:
    assert costs.expected("x", ["s"], 0.5, LONG) == {"a": 50.0, "b": 150.0}


def test_a_measurement_counts_for_the_same_models_only() -> None:
    costs.learn("x", ["s"], 0.5, 40.0, LONG)
    assert costs.expected("x", ["s"], 0.5, LONG) == {"a": 10.0, "b": 30.0}
    assert costs.expected("x", ["other"], 0.5, LONG) == {"a": 50.0, "b": 150.0}


def test_what_was_measured_with_some_options_says_what_others_cost() -> None:
    costs.learn("x", ["s"], 0.5, 40.0, LONG)
    assert costs.expected("x", ["s"], 1.0, LONG) == {"a": 20.0, "b": 60.0}


def test_a_few_seconds_of_sound_teach_nothing(cache: Path) -> None:
    costs.learn("x", ["s"], 0.5, 40.0, [Recording("a", Path("a"), 3.0)])
    assert not cache.exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x s": "much"}', '{"x s": -1.0}'])
def test_a_damaged_file_is_ignored(cache: Path, content: str) -> None:
    cache.parent.mkdir()
    cache.write_text(content)
    assert costs.expected("x", ["s"], 0.5, LONG)["a"] == 50.0
    costs.learn("x", ["s"], 0.5, 40.0, LONG)
    assert costs.expected("x", ["s"], 0.5, LONG)["a"] == 10.0
