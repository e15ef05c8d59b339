"""pyannoteAI's API, for its client: recordings are uploaded, and jobs diarize them or look for voices in them.

Only recordings that were uploaded here are processed: no address is fetched, and no webhook is called. An upload is
kept for a day, and a voiceprint is in the answer to the client only.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from dialogue.core.files import read_json
from dialogue.gateway import linto_requests, multipart, pyannoteai_outputs
from dialogue.gateway.negotiation import json_answer
from dialogue.gateway.openai_requests import json_object
from dialogue.gateway.recordings import UPLOADS as RECEIVED
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library import durable
from dialogue.library.voice_samples import SampleError

UPLOADS = ("/media/upload",)
ABOUT = "pyannoteai.json"  # beside a meeting: which job of theirs it is
MEDIA = "media://"
HOUR = 3600  # seconds that an address is good for
VOICES = 50  # voiceprints in one request
STATES = {"submitted": "created", "done": "succeeded", "cancelled": "canceled"}
NOT_HERE = {"confidence": False, "turnLevelConfidence": False, "webhook": None, "webhookStatusOnly": False}
SECRET = secrets.token_bytes(32)  # signs addresses for uploads, which a restart ends


def error_body(status: int, message: str, *, param: str | None = None, **_: Any) -> dict[str, Any]:
    """Return an error as pyannoteAI writes it."""
    return {"message": message, "errors": [{"field": param, "message": message}] if param else []}


def _dialect(request: Request) -> None:
    request.state.error_body = error_body


router = APIRouter(prefix="/v1", tags=["pyannoteAI"], dependencies=[Depends(_dialect)])


@router.get("/test", summary="pyannoteAI: whether the key is good")
def test() -> Response:
    """Imitates pyannoteAI: its client asks this first."""
    return json_answer({"status": "OK", "message": "OK"})


# Recordings ---------------------------------------------------------------------------------------------------------


@router.post("/media/input", status_code=201, summary="pyannoteAI: where to upload a recording")
async def media_input(request: Request, recordings: Injected) -> Response:
    """Imitates pyannoteAI: JSON with `url`, a name of the scheme `media:`. The address is good for an hour."""
    path = _media(recordings, request.state.owner, json_object(await request.body()).get("url"))
    until = int(time.time()) + HOUR
    base = recordings.settings.public_url or str(request.base_url).rstrip("/")
    address = f"{base}/v1/media/upload?name={path.name}&until={until}&signature={_signature(path.name, until)}"
    return json_answer({"url": address}, 201)


@router.put("/media/upload", summary="pyannoteAI: upload a recording; needs no key, because the address is signed")
async def upload(
    request: Request, recordings: Injected, name: str = "", until: int = 0, signature: str = ""
) -> Response:
    """The body is the recording."""
    given = signature.encode("utf-8", "replace")
    if not hmac.compare_digest(given, _signature(name, until).encode()) or time.time() > until:
        raise Refusal(403, "not an address for an upload, or one that is too old.")
    folder = recordings.folder / RECEIVED
    async with multipart.received_body(request, folder, recordings.settings.max_upload_bytes) as path:
        if not path.stat().st_size:
            raise Refusal(400, "the body is empty.")
        await to_thread.run_sync(os.replace, path, folder / name)
    await to_thread.run_sync(recordings.clean)
    return Response(status_code=200)


def _media(recordings: Recordings, owner: str, address: object) -> Path:
    """Return where a recording of an owner is kept that they call ``media://...``."""
    if not isinstance(address, str) or not address.startswith(MEDIA) or len(address) > 1000:
        raise Refusal(400, f"url: accepted: {MEDIA} and a name; nothing is fetched from elsewhere.", param="url")
    digest = hashlib.sha256(f"{owner}\n{address}".encode("utf-8", "replace")).hexdigest()
    return recordings.folder / RECEIVED / f"media-{digest}"


