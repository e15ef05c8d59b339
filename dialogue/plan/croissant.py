"""A dataset as Croissant JSON-LD (version 1.0 of MLCommons), with the vocabulary for data about people left out."""

from __future__ import annotations

from typing import Any

from dialogue.corpus import Card
from dialogue.plan import licences
from dialogue.plan.measures import Facts

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "fileSet": "cr:fileSet",
    "includes": "cr:includes",
    "sc": "https://schema.org/",
    "recordSet": "cr:recordSet",
}


def to_croissant(card: Card, facts: Facts | None) -> dict[str, Any]:
    """Return the dataset's description; its files are one set for each media type, in the repository they come from."""
    values: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": card.id,
        "alternateName": card.title.en,
        "description": card.description.en or card.title.en,
        "license": licences.urls(card.licence) or card.licence,
        "url": card.source,
        "inLanguage": list(card.languages),
        "keywords": list(card.keywords),
        "creator": [{"@type": "sc:Person", "name": c.name} for c in card.creators],
        "datePublished": card.issued,
        "version": card.version,
        "citeAs": card.citation,
        "isBasedOn": list(card.derived_from),
        "contentSize": f"{facts.bytes} B" if facts and facts.bytes is not None else None,
        "distribution": _files(card, facts),
    }
    return {key: value for key, value in values.items() if value not in ("", "unknown", None, [])}


def _files(card: Card, facts: Facts | None) -> list[dict[str, Any]]:
    if facts is None or facts.manifest_sha256 is None:
        return []
    repository = {
        "@type": "cr:FileObject",
        "@id": "repository",
        "name": "repository",
        "description": f"All files; sha256: that of the list of their names and their SHA-256, on {facts.seen}.",
        "contentUrl": card.source,
        "encodingFormat": "application/octet-stream",
        "sha256": facts.manifest_sha256,
    }
    sets = [
        {
            "@type": "cr:FileSet",
            "@id": media.replace("/", "-"),
            "name": media.replace("/", "-"),
            "description": f"{count} files",
            "containedIn": {"@id": "repository"},
            "encodingFormat": media,
            "includes": "**",
        }
        for media, count in facts.formats.items()
    ]
    return [repository, *sets]
