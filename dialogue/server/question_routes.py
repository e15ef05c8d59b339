"""Routes across meetings: search, open tasks and decisions, questions, and who a voice may be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from dialogue.answers import ask
from dialogue.answers.ask import NOT_SAID, Answer
from dialogue.core import models
from dialogue.core.transcript import Transcript
from dialogue.french.names import numbered
from dialogue.library import follow_up
from dialogue.library.asking import ask_all
from dialogue.library.directory import People
from dialogue.library.sealed import KEY
from dialogue.library.search import search
from dialogue.library.suggestions import suggest
from dialogue.library.voice_samples import of_meeting
from dialogue.server import uploads
from dialogue.server.service import Injected
from dialogue.server.texts import explained, say
from dialogue.server.uploads import RefusedError

LONGEST = 500  # characters of a question


router = APIRouter()


@router.get("/search")
def find(request: Request, service: Injected, q: str = "", count: int = 30) -> dict[str, Any]:
    if not q.strip():
        raise RefusedError(400, say("empty_query", request.state.language))
    hits = search(service.library(request), q[:LONGEST], min(max(count, 1), 200))
    return {"hits": [{k: v for k, v in asdict(hit).items() if k != "link"} for hit in hits]}


@router.get("/actions")
def actions(
    request: Request,
    service: Injected,
    who: str | None = None,
    all: bool = False,
    kind: Literal["action", "decision"] = "action",
) -> dict[str, Any]:
    found = follow_up.follow(service.library(request), kind, who=who or None, done=all)
    return {"items": [_followed(item) for item in found]}


@router.get("/ask")
def ask_meetings(request: Request, service: Injected, q: str = "", meeting: str | None = None) -> StreamingResponse:
    language, library = request.state.language, service.library(request)
    if not q.strip():
        raise RefusedError(400, say("empty_query", language))
    if meeting:
        library.get(meeting)

    def events() -> Iterator[str]:
        said = False
        try:
            if meeting:
                transcript = library.transcript(meeting)
                answers = [(library.get(meeting), ask(transcript, q[:LONGEST], language=language))]
            else:
                answers = [(a.meeting, a.answer) for a in ask_all(library, q[:LONGEST], language=language)]
            for entry, answer in answers:
                said = said or answer.said
                data = {"meeting": entry.id, "title": entry.title, "date": entry.date}
                yield _event("answer", {**data, **_answer(answer, library.transcript(entry.id), language)})
        except (ValueError, OSError) as error:
            yield _event("error", {"error": explained(str(error), language)})
            return
        yield _event("done", {"said": said, "text": "" if said else NOT_SAID[language]})

    return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


@router.get("/meetings/{id}/suggestions")
def suggest_people(request: Request, service: Injected, id: str) -> dict[str, Any]:
    """Answer who the voices of a meeting may be, of the people of this user who agreed to be recognised."""
    library = service.library(request)
    library.get(id)
    people = People(service.folder, library.user, os.environ.get(KEY))
    if not people.everyone():
        return {"suggestions": []}
    found, _ = suggest(people, of_meeting(service.folder / id, with_sound=False))
    return {"suggestions": [asdict(each) for each in found if each.person]}


@router.get("/models")
def list_models(service: Injected) -> dict[str, Any]:
    here = set(uploads.language_models())
    known = [m for m in models.registry().values() if m.task == "llm" and m.minutes]
    named = [(m.name, m.name in here) for m in known] + [(name, True) for name in service.finetuned]
    return {"models": [{"name": name, "kind": "llm", "here": there} for name, there in named]}


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _answer(answer: Answer, transcript: Transcript, language: str) -> dict[str, Any]:
    """Return an answer with the words and the speakers of its evidence."""
    names = {s.id: s.name or numbered(s.id, language) for s in transcript.speakers}
    by = {u.id: names.get(u.speaker or "") for u in transcript}
    proofs = [
        {"start": e.start, "end": e.end, "quote": e.quote, "speaker": by.get(next(iter(e.utterance_ids), ""))}
        for e in answer.evidence
    ]
    return {"said": answer.said, "text": answer.text, "evidence": proofs}


def _followed(item: follow_up.FollowedItem) -> dict[str, Any]:
    shown = asdict(item)
    entry = shown.pop("meeting")
    shown |= {"meeting": entry["id"], "title": entry["title"], "date": entry["date"]}
    shown.pop("link")
    for later in shown["later"]:
        later.pop("link")
    return shown
