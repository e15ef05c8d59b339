"""The part of LinTO Studio's API that its Python client uses: a recording becomes a conversation, and minutes of it.

The client appends ``/api`` to its address, which here is ``<server>/cm-api``. There is one organization for each owner
of a token. Minutes of a conversation are another meeting of the library, which came as a transcript.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.formats import linto
from dialogue.gateway import linto_requests, linto_routes, minutes_jobs, minutes_requests, minutes_routes
from dialogue.gateway.minutes_requests import SERVICE
from dialogue.gateway.negotiation import form as form_of
from dialogue.gateway.negotiation import json_answer, text_answer
from dialogue.gateway.openai_routes import numbered
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library.job_files import Job
from dialogue.minutes import write_minutes
from dialogue.minutes.documents import outline, render

UPLOADS = ("/conversations/create",)
CONVERSATION = "conversation:"  # tag of minutes, with the conversation that they are of
STATES = {"submitted": "pending", "running": "started", "done": "done", "failed": "error", "cancelled": "error"}
EXPORTS = {"submitted": "processing", "running": "processing", "done": "complete"}
TEXT = {"type": "string"}
CREATE_FORM = form_of(name=TEXT, lang=TEXT, serviceName=TEXT, endpoint=TEXT, transcriptionConfig=TEXT)

router = APIRouter(prefix="/cm-api/api", tags=["LinTO Studio"])


def error_body(status: int, message: str, **_: Any) -> dict[str, str]:
    """Return an error as Studio writes it."""
    return {"message": message}


# Services and organizations -------------------------------------------------------------------------------------------


@router.get("/services", summary="Studio: which recognisers there are")
def list_services(recordings: Injected) -> Response:
    """Imitates Studio: one service, with speakers."""
    model = recordings.settings.model
    service = {
        "serviceName": "dialogue",
        "name": "dialogue",
        "online": True,
        "desc": {"fr": "Transcription avec locuteurs", "en": "Transcription with speakers"},
        "scope": ["cm", "api", "stt"],
        "endpoints": [{"endpoint": "/dialogue"}],
        "sub_services": {"diarization": [linto_routes.diarization_service(recordings)], "punctuation": []},
        "language": "*",
        "model_type": "whisper",
        "model_quality": model,
        "accoustic": "",
        "security_level": 0,
    }
    return json_answer([service])


@router.get("/organizations", summary="Studio: the organization of the token's owner")
def list_organizations(request: Request) -> Response:
    owner: str = request.state.owner
    return json_answer([{"_id": organization_of(owner), "name": owner, "personal": True}])


@router.get("/services/{organization}/llm", summary="Studio: which services write minutes")
def list_writers(request: Request, recordings: Injected, organization: str) -> Response:
    _check(request, organization)
    return json_answer([minutes_routes.service(recordings)])


def organization_of(owner: str) -> str:
    """Return the id of the organization of an owner, in the form of Studio's."""
    return hashlib.sha256(f"organization {owner}".encode()).hexdigest()[:24]


def _check(request: Request, organization: str) -> None:
    if organization != organization_of(request.state.owner):
        raise Refusal(404, "Organization not found")


# Conversations --------------------------------------------------------------------------------------------------------


@router.post(
    "/organizations/{organization}/conversations/create",
    status_code=201,
    summary="Studio: transcribe a recording",
    openapi_extra=CREATE_FORM,
)
async def create(request: Request, recordings: Injected, organization: str) -> Response:
    """Imitates Studio. What the file is, its content says."""
    _check(request, organization)
    async with recordings.form(request) as form:
        if (form.get("speakerIdentificationCollections") or "[]").strip() not in ("[]", "null", ""):
            raise Refusal(400, "speakerIdentificationCollections: accepted: nothing here.")
        options = linto_requests.job_options(form.get("transcriptionConfig"), recordings.settings)
        title = (form.get("name") or "").strip()[:200] or None
        id = await recordings.accept(request.state.owner, form.sound().path, options, title=title)
    return json_answer({"message": "A conversation is being created", "conversationId": id}, 201)


