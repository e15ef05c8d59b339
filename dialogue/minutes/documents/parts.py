"""Parts that the styles are composed of: a heading and the blocks below it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from dialogue.french.date_writing import lasting
from dialogue.french.names import numbered
from dialogue.minutes.document import Action, Decision, Evidence, Minutes, NextMeeting, Participant, percentages
from dialogue.minutes.documents import headings
from dialogue.minutes.documents.outline import (
    Block,
    Heading,
    List,
    Paragraph,
    Table,
    Text,
    citation,
    emphasis,
    plain,
    strong,
)

Labels = dict[str, str]


def heading(name: str, labels: Labels) -> Heading:
    return Heading(1, (plain(labels[name]),))


def section(name: str, listed: List, labels: Labels, empty: str = "") -> Iterator[Block]:
    """Yield a list below its heading; without items, the label ``empty`` instead, or nothing if there is none."""
    if listed.items or empty:
        yield heading(name, labels)
        yield listed if listed.items else Paragraph((plain(labels[empty]),))


def header(minutes: Minutes, labels: Labels, *, people: bool = False) -> List:
    """Return date and duration, and with ``people`` the participants."""
    lines = [
        _labelled("date", headings.day(minutes, labels["language"]), labels),
        _labelled("duration", lasting(minutes.meeting.duration_s), labels),
    ]
    if people and minutes.participants:
        names = ", ".join(name(p, labels) for p in minutes.participants)
        lines.append(_labelled("participants", names, labels))
    return List(tuple(lines))


def name(person: Participant, labels: Labels) -> str:
    return person.name or numbered(person.id or "", labels["language"])


def participants(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """List the people with their speaking time, and say whose names nobody gave."""
    lines = []
    for person, share in zip(minutes.participants, percentages(minutes.participants), strict=True):
        spoke = f"{labels['speaking']} {lasting(person.speaking_s)} ({share}{labels['percent']})"
        said = f"{name(person, labels)}, {spoke}" if person.id else f"{name(person, labels)} ({labels['missing']})"
        lines.append((plain(said),))
    yield from section("participants", List(tuple(lines)), labels)
    if inferred := [name(p, labels) for p in minutes.participants if p.name_source == "spoken"]:
        yield Paragraph((plain(f"{labels['spoken']}{labels['colon']} {', '.join(inferred)}."),))


def summary(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    lines = [line for line in minutes.summary.text.splitlines() if line.strip()]
    if lines:
        yield heading("summary", labels)
    if len(lines) > 1:
        yield List(tuple((plain(line),) for line in lines))
    elif lines:
        yield Paragraph((plain(lines[0]),))


def decisions(minutes: Minutes, labels: Labels, *, ordered: bool = False) -> Iterator[Block]:
    listed = List(tuple(decision(d, labels) for d in minutes.decisions), ordered)
    return section("decisions", listed, labels, "no_decisions")


def decision(decision: Decision, labels: Labels) -> Text:
    """Return the text of a decision, marked if it was only proposed, or rejected."""
    words: Text = (plain(decision.text),)
    if decision.status != "decided":
        words += (plain(" "), emphasis(f"({labels[decision.status]})"))
    return cited(words, decision.evidence)


def tasks(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    done = tuple(a.status == "done" for a in minutes.actions)
    return section("actions", List(tuple(task(a, labels) for a in minutes.actions), done=done), labels, "no_actions")


def task(action: Action, labels: Labels) -> Text:
    words: Text = (
        strong(action.owner or labels["nobody"]),
        plain(f"{labels['colon']} {action.what}"),
    )
    if action.due_raw:
        words += (plain(f", {labels['due']}{labels['colon']} "), *due(action, labels))
    return cited((*words, *_marks(action, labels)), action.evidence)


def task_table(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    if not minutes.actions:
        yield from tasks(minutes, labels)
        return
    yield heading("actions", labels)
    head = (labels["action"], labels["owner"], labels["due"].capitalize(), labels["time"])
    rows = tuple(
        (
            (plain(a.what), *_marks(a, labels)),
            (plain(a.owner or labels["nobody"]),),
            due(a, labels) or (plain("–"),),
            cited((), a.evidence) or (plain("–"),),
        )
        for a in minutes.actions
    )
    yield Table(tuple((plain(title),) for title in head), rows)


def due(action: Action, labels: Labels) -> Text:
    """Return the due date in words if it could be resolved, and as it was said."""
    if not action.due_raw:
        return ()
    return _dated(action.due_raw, action.due_iso, labels)


def open_questions(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    listed = List(tuple(cited((plain(q.text),), q.evidence) for q in minutes.open_questions))
    return section("questions", listed, labels)


def next_meeting(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    if minutes.next_meeting:
        yield heading("next", labels)
        yield Paragraph(cited(appointment(minutes.next_meeting, labels), minutes.next_meeting.evidence))


def appointment(meeting: NextMeeting, labels: Labels) -> Text:
    """Return the time of a meeting in words if it could be resolved, and as it was said."""
    first, *rest = _dated(meeting.raw, meeting.iso, labels)
    return (plain(first.text[:1].upper() + first.text[1:]), *rest)


def _dated(raw: str, iso: str | None, labels: Labels) -> Text:
    date, said = headings.resolved(raw, iso, labels["language"])
    return (plain(date), plain(" ("), emphasis(said), plain(")")) if date else (emphasis(said),)


def to_verify(minutes: Minutes, labels: Labels, kinds: Container[str] | None = None) -> Iterator[Block]:
    """List the unsupported statements separately, with a warning."""
    doubtful = [v for v in minutes.to_verify if kinds is None or v.kind in kinds]
    if doubtful:
        yield heading("verify", labels)
        yield Paragraph((plain(labels["verify_note"]),), "warning")
        yield List(tuple((emphasis(labels[v.kind]), plain(f"{labels['colon']} {v.text}")) for v in doubtful))


def provenance(minutes: Minutes, labels: Labels) -> Paragraph:
    """Say what wrote the minutes, how much was read, and how many of a model's answers were unusable."""
    source = minutes.provenance
    how = labels["extractive"]
    if source.engine != "extractive":
        how = labels["model"].format(model=source.model or source.engine)
    words = [f"{how}."]
    if source.coverage < 1:
        unread = f"{max(1, round(100 * (1 - source.coverage)))}{labels['percent']}"
        words.append(f"{labels['coverage']}{labels['colon']} {unread}.")
    if not source.model and any(c.note for c in source.chunks):
        words.append(labels["refused"])
    if source.model:  # its answers may have been unusable
        failed = sum(c.engine == "extractive" for c in source.chunks)
        if failed:
            label = "unusable" if failed > 1 else "unusable_one"
            words.append(labels[label].format(model=source.model, n=failed, of=len(source.chunks)))
        if source.engine != "extractive" and source.summary == "extractive":
            words.append(labels["summary_rules"])
    return Paragraph((plain(" ".join(words)),), "note")


def cited(words: Text, evidence: Sequence[Evidence]) -> Text:
    """Return the words, followed by the times of their evidence."""
    for item in evidence:
        words += (*((plain(" "),) if words else ()), citation(item.start))
    return words


def _labelled(name: str, value: str, labels: Labels) -> Text:
    return (strong(labels[name]), plain(f"{labels['colon']} {value}"))


def _marks(action: Action, labels: Labels) -> Text:
    """Mark a task as done, or unsure."""
    marks = [labels["done"]] * (action.status == "done") + [labels["unsure"]] * (action.confidence < 0.5)
    return (plain(" "), emphasis(f"({', '.join(marks)})")) if marks else ()
