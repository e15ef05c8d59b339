"""La Suite numérique's service of transcripts and summaries, which its Meet and its Dictaphone ask (version 2).

Recordings are fetched from the hosts that the operator of the server named, and news goes to the addresses that they
named: what a client sends leads nowhere else. Results are behind addresses that are signed, and good for as long as the
results are kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from dialogue import formats
from dialogue.gateway import linto_requests, minutes_jobs, minutes_requests, openai_routes
from dialogue.gateway.negotiation import json_answer, text_answer
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library import lasuite, remote, webhook

UPLOADS: tuple[str, ...] = ()
KINDS = {"transcribe": "transcript", "summarize": "summary"}
YEAR = 366 * 86_400  # seconds that an address is good for, where results are kept for ever

router = APIRouter(prefix="/api/v2/async-jobs", tags=["La Suite"])


def error_body(status: int, message: str, *, param: str | None = None, **_: Any) -> Any:
    """Return an error as La Suite writes it."""
    if status == 422:
        return {"detail": [{"loc": ["body", param or ""], "msg": message, "type": "value_error"}]}
    return {"detail": message}


@router.post("/transcribe", summary="La Suite: transcribe a recording that is in a store")
async def transcribe(request: Request, recordings: Injected) -> Response:
    """Imitates La Suite: JSON with `user_sub`, `cloud_storage_url` and `language`; speakers are told apart."""
    asked = await _asked(request)
    address, hosts = asked.get("cloud_storage_url"), recordings.settings.recordings_from
    if not isinstance(address, str) or not remote.allowed(address, hosts):
        raise Refusal(
            422,
            f"cloud_storage_url: not on a host that this server fetches from ({', '.join(hosts) or 'none'}).",
            param="cloud_storage_url",
        )
    if asked.get("push_to_docs_config") is not None:
        raise Refusal(400, "Push to docs is not allowed for this tenant.")
    options = linto_requests.options(recordings.settings)
    language = linto_requests.language(asked.get("language"))
    options["asr"] = recordings.settings.asr(language=language)
    owner: str = request.state.owner
    prepare = partial(_prepare, base=_base(request, recordings), owner=owner, kind="transcribe", recordings=recordings)
    id = await recordings.accept_remote(owner, address, options, prepare, _webhook(recordings, owner))
    return json_answer({"job_id": id, "type": "transcript", "status": "pending"})


@router.post("/summarize", summary="La Suite: summarise a transcript")
async def summarise(request: Request, recordings: Injected) -> Response:
    """Imitates La Suite: JSON with `user_sub` and `content`; the summary is minutes in Markdown."""
    asked = await _asked(request)
    content = asked.get("content")
    if not isinstance(content, str):
        raise Refusal(422, "content: missing. Accepted: a transcript.", param="content")
    owner: str = request.state.owner
    said = await to_thread.run_sync(minutes_requests.transcript, content.replace("**", ""), "content")
    options = minutes_requests.options(recordings, minutes_requests.default(recordings))
    prepare = partial(_prepare, base=_base(request, recordings), owner=owner, kind="summarize", recordings=recordings)
    id = await recordings.accept_transcript(owner, said, options, prepare=prepare, webhook=_webhook(recordings, owner))
    return json_answer({"job_id": id, "type": "summary", "status": "pending"})


async def _asked(request: Request) -> dict[str, Any]:
    asked = await minutes_requests.body(request)
    if not isinstance(asked.get("user_sub"), str):
        raise Refusal(422, "user_sub: missing. Accepted: a text.", param="user_sub")
    _key()
    return asked


def _webhook(recordings: Recordings, owner: str) -> str | None:
    known = recordings.settings.webhooks
    return known.get(owner, known.get("*"))


def _prepare(folder: Path, *, base: str, owner: str, kind: str, recordings: Recordings) -> None:
    until = int(time.time()) + (recordings.settings.result_ttl or YEAR)
    signed = _signature(kind, folder.name, owner, until)
    address = f"{base}/api/v2/async-jobs/{kind}/{folder.name}/signed"
    lasuite.note(folder, KINDS[kind], f"{address}?owner={quote(owner, safe='')}&until={until}&signature={signed}")


def _base(request: Request, recordings: Recordings) -> str:
    return recordings.settings.public_url or str(request.base_url).rstrip("/")


@router.get("/{kind}/{id}", summary="La Suite: how far a job is, and where its result is")
def get_job(request: Request, recordings: Injected, kind: Literal["transcribe", "summarize"], id: str) -> Response:
    """Imitates La Suite: `pending`, `success` or `failure`, as the webhook is told."""
    job = recordings.job(request.state.owner, id)
    told = lasuite.news(recordings.folder / id, job)
    if told is None or told["type"] != KINDS[kind]:
        raise Refusal(404, "Not found")
    return json_answer(told)


@router.get("/{kind}/{id}/signed", summary="La Suite: the result of a job; needs no token, because it is signed")
def get_result(
    recordings: Injected,
    kind: Literal["transcribe", "summarize"],
    id: str,
    owner: str = "",
    until: int = 0,
    signature: str = "",
) -> Response:
    """A transcript in the JSON of WhisperX, or a summary in Markdown."""
    given = signature.encode("utf-8", "replace")
    if not hmac.compare_digest(given, _signature(kind, id, owner, until).encode()) or time.time() > until:
        raise Refusal(403, "Forbidden")
    if recordings.job(owner, id).state != "done":
        raise Refusal(404, "Not found")
    if kind == "summarize":
        return text_answer(minutes_jobs.editions(recordings, owner, id).all()[-1].text, "text/markdown")
    said = openai_routes.numbered(recordings.transcript(owner, id))
    return Response(formats.dumps([said], "whisperx"), media_type="application/json")


def _signature(kind: str, id: str, owner: str, until: int) -> str:
    signed = "\n".join((kind, id, owner, str(until))).encode("utf-8", "replace")
    return base64.urlsafe_b64encode(hmac.new(_key(), signed, hashlib.sha256).digest()).decode().rstrip("=")


def _key() -> bytes:
    try:
        return webhook.secret()
    except (ValueError, binascii.Error):
        raise Refusal(400, f"the operator of this server has set no {webhook.SECRET}.") from None
