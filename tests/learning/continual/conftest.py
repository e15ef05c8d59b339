"""A language model of a few thousand weights, and three small, different tasks."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.core import config
from dialogue.learning import tasks
from dialogue.learning.continual import Stream
from dialogue.learning.tasks import Example
from tests.learning.continual.tiny import save

pytest.importorskip("torch")

SAID = {
    "cuisine": "[Ana:] on met le beurre et la farine dans le plat\n[Bob:] et combien de sucre dans la pâte",
    "route": "[Léo:] tournez à gauche après le pont\n[Zoé:] puis tout droit jusqu'à la gare du nord",
    "temps": "[Max:] il va pleuvoir demain matin sur la côte\n[Eva:] et il fera beau dans les montagnes",
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("tiny"))


def example(task: str, number: int, text: str) -> Example:
    message = {"role": "assistant", "content": text}
    return Example(f"{task}-{number}", "continuation", (message,), f"{task}{number}", (task,), (f"u{number}",), ("h",))


@pytest.fixture(scope="session")
def streams(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Stream]:
    """``streams("replay", ...)``: a stream over three tasks and a probe, with overrides of its parts."""
    root = tmp_path_factory.mktemp("tasks")
    for name, text in {**SAID, "general": "[X:] bonjour tout le monde et bienvenue à tous"}.items():
        words = text.split()
        draw = random.Random(0)  # the same words in another order: similar, but never the same passage
        said = [example(name, n, " ".join(draw.sample(words, len(words)))) for n in range(8)]
        tasks.write(said[:6], root / name / "train.jsonl")
        tasks.write(said[6:], root / name / "test.jsonl")

    def make(method: str = "naive", **parts: dict) -> Stream:
        values = {
            "model": str(tiny),
            "tasks": [root / name for name in SAID],
            "probe": root / "general",
            "method": method,
            "adaptation": {"kind": "full"},
            "schedule": {"peak": 3e-3},
            "training": {"steps": 6, "tokens": 256, "context": 128, "save_every": 2},
        }
        for key, part in parts.items():
            values[key] = {**values.get(key, {}), **part} if isinstance(part, dict) else part
        return config.build(Stream, values)

    return make
