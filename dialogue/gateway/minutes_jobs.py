"""Jobs that write minutes of a transcript: what LinTO's llm-gateway says of them, and who follows them."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from anyio import to_thread

from dialogue.core.transcript import Transcript
from dialogue.gateway.minutes_requests import ORGANIZATION, SERVICE, SERVICE_ID, Flavor
from dialogue.gateway.recordings import Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library import job_files
from dialogue.library.catalogue import LibraryError
from dialogue.library.editions import Editions
from dialogue.library.facts import MeetingFacts
from dialogue.library.job_files import ENDED, Job
from dialogue.library.jobs import Queue
from dialogue.library.meetings import TEXTS
from dialogue.minutes.documents import render
from dialogue.minutes.documents.headings import LABELS
from dialogue.minutes.documents.outline import Document, List, Paragraph, Span, Table, Text
from dialogue.minutes.documents.styles import outline

STATUS = {
    "submitted": "queued",
    "running": "processing",
    "done": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
LOOK = 0.3  # seconds between looks at jobs that somebody follows
TURN = {"fr": "tour", "en": "turn"}


def find(recordings: Recordings, owner: str, id: str) -> Job:
    """Return the latest job of a meeting that came as a transcript.

    Raises:
        Refusal: there is none.
    """
    try:
        job = recordings.job(owner, id)
    except LibraryError:
        raise Refusal(404, "Job not found") from None
    if not is_minutes(recordings, id):
        raise Refusal(404, "Job not found")
    return job


def is_minutes(recordings: Recordings, id: str) -> bool:
    """Tell whether a meeting came as a transcript."""
    return (recordings.folder / id / TEXTS["transcript"]).exists()


def jobs(recordings: Recordings, owner: str, organization: str | None = None) -> list[Job]:
    """Return the latest job of each meeting that came as a transcript, the latest first.

    Args:
        organization: only those for which a client named it; it says nothing about who may see them.
    """
    latest = {job.meeting: job for job in Queue(recordings.library(owner)).list()}
    found = [job for job in latest.values() if is_minutes(recordings, job.meeting)]
    if organization:
        tagged = {entry.id for entry in recordings.library(owner).list(tag=f"{ORGANIZATION}{organization}")}
        found = [job for job in found if job.meeting in tagged]
    return found[::-1]


# What is written ----------------------------------------------------------------------------------------------------


def document(recordings: Recordings, owner: str, id: str) -> Document:
    """Return the minutes of a meeting, with people's corrections; without times, turns are cited by their number.

    Raises:
        Refusal: there are none yet.
    """
    said = recordings.transcript(owner, id)
    written = recordings.library(owner).minutes(id)
    if written is None:
        raise Refusal(404, "not found: there are no minutes.")
    found = outline(written)
    return found if said.timed else _by_turns(found, said)


def _by_turns(found: Document, said: Transcript) -> Document:
    """Leave out the times that nobody has measured, of a transcript without any."""
    numbers = {round(u.start, 3): n for n, u in enumerate(said, start=1)}
    name, labels = TURN.get(found.language, TURN["en"]), LABELS.get(found.language, LABELS["en"])
    spoke = re.compile(rf", {re.escape(labels['speaking'])} [^()]*(?=\()")

    def cited(text: Text) -> Text:
        return tuple(
            Span(f"[{name} {numbers[round(span.time, 3)]}]", "citation")
            if span.time is not None and round(span.time, 3) in numbers
            else replace(span, text=spoke.sub(" ", span.text))
            for span in text
        )

    def changed(block: Any) -> Any:
        if isinstance(block, List):
            kept = [item for item in block.items if block.done or item[0].text != labels["duration"]]
            return replace(block, items=tuple(map(cited, kept)))
        if isinstance(block, Table):
            return replace(block, rows=tuple(tuple(map(cited, row)) for row in block.rows))
        return replace(block, text=cited(block.text)) if isinstance(block, Paragraph) else block

    return replace(found, blocks=tuple(map(changed, found.blocks)))


def editions(recordings: Recordings, owner: str, id: str) -> Editions:
    """Return the minutes of a meeting in Markdown, as they were written and as people rewrote them."""
    return Editions(recordings.folder / id, render(document(recordings, owner, id), ".md").decode())


# What is said of a job ----------------------------------------------------------------------------------------------


def described(recordings: Recordings, owner: str, job: Job) -> dict[str, Any]:
    """Return all that llm-gateway says of a job."""
    id, facts = job.meeting, recordings.library(owner).facts(job.meeting)
    known = editions(recordings, owner, id).all() if job.state == "done" else []
    return {
        **brief(job, facts),
        "id": id,
        "service_id": SERVICE_ID,
        "started_at": None,
        "completed_at": job.ended,
        "result": {"output": known[-1].text} if known else None,
        "error": _why(job),
        "organization_id": organization(facts),
        "fallback_applied": False,
        "token_metrics": None,
        "output_type": "markdown",
        "current_version": known[-1].number if known else 1,
        "last_edited_at": known[-1].at if len(known) > 1 else None,
        "has_extraction_prompt": False,
        "processing_mode": "iterative",
    }


def brief(job: Job, facts: MeetingFacts) -> dict[str, Any]:
    """Return what a list of active jobs says of each."""
    writer = Flavor(facts.options.get("minutes", {}).get("model"))
    return {
        "job_id": job.meeting,
        "status": STATUS[job.state],
        "progress": progress(job),
        "service_name": SERVICE,
        "flavor_id": writer.id,
        "flavor_name": writer.name,
        "created_at": job.submitted,
    }


def organization(facts: MeetingFacts) -> str | None:
    """Return the organization that a client named."""
    return next((tag.removeprefix(ORGANIZATION) for tag in facts.tags if tag.startswith(ORGANIZATION)), None)


def progress(job: Job) -> dict[str, Any]:
    """Return how far a job is; the whole is 100."""
    share = round(100 * job.share)
    left = None if job.seconds_left is None else round(job.seconds_left)
    return {
        "current": share,
        "total": 100,
        "percentage": float(share),
        "phase": "processing",
        "estimated_seconds_remaining": left,
    }


def _why(job: Job) -> str | None:
    return job.cause or ("cancelled." if job.state == "cancelled" else None) if job.state in ENDED[1:] else None


def update(recordings: Recordings, owner: str, job: Job) -> dict[str, Any]:
    """Return what those who follow a job are told, with its result once it is there."""
    result = None
    if job.state == "done":
        result = {"output": editions(recordings, owner, job.meeting).all()[-1].text}
    return {
        "job_id": job.meeting,
        "status": STATUS[job.state],
        "progress": progress(job),
        "result": result,
        "error": _why(job),
        "timestamp": job_files.now(),
    }


async def followed(
    recordings: Recordings, owner: str, organization: str | None = None, id: str | None = None
) -> AsyncIterator[list[Job]]:
    """Yield the jobs that have not ended, and then, again and again, those of which there is news.

    Args:
        organization: as for :func:`jobs`.
        id: only the job of this meeting, which is first yielded whatever its state.
    """
    known: dict[str, tuple[Any, ...]] = {}
    seen, active = 0, False
    folder = Queue(recordings.library(owner)).folder

    def look() -> list[Job]:
        found = [recordings.job(owner, id)] if id else jobs(recordings, owner, organization)
        news = []
        for job in found:
            state = (job.id, job.state, job.step, round(job.share, 2))
            if known.get(job.meeting) != state:
                known[job.meeting] = state
                news.append(job)
        return news

    first = await to_thread.run_sync(look)
    yield [job for job in first if id or job.state not in ENDED]
    while True:
        active = any(state[1] not in ENDED for state in known.values())
        now = folder.stat().st_mtime_ns  # changes when a job is added, or ends
        if active or now != seen:
            seen = now
            if news := await to_thread.run_sync(look):
                yield news
        await asyncio.sleep(LOOK)


async def submit(
    recordings: Recordings,
    owner: str,
    said: Transcript,
    options: Mapping[str, Any],
    organization: str | None = None,
    title: str | None = None,
    tags: Sequence[str] = (),
) -> str:
    """Have minutes written of a transcript; returns the id of the meeting, once the job survives anything."""
    tags = [*tags, *([f"{ORGANIZATION}{organization}"] if organization else [])]
    said = replace(said, recording=str(uuid.uuid4()))
    return await recordings.accept_transcript(owner, said, options, title=title, tags=tags)
