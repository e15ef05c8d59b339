"""The plan as the "standard" JSON that DMP OPIDoR imports.

Its import of maDMP loses the address of licences, all formats but the first, and software; this one keeps them.
"""

from __future__ import annotations

from typing import Any

from dialogue.corpus import Card
from dialogue.corpus.card import Contact, StoragePlace
from dialogue.plan import licences
from dialogue.plan.madmp import facts_in_words, formats_of
from dialogue.plan.measures import Facts
from dialogue.plan.narrative import both
from dialogue.plan.project import Plan

WORDS: dict[str, dict[str, dict[str, str]]] = {
    "fr": {
        "known": {"yes": "Oui", "no": "Non", "unknown": "Ne sais pas"},
        "access": {"open": "Ouvert", "restricted": "Restreint", "embargoed": "Sous embargo", "closed": "Fermé"},
        "type": {
            "dataset": "Jeu de données",
            "software": "Logiciel",
            "model": "Modèle",
            "service": "Service",
            "website": "Ressource interactive",
        },
        "version": {"initial": "initiale", "intermediate": "intermédiaire", "final": "finale"},
        "instead": {"type": "Texte", "identifier": "Identifiant local"},
    },
    "en": {
        "known": {"yes": "Yes", "no": "No", "unknown": "Don't know"},
        "access": {"open": "Open", "restricted": "Restricted", "embargoed": "Embargoed", "closed": "Closed"},
        "type": {
            "dataset": "Dataset",
            "software": "Software",
            "model": "Model",
            "service": "Service",
            "website": "Interactive resource",
        },
        "version": {"initial": "initial", "intermediate": "intermediate", "final": "final"},
        "instead": {"type": "Text", "identifier": "Local identifier"},
    },
}


def to_opidor(plan: Plan, language: str) -> dict[str, Any]:
    """Return the plan with the vocabularies of a language, ``fr`` or ``en``; what items inherit is in the cards."""
    project, words = plan.project, WORDS[language]
    return {
        "meta": {
            "title": both(project.title, language),
            "description": both(project.description, language),
            "creationDate": project.created,
            "lastModifiedDate": plan.modified[:10],
            "dmpLanguage": "fra" if language == "fr" else "eng",
            "versionStatus": words["version"][project.version],
            "contact": [{"person": _person(project.contact)}],
        },
        "project": _known(
            title=both(project.title, language),
            description=both(project.description, language),
            projectId=next((f.grant for f in project.funding if f.grant != "unknown"), project.id),
            startDate=project.start,
            endDate=project.end,
            partner=[
                _known(name=p.name, orgId=p.ror, idType="ROR ID" if p.ror != "unknown" else None)
                for p in project.partners
            ],
            funding=[
                _known(grantId=f.grant, fundingStatus=f.status, funder=_known(name=f.name, funderId=f.id))
                for f in project.funding
            ],
        ),
        "researchOutput": [_output(card, plan.facts.get(card.id), language) for card in plan.cards.values()],
    }


def _known(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", "unknown", None, [], {})}


def _person(contact: Contact) -> dict[str, Any]:
    orcid = contact.orcid != "unknown"
    return _known(
        lastName=contact.name, mbox=contact.email, personId=contact.orcid, idType="ORCID iD" if orcid else None
    )


def _output(card: Card, facts: Facts | None, language: str) -> dict[str, Any]:
    words = WORDS[language]
    software = card.kind == "software"
    identifier = card.identifiers[0] if card.identifiers else None
    description = _known(
        title=both(card.title, language),
        shortName=card.id,
        type=words["type"].get(card.kind, words["instead"]["type"]),
        description=both(card.description, language),
        datasetId=identifier.value if identifier else card.id,
        idType=identifier.type.upper() if identifier else words["instead"]["identifier"],
        language=", ".join(card.languages),
        uncontrolledKeywords=list(card.keywords),
        version=card.version,
        containsPersonalData=words["known"][card.personal_data],
        containsSensitiveData=words["known"][card.sensitive_data],
        hasEthicalIssues=words["known"][card.ethics.issues],
        contact=_person(card.contact),
    )
    shared = [place for place in card.storage if place.url != "unknown"]
    return _known(
        configuration={"dataType": "software" if software else "none"},
        **{"softwareDescription" if software else "researchOutputDescription": description},
        documentationQuality=_known(
            description=card.documentation.description,
            metadataStandard=[{"name": name} for name in card.documentation.metadata_standards],
            qualityControl=", ".join(card.quality.methods),
        ),
        dataStorage=_known(securityMeasures="; ".join(filter(None, map(_measures, card.storage)))),
        ethicalIssues=_known(description=card.ethics.description, ethicalCommittee=card.ethics.committee),
        personalDataIssues=_known(
            legalBasis=card.gdpr.legal_basis, purpose=card.gdpr.purpose, controller=card.gdpr.controller
        ),
        sharing=_known(
            distribution=[_distribution(card, facts, language)],
            host=[
                _known(title=p.host, hostId=p.url, certification=list(p.certified), geoLocation=p.country)
                for p in shared
            ],
        ),
        preservationIssues=_known(description=_preserved(card)),
    )


def _measures(place: StoragePlace) -> str:
    said = [place.host, place.access_control, place.backup]
    return ", ".join(text for text in said if text != "unknown")


def _preserved(card: Card) -> str:
    kept = card.retention
    return "; ".join(t for t in (kept.delete_after, kept.rule, kept.archive, kept.long_term_support) if t != "unknown")


def _distribution(card: Card, facts: Facts | None, language: str) -> dict[str, Any]:
    urls = licences.urls(card.licence)
    named = [{"licenseName": card.licence, "licenseUrl": url} for url in urls] or (
        [] if card.licence == "unknown" else [{"licenseName": card.licence}]
    )
    return _known(
        fileName=both(card.title, language),
        description=facts_in_words(facts) if facts else "",
        fileFormat=formats_of(card, facts),
        fileVolume=facts.bytes if facts else None,
        volumeUnit=("o" if language == "fr" else "B") if facts and facts.bytes is not None else None,
        dataAccess=WORDS[language]["access"].get(card.access),
        accessUrl=card.source if card.source.startswith("http") else None,
        license=named[0] if len(named) == 1 else named,
        licenseStartDate=card.issued,
        embargoEndDate=card.embargo_until,
        availableUntil=card.retention.delete_after,
    )
