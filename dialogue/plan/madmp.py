"""The plan as maDMP, the JSON of the RDA's common standard: version 1.2, valid by 1.1 too.

What is unknown is left out; where the standard requires a value it is ``unknown``, or the field that holds it is left
out: a licence needs the date from which it holds, a host its URL.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.corpus import Card
from dialogue.corpus.card import Contact, Cost, StoragePlace
from dialogue.formats.languages import NAMES
from dialogue.plan import licences
from dialogue.plan.measures import Facts
from dialogue.plan.project import Partner, Plan, Project

ISO_639_3 = {
    **{"fr": "fra", "en": "eng", "de": "deu", "es": "spa", "it": "ita", "nl": "nld", "pt": "por", "ca": "cat"},
    **{"br": "bre", "eu": "eus", "oc": "oci", "ar": "ara", "zh": "zho", "ru": "rus", "pl": "pol", "cs": "ces"},
}
ACCESS = {"open": "open", "restricted": "shared", "embargoed": "closed", "closed": "closed"}
CERTIFIED = "din31644 dini-zertifikat dsa iso16363 iso16919 trac wds coretrustseal".split()
TYPES = {"doi": "doi", "handle": "handle", "ark": "ark", "url": "url"}


def to_madmp(plan: Plan) -> dict[str, Any]:
    """Return the plan as maDMP; what an item inherits must be in the cards already, see :func:`lint.examine`.

    Raises:
        MadmpError: there is no address to write to, which the standard requires.
    """
    project = plan.project
    if project.contact.email == "unknown":
        raise MadmpError("project.yaml: contact.email is unknown. maDMP requires it: give a person or a mailing list.")
    language = _language(project.language)
    items = list(plan.cards.values())
    return {
        "dmp": _known(
            title=_of(project.title, project.language) or project.id,
            description=_of(project.description, project.language),
            language=language,
            created=_moment(project.created),
            modified=_moment(plan.modified),
            dmp_id=_identifier(project.identifier, f"{project.id}-dmp"),
            contact={
                "name": project.contact.name,
                "mbox": project.contact.email,
                "contact_id": _person(project.contact),
            },
            contributor=_contributors(project),
            ethical_issues_description="; ".join(
                f"{card.id}: {card.ethics.description}" for card in items if card.ethics.description != "unknown"
            ),
            project=[_project(project)],
            dataset=[_dataset(card, plan.facts.get(card.id), project.language) for card in items],
            cost=[_cost(cost, project.id) for cost in project.costs]
            + [_cost(cost, card.id) for card in items for cost in card.costs],
        )
        | {"ethical_issues_exist": _ethics(plan)}
    }


class MadmpError(DialogueError, ValueError):
    """A plan that lacks what maDMP requires."""


def _known(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", "unknown", None, [], {})}


def _of(text: Any, language: str) -> str:
    return str(getattr(text, language, text.en) or text.en)


def _language(code: str) -> str | None:
    return ISO_639_3.get(code, code if len(code) == 3 and code not in NAMES else None)


def _moment(date: str) -> str:
    """Return a date or a time as RFC 3339, in UTC."""
    moment = datetime.datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _identifier(value: str, instead: str) -> dict[str, str]:
    if value == "unknown":
        return {"identifier": instead, "type": "other"}
    kind = "url" if value.startswith("http") else "doi" if re.match(r"10\.\d{4,}/", value) else "other"
    return {"identifier": value, "type": kind}


def _person(contact: Contact) -> dict[str, str]:
    if contact.orcid != "unknown":
        return {"identifier": contact.orcid, "type": "orcid"}
    return {"identifier": contact.email if contact.email != "unknown" else contact.name, "type": "other"}


def _contributors(project: Project) -> list[dict[str, Any]]:
    found = [
        _contributor(p.contact if p.contact.name != "unknown" else Contact(_title(p)), _role(p))
        for p in project.partners
    ]
    if project.data_steward.name != "unknown":
        found.append(_contributor(project.data_steward, "DataSteward"))
    return found


def _title(partner: Partner) -> str:
    return partner.name if partner.name != "unknown" else partner.id


def _role(partner: Partner) -> str:
    return partner.role.en if partner.role.en not in ("", "unknown") else "partner"


def _contributor(contact: Contact, role: str) -> dict[str, Any]:
    return _known(name=contact.name, mbox=contact.email, contributor_id=_person(contact), role=[role])


def _ethics(plan: Plan) -> str:
    said = {plan.project.ethical_issues, *(card.ethics.issues for card in plan.cards.values())}
    if "yes" in said:
        return "yes"
    return plan.project.ethical_issues


def _project(project: Project) -> dict[str, Any]:
    funding = [
        _known(
            funder_id={"identifier": f.id, "type": "fundref" if f.id.startswith("10.13039/") else "other"},
            grant_id={"identifier": f.grant, "type": "other"} if f.grant != "unknown" else None,
            funding_status=f.status,
        )
        for f in project.funding
        if f.id != "unknown"
    ]
    return _known(
        title=_of(project.title, project.language) or project.id,
        description=_of(project.description, project.language),
        start=project.start,
        end=project.end,
        funding=funding,
    )


def _dataset(card: Card, facts: Facts | None, language: str) -> dict[str, Any]:
    reused = card.role == "consumed"
    main = {"identifier": card.id, "type": "other"}
    if card.identifiers:
        main = {"identifier": card.identifiers[0].value, "type": TYPES.get(card.identifiers[0].type, "other")}
    return _known(
        description=_of(card.description, language),
        dataset_id=main,
        alternate_identifier=[{"identifier": i.value, "type": i.type} for i in card.identifiers[1:]],
        type=card.kind,
        is_reused=reused,
        keyword=list(card.keywords),
        language=_language(card.languages[0]) if card.languages else None,
        issued=card.issued,
        creator=[_known(name=c.name, mbox=c.email, creator_id=_person(c)) for c in card.creators],
        rights="" if card.licence == "unknown" else card.licence,
        related_identifier=[
            {"identifier": parent, "type": "other", "relation_type": "IsDerivedFrom"} for parent in card.derived_from
        ],
        data_quality_assurance=list(card.quality.methods),
        metadata=[
            {
                "language": _language(language),
                "metadata_standard_id": {"identifier": name, "type": "url" if name.startswith("http") else "other"},
            }
            for name in card.documentation.metadata_standards
        ],
        preservation_statement=_sentence(
            card.retention, "delete_after rule archive years long_term_support responsible"
        ),
        security_and_privacy=_security(card),
        technical_resource=[{"name": name} for name in card.tools],
        distribution=_distribution(card, facts, language),
    ) | {
        "title": _of(card.title, language) or card.id,
        "personal_data": card.personal_data,
        "sensitive_data": card.sensitive_data,
    }


def _distribution(card: Card, facts: Facts | None, language: str) -> list[dict[str, Any]]:
    if card.access == "unknown":
        return []  # the standard has no word for it
    described = [facts_in_words(facts)] if facts else []
    if card.access == "embargoed" and card.embargo_until != "unknown":
        described.append(f"open from {card.embargo_until}")
    dated = card.issued if card.access != "embargoed" else card.embargo_until
    first = StoragePlace()
    host = next((s for s in card.storage if s.url != "unknown"), first)
    return [
        _known(
            title=_of(card.title, language) or card.id,
            description="; ".join(d for d in described if d),
            data_access=ACCESS[card.access],
            access_url=card.source if card.source.startswith("http") and " " not in card.source else None,
            byte_size=facts.bytes if facts else None,
            format=formats_of(card, facts),
            issued=card.issued,
            available_until=card.retention.delete_after if _date(card.retention.delete_after) else None,
            license=[{"license_ref": u, "start_date": dated} for u in licences.urls(card.licence)]
            if _date(dated)
            else [],
            host=_host(host) if host is not first else None,
        )
    ]


def _host(place: StoragePlace) -> dict[str, Any]:
    marks = [name.lower() for name in place.certified]
    return _known(
        title=place.host if place.host not in ("", "unknown") else place.url,
        url=place.url,
        description=", ".join(name for name in place.certified if name.lower() not in CERTIFIED),
        backup_frequency=place.backup,
        geo_location=place.country,
        certified_with=next((mark for mark in marks if mark in CERTIFIED), None),
    )


def _security(card: Card) -> list[dict[str, str]]:
    found = []
    for title, part, fields in (
        (
            "GDPR",
            card.gdpr,
            "controller processors legal_basis purpose dpia consent data_subjects transfer_outside_eu register_ref",
        ),
        ("Pseudonymisation", card.pseudonymisation, "text audio key_holder residual_risk"),
        *((f"Storage: {s.host}", s, "phase encrypted backup access_control certified country") for s in card.storage),
    ):
        if text := _sentence(part, fields):
            found.append({"title": title, "description": text})
    return found


def _sentence(part: Any, fields: str) -> str:
    values = {name: getattr(part, name) for name in fields.split()}
    return "; ".join(
        f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in values.items()
        if value not in ("unknown", ())
    )


def _cost(cost: Cost, item: str) -> dict[str, Any]:
    value = None if cost.value == "unknown" else cost.value
    return _known(title=cost.title or item, description=item, value=value, currency_code=cost.currency)


def _date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text))


def formats_of(card: Card, facts: Facts | None) -> list[str]:
    return list(facts.formats) if facts and facts.formats else list(card.formats)


def facts_in_words(facts: Facts) -> str:
    """Return what was measured of an item, in English, on one line."""
    said = [f"{facts.files} files"] if facts.files is not None else []
    said += [f"SHA-256 of the manifest {facts.manifest_sha256}"] if facts.manifest_sha256 else []
    said += [f"{facts.hours:g} hours"] if facts.hours else []
    for name in ("recordings", "speakers", "turns", "words", "examples"):
        if (value := getattr(facts, name)) is not None:
            said.append(f"{value} {name}")
    said += [f"sampled at {', '.join(map(str, facts.sample_rates))} Hz"] if facts.sample_rates else []
    said += [f"computed in {facts.seconds:.0f} s"] if facts.seconds is not None else []
    said += [] if facts.present else [f"the data are gone, last seen on {facts.seen}"]
    return ", ".join(said)
