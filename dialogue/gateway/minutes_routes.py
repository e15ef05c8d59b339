"""LinTO's llm-gateway, version 2: minutes of a transcript, as jobs that Studio starts and follows.

There is one service, ``minutes-fr``, with a flavor for each writer: the rules, and every language model of this machine
that may write minutes. A transcript becomes a meeting of the library without sound.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from anyio import create_task_group, to_thread
from fastapi import APIRouter, Query, Request, Response, WebSocket, WebSocketDisconnect

from dialogue.gateway import minutes_jobs, minutes_requests
from dialogue.gateway.minutes_requests import PAGE, SERVICE, SERVICE_ID, Flavor
from dialogue.gateway.negotiation import form as form_of
from dialogue.gateway.negotiation import json_answer
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library.catalogue import LibraryError
from dialogue.library.editions import Edition
from dialogue.library.job_files import ENDED, Job
from dialogue.library.jobs import Queue
from dialogue.minutes.documents import from_markdown, render

UPLOADS = ("/run",)
SECURE = 2  # LinTO's highest level: nothing leaves this machine
TEXT = {"type": "string"}
RUN_FORM = form_of(
    flavor_id=TEXT,
    organization_id=TEXT,
    temperature={"type": "number"},
    top_p={"type": "number", "description": "checked, and not used"},
    context={**TEXT, "description": "JSON"},
)
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}

router = APIRouter(tags=["LinTO minutes"])
Page = Annotated[int, Query(ge=1, le=100_000)]
Size = Annotated[int, Query(ge=1, le=PAGE)]
Organization = Annotated[str | None, Query(max_length=100)]


def error_body(status: int, message: str, *, param: str | None = None, code: str | None = None, **_: Any) -> Any:
    """Return an error as llm-gateway writes it."""
    if status == 422:
        return {"detail": [{"loc": ["body", param or ""], "msg": message, "type": "value_error"}]}
    return {"detail": message, **({"error_code": code} if code else {})}


# Services -----------------------------------------------------------------------------------------------------------


@router.get("/api/v1/services", summary="llm-gateway: which services there are")
def list_services(
    recordings: Injected, page: Page = 1, page_size: Size = 20, organization_id: Organization = None
) -> Response:
    """Imitates llm-gateway: one service, for every organization."""
    return json_answer(minutes_requests.page_of([service(recordings)], page, page_size))


@router.get("/api/v1/services/{id}", summary="llm-gateway: one service")
def get_service(recordings: Injected, id: str) -> Response:
    _check(id)
    return json_answer(service(recordings))


def service(recordings: Recordings) -> dict[str, Any]:
    """Return the description of the service."""
    return {
        "id": SERVICE_ID,
        "name": SERVICE,
        "route": SERVICE,
        "service_type": "summary",
        "service_category": "summary",
        "description": {
            "fr": "Compte rendu d'une réunion, dont chaque point renvoie à ce qui a été dit",
            "en": "Minutes of a meeting, each point with what was said",
        },
        "organization_id": None,
        "is_active": True,
        "metadata": {},
        "flavors": [_flavor(recordings, each) for each in minutes_requests.flavors(recordings)],
    }


def _flavor(recordings: Recordings, writer: Flavor) -> dict[str, Any]:
    words = {"fr": "Règles, sans modèle de langue", "en": "Rules, without a language model"}
    return {
        "id": writer.id,
        "name": writer.name,
        "description": words if writer.model is None else {"fr": writer.name, "en": writer.name},
        "is_active": True,
        "is_default": writer == minutes_requests.default(recordings),
        "processing_mode": "iterative",
        "output_type": "markdown",
        "model": {"model_name": writer.name, "security_level": SECURE},
    }


def _check(id: str) -> None:
    if id not in (SERVICE_ID, SERVICE):
        raise Refusal(404, "Service not found", param="service_id")


# Starting -------------------------------------------------------------------------------------------------------------


@router.post(
    "/api/v1/services/{id}/run", status_code=202, summary="llm-gateway: write minutes of a file", openapi_extra=RUN_FORM
)
async def run(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates llm-gateway. The file has lines `speaker : text`."""
    _check(id)
    async with recordings.form(request) as form:
        writer = minutes_requests.flavor(recordings, form.get("flavor_id"))
        context = minutes_requests.object_in(form.get("context"), "context")
        minutes_requests.number(form.get("top_p"), "top_p", 1.0)
        return await _start(
            request,
            recordings,
            await to_thread.run_sync(minutes_requests.uploaded, form),
            writer,
            options=minutes_requests.options(recordings, writer, form.get("temperature")),
            organization=minutes_requests.text_of(form.get("organization_id"), "organization_id"),
            title=_title(context),
        )


