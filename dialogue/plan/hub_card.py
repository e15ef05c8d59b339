"""The README.md of a dataset or model on the Hugging Face hub: a head in YAML that the hub reads, then text."""

from __future__ import annotations

from typing import Any

from dialogue.core import config
from dialogue.corpus import Card
from dialogue.minutes.documents.markdown import escape
from dialogue.plan import licences
from dialogue.plan.madmp import facts_in_words
from dialogue.plan.measures import Facts

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def to_hub_card(card: Card, facts: Facts | None) -> str:
    """Return the text of a README.md; a licence that the hub does not know is ``other`` with its name."""
    licence = card.licence.lower()
    plain = card.licence != "unknown" and len(licences.urls(card.licence)) == 1 and " " not in licence
    head: dict[str, Any] = {"pretty_name": card.title.en} if card.kind == "dataset" else {}
    if card.languages:
        head["language"] = list(card.languages)
    if card.licence != "unknown":
        head |= {"license": licence} if plain else {"license": "other", "license_name": licence.replace(" ", "-")}
    if card.keywords:
        head["tags"] = list(card.keywords)
    if card.kind == "dataset":
        if facts and facts.turns is not None:
            head["size_categories"] = [next((name for most, name in SIZES if facts.turns < most), "n>10M")]
        if "audio" in card.modality:
            head["task_categories"] = ["automatic-speech-recognition"]
    if card.kind == "model" and facts and facts.training:
        head["base_model"] = facts.training["base"]["model"]
    rows = [
        ("Licence", card.licence),
        ("Access", card.access),
        ("Rights holder", card.rights_holder),
        ("Derived from", ", ".join(card.derived_from) or "nothing"),
        ("Personal data", card.personal_data),
        ("Sensitive data", card.sensitive_data),
        ("Pseudonymisation", f"text: {card.pseudonymisation.text}, audio: {card.pseudonymisation.audio}"),
        ("Measured", facts_in_words(facts) if facts else "unknown"),
        ("Test of memorisation", (facts.memorisation_test if facts else None) or "unknown")
        if card.kind == "model"
        else ("", ""),
        ("Evidence", _evidence(facts)) if card.kind == "model" else ("", ""),
        ("Source", card.source),
        ("Citation", card.citation),
        ("Contact", card.contact.name),
    ]
    said = "\n".join(f"- **{name}**: {escape(text)}" for name, text in rows if name)
    words = escape(card.description.en or card.description.fr)
    return f"---\n{config.to_yaml(head)}---\n\n# {escape(card.title.en)}\n\n{words}\n\n{said}\n"


def _evidence(facts: Facts | None) -> str:
    """Return whether the run of a model was verified before it was published, and how to check the files."""
    verdict = (facts.training or {}).get("evidence") if facts else None
    return f"{verdict}; to check every file: dialogue continual verify FOLDER" if verdict else "unknown"
