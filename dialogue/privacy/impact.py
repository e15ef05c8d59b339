"""A starting document for a data protection impact assessment (article 35 of the GDPR), in French and English.

Only facts of the installation are written: from the cards of its data, its ledgers, its terms of retention and its
tombstones. What nobody noted stays ``unknown``, and is listed at the end for a person to fill in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dialogue.core import ledger, tainted, tombstones
from dialogue.core.config import to_dict
from dialogue.core.files import read_json, read_json_lines
from dialogue.library.directory import FOLDER as PEOPLE
from dialogue.library.meetings import Library
from dialogue.privacy.probe import RESULT
from dialogue.privacy.retention import terms_of
from dialogue.privacy.survey import Survey, survey

UNKNOWN = "unknown"
FACTS = (  # label -> where it is in a card
    ("personal", ("personal_data",)),
    ("sensitive", ("sensitive_data",)),
    ("controller", ("gdpr", "controller")),
    ("basis", ("gdpr", "legal_basis")),
    ("purpose", ("gdpr", "purpose")),
    ("subjects", ("gdpr", "data_subjects")),
    ("consent", ("gdpr", "consent")),
    ("recipients", ("gdpr", "processors")),
    ("transfer", ("gdpr", "transfer_outside_eu")),
    ("text", ("pseudonymisation", "text")),
    ("audio", ("pseudonymisation", "audio")),
    ("keep", ("retention", "delete_after")),
    ("licence", ("licence",)),
)
LABELS = {
    "fr": {
        "title": "Analyse d'impact relative à la protection des données : document de départ",
        "note": "Écrit le {date} d'après l'installation. « inconnu » : rien ne le dit ; à compléter par une personne.",
        "data": "Données traitées",
        "operations": "Opérations faites",
        "retention": "Durées de conservation",
        "rights": "Droits des personnes",
        "models": "Modèles",
        "risks": "Risques et mesures",
        "todo": "À compléter",
        "personal": "données personnelles",
        "sensitive": "données sensibles (article 9)",
        "controller": "responsable du traitement",
        "basis": "base légale",
        "purpose": "finalité",
        "subjects": "personnes concernées",
        "consent": "consentement",
        "recipients": "destinataires et sous-traitants",
        "transfer": "transfert hors de l'Union européenne",
        "text": "pseudonymisation du texte",
        "audio": "pseudonymisation du son",
        "keep": "à supprimer après",
        "licence": "licence",
        "unknown": "inconnu",
        "none": "rien n'est noté",
        "action": "opération",
        "times": "fois",
        "first": "première",
        "last": "dernière",
        "limitless": "sans limite",
        "recordings": "{count} enregistrements",
        "meetings": "bibliothèque {name} : {count} réunions, {consents} avec un consentement, {voices} voix connues",
        "erased": "{count} effacements (enregistrements, sons, personnes) ; le retour de ce qui est effacé est refusé",
        "exports": "{count} copies remises, hors d'atteinte d'un effacement",
        "tainted": "{folder} : a appris de données effacées depuis ; refusé, à entraîner de nouveau",
        "probed": "{folder} : extraction de {rate} des personnes inventées, exposition {exposure} (témoin {control})",
        "unprobed": "{folder} : sa mémoire n'a pas été mesurée (dialogue privacy probe-model)",
        "chain": "journal {folder} : {count} lignes, chaîne intacte, dernier hachage {hash}",
        "broken": "journal {folder} : ALTÉRÉ : {problem}",
        "voice": "La voix est une donnée personnelle ; les empreintes vocales identifient les personnes (article 9).",
        "readable": "{folder} : lisible par d'autres comptes de la machine",
        "private": "{folder} : lisible par son seul propriétaire",
        "ask": "{card} : {what}",
    },
    "en": {
        "title": "Data protection impact assessment: a starting document",
        "note": "Written on {date} from the installation. “unknown”: nothing says it; a person has to fill it in.",
        "data": "Data that are processed",
        "operations": "What was done",
        "retention": "Retention",
        "rights": "Rights of the people",
        "models": "Models",
        "risks": "Risks and measures",
        "todo": "To fill in",
        "personal": "personal data",
        "sensitive": "sensitive data (article 9)",
        "controller": "controller",
        "basis": "legal basis",
        "purpose": "purpose",
        "subjects": "data subjects",
        "consent": "consent",
        "recipients": "recipients and processors",
        "transfer": "transfer outside the European Union",
        "text": "pseudonymisation of the text",
        "audio": "pseudonymisation of the sound",
        "keep": "to delete after",
        "licence": "licence",
        "unknown": "unknown",
        "none": "nothing is noted",
        "action": "operation",
        "times": "times",
        "first": "first",
        "last": "last",
        "limitless": "without limit",
        "recordings": "{count} recordings",
        "meetings": "library {name}: {count} meetings, {consents} with a consent, {voices} voices known",
        "erased": "{count} erasures (recordings, sounds, people); what was erased may not come back",
        "exports": "{count} copies given out, which an erasure cannot reach",
        "tainted": "{folder}: it learned from data that were erased since; refused, to be trained again",
        "probed": "{folder}: {rate} of invented people extracted, exposure {exposure} (control {control})",
        "unprobed": "{folder}: its memory was not measured (dialogue privacy probe-model)",
        "chain": "ledger {folder}: {count} lines, chain intact, last hash {hash}",
        "broken": "ledger {folder}: CHANGED: {problem}",
        "voice": "A voice is personal data; voiceprints identify people (article 9).",
        "readable": "{folder}: readable by other accounts of the machine",
        "private": "{folder}: readable by its owner only",
        "ask": "{card}: {what}",
    },
}


@dataclass(frozen=True)
class InstallationFacts:
    """What is known of an installation.

    Attributes:
        cards: folder -> its card, and how many recordings it has.
        ledgers: folder -> its lines, or why they cannot be trusted.
    """

    found: Survey
    cards: Mapping[str, tuple[Mapping[str, Any], int]]
    ledgers: Mapping[str, list[ledger.LedgerEntry] | str]


def facts_of(folders: Sequence[Path]) -> InstallationFacts:
    """Look at an installation."""
    found = survey(folders)
    cards = {}
    for path in (p for p in found.files if p.name == "card.json"):
        card = _read(path)
        if str(card.get("schema", "")).startswith("dialogue-card"):
            manifest = path.parent / "recordings.jsonl"
            cards[_name(path.parent, found)] = card, len(read_json_lines(manifest)) if manifest.exists() else 0
    ledgers: dict[str, list[ledger.LedgerEntry] | str] = {}
    for folder in (p.parent.parent for p in found.files if p.parent.name == ledger.FOLDER and p.name == ledger.NAME):
        try:
            ledgers[_name(folder, found)] = ledger.read(folder)
        except ledger.LedgerError as error:
            ledgers[_name(folder, found)] = str(error)
    return InstallationFacts(found, cards, ledgers)


def report(facts: InstallationFacts, language: str) -> str:
    """Return the document in Markdown.

    Args:
        language: fr or en.
    """
    words = LABELS[language]
    missing: list[str] = []
    sections = {
        "data": _data(facts, words, missing),
        "operations": _operations(facts, words),
        "retention": _retention(facts, words),
        "rights": _rights(facts, words),
        "models": _models(facts, words),
        "risks": _risks(facts, words),
        "todo": [f"- [ ] {each}" for each in missing],
    }
    text = [f"# {words['title']}", words["note"].format(date=date.today())]
    for name, lines in sections.items():
        text += [f"## {words[name]}", "\n".join(lines or [words["none"]])]
    return "\n\n".join(text) + "\n"


def _data(facts: InstallationFacts, words: Mapping[str, str], missing: list[str]) -> list[str]:
    lines = []
    for folder, (card, count) in sorted(facts.cards.items()):
        lines += [f"### {card.get('id', folder)} ({words['recordings'].format(count=count)})", ""]
        for label, place in FACTS:
            value = _at(card, place)
            lines.append(f"- {words[label]} : {value if value != UNKNOWN else words['unknown']}")
            if value == UNKNOWN:
                missing.append(words["ask"].format(card=card.get("id", folder), what=words[label]))
        lines.append("")
    for library in facts.found.libraries:
        entries = Library(library, user=None).list()
        consents = sum(entry.consent_until is not None for entry in entries)
        voices = len([*(library / PEOPLE).glob("[!.]*")])
        name = _name(library, facts.found)
        lines.append(f"- {words['meetings'].format(name=name, count=len(entries), consents=consents, voices=voices)}")
    return lines


def _operations(facts: InstallationFacts, words: Mapping[str, str]) -> list[str]:
    entries = [e for lines in facts.ledgers.values() if not isinstance(lines, str) for e in lines]
    counts = Counter(e.action for e in entries)
    rows = [
        f"| {words['action']} | {words['times']} | {words['first']} | {words['last']} |",
        "| --- | ---: | --- | --- |",
    ]
    for action, count in sorted(counts.items()):
        days = sorted(e.at[:10] for e in entries if e.action == action)
        rows.append(f"| {action} | {count} | {days[0]} | {days[-1]} |")
    return rows if counts else []


def _retention(facts: InstallationFacts, words: Mapping[str, str]) -> list[str]:
    lines = []
    for root in dict.fromkeys([*facts.found.roots, *facts.found.libraries]):
        terms = {k: v if v is not None else words["limitless"] for k, v in to_dict(terms_of(root)).items()}
        lines.append(f"- {_name(root, facts.found)} : {', '.join(f'{name} {value}' for name, value in terms.items())}")
    return lines


def _rights(facts: InstallationFacts, words: Mapping[str, str]) -> list[str]:
    stones = sum(len(read_json_lines(p)) for p in facts.found.files if p.name == tombstones.NAME)
    entries = [e for lines in facts.ledgers.values() if not isinstance(lines, str) for e in lines]
    exports = sum(e.action == "export" for e in entries)
    return [f"- {words['erased'].format(count=stones)}", f"- {words['exports'].format(count=exports)}"]


def _models(facts: InstallationFacts, words: Mapping[str, str]) -> list[str]:
    lines = []
    for path in (p for p in facts.found.files if p.name == "card.json"):
        if not str(_read(path).get("schema", "")).startswith("dialogue/model-card"):
            continue
        folder = _name(path.parent, facts.found)
        if tainted.is_tainted(path.parent):
            lines.append(f"- {words['tainted'].format(folder=folder)}")
        probed = _read(path.parent / RESULT)
        known = {
            "rate": probed.get("extraction_rate"),
            "exposure": probed.get("exposure"),
            "control": probed.get("control_exposure"),
        }
        lines.append("- " + words["probed" if probed else "unprobed"].format(folder=folder, **known))
    return lines


def _risks(facts: InstallationFacts, words: Mapping[str, str]) -> list[str]:
    lines = [f"- {words['voice']}"]
    for root in facts.found.roots:
        kind = "readable" if root.stat().st_mode & 0o077 else "private"
        lines.append(f"- {words[kind].format(folder=_name(root, facts.found))}")
    for folder, entries in sorted(facts.ledgers.items()):
        if isinstance(entries, str):
            lines.append(f"- {words['broken'].format(folder=folder, problem=entries)}")
        elif entries:
            said = words["chain"].format(folder=folder, count=len(entries), hash=entries[-1].hash)
            lines.append(f"- {said}")
    return lines


def _at(card: Mapping[str, Any], place: Sequence[str]) -> str:
    value: Any = card
    for key in place:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or UNKNOWN
    return str(value) if value else UNKNOWN


def _name(path: Path, found: Survey) -> str:
    root = next((r for r in found.roots if path.is_relative_to(r)), path)
    return str(Path(root.name) / path.relative_to(root)) if path.is_relative_to(root) else path.name


def _read(path: Path) -> dict[str, Any]:
    try:
        value = read_json(path)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
