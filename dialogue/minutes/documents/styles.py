"""Styles of minutes: everything, the decisions and tasks, one page, or every turn. Statements keep their time codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogue.core.transcript import Transcript
from dialogue.minutes.document import Minutes
from dialogue.minutes.documents import headings, parts
from dialogue.minutes.documents.headings import LABELS
from dialogue.minutes.documents.outline import Block, Document, DocumentError, Heading, List, Span, clock, plain
from dialogue.minutes.documents.parts import Labels
from dialogue.minutes.documents.verbatim import spoken


def outline(
    minutes: Minutes,
    style: str = "compte_rendu",
    *,
    language: str | None = None,
    transcript: Transcript | None = None,
    link: str | None = None,
) -> Document:
    """Return the minutes as a title and blocks, which every format can write.

    Args:
        style: one of :data:`STYLES`.
        language: language of headings and labels; by default that of the minutes.
        transcript: the transcript that ``verbatim`` shows.
        link: URL or relative path of the meeting's page, the target of citations.

    Raises:
        DocumentError: the style or language is unknown, or ``verbatim`` has no transcript.
    """
    language = language or minutes.meeting.language
    if style not in STYLES:
        raise DocumentError(f"style: found {style!r}. Accepted: {', '.join(STYLES)}.")
    if language not in LABELS:
        raise DocumentError(f"language: found {language!r}. Accepted: {', '.join(LABELS)}.")
    if style == "verbatim" and transcript is None:
        raise DocumentError("style verbatim shows what was said, but no transcript is given. Give the transcript too.")
    labels = LABELS[language]
    blocks: Iterable[Block]
    if style == "verbatim" and transcript is not None:
        blocks = [parts.header(minutes, labels, people=True), *spoken(transcript, minutes, labels)]
    else:
        blocks = WRITTEN[style](minutes, labels)
    meeting = minutes.meeting
    title = headings.title(minutes, language)
    if style != "compte_rendu":
        named = meeting.title or meeting.date
        title = f"{labels[style]} – {title}" if named else labels[style]
    return Document(title, meeting.language, (*parts.silence(minutes, labels), *blocks), meeting.date, link)


def _compte_rendu(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """Show everything except empty parts."""
    yield parts.header(minutes, labels)
    yield from parts.participants(minutes, labels)
    items = (
        (plain(f"{a.title} ("), Span(clock(a.start), "citation", a.start), plain(f" – {clock(a.end)})"))
        for a in minutes.agenda
    )
    yield from parts.section("agenda", List(tuple(items), ordered=True), labels)
    yield from parts.summary(minutes, labels)
    if minutes.decisions:
        yield from parts.decisions(minutes, labels)
    if minutes.actions:
        yield from parts.tasks(minutes, labels)
    yield from parts.open_questions(minutes, labels)
    yield from parts.next_meeting(minutes, labels)
    if any(t.points for t in minutes.topics):
        yield parts.heading("topics", labels)
    titles = {a.id: a.title for a in minutes.agenda}
    for topic in minutes.topics:
        if topic.points:
            if topic.agenda_id:
                yield Heading(2, (plain(titles.get(topic.agenda_id, topic.agenda_id)),))
            yield List(tuple(parts.point(p, labels) for p in topic.points))
    yield from parts.to_verify(minutes, labels)
    yield parts.provenance(minutes, labels)


def _releve_decisions(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """Show what was decided and who does what; a note says if there is nothing."""
    yield parts.header(minutes, labels, people=True)
    yield from parts.decisions(minutes, labels, ordered=True)
    yield from parts.task_table(minutes, labels)
    yield from parts.open_questions(minutes, labels)
    yield from parts.next_meeting(minutes, labels)
    yield from parts.to_verify(minutes, labels, {"decision", "action", "open_question", "next_meeting"})
    yield parts.provenance(minutes, labels)


def _synthese(minutes: Minutes, labels: Labels) -> Iterator[Block]:
    """Show one page that can be read in a minute."""
    yield parts.header(minutes, labels, people=True)
    yield from parts.summary(minutes, labels)
    yield from parts.decisions(minutes, labels)
    yield from parts.tasks(minutes, labels)
    yield from parts.to_verify(minutes, labels, {"decision", "action"})
    yield parts.provenance(minutes, labels)


WRITTEN = {"compte_rendu": _compte_rendu, "releve_decisions": _releve_decisions, "synthese": _synthese}
STYLES = (*WRITTEN, "verbatim")
