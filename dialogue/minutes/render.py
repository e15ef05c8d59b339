"""Minutes in Markdown, in French or English. Every statement keeps its time codes; empty parts are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.minutes.document import Action, Evidence, Minutes

LABELS = {
    "fr": {
        "title": "Compte rendu", "date": "Date", "duration": "Durée", "participants": "Participants", "speaking": "temps de parole",
        "agenda": "Ordre du jour", "summary": "Résumé", "topics": "Discussion", "decisions": "Décisions", "actions": "Actions",
        "questions": "Questions ouvertes", "next": "Prochaine réunion", "verify": "À vérifier",
        "verify_note": "Écrit par le modèle sans preuve dans la transcription.", "proposed": "proposé", "rejected": "rejeté",
        "decided": "décidé", "unknown": "non dite", "nobody": "sans responsable", "due": "échéance", "unsure": "peu sûr",
        "made": "Établi à partir de la transcription", "extractive": "par règles, sans modèle de langue : chaque phrase a été dite",
        "model": "par le modèle", "coverage": "part de la transcription lue", "unnamed": "personne non nommée", "spoken": "nom entendu",
        "missing": "non entendu", "colon": " :",
        "unusable": "{model} n'a pas donné de réponse utilisable pour {n} partie(s) sur {of}, écrites par règles.",
        "summary_rules": "Le résumé est fait par règles.",
    },
    "en": {
        "title": "Minutes", "date": "Date", "duration": "Duration", "participants": "Participants", "speaking": "speaking time",
        "agenda": "Agenda", "summary": "Summary", "topics": "Discussion", "decisions": "Decisions", "actions": "Actions",
        "questions": "Open questions", "next": "Next meeting", "verify": "To verify",
        "verify_note": "Written by the model without evidence in the transcript.", "proposed": "proposed", "rejected": "rejected",
        "decided": "decided", "unknown": "not said", "nobody": "no owner", "due": "due", "unsure": "unsure",
        "made": "Made from the transcript", "extractive": "by rules, without a language model: every sentence was said",
        "model": "by the model", "coverage": "share of the transcript read", "unnamed": "not named", "spoken": "name heard",
        "missing": "not heard", "colon": ":",
        "unusable": "{model} gave no usable answer for {n} of {of} parts, which are written by rules.",
        "summary_rules": "The summary is made by rules.",
    },
}  # fmt: skip


def to_markdown(minutes: Minutes) -> str:
    """The minutes as GitHub-flavoured Markdown; actions are a list of boxes to tick."""
    labels = LABELS[minutes.meeting.language]
    meeting = minutes.meeting
    lines = [
        f"# {_safe(meeting.title) if meeting.title else labels['title'] + labels['colon'] + ' ' + _safe(meeting.id)}",
        "",
    ]
    said = f" ({_safe(meeting.date_raw)})" if meeting.date_raw else ""
    lines.append(f"- **{labels['date']}**{labels['colon']} {meeting.date or labels['unknown']}{said}")
    lines.append(f"- **{labels['duration']}**{labels['colon']} {clock(meeting.duration_s)}")
    if minutes.participants:
        lines += ["", f"## {labels['participants']}", ""]
        for person in minutes.participants:
            name = _safe(person.name) if person.name else f"{person.id} ({labels['unnamed']})"
            if person.id is None:
                lines.append(f"- {name} ({labels['missing']})")
                continue
            heard = f", {labels['spoken']}" if person.name_source == "spoken" else ""
            lines.append(
                f"- {name}{heard}, {labels['speaking']} {clock(person.speaking_s)} ({person.share:.0%})"
            )
    if minutes.agenda:
        lines += ["", f"## {labels['agenda']}", ""]
        lines += [
            f"{n}. {_safe(a.title)} ({clock(a.start)} – {clock(a.end)})"
            for n, a in enumerate(minutes.agenda, 1)
        ]
    if minutes.summary.text:
        spoken = minutes.summary.text.splitlines()
        lines += ["", f"## {labels['summary']}", ""]
        lines += [f"- {_safe(line)}" for line in spoken] if len(spoken) > 1 else [_safe(spoken[0])]
    if minutes.decisions:
        lines += ["", f"## {labels['decisions']}", ""]
        for decision in minutes.decisions:
            status = "" if decision.status == "decided" else f" *({labels[decision.status]})*"
            lines.append(f"- {_safe(decision.text)}{status} {_times(decision.evidence)}")
    if minutes.actions:
        lines += ["", f"## {labels['actions']}", ""]
        lines += [f"- [{'x' if a.status == 'done' else ' '}] {_action(a, labels)}" for a in minutes.actions]
    if minutes.open_questions:
        lines += ["", f"## {labels['questions']}", ""]
        lines += [f"- {_safe(q.text)} {_times(q.evidence)}" for q in minutes.open_questions]
    if minutes.next_meeting:
        following = minutes.next_meeting
        iso = f" ({following.iso})" if following.iso else ""
        lines += ["", f"## {labels['next']}", "", f"{_safe(following.raw)}{iso} {_times(following.evidence)}"]
    titles = {a.id: a.title for a in minutes.agenda}
    if any(t.points for t in minutes.topics):
        lines += ["", f"## {labels['topics']}"]
        for topic in minutes.topics:
            if topic.points:
                lines += ["", f"### {_safe(titles.get(topic.agenda_id, topic.agenda_id))}", ""]
                lines += [f"- {_safe(p.text)} {_times(p.evidence)}" for p in topic.points]
    if minutes.to_verify:
        lines += ["", f"## {labels['verify']}", "", labels["verify_note"], ""]
        lines += [f"- {_safe(item.text)}" for item in minutes.to_verify]
    source = minutes.provenance
    how = (
        labels["extractive"]
        if source.engine == "extractive"
        else f"{labels['model']} {_safe(source.model or source.engine)}"
    )
    lines += [
        "",
        "---",
        "",
        f"{labels['made']} {how}. {labels['coverage'].capitalize()}{labels['colon']} {source.coverage:.0%}.",
    ]
    if source.model:  # it may have been asked in vain
        failed = sum(c.engine == "extractive" for c in source.chunks)
        if failed:
            lines[-1] += " " + labels["unusable"].format(
                model=_safe(source.model), n=failed, of=len(source.chunks)
            )
        if source.engine != "extractive" and source.summary == "extractive":
            lines[-1] += f" {labels['summary_rules']}"
    return "\n".join(lines) + "\n"


def clock(seconds: float) -> str:
    """``1:02:03`` or ``2:03``."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _action(action: Action, labels: dict[str, str]) -> str:
    owner = _safe(action.owner) if action.owner else labels["nobody"]
    due = ""
    if action.due_raw:
        iso = f" ({action.due_iso})" if action.due_iso else ""
        due = f", {labels['due']}{labels['colon']} *{_safe(action.due_raw)}*{iso}"
    unsure = f" *({labels['unsure']})*" if action.confidence < 0.5 else ""
    return f"**{owner}**{labels['colon']} {_safe(action.what)}{due}{unsure} {_times(action.evidence)}"


def _times(evidence: Sequence[Evidence]) -> str:
    return " ".join(f"[{clock(e.start)}]" for e in evidence)


def _safe(text: str) -> str:
    """Text of a transcript that Markdown shows as it is: no markup, no HTML, one line."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))
