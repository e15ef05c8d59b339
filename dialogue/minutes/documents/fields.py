"""Fields of LinTO templates and their values: English and French names, whatever their case and accents."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogue.french.date_writing import lasting, written
from dialogue.french.text import unaccented
from dialogue.minutes.document import Evidence, Minutes, Point, percentages
from dialogue.minutes.documents import headings, parts
from dialogue.minutes.documents.outline import Text, clean, clock

UNKNOWN = ("organization_name", "figures", "sentiment", "word_count")  # fields of LinTO that minutes have no data for
ALIASES = {  # names in LinTO's templates -> names used here
    "titre": "title",
    "conversation_name": "title",
    "duree": "duration",
    "ordre_du_jour": "agenda",
    "resume": "summary",
    "accroche": "headline",
    "sujets": "topics",
    "mindmap_sujets": "agenda",
    "points_cles": "key_points",
    "actions": "action_items",
    "decisions_cles": "decisions",
    "points_ouverts": "open_questions",
    "questions_ouvertes": "open_questions",
    "prochaine_reunion": "next_meeting",
    "prochaine_echeance": "next_due",
    "langue": "language",
    "a_verifier": "to_verify",
    "nb_participants": "participant_count",
    "nb_decisions": "decision_count",
    "nb_actions": "action_count",
    "job_date": "date",
    "chiffres": "figures",
    "essentiel": "headline",
    "points": "key_points",
    "ce_qui_change": "decisions",
    "a_retenir": "action_items",
    "mindmap_themes": "agenda",
    "participants_ligne": "participants",
}
COLUMNS = {
    "porteur": "owner",
    "responsable": "owner",
    "action": "what",
    "tache": "what",
    "task": "what",
    "echeance": "due",
    "statut": "status",
    "moment": "time",
    "nom": "name",
    "temps_de_parole": "speaking",
    "titre": "title",
    "debut": "start",
    "fin": "end",
    "decision": "text",
    "question": "text",
    "texte": "text",
    "valeur": "value",
    "objet": "of",
    "numero": "number",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of items that can each fill a table row; each item has a text for every column."""

    columns: tuple[str, ...]
    items: tuple[dict[str, str], ...]


def canonical(name: str) -> str:
    """Convert ``Prochaine réunion`` to ``next_meeting``, ``actions.porteur`` to ``action_items.owner``."""
    bare = "_".join(unaccented(name.strip().lower()).replace("-", " ").split())
    group, dot, column = bare.partition(".")
    return ALIASES.get(group, group) + dot + COLUMNS.get(column, column)


def values(minutes: Minutes, labels: parts.Labels) -> dict[str, str]:
    """Return field name -> text; the items of a list are separate lines."""
    meeting, source, following = minutes.meeting, minutes.provenance, minutes.next_meeting
    due = [(a.due_iso, a.owner or labels["nobody"]) for a in minutes.actions if a.due_iso and a.status == "open"]
    titles = {item.id: item.title for item in minutes.agenda}
    found = {
        "title": headings.title(minutes, labels["language"]),
        "date": headings.day(minutes, labels["language"]),
        "duration": lasting(meeting.duration_s),
        "language": meeting.language,
        "participants": ", ".join(parts.name(p, labels) for p in minutes.participants),
        "agenda": _lines(item.title for item in minutes.agenda),
        "summary": minutes.summary.text,
        "headline": minutes.summary.text.partition("\n")[0],
        "topics": _lines(titles.get(t.agenda_id, t.agenda_id) for t in minutes.topics if t.points and t.agenda_id),
        "key_points": _lines(flat(parts.point(p, labels)) for p in _points(minutes)),
        "decisions": _lines(flat(parts.decision(d, labels)) for d in minutes.decisions),
        "action_items": _lines(flat(parts.task(a, labels)) for a in minutes.actions),
        "open_questions": _lines(flat(parts.point(q, labels)) for q in minutes.open_questions),
        "next_meeting": flat(parts.appointment(following, labels)) if following else "",
        "next_due": "{} ({})".format(written(min(due)[0], labels["language"]), min(due)[1]) if due else "",
        "to_verify": _lines(v.text for v in minutes.to_verify),
        "provenance": flat(parts.provenance(minutes, labels).text),
        "participant_count": str(len(minutes.participants)),
        "decision_count": str(len(minutes.decisions)),
        "action_count": str(len(minutes.actions)),
        "job_id": meeting.id,
        "service_name": "dialogue",
        "flavor_name": source.model or source.engine,
        "generated_at": datetime.datetime.now().strftime("%Y-%m-%d %H:%M"),
        **dict.fromkeys(UNKNOWN, ""),
    }
    return {name: _lines(map(clean, text.splitlines())) for name, text in found.items()}


def rows(minutes: Minutes, labels: parts.Labels) -> dict[str, Rows]:
    """Return list name -> its items, for table rows."""
    return {
        "action_items": _rows(
            "what owner due status time",
            (
                (
                    a.what,
                    a.owner or labels["nobody"],
                    flat(parts.due(a, labels)),
                    labels["done"] * (a.status == "done"),
                    _cited("", a.evidence),
                )
                for a in minutes.actions
            ),
        ),
        "decisions": _rows(
            "text status time", ((d.text, labels[d.status], _cited("", d.evidence)) for d in minutes.decisions)
        ),
        "open_questions": _rows("text time", ((q.text, _cited("", q.evidence)) for q in minutes.open_questions)),
        "participants": _rows(
            "name speaking share",
            (
                (parts.name(p, labels), lasting(p.speaking_s), f"{share}{labels['percent']}")
                for p, share in zip(minutes.participants, percentages(minutes.participants), strict=True)
            ),
        ),
        "key_points": _rows(
            "number text time",
            ((f"{n:02}", p.text, _cited("", p.evidence)) for n, p in enumerate(_points(minutes), 1)),
        ),
        "agenda": _rows("title start end", ((i.title, clock(i.start), clock(i.end)) for i in minutes.agenda)),
        "figures": _rows("value of", ()),
    }


def flat(text: Text) -> str:
    return "".join(span.text for span in text)


def _points(minutes: Minutes) -> list[Point]:
    return [point for topic in minutes.topics for point in topic.points]


def _rows(columns: str, items: Iterable[tuple[str, ...]]) -> Rows:
    names = tuple(columns.split())
    return Rows(names, tuple(dict(zip(names, map(clean, item), strict=True)) for item in items))


def _cited(text: str, evidence: Sequence[Evidence]) -> str:
    return flat(parts.cited((parts.plain(text),) if text else (), evidence))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(items)