@router.get("/conversations/{id}", summary="Studio: a conversation, with its text once it is there")
def get_conversation(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates Studio. `jobs.transcription.state` is `done` or `error` in the end."""
    return json_answer(conversation(recordings, request.state.owner, id))


@router.delete("/conversations/{id}", summary="Studio: delete a conversation, and the minutes of it")
def delete_conversation(request: Request, recordings: Injected, id: str) -> Response:
    owner: str = request.state.owner
    recordings.job(owner, id)
    for job in _exports(recordings, owner, id):
        recordings.remove(owner, job.meeting)
    recordings.remove(owner, id)
    return json_answer({"message": "Conversation deleted"})


def conversation(recordings: Recordings, owner: str, id: str) -> dict[str, Any]:
    """Return a conversation as Studio has it."""
    job, facts = recordings.job(owner, id), recordings.library(owner).facts(id)
    said = recordings.transcript(owner, id) if job.state == "done" else Transcript(id, 0.0)
    steps = linto_routes.steps(job, linto_routes.is_diarized(recordings, owner, id))
    found = {"job_id": id, "state": STATES[job.state], "steps": steps, "endpoint": "dialogue"}
    if job.state == "done" and not said.text.strip():
        found |= {"state": "error", "reason": linto_routes.why_empty(said)}
    elif found["state"] == "error":
        found["reason"] = job.cause or "cancelled."
    organization = {"organizationId": organization_of(owner), "membersRight": 0, "customRights": []}
    return {
        "_id": id,
        "name": facts.title or id,
        "owner": owner,
        **linto.studio_turns(said),
        "organization": organization,
        "sharedWithUsers": [],
        "tags": [],
        "type": {"mode": "canonical", "child_conversations": []},
        "metadata": {"audio": {"duration": round(said.duration, 3)}, "transcription": {}, "file": {}},
        "created": facts.added,
        "jobs": {"transcription": found, "keyword": {}},
    }


# Downloads, and minutes -----------------------------------------------------------------------------------------------


@router.post("/conversations/{id}/download", summary="Studio: a conversation in a format, or minutes of it")
async def download(
    request: Request, recordings: Injected, id: str, format: str = "json", flavor: str | None = None
) -> Response:
    """Imitates Studio: `json`, `docx`, `text`, `srt`, `vtt` or `whisperx`; the route of a service starts minutes."""
    owner: str = request.state.owner
    job = await to_thread.run_sync(recordings.job, owner, id)
    if job.state != "done":
        raise Refusal(400, "The conversation is not transcribed yet.")
    if format != SERVICE:
        return await to_thread.run_sync(_written, recordings, owner, id, format)
    writer = minutes_requests.default(recordings)
    if flavor:
        known = [f.id for f in minutes_requests.flavors(recordings)]
        names = (flavor, None) if flavor in known else (None, flavor)
        writer = minutes_requests.flavor(recordings, *names)
    said = await to_thread.run_sync(recordings.transcript, owner, id)
    title = (await to_thread.run_sync(recordings.library(owner).facts, id)).title
    options = minutes_requests.options(recordings, writer)
    await minutes_jobs.submit(recordings, owner, said, options, title=title, tags=(f"{CONVERSATION}{id}",))
    return json_answer({"status": "processing", "processing": 0})


def _written(recordings: Recordings, owner: str, id: str, format: str) -> Response:
    said, title = recordings.transcript(owner, id), recordings.library(owner).facts(id).title
    if format == "json":
        return json_answer(conversation(recordings, owner, id))
    if format in ("text", "txt"):
        name = linto.spoken_by(said)
        lines = [f"{name[u.speaker]} : {u.text}" if u.speaker else u.text for u in linto.turns(said)]
        return text_answer("\n".join(lines) + "\n")
    if format in ("srt", "vtt"):
        return text_answer(formats.dumps([said], format), f"text/{format}")
    if format == "whisperx":
        return Response(formats.dumps([numbered(said)], "whisperx"), media_type="application/json")
    if format == "docx":
        shown = outline(write_minutes(said, title=title), "verbatim", transcript=said)
        return Response(render(shown, ".docx"), media_type=minutes_routes.KINDS["docx"])
    raise Refusal(400, f"format: found {format[:40]!r}. Accepted: json, docx, text, srt, vtt, whisperx, {SERVICE}.")


def _exports(recordings: Recordings, owner: str, id: str) -> list[Job]:
    """Return the jobs of the minutes of a conversation, the latest first."""
    tagged = {entry.id for entry in recordings.library(owner).list(tag=f"{CONVERSATION}{id}")}
    return [job for job in minutes_jobs.jobs(recordings, owner) if job.meeting in tagged]


def _export(recordings: Recordings, owner: str, id: str, job: str) -> Job:
    found = next((each for each in _exports(recordings, owner, id) if each.meeting == job), None)
    if found is None:
        raise Refusal(404, "Export not found")
    return found


@router.get("/conversations/{id}/export/list", summary="Studio: the minutes of a conversation, and how far they are")
def list_exports(request: Request, recordings: Injected, id: str) -> Response:
    owner: str = request.state.owner
    recordings.job(owner, id)
    listed = [
        {
            "_id": job.meeting,
            "convId": id,
            "format": SERVICE,
            "status": EXPORTS.get(job.state, "error"),
            "jobId": job.meeting,
            "processing": round(100 * job.share),
            "error": job.cause,
            "created": job.submitted,
        }
        for job in _exports(recordings, owner, id)
    ]
    return json_answer(listed)


@router.get("/conversations/{id}/export/{job}/content", summary="Studio: minutes in Markdown")
def get_export(request: Request, recordings: Injected, id: str, job: str) -> Response:
    found = _export(recordings, request.state.owner, id, job)
    if found.state != "done":
        return json_answer({"status": EXPORTS.get(found.state, "error"), "processing": round(100 * found.share)})
    last = minutes_jobs.editions(recordings, request.state.owner, job).all()[-1]
    return json_answer({"status": "success", "content": last.text, "version": last.number, "lastModified": last.at})


@router.get("/publication/conversations/{id}/jobs/{job}/export/{format}", summary="Studio: minutes as a document")
def publish(
    request: Request,
    recordings: Injected,
    id: str,
    job: str,
    format: Literal["docx", "pdf", "html"],
    versionNumber: int | None = None,
) -> Response:
    _export(recordings, request.state.owner, id, job)
    return minutes_routes.export(request, recordings, job, format, versionNumber)
