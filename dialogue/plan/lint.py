"""What is wrong in a plan, and what nobody has said yet."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from dialogue.corpus import Card, CorpusError
from dialogue.plan import licences
from dialogue.plan.inheritance import Problem, inherit
from dialogue.plan.measures import Facts
from dialogue.plan.project import PROJECT, Plan, Project

# Fields that a plan needs of every item; "a.b" is a field of a section.
ALWAYS = """title.fr title.en partner wp contact.name licence rights_holder access diffusion.where diffusion.how
    description.en personal_data sensitive_data storage retention.delete_after retention.responsible
    retention.long_term_support ethics.issues review.last review.next""".split()
OF_DATA = "documentation.description quality.methods formats issued".split()
OF_PERSONAL_DATA = """gdpr.controller gdpr.legal_basis gdpr.purpose gdpr.dpia gdpr.data_subjects
    gdpr.transfer_outside_eu gdpr.register_ref pseudonymisation.text pseudonymisation.audio""".split()
OF_PRODUCED = "creators issued identifiers version".split()
OF_PROJECT = (
    """description.en start end url contact.name contact.email data_steward.name ethical_issues costs""".split()
)


def examine(plan: Plan) -> tuple[Plan, list[Problem]]:
    """Return the plan with what its items inherit, and its problems, the worst first.

    An error is a licence that does not exist or that the lineage does not allow, a circle, a contradiction.
    """
    cards, problems = examine_cards(plan.cards, plan.facts)
    return dataclasses.replace(plan, cards=cards), problems


def examine_cards(given: Mapping[str, Card], facts: Mapping[str, Facts]) -> tuple[dict[str, Card], list[Problem]]:
    """Return cards with what they inherit, and their problems, as :func:`examine` does."""
    problems: list[Problem] = []
    cards: dict[str, Card] = {}
    for name, card in given.items():
        problems += [Problem(name, text) for text in contradictions(card)]
        try:
            cards[name] = dataclasses.replace(card, licence=licences.normalised(card.licence))
        except CorpusError as error:
            problems.append(Problem(name, str(error)))
            cards[name] = dataclasses.replace(card, licence="unknown")
    known, inherited = inherit(cards, facts)
    problems += inherited
    problems += [
        Problem(name, f"data: gone from {found.folder}; its facts are of {found.seen}.", "warning")
        for name, found in facts.items()
        if not found.present
    ]
    return known, sorted(problems, key=lambda problem: problem.kind)


def contradictions(card: Card) -> Iterator[str]:
    """Yield what cannot be true together in a card, and dates that are not dates."""
    for field in ("issued", "embargo_until", "review.last", "review.next"):
        value = get(card, field)
        if value != "unknown" and not _is_date(value):
            yield f"{field}: found {value!r}. Accepted: a date, YYYY-MM-DD, or unknown."
    if card.access == "open" and card.sensitive_data == "yes" and card.diffusion.permission == "unknown":
        yield "access: open, but sensitive_data is yes. Accepted: restricted, closed; or diffusion.permission says why."
    if card.access != "embargoed" and card.embargo_until != "unknown":
        yield f"embargo_until: {card.embargo_until}, but access is {card.access}. Accepted: access: embargoed."
    if card.personal_data == "no" and card.sensitive_data == "yes":
        yield "sensitive_data: yes, but personal_data is no. Accepted: personal_data: yes."
    if card.personal_data == "no" and card.gdpr.legal_basis != "unknown":
        yield "gdpr.legal_basis: given, but personal_data is no. Accepted: one of both."
    delete = card.retention.delete_after
    if delete == "never" and card.retention.years != "unknown":
        yield f"retention: delete_after is never, but years is {card.retention.years}. Accepted: one of both."
    if _is_date(delete) and card.role == "consumed" and card.embargo_until != "unknown" and delete < card.embargo_until:
        yield f"retention.delete_after: {delete}, before the embargo ends ({card.embargo_until})."


def missing(plan: Plan) -> dict[str, list[str]]:
    """Return the fields of each item that a plan needs and nobody has said; those of the project under its file."""
    project = [*_lacking(plan.project, OF_PROJECT), *_unfunded(plan.project)]
    return ({PROJECT: project} if project else {}) | missing_of_cards(plan.cards, plan.facts)


def missing_of_cards(cards: Mapping[str, Card], facts: Mapping[str, Facts]) -> dict[str, list[str]]:
    """Return the same of cards alone."""
    found = {}
    for name, card in cards.items():
        wanted = list(ALWAYS)
        wanted += OF_DATA if card.kind in ("dataset", "model") else []
        wanted += (
            OF_PERSONAL_DATA if card.personal_data != "no" and card.kind in ("dataset", "model", "service") else []
        )
        wanted += OF_PRODUCED if card.role in ("produced", "derived") else []
        lacking = _lacking(card, dict.fromkeys(wanted))
        if name in facts and "formats" in lacking:
            lacking.remove("formats")
        if card.kind in ("dataset", "model") and (name not in facts or facts[name].bytes is None):
            lacking.append("facts (dialogue dmp refresh)")
        found[name] = lacking
    return {name: fields for name, fields in found.items() if fields}


def get(card: Any, field: str) -> Any:
    """Return the value of ``a.b``."""
    for name in field.split("."):
        card = getattr(card, name)
    return card


def _lacking(card: Any, fields: Any) -> list[str]:
    return [field for field in fields if get(card, field) in ("unknown", "", ())]


def _unfunded(project: Project) -> list[str]:
    if not project.funding:
        return ["funding"]
    return [f"funding.{name}" for name in ("id", "grant") if "unknown" in {getattr(f, name) for f in project.funding}]


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
