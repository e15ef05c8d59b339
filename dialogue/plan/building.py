"""Write a plan in all its formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.files import save_bytes, save_json, save_text
from dialogue.minutes import documents
from dialogue.plan import lint, madmp_schema
from dialogue.plan.citation_file import to_citation
from dialogue.plan.croissant import to_croissant
from dialogue.plan.datacite import to_datacite, to_datacite_xml
from dialogue.plan.hub_card import to_hub_card
from dialogue.plan.inheritance import Problem
from dialogue.plan.inventory import to_csv
from dialogue.plan.madmp import to_madmp
from dialogue.plan.narrative import to_document
from dialogue.plan.opidor import to_opidor
from dialogue.plan.project import Plan, PlanError
from dialogue.plan.research_object import to_research_object

TEXTS = ("md", "html", "tex", "pdf", "docx", "odt")
PLANS = ("madmp", "opidor", "csv", "rocrate")
CARDS = ("hub", "croissant", "datacite", "citation")
FORMATS = (*PLANS, *TEXTS, *CARDS)
LANGUAGES = ("fr", "en")


def build(
    plan: Plan,
    out: Path,
    formats: Sequence[str] = FORMATS,
    languages: Sequence[str] = LANGUAGES,
    say: Callable[[str], Any] = print,
) -> list[Path]:
    """Write a plan into a folder; files of single items go into ``out/items/<id>/``.

    Args:
        formats: names of :data:`FORMATS`.
        languages: languages of the documents and of OPIDoR's vocabularies.
        say: is told of each file.

    Raises:
        PlanError: a format or language is unknown, or the plan has errors; nothing is written then.
    """
    for name, given, known in (("format", formats, FORMATS), ("language", languages, LANGUAGES)):
        if wrong := [value for value in given if value not in known]:
            raise PlanError(f"{name}: found {wrong[0]!r}. Accepted: {', '.join(known)}.")
    plan, problems = lint.examine(plan)
    refuse(problems)
    written: dict[Path, Any] = {}
    if "madmp" in formats:
        written[out / "madmp.json"] = checked(to_madmp(plan))
    if "opidor" in formats:
        written |= {out / f"opidor.{language}.json": to_opidor(plan, language) for language in languages}
    if "csv" in formats:
        written[out / "items.csv"] = to_csv(plan)
    if "rocrate" in formats:
        written[out / "ro-crate-metadata.json"] = to_research_object(plan)
    for language in languages:
        document = to_document(plan, problems, language)
        for ending in [e for e in TEXTS if e in formats]:
            written[out / f"dmp.{language}.{ending}"] = documents.render(document, f".{ending}")
    for name in plan.cards:
        written |= _of_item(plan, name, out / "items" / name, formats)
    for path, content in written.items():
        if isinstance(content, bytes):
            save_bytes(path, content)
        elif isinstance(content, str):
            save_text(path, content)
        else:
            save_json(path, content)
        say(str(path))
    return list(written)


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse a plan with errors.

    Raises:
        PlanError: all of them, one on each line.
    """
    errors = [str(problem) for problem in problems if problem.kind == "error"]
    if errors:
        raise PlanError("\n".join(errors))


def checked(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a maDMP plan that is valid by 1.2 and 1.1.

    Raises:
        PlanError: it is not; the message names the places.
    """
    if wrong := [*madmp_schema.validate(plan, "1.2"), *madmp_schema.validate(plan, "1.1")]:
        raise PlanError("\n".join(dict.fromkeys(f"maDMP: {text}" for text in wrong)))
    return plan


def _of_item(plan: Plan, name: str, folder: Path, formats: Sequence[str]) -> dict[Path, Any]:
    card, facts = plan.cards[name], plan.facts.get(name)
    found: dict[Path, Any] = {}
    if "hub" in formats and card.kind in ("dataset", "model"):
        found[folder / "README.md"] = to_hub_card(card, facts)
    if "croissant" in formats and card.kind == "dataset":
        found[folder / "croissant.json"] = to_croissant(card, facts)
    if "datacite" in formats:
        found[folder / "datacite.json"] = to_datacite(card, facts)
        found[folder / "datacite.xml"] = to_datacite_xml(card, facts)
    if "citation" in formats and card.kind in ("dataset", "software", "model"):
        found[folder / "CITATION.cff"] = to_citation(card)
    return found
