"""A small plan: an audio corpus that is prepared, a copy that derives from it, and software."""

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue import corpus
from dialogue.core import config

PROJECT = {
    "id": "essai",
    "title": {"fr": "Œuvre n° 1 : « R&D_100 % » {ça} #set $x$ \\input{}", "en": "R&D_100 % {x} #set $x$ \\input{}"},
    "created": "2026-01-05",
    "language": "fr",
    "contact": {"name": "Équipe", "email": "equipe@example.org"},
    "funding": [{"name": "ANR", "id": "10.13039/501100001665", "grant": "ANR-00-X", "status": "granted"}],
}
READ = {"audio": "*.wav", "reference": "*.stm"}


@pytest.fixture
def add(tmp_path: Path) -> Callable[..., Path]:
    """Write a card of the plan."""

    def write(id: str, **values: object) -> Path:
        path = tmp_path / f"plan/items/{id}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        title = {"title": {"fr": f"Élément {id}", "en": f"Item {id}"}}
        path.write_text(config.to_yaml({"id": id, **title, **values}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def plan(tmp_path: Path, add: Callable[..., Path]) -> Path:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan/project.yaml").write_text(config.to_yaml(PROJECT), encoding="utf-8")
    add("voix", licence="CC-BY-SA-4.0", access="open", personal_data="yes", speech="real", read=READ, languages=["fr"])
    add("copie", role="derived", derived_from=["voix"], access="restricted")
    add("outil", kind="software", role="produced", licence="MIT", access="open", personal_data="no")
    return tmp_path / "plan"


@pytest.fixture
def prepared(tmp_path: Path, plan: Path) -> Path:
    """The prepared corpus, with two recordings of a second."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a", "b"):
        with wave.open(str(source / f"{name}.wav"), "wb") as sound:
            sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(16000)
            sound.writeframes(bytes(32000))
        (source / f"{name}.stm").write_text(f"{name} 1 Zoé 0.1 0.9 bonjour à tous\n", encoding="utf-8")
    corpus.prepare(plan / "items/voix.yaml", source, tmp_path / "runs/data")
    return tmp_path / "runs/data"
