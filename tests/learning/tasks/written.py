"""Small corpora of written dialogues, prepared like any other."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dialogue import corpus

WORDS = (
    "le budget est voté demain matin par toute la salle du conseil qui reprend les points un par un avec eux".split()
)


def dialogue(seed: int, turns: int = 8, names: tuple[str, ...] = ("Zoé", "Ali")) -> str:
    """Return turns of eight drawn words, as a script."""
    draw = random.Random(seed)
    return "".join(f"{names[n % len(names)]} : {' '.join(draw.choices(WORDS, k=8))}\n" for n in range(turns))


def prepared(
    folder: Path,
    dialogues: Mapping[str, str],
    *,
    summaries: Mapping[str, str] | None = None,
    minutes: Mapping[str, Any] | None = None,
) -> Path:
    """Turn ``train/a`` -> script into data, with summaries and minutes by recording."""
    source = folder / "source"
    files = {f"text/{name}.txt": text for name, text in dialogues.items()}
    files |= {f"sums/1/{name}.txt": text for name, text in (summaries or {}).items()}
    files |= {f"minutes/{name}.json": json.dumps(value, ensure_ascii=False) for name, value in (minutes or {}).items()}
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    read = {"reference": "text/*/*.txt", "format": "script", "recording": r"([^/]+)\.\w+$"}
    read |= {"summaries": "sums/*/*.txt"} if summaries else {}
    read |= {"minutes": "minutes/*.json"} if minutes else {}
    card = {
        "id": "written",
        "title": {"fr": "Écrit", "en": "Written"},
        "languages": ["fr"],
        "licence": "CC-BY-4.0",
        "source": "made by a test",
        "speech": "written",
        "personal_data": "no",
        "read": read,
        "splits": {s: [f"text/{s}/*"] for s in dict.fromkeys(name.split("/")[0] for name in dialogues)},
    }
    (folder / "card.yaml").write_text(yaml.safe_dump(card), encoding="utf-8")
    corpus.prepare(folder / "card.yaml", source, folder / "data")
    return folder / "data"
