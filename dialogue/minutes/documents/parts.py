"""Parts that the styles are composed of: a heading and the blocks below it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from dialogue.french.date_writing import lasting
from dialogue.french.names import numbered
from dialogue.minutes.document import Action, Decision, Evidence, Minutes, NextMeeting, Participant, Point, percentages
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
from dialogue.minutes.doubt import to_hear

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


def silence(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """Say at the top that nothing was said, if so."""
    if text := headings.silence(minutes, labels["language"]):
        yield Paragraph((strong(text),))


def name(person: Participant, labels: Labels) -> str:
    return person.name or numbered(person.id or "", labels["language"])


def participants(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """List the people with their speaking time, and say whose names nobody gave."""
    lines = []
    for person, share in zip(minutes.participants, percentages(minutes.participants), strict=True):
        spoke = f", {labels['speaking']} {lasting(person.speaking_s)} ({share}{labels['percent']})"
        said = spoke if person.id else f" ({absence(minutes, labels)})"
        lines.append((plain(name(person, labels) + said),))
    yield from section("participants", List(tuple(lines)), labels)
    if inferred := [name(p, labels) for p in minutes.participants if p.name_source == "spoken"]:
        yield Paragraph((plain(f"{labels['spoken']}{labels['colon']} {', '.join(inferred)}."),))


def absence(minutes: Minutes, labels: Labels) -> str:
    """Say of somebody without a voice that they did not speak, or if a voice has no name, that theirs is not known."""
    nameless = any(person.id and not person.name for person in minutes.participants)
    return labels["unmatched" if nameless else "missing"]


def summary(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    lines = [(plain(line), *doubt(line, evidence, labels)) for line, evidence in summary_lines(minutes)]
    if lines:
        yield heading("summary", labels)
        yield List(tuple(lines)) if len(lines) > 1 else Paragraph(lines[0])


def summary_lines(minutes: Minutes) -> list[tuple[str, tuple[Evidence, ...]]]:
    """Return each line of the summary with its evidence; evidence that is not line by line is the last one's."""
    lines, evidence = [line for line in minutes.summary.text.splitlines() if line.strip()], minutes.summary.evidence
    if len(lines) == len(evidence):
        return [(line, (item,)) for line, item in zip(lines, evidence, strict=True)]
    return [(line, evidence if n == len(lines) else ()) for n, line in enumerate(lines, 1)]


def decisions(minutes: Minutes, labels: Labels, *, ordered: bool = False) -> Iterator[Block]:
    listed = List(tuple(decision(d, labels) for d in minutes.decisions), ordered)
    return section("decisions", listed, labels, "no_decisions")


def decision(decision: Decision, labels: Labels) -> Text:
    """Return the text of a decision, marked if it was only proposed, or rejected."""
    words: Text = (plain(decision.text),)
    if decision.status != "decided":
        words += (plain(" "), emphasis(f"({labels[decision.status]})"))
    return cited((*words, *doubt(decision.text, decision.evidence, labels)), decision.evidence)


def point(point: Point, labels: Labels) -> Text:
    return cited((plain(point.text), *doubt(point.text, point.evidence, labels)), point.evidence)


def doubt(text: str, evidence: Sequence[Evidence], labels: Labels) -> Text:
    """Return a note on the doubtful words that a statement stands on, if there are any."""
    words = [labels["quoted"].format(raw=word) for word in to_hear(text, evidence)]
    return (plain(" "), emphasis(f"({labels['to_hear'].format(words=', '.join(words))})")) if words else ()


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
    return (plain(headings.resolved(action.due_raw, action.due_iso, labels["language"])),)


def open_questions(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    listed = List(tuple(point(q, labels) for q in minutes.open_questions))
    return section("questions", listed, labels)


def next_meeting(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    if minutes.next_meeting:
        yield heading("next", labels)
        following = minutes.next_meeting
        noted = (*appointment(following, labels), *doubt(following.raw, following.evidence, labels))
        yield Paragraph(cited(noted, following.evidence))


def appointment(meeting: NextMeeting, labels: Labels) -> Text:
    """Return the time of a meeting in words if it could be resolved, and as it was said."""
    when = headings.resolved(meeting.raw, meeting.iso, labels["language"])
    return (plain(when[:1].upper() + when[1:]),)


def to_verify(minutes: Minutes, labels: Labels, kinds: Container[str] | None = None) -> Iterator[Block]:
    """List the uncertain and unsupported statements separately, with a warning."""
    doubtful = [v for v in minutes.to_verify if kinds is None or v.kind in kinds]
    if doubtful:
        yield heading("verify", labels)
        yield Paragraph((plain(labels["verify_note"]),), "warning")
        yield List(
            tuple(cited((emphasis(labels[v.kind]), plain(f"{labels['colon']} {v.text}")), v.evidence) for v in doubtful)
        )


SECTIONS = {"open_questions": "questions"}  # section of the minutes -> its heading, where they differ


def provenance(minutes: Minutes, labels: Labels) -> Paragraph:
    """Say what wrote the minutes and from what, what was not read, and how many of a model's answers were unusable."""
    source = minutes.provenance
    origin = labels["from_recogniser" if source.recognised else "from_people"]
    how = labels["extractive" if source.engine == "extractive" else "model"]
    words = [how.format(model=source.model or source.engine, source=origin)]
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
    for name, writer in source.sections.items():
        section = labels[SECTIONS.get(name, name)]
        how = labels["section_rules" if writer == "extractive" else "section_model"]
        words.append(how.format(section=section, model=writer))
    return Paragraph((plain(" ".join(words)),), "note")


def cited(words: Text, evidence: Sequence[Evidence]) -> Text:
    """Return the words, followed by the times of their evidence."""
    for item in evidence:
        words += (*((plain(" "),) if words else ()), citation(item.start))
    return words


def _labelled(name: str, value: str, labels: Labels) -> Text:
    return (strong(labels[name]), plain(f"{labels['colon']} {value}"))


def _marks(action: Action, labels: Labels) -> Text:
    """Mark a task as done, unsure, or standing on doubtful words."""
    marks = [labels["done"]] * (action.status == "done") + [labels["unsure"]] * (action.confidence < 0.5)
    shown = (plain(" "), emphasis(f"({', '.join(marks)})")) if marks else ()
    return (*shown, *doubt(task_words(action), action.evidence, labels))


def task_words(action: Action) -> str:
    """Return the words of a task that must have been heard rightly."""
    return f"{action.what} {action.due_raw or ''}"
