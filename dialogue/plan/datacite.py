"""An item as DataCite metadata, which asks for a DOI: JSON and XML, kernel 4.

Creators, publisher, year and title are mandatory; those that are unknown get DataCite's own code for it, ``:unav``.
"""

from __future__ import annotations

from typing import Any

from dialogue.corpus import Card
from dialogue.plan import licences
from dialogue.plan.measures import Facts

NAMESPACE = "http://datacite.org/schema/kernel-4"
UNKNOWN = ":unav"
GENERAL = {
    "dataset": "Dataset",
    "software": "Software",
    "model": "Model",
    "publication": "Text",
    "report": "Report",
    "deliverable": "Report",
    "website": "InteractiveResource",
    "service": "Service",
}
OTHER = "Local identifier"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def to_datacite(card: Card, facts: Facts | None) -> dict[str, Any]:
    """Return the attributes of DataCite's JSON."""
    doi = next((i.value for i in card.identifiers if i.type == "doi"), None)
    values: dict[str, Any] = {
        "doi": doi,
        "titles": [{"title": card.title.en, "lang": "en"}, {"title": card.title.fr, "lang": "fr"}],
        "creators": [_creator(c.name, c.orcid) for c in card.creators] or [{"name": UNKNOWN}],
        "publisher": card.diffusion.where if card.diffusion.where != "unknown" else UNKNOWN,
        "publicationYear": card.issued[:4] if card.issued != "unknown" else UNKNOWN,
        "types": {"resourceTypeGeneral": GENERAL[card.kind], "resourceType": card.kind},
        "language": card.languages[0] if card.languages else None,
        "version": card.version,
        "subjects": [{"subject": word} for word in card.keywords],
        "rightsList": _rights(card),
        "descriptions": [
            {"description": text, "descriptionType": "Abstract", "lang": language}
            for language, text in (("en", card.description.en), ("fr", card.description.fr))
            if text
        ],
        "formats": list(facts.formats) if facts else list(card.formats),
        "sizes": [f"{facts.bytes} bytes"] if facts and facts.bytes is not None else [],
        "alternateIdentifiers": [
            {"alternateIdentifier": i.value, "alternateIdentifierType": i.type}
            for i in card.identifiers
            if i.type != "doi"
        ]
        or [{"alternateIdentifier": card.id, "alternateIdentifierType": OTHER}],
        "schemaVersion": NAMESPACE,
    }
    return {key: value for key, value in values.items() if value not in ("", "unknown", None, [])}


def to_datacite_xml(card: Card, facts: Facts | None) -> bytes:
    """Return the same as XML."""
    from lxml import etree

    known = to_datacite(card, facts)
    root = etree.Element(f"{{{NAMESPACE}}}resource", nsmap={None: NAMESPACE})
    _add(root, "identifier", known.get("doi", UNKNOWN), identifierType="DOI")
    creators = _add(root, "creators")
    for creator in known["creators"]:
        entry = _add(creators, "creator")
        _add(entry, "creatorName", creator["name"])
        for identifier in creator.get("nameIdentifiers", ()):
            _add(entry, "nameIdentifier", identifier["nameIdentifier"], nameIdentifierScheme="ORCID")
    _add_all(root, "titles", "title", [(t["title"], {LANGUAGE: t["lang"]}) for t in known["titles"]])
    for name in ("publisher", "publicationYear"):
        _add(root, name, known[name])
    _add(root, "resourceType", card.kind, resourceTypeGeneral=known["types"]["resourceTypeGeneral"])
    _add_all(root, "subjects", "subject", [(s["subject"], {}) for s in known.get("subjects", ())])
    if "language" in known:
        _add(root, "language", known["language"])
    others = known["alternateIdentifiers"]
    rows = [(o["alternateIdentifier"], {"alternateIdentifierType": o["alternateIdentifierType"]}) for o in others]
    _add_all(root, "alternateIdentifiers", "alternateIdentifier", rows)
    _add_all(root, "sizes", "size", [(size, {}) for size in known.get("sizes", ())])
    _add_all(root, "formats", "format", [(format, {}) for format in known.get("formats", ())])
    if "version" in known:
        _add(root, "version", known["version"])
    rights = known.get("rightsList", ())
    rows = [(r["rights"], {"rightsURI": r["rightsUri"]} if "rightsUri" in r else {}) for r in rights]
    _add_all(root, "rightsList", "rights", rows)
    texts = known.get("descriptions", ())
    rows = [(t["description"], {"descriptionType": "Abstract", LANGUAGE: t["lang"]}) for t in texts]
    _add_all(root, "descriptions", "description", rows)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    from lxml import etree

    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    child.text = text
    return child


def _add_all(parent: Any, group: str, name: str, rows: list[tuple[str, dict[str, str]]]) -> None:
    if rows:
        listed = _add(parent, group)
        for text, attributes in rows:
            _add(listed, name, text, **attributes)


def _creator(name: str, orcid: str) -> dict[str, Any]:
    if orcid == "unknown":
        return {"name": name}
    return {"name": name, "nameIdentifiers": [{"nameIdentifier": orcid, "nameIdentifierScheme": "ORCID"}]}


def _rights(card: Card) -> list[dict[str, str]]:
    if card.licence == "unknown":
        return []
    urls = licences.urls(card.licence)
    return [{"rights": u.rsplit("/", 1)[-1].removesuffix(".json"), "rightsUri": u} for u in urls] or [
        {"rights": card.licence}
    ]