def _signature(name: str, until: int) -> str:
    return hmac.new(SECRET, f"{name}\n{until}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


# Jobs ---------------------------------------------------------------------------------------------------------------


@router.post("/diarize", summary="pyannoteAI: who speaks when, and what is said if `transcription` is true")
async def diarize(request: Request, recordings: Injected) -> Response:
    """Imitates pyannoteAI. `model` is ignored, and `confidence` is not offered."""
    asked = await _asked(request)
    options, about = _options(recordings, asked), {"kind": "diarize", "exclusive": _switch(asked, "exclusive")}
    if _switch(asked, "transcription"):
        options["results"], about["kind"] = {"only": "transcript"}, "transcribe"
    return await _submit(request, recordings, asked, options, about)


@router.post("/voiceprint", summary="pyannoteAI: the voice of a person who speaks alone")
async def voiceprint(request: Request, recordings: Injected) -> Response:
    """Imitates pyannoteAI: the voiceprint is in the output of the job, for the client to keep."""
    asked = await _asked(request)
    return await _submit(request, recordings, asked, _options(recordings, {"numSpeakers": 1}), {"kind": "voiceprint"})


@router.post("/identify", summary="pyannoteAI: which of the voices that the request holds speaks when")
async def identify(request: Request, recordings: Injected) -> Response:
    """Imitates pyannoteAI: `voiceprints` of ours, and `matching` with `exclusive` and a `threshold` from 0 to 100."""
    asked = await _asked(request)
    given, matching = asked.get("voiceprints"), asked.get("matching") or {}
    if not isinstance(given, list) or not 1 <= len(given) <= VOICES:
        raise Refusal(400, f"voiceprints: accepted: a list of 1 to {VOICES}.", param="voiceprints")
    threshold = matching.get("threshold", 0) if isinstance(matching, dict) else None
    if not isinstance(threshold, (int, float)) or isinstance(threshold, bool) or not 0 <= threshold <= 100:
        raise Refusal(400, "matching.threshold: accepted: a number from 0 to 100.", param="matching")
    voices = {}
    for each in given:
        label, text = (each.get("label"), each.get("voiceprint")) if isinstance(each, dict) else (None, None)
        if not isinstance(label, str) or not label or label in voices:
            raise Refusal(400, "voiceprints: each needs a label of its own.", param="voiceprints")
        try:
            pyannoteai_outputs.vector(text)
        except ValueError as error:
            raise Refusal(400, f"voiceprint: {error}", param="voiceprints") from None
        voices[label] = text
    about = {
        "kind": "identify",
        "voices": voices,
        "threshold": threshold / 100,
        "alone": _switch(matching, "exclusive", True),
        "exclusive": _switch(asked, "exclusive"),
    }
    return await _submit(request, recordings, asked, _options(recordings, asked), about)


@router.get("/jobs/{id}", summary="pyannoteAI: how far a job is, and its output")
def get_job(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates pyannoteAI: `created`, `running`, `succeeded`, `failed` or `canceled`."""
    owner: str = request.state.owner
    job = recordings.job(owner, id)
    path = recordings.folder / id / ABOUT
    if not path.exists():
        raise Refusal(404, "not found: it is no job of this interface.")
    about = read_json(path)
    answer: dict[str, Any] = {"jobId": id, "status": STATES.get(job.state, job.state)}
    answer |= {"createdAt": job.submitted, "updatedAt": job.ended or job.submitted}
    if job.state == "done":
        try:
            return json_answer({**answer, "output": pyannoteai_outputs.output(recordings, owner, id, about)})
        except SampleError as error:
            return json_answer({**answer, "status": "failed", "output": {"error": str(error).partition(": ")[2]}})
    if job.state in ("failed", "cancelled"):
        answer |= {"output": {"error": job.cause or "cancelled."}}
    return json_answer(answer)


async def _asked(request: Request) -> dict[str, Any]:
    asked = json_object(await request.body())
    for name, accepted in NOT_HERE.items():
        if asked.get(name) not in (None, accepted):
            raise Refusal(400, f"{name}: not offered here.", param=name)
    return asked


def _switch(asked: Mapping[str, Any], name: str, default: bool = False) -> bool:
    value = asked.get(name, default)
    if not isinstance(value, bool):
        raise Refusal(400, f"{name}: accepted: true or false.", param=name)
    return value


def _options(recordings: Recordings, asked: Mapping[str, Any]) -> dict[str, Any]:
    names = {"speakers": "numSpeakers", "min_speakers": "minSpeakers", "max_speakers": "maxSpeakers"}
    counts = {ours: linto_requests.count_of(asked, theirs) for ours, theirs in names.items()}
    return {**linto_requests.options(recordings.settings, **counts), "results": {"only": "turns"}}


async def _submit(
    request: Request, recordings: Recordings, asked: Mapping[str, Any], options: Mapping[str, Any], about: Any
) -> Response:
    owner: str = request.state.owner
    media = _media(recordings, owner, asked.get("url"))
    async with _copy(media) as path:
        prepare = partial(_note, about=about)
        id = await recordings.accept(owner, path, options, prepare=prepare)
    return json_answer({"jobId": id, "status": "created"})


@contextlib.asynccontextmanager
async def _copy(media: Path) -> AsyncIterator[Path]:
    """Yield another name of an uploaded recording, which becomes the id of its meeting."""
    path = media.with_name(str(uuid.uuid4()))
    try:
        await to_thread.run_sync(os.link, media, path)
    except FileNotFoundError:
        raise Refusal(400, "url: nothing was uploaded under this name, or a day ago.", param="url") from None
    try:
        yield path
    finally:
        await to_thread.run_sync(path.unlink)


def _note(folder: Path, about: Any) -> None:
    durable.save(folder / ABOUT, about)
