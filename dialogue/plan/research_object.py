"""The plan as an RO-Crate: one JSON-LD file that describes the project's items, and how each derives from others."""

from __future__ import annotations

import json
from typing import Any

from dialogue.core.extras import how_to_install
from dialogue.plan import licences
from dialogue.plan.project import Plan, PlanError

TYPES = {"dataset": "Dataset", "software": "SoftwareSourceCode", "website": "WebSite", "service": "WebAPI"}


def to_research_object(plan: Plan) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``.

    Raises:
        PlanError: rocrate is not installed.
    """
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError as error:
        raise PlanError(f"{error.name} is not installed. {how_to_install('plan')}") from error
    crate = ROCrate()
    crate.name = plan.project.title.en
    crate.description = plan.project.description.en or plan.project.title.en
    crate.datePublished = plan.modified[:10]
    entities = []
    for name, card in plan.cards.items():
        facts = plan.facts.get(name)
        values: dict[str, Any] = {
            "@type": TYPES.get(card.kind, "CreativeWork"),
            "name": card.title.en,
            "description": card.description.en,
            "license": licences.urls(card.licence) or card.licence,
            "url": card.source if card.source.startswith("http") else None,
            "inLanguage": list(card.languages),
            "isBasedOn": [{"@id": f"#{parent}"} for parent in card.derived_from],
            "contentSize": str(facts.bytes) if facts and facts.bytes is not None else None,
            "sha256": facts.manifest_sha256 if facts else None,
            "conditionsOfAccess": card.access,
        }
        known = {key: value for key, value in values.items() if value not in ("", "unknown", None, [])}
        entities.append(crate.add(ContextEntity(crate, f"#{name}", properties=known)))
    crate.root_dataset["mentions"] = entities
    return dict(json.loads(json.dumps(crate.metadata.generate())))
