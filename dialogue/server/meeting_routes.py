"""Routes of meetings: the list, uploads, the state and the progress of one, its sound and its files."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, StreamingResponse

from dialogue import pages
from dialogue.core.transcript import Transcript
from dialogue.library.job_files import ENDED
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.versions import RULES, Versions
from dialogue.server import uploads
from dialogue.server.service import Injected, Service
from dialogue.server.state import latest_job, result_files
from dialogue.server.texts import say
from dialogue.server.uploads import RefusedError
from dialogue.workflow import meeting
from dialogue.workflow.partial import so_far

EXAMPLE: dict[str, Any] = {
    "title": "Les corpus et la démonstration",
    "date": "2023-10-12",
    "participants": ["Camille", "Thomas", "Nadia", "Julien"],
    "options": uploads.SOON,
}
LOOK = 0.5  # seconds between looks at a job that is followed


router = APIRouter()

# All meetings ---------------------------------------------------------------------------------------------------


@router.get("/meetings")
def list_meetings(request: Request, service: Injected, tag: str | None = None) -> dict[str, Any]:
    library, queue = service.library(request), service.waiting()
    latest = {job.meeting: job for job in Queue(library).list()}
    entries = [
        service.states.entry(entry, latest.get(entry.id), queue, request.state.language) for entry in library.list(tag)
    ]
    return {"meetings": entries, "queue": len(queue), "example": service.example is not None}


@router.put("/meetings", status_code=201)
async def upload(request: Request, service: Injected, name: str = "recording", options: str = "{}") -> dict[str, Any]:
    language = request.state.language
    asked = await run_in_threadpool(uploads.checked, options, language, service.finetuned)
    size = request.headers.get("content-length", "")
    path = await uploads.received(
        request.stream(), int(size) if size.isdecimal() else None, name, service.folder, service.largest, language
    )
    return await run_in_threadpool(accept, service, service.library(request), path, asked, language)


@router.post("/meetings/example", status_code=201)
def add_example(request: Request, service: Injected) -> dict[str, Any]:
    if service.example is None:
        raise RefusedError(404, say("nothing", request.state.language))
    library = service.library(request)
    id = library.add(service.example, copy=True, **EXAMPLE)
    return submitted(service, library, id, request.state.language)


@router.delete("/meetings", status_code=204)
def delete_everything(request: Request, service: Injected) -> Response:
    for entry in service.library(request).list():
        delete(request, service, entry.id)
    return Response(status_code=204)


# One meeting ----------------------------------------------------------------------------------------------------


@router.get("/meetings/{id}")
def get(request: Request, service: Injected, id: str) -> dict[str, Any]:
    return service.state(request, id)


@router.get("/meetings/{id}/version")
def get_version(request: Request, service: Injected, id: str) -> dict[str, Any]:
    library = service.library(request)
    library.get(id)
    job = latest_job(library, id)
    active = job is not None and job.state not in ENDED
    return {"version": service.states.version(id), "fresh": service.background.fresh(id), "active": active}


@router.patch("/meetings/{id}")
def change(request: Request, service: Injected, id: str, given: dict[str, Any] = Body()) -> dict[str, Any]:
    library, facts = service.library(request), uploads.facts(given, request.state.language)
    known = library.change(id, **facts)
    if set(facts) & {"title", "date", "participants"} and (service.folder / id / "minutes.json").exists():
        folder = service.folder / id
        try:
            meeting.amend(folder, title=known.title, date=known.date, participants=known.participants)
        except ValueError:  # added as a folder: its files stay as they are
            return service.state(request, id)
        service.background.corrected(id)
    return service.state(request, id)


@router.delete("/meetings/{id}", status_code=204)
def delete(request: Request, service: Injected, id: str) -> Response:
    library = service.library(request)
    stop(service, library, id)
    library.remove(id)
    return Response(status_code=204)


@router.post("/meetings/{id}/cancel")
def cancel(request: Request, service: Injected, id: str) -> dict[str, Any]:
    stop(service, service.library(request), id)
    return service.state(request, id)


@router.post("/meetings/{id}/rerun")
def rerun(request: Request, service: Injected, id: str, given: dict[str, Any] = Body()) -> dict[str, Any]:
    library, language = service.library(request), request.state.language
    options = uploads.changed_options(library.facts(id).options, given, language, service.finetuned)
    job = latest_job(library, id)
    if job and job.state not in ENDED:
        raise RefusedError(409, say("busy", language))
    versions = Versions(service.folder, id)
    versions.keep()
    if "model" in given and "section" not in given:
        versions.bring_back(given["model"] or RULES)
    library.change(id, options=options)
    Queue(library).submit(id)
    return service.state(request, id)


@router.get("/meetings/{id}/progress")
async def progress(request: Request, service: Injected, id: str) -> StreamingResponse:
    library = service.library(request)
    await run_in_threadpool(library.get, id)
    follow = Following(service, library, id, request.state.language)

    async def events() -> AsyncIterator[str]:
        while not await request.is_disconnected():
            made, over = await run_in_threadpool(follow.look)
            for kind, data in made:
                yield f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
            if over:
                return
            await asyncio.sleep(LOOK)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


# Its sound and its files ----------------------------------------------------------------------------------------


@router.get("/meetings/{id}/sound")
def sound(request: Request, service: Injected, id: str) -> FileResponse:
    path = service.states.sound(service.library(request), id)
    if path is None:
        raise RefusedError(404, say("no_sound", request.state.language))
    return FileResponse(path, headers={"cache-control": "private, no-cache"})


@router.get("/meetings/{id}/files/{name}")
def download(request: Request, service: Injected, id: str, name: str) -> FileResponse:
    path = next((p for p in results(service, service.library(request), id) if p.name == name), None)
    if path is None:
        raise RefusedError(404, say("no_file", request.state.language))
    # never shown as a page of this server: it may hold what strangers wrote
    return FileResponse(path, filename=name, headers={"content-security-policy": "sandbox"})


@router.get("/meetings/{id}/all.zip")
def download_all(request: Request, service: Injected, id: str) -> StreamingResponse:
    paths = results(service, service.library(request), id)
    name = f"attachment; filename*=utf-8''{quote(id)}.zip"
    return StreamingResponse(zipped(paths, id), media_type="application/zip", headers={"content-disposition": name})


def accept(service: Service, library: Library, path: Path, asked: dict[str, Any], language: str) -> dict[str, Any]:
    """Add a recording that was received, in a process of its own."""
    try:
        id = service.background.run(uploads.added, service.folder, library.user, path, asked)
    except BrokenProcessPool:
        raise RefusedError(400, say("crashed", language)) from None
    return submitted(service, library, id, language)


def submitted(service: Service, library: Library, id: str, language: str) -> dict[str, Any]:
    """Have a meeting processed."""
    job = Queue(library).submit(id)
    return {"id": id, "job": service.states.job(job, service.waiting(), language)}


def stop(service: Service, library: Library, id: str) -> None:
    """Cancel the job of a meeting, and wait until nobody works on it."""
    library.get(id)
    for _ in range(50):
        job = latest_job(library, id)
        if job is None or job.state in ENDED:
            return
        Queue(library).cancel(job.id)
        service.background.pause(0.1)


def results(service: Service, library: Library, id: str) -> list[Path]:
    """Return the files of a meeting for people, with all corrections."""
    library.get(id)
    service.background.wait(id)
    return result_files(service.folder / id)


class Following:
    """What a client that follows a meeting has been told: how far its job is, and the words found so far."""

    def __init__(self, service: Service, library: Library, id: str, language: str) -> None:
        self.service, self.library, self.id, self.language = service, library, id, language
        self.told: dict[str, Any] | None = None
        self.shown: list[Any] = []
        self.size = -1

    def look(self) -> tuple[list[tuple[str, Any]], bool]:
        """Return the events since the last look, and whether there will be no more."""
        queue = self.service.waiting()
        job = latest_job(self.library, self.id)
        made: list[tuple[str, Any]] = []
        now = self.service.states.job(job, queue, self.language)
        if now != self.told:
            self.told = now
            made.append(("progress", now))
        over = job is None or job.state in ENDED
        if not over and (words := self.words()):
            made.append(("words", words))
        if over:
            made.append(("done", {}))
        return made, over

    def words(self) -> dict[str, Any] | None:
        """Return the utterances that are new or have changed, from the first of them on."""
        path = self.service.folder / ".stages" / "asr" / "unfinished" / f"{self.id}.jsonl"
        size = path.stat().st_size if path.exists() else -1
        if size == self.size:
            return None
        self.size = size
        said = so_far(self.service.folder, self.id)
        if said is None:
            return None
        return self.news(said)

    def news(self, said: Transcript) -> dict[str, Any]:
        data = pages.viewer_data(said, language=self.language)
        now = data["utterances"]
        pairs = zip(self.shown, now, strict=False)
        first = next((n for n, (old, new) in enumerate(pairs) if old != new), min(len(self.shown), len(now)))
        self.shown = now
        return {
            "from": first,
            "utterances": now[first:],
            "n": len(now),
            "speakers": data["speakers"],
            "duration": data["duration"],
        }


def zipped(paths: list[Path], folder: str) -> Iterator[bytes]:
    """Yield a ZIP archive of files, which is never whole in memory."""
    sink = Pieces()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for path in paths:
            with path.open("rb") as file, archive.open(f"{folder}/{path.name}", "w", force_zip64=True) as entry:
                while piece := file.read(1 << 20):
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


class Pieces:
    """A file that is only written, and read as it grows."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, piece: bytes) -> int:
        self.held += piece
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is held is taken."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        piece = bytes(self.held)
        self.held.clear()
        return piece