@router.post("/api/v1/services/{id}/execute", status_code=202, summary="llm-gateway: write minutes of a text")
async def execute(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates llm-gateway: JSON with `input`, and `flavor_id` or `flavor_name`; without either, the default one."""
    _check(id)
    asked = await minutes_requests.body(request)
    named = [minutes_requests.text_of(asked.get(name), name) for name in ("flavor_id", "flavor_name")]
    writer = minutes_requests.flavor(recordings, *named) if any(named) else minutes_requests.default(recordings)
    metadata = asked.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise Refusal(422, "metadata: accepted: an object.", param="metadata")
    minutes_requests.number(asked.get("top_p"), "top_p", 1.0)
    return await _start(
        request,
        recordings,
        asked.get("input"),
        writer,
        field="input",
        options=minutes_requests.options(recordings, writer, asked.get("temperature")),
        organization=minutes_requests.text_of(asked.get("organization_id"), "organization_id"),
        title=_title(metadata),
    )


async def _start(
    request: Request,
    recordings: Recordings,
    text: Any,
    writer: Flavor,
    *,
    options: dict[str, Any],
    organization: str | None,
    title: str | None,
    field: str = "file",
) -> Response:
    owner: str = request.state.owner
    said = await to_thread.run_sync(minutes_requests.transcript, text, field)
    meeting = await minutes_jobs.submit(recordings, owner, said, options, organization, title)
    job = await to_thread.run_sync(recordings.job, owner, meeting)
    answer = {
        "job_id": meeting,
        "status": "queued",
        "service_id": SERVICE_ID,
        "service_name": SERVICE,
        "flavor_id": writer.id,
        "flavor_name": writer.name,
        "created_at": job.submitted,
        "fallback_applied": False,
    }
    return json_answer(answer, 202)


def _title(known: Any) -> str | None:
    """Return the name of a conversation, where a client tells it."""
    found = known.get("conversation_name") or known.get("title")
    return found.strip()[:200] or None if isinstance(found, str) else None


# Jobs -----------------------------------------------------------------------------------------------------------------


@router.get("/api/v1/jobs", summary="llm-gateway: all jobs")
def list_jobs(
    request: Request,
    recordings: Injected,
    page: Page = 1,
    page_size: Size = 50,
    organization_id: Organization = None,
    status: str | None = None,
) -> Response:
    """Imitates llm-gateway. `organization_id` chooses among the jobs of the token's owner."""
    owner: str = request.state.owner
    found = [
        job
        for job in minutes_jobs.jobs(recordings, owner, organization_id)
        if status in (None, minutes_jobs.STATUS[job.state])
    ]
    listed = minutes_requests.page_of(found, page, page_size)
    listed["items"] = [minutes_jobs.described(recordings, owner, job) for job in listed["items"]]
    return json_answer(listed)


@router.get("/api/v1/jobs/{id}", summary="llm-gateway: one job, with its result")
def get_job(request: Request, recordings: Injected, id: str) -> Response:
    return json_answer(_described(request, recordings, id))


def _described(request: Request, recordings: Recordings, id: str) -> dict[str, Any]:
    owner: str = request.state.owner
    return minutes_jobs.described(recordings, owner, minutes_jobs.find(recordings, owner, id))


@router.post("/api/v1/jobs/{id}/cancel", summary="llm-gateway: cancel a job")
def cancel(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates llm-gateway. One that has ended is refused."""
    owner: str = request.state.owner
    job = minutes_jobs.find(recordings, owner, id)
    if job.state in ENDED:
        raise Refusal(400, f"Cannot cancel job in {minutes_jobs.STATUS[job.state]!r} state")
    Queue(recordings.library(owner)).cancel(job.id)
    return json_answer({"job_id": id, "status": "cancelled", "message": "Job cancelled"})


@router.delete("/api/v1/jobs/{id}", summary="llm-gateway: delete a job, and what it made")
def delete(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates llm-gateway. One that has not ended is refused."""
    job = minutes_jobs.find(recordings, request.state.owner, id)
    if job.state not in ENDED:
        raise Refusal(400, f"Cannot delete job in {minutes_jobs.STATUS[job.state]!r} state. Cancel it first.")
    recordings.remove(request.state.owner, id)
    return json_answer({"status": "success", "message": f"Job {id} deleted successfully", "job_id": id})


# What people change ---------------------------------------------------------------------------------------------------


@router.patch("/api/v1/jobs/{id}/result", summary="llm-gateway: rewrite the result of a job")
async def rewrite(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates llm-gateway: `content` is another version."""
    content = (await minutes_requests.body(request)).get("content")
    if not isinstance(content, str) or not content.strip():
        raise Refusal(422, "content: accepted: Markdown.", param="content")

    def write() -> dict[str, Any]:
        _editions(request, recordings, id).add(content)
        return _described(request, recordings, id)

    return json_answer(await to_thread.run_sync(write))


def _editions(request: Request, recordings: Recordings, id: str) -> Any:
    job = minutes_jobs.find(recordings, request.state.owner, id)
    if job.state != "done":
        raise Refusal(400, f"The job is {minutes_jobs.STATUS[job.state]}. Accepted: one that is completed.")
    return minutes_jobs.editions(recordings, request.state.owner, id)


@router.get("/api/v1/jobs/{id}/versions", summary="llm-gateway: the versions of a result")
def list_versions(request: Request, recordings: Injected, id: str) -> Response:
    return json_answer([_version(edition) for edition in _editions(request, recordings, id).all()])


def _version(edition: Edition) -> dict[str, Any]:
    return {
        "version_number": edition.number,
        "created_at": edition.at,
        "created_by": None,
        "content_length": len(edition.text),
    }


@router.get("/api/v1/jobs/{id}/versions/{number}", summary="llm-gateway: one version of a result")
def get_version(request: Request, recordings: Injected, id: str, number: int) -> Response:
    edition = _edition(request, recordings, id, number)
    return json_answer({**_version(edition), "content": edition.text})


def _edition(request: Request, recordings: Recordings, id: str, number: int | None = None) -> Edition:
    known: list[Edition] = _editions(request, recordings, id).all()
    found = known[-1] if number is None else next((e for e in known if e.number == number), None)
    if found is None:
        raise Refusal(404, "Version not found")
    return found


@router.post("/api/v1/jobs/{id}/versions/{number}/restore", summary="llm-gateway: make an old version the last again")
def restore(request: Request, recordings: Injected, id: str, number: int) -> Response:
    """Imitates llm-gateway: it becomes another version."""
    old, last = (_edition(request, recordings, id, n) for n in (number, None))
    if old == last:
        raise Refusal(400, "Cannot restore to current version")
    _editions(request, recordings, id).add(old.text)
    return json_answer(_described(request, recordings, id))


@router.get("/api/v1/jobs/{id}/export/{format}", summary="llm-gateway: a result as a document")
def export(
    request: Request,
    recordings: Injected,
    id: str,
    format: Literal["docx", "pdf", "html"],
    version_number: int | None = None,
    timezone: str | None = None,
) -> Response:
    """Imitates llm-gateway: DOCX, PDF or HTML of the last version, or of another."""
    edition = _edition(request, recordings, id, version_number)
    shown = minutes_jobs.document(recordings, request.state.owner, id)
    if edition.text != render(shown, ".md").decode():
        shown = from_markdown.document(edition.text, shown.language, shown.title)
    name = f'attachment; filename="{SERVICE}_{id}.{format}"'
    headers = {"content-disposition": name, "x-content-type-options": "nosniff"}
    return Response(render(shown, f".{format}"), media_type=KINDS[format], headers=headers)


# Following ------------------------------------------------------------------------------------------------------------


@router.websocket("/ws/jobs")
async def follow_all(websocket: WebSocket, organization_id: str | None = None) -> None:
    """Imitates llm-gateway: the jobs that have not ended, then all news of any, also of those that come later."""
    recordings, owner = _recordings(websocket), websocket.state.owner
    await websocket.accept()

    async def tell() -> None:
        follows = minutes_jobs.followed(recordings, owner, organization_id)
        first = await anext(follows)
        jobs = await to_thread.run_sync(lambda: [_active(recordings, owner, job) for job in first])
        await websocket.send_json({"type": "jobs_snapshot", "jobs": jobs, "timestamp": minutes_jobs.job_files.now()})
        async for news in follows:
            for job in news:
                told = await to_thread.run_sync(minutes_jobs.update, recordings, owner, job)
                await websocket.send_json({"type": "job_update", **told})

    await _while_connected(websocket, tell)


def _active(recordings: Recordings, owner: str, job: Job) -> dict[str, Any]:
    return minutes_jobs.brief(job, recordings.library(owner).facts(job.meeting))


@router.websocket("/ws/jobs/{id}")
async def follow(websocket: WebSocket, id: str) -> None:
    """Imitates llm-gateway: all news of a job until it has ended (1000); an unknown one is closed with 1008."""
    recordings, owner = _recordings(websocket), websocket.state.owner
    await websocket.accept()
    try:
        await to_thread.run_sync(minutes_jobs.find, recordings, owner, id)
    except Refusal as refusal:
        return await websocket.close(1008, str(refusal))

    async def tell() -> None:
        before = None
        async for [job] in minutes_jobs.followed(recordings, owner, id=id):
            told = await to_thread.run_sync(minutes_jobs.update, recordings, owner, job)
            event = "complete" if job.state in ENDED else "progress" if told["status"] == before else "status_change"
            before = told["status"]
            await websocket.send_json({**told, "event_type": event})
            if job.state in ENDED:
                return await websocket.close(1000)

    await _while_connected(websocket, tell)


def _recordings(websocket: WebSocket) -> Recordings:
    recordings: Recordings = websocket.app.state.recordings
    return recordings


async def _while_connected(websocket: WebSocket, tell: Callable[[], Awaitable[None]]) -> None:
    """Tell a client something, until all is told or it has left."""

    async def listen() -> None:
        while (await websocket.receive())["type"] != "websocket.disconnect":  # what it says here means nothing
            pass
        group.cancel_scope.cancel()

    async with create_task_group() as group:
        group.start_soon(listen)
        try:
            await tell()
        except (Refusal, LibraryError):  # what it follows was deleted
            await websocket.close(1008)
        except WebSocketDisconnect:  # while something was sent
            pass
        group.cancel_scope.cancel()
