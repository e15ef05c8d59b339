"""The CITATION.cff of an item (Citation File Format 1.2.0)."""

from __future__ import annotations

from typing import Any

from dialogue.core import config
from dialogue.corpus import Card
from dialogue.plan import licences


def to_citation(card: Card) -> str:
    """Return the file's text. The format asks for authors: without known ones, the rights holder, then the title."""
    names = [c.name for c in card.creators if c.name != "unknown"]
    names = names or [card.rights_holder if card.rights_holder != "unknown" else f"Authors of {card.title.en}"]
    values: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this, please cite it as below.",
        "type": "software" if card.kind == "software" else "dataset",
        "title": card.title.en,
        "abstract": card.description.en,
        "authors": [{"name": name} for name in names],
        "version": card.version,
        "date-released": card.issued,
        "license": [u.rsplit("/", 1)[-1].removesuffix(".json") for u in licences.urls(card.licence)],
        "keywords": list(card.keywords),
        "doi": next((i.value for i in card.identifiers if i.type == "doi"), None),
        "url": card.source if card.source.startswith("http") and " " not in card.source else None,
    }
    return config.to_yaml({key: value for key, value in values.items() if value not in ("", "unknown", None, [])})
