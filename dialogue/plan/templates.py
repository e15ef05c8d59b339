"""Commented files to fill in: a card of each kind, and the project of a plan."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from dialogue.core import config
from dialogue.corpus.card import Card, Cost, StoragePlace
from dialogue.plan.project import QUESTIONS, Project
from dialogue.plan.wording import question

KINDS = typing.get_args(typing.get_type_hints(Card)["kind"])
OF_CORPORA = ("published", "read", "items", "splits", "shares", "tests")
OF_SPEECH = ("style", "speech", "modality")
OF_DATA = ("gdpr", "pseudonymisation", "documentation", "quality", "formats", "tools", "sensitive_data")
LISTS = {"storage": StoragePlace(), "costs": Cost("unknown")}
COMMENTS = {
    "id": "lower-case letters, digits, dashes",
    "derived_from": "ids of other cards; licences and personal data follow them",
    "issued": "date of publication, YYYY-MM-DD",
    "wp": "work packages, e.g. [WP1]",
    "creators": "authors: [{name: ..., orcid: ...}]",
    "languages": "ISO 639-1, the main one first, e.g. [fr]",
    "licence": "identifier of https://spdx.org/licenses, or LicenseRef-NAME",
    "identifiers": "[{type: doi, value: ...}]",
    "embargo_until": "YYYY-MM-DD",
    "formats": "media types; measured ones replace them",
    "delete_after": "a date, an event in words, or never",
    "years": "for how many years it is archived",
    "country": "two letters",
    "certified": "e.g. [HDS, CoreTrustSeal]",
    "dpia": "none, planned, done, or a reference",
    "permission": "agreement to share it more widely than what it derives from",
    "text": "e.g. none, auto, auto+human",
    "audio": "e.g. none, bleep, voice",
    "created": "date of the first version of the plan, YYYY-MM-DD",
    "cards": "other cards: paths or globs relative to this file",
    "data": "item -> folder of its data, relative to this file; measured by dialogue dmp refresh",
    "runs": "folders of experiments, relative to this file; what they made becomes items",
    "answers": "question -> {fr: ..., en: ...}, for the whole project",
}


def card_template(id: str, kind: str) -> str:
    """Return a card with all fields that a kind of item may have, each unknown, with a comment on what is accepted."""
    left_out = {*OF_CORPORA, "schema"}
    if kind not in ("dataset", "model", "service"):
        left_out |= {*OF_SPEECH, *OF_DATA}
    elif kind != "dataset":
        left_out |= {*OF_SPEECH}
    card = config.build(
        Card,
        {
            "id": id,
            "title": {"fr": "", "en": ""},
            "kind": kind,
            "role": "unknown" if kind == "dataset" else "produced",
        },
    )
    lines = [f"# Card of a {kind}: fill in what is known, leave the rest unknown; then `dialogue card lint FILE`."]
    lines += ["schema: dialogue-card/1", *_lines(card, left_out)]
    if kind == "dataset":
        lines += [
            "# read: how `dialogue prepare` reads a corpus, see corpora/README.md",
            '# read: {audio: "*/*.wav", reference: "*/*.stm"}',
        ]
    return "\n".join(lines) + "\n"


def project_template(id: str, created: str) -> str:
    """Return the ``project.yaml`` of a new plan; the questions that it may answer are in comments."""
    lines = [
        "# Project of a data management plan: fill in what is known; then `dialogue dmp lint DIR`.",
        "schema: dialogue-project/1",
    ]
    lines += _lines(
        config.build(Project, {"id": id, "title": {"fr": "", "en": ""}, "created": created}),
        {"schema", "partners", "work_packages", "funding", "answers", "costs"},
    )
    lines += [
        "funding: []  # [{name: ..., id: 10.13039/501100001665, grant: ..., status: granted}]",
        "partners: []  # [{id: A, name: ..., role: {fr: ..., en: ...}, contact: {name: ..., email: ...}, ror: ...}]",
        "work_packages: []  # [{id: WP1, title: {fr: ..., en: ...}, lead: A}]",
        "costs: []  # [{title: ..., value: 1000, currency: EUR}]",
        f"answers: {{}}  # {COMMENTS['answers']}",
    ]
    lines += [f"#  {name}: {question(name, 'en')}" for name in QUESTIONS]
    return "\n".join(lines) + "\n"


def _lines(part: Any, left_out: set[str], indent: str = "") -> Iterator[str]:
    hints = typing.get_type_hints(type(part))
    for field in dataclasses.fields(part):
        if field.name in left_out:
            continue
        value = getattr(part, field.name)
        if dataclasses.is_dataclass(value):
            note = f"  # {COMMENTS[field.name]}" if field.name in COMMENTS else ""
            yield f"{indent}{field.name}:{note}"
            yield from _lines(value, set(), f"{indent}  ")
            continue
        comment = _comment(field.name, hints[field.name])
        shown = config.to_yaml(config.plain(value), in_line=True).strip().removesuffix("...").strip()
        yield f"{indent}{field.name}: {shown}{f'  # {comment}' if comment else ''}"
        if example := LISTS.get(field.name):
            yield from (f"{indent}#  {'- ' if n == 0 else '  '}{line}" for n, line in enumerate(_lines(example, set())))


def _comment(name: str, hint: Any) -> str:
    accepted = [str(a) for a in typing.get_args(hint) if isinstance(a, str)]
    return ", ".join(accepted) if len(accepted) > 1 else COMMENTS.get(name, "")
