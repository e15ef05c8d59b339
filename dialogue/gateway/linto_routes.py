"""LinTO's transcription jobs (linto-transcription-service), and its synchronous linto-stt and linto-diarization.

Both services have a route ``POST /transcribe``. Which one is meant, the fields of the request say: clients of the job
service send ``transcriptionConfig``, ``force_sync`` or a file ``timestamps``. The prefixes ``/transcription`` and
``/stt`` say it without doubt.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.core.version import VERSION
from dialogue.formats import linto
from dialogue.french.in_digits import in_digits
from dialogue.gateway import linto_requests, voice_routes
from dialogue.gateway.multipart import ReceivedForm
from dialogue.gateway.negotiation import form as form_of
from dialogue.gateway.negotiation import json_answer, preferred, text_answer
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library import suggestions
from dialogue.library.job_files import Job

UPLOADS = ("/transcribe", "/transcribe-multi", "/diarization")  # ends of the paths that take recordings
KINDS = ("application/json", "text/plain", "text/vtt", "text/srt")
STEPS = {  # of LinTO -> ours; what stands first is done first
    "preprocessing": (),
    "diarization": ("diarize",),
    "transcription": ("transcribe",),
    "postprocessing": ("attribute", "corrections", "correct", "export"),
}
STATES = {
    "submitted": "accepted; it waits for its turn",
    "running": "being processed",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
TEXT = {"type": "string"}
SOUND_FORM = form_of(
    transcriptionConfig={**TEXT, "description": "JSON: language, diarizationConfig, vadConfig, punctuationConfig"},
    force_sync={**TEXT, "description": "true: answer with the result"},
    timestamps={"type": "string", "format": "binary", "description": "lines: start stop [speaker]"},
    language={**TEXT, "description": "of linto-stt: *, fr, fr-FR or French"},
)

router = APIRouter(tags=["LinTO"])
job_routes = APIRouter(tags=["LinTO"])


def error_body(status: int, message: str, **_: Any) -> dict[str, str]:
    """Return an error as linto-transcription-service writes it."""
    return {"state": "failed", "reason": message}


def plain_error(status: int, message: str, **_: Any) -> str:
    """Return an error as linto-stt and linto-diarization write it."""
    return f"Server Error: {message}"


# POST /transcribe -------------------------------------------------------------------------------------------------


@router.post("/transcribe", summary="LinTO: transcribe, as a job or at once", openapi_extra=SOUND_FORM)
async def transcribe(request: Request, recordings: Injected) -> Response:
    """Imitates linto-transcription-service 1.5 (201 and a job) and linto-stt (200 and the words).

    Which one: the form has `transcriptionConfig`, `force_sync` or a file `timestamps`, or not.
    """
    async with recordings.form(request) as form:
        mode = recordings.settings.transcribe_mode
        if mode == "jobs" or (mode == "auto" and asks_for_job(form)):
            return await _job(request, recordings, form)
        return await _recognised(request, recordings, form)


@router.post("/transcription/transcribe", include_in_schema=False)
async def transcribe_as_job(request: Request, recordings: Injected) -> Response:
    async with recordings.form(request) as form:
        return await _job(request, recordings, form)


@router.post("/stt/transcribe", include_in_schema=False)
async def transcribe_at_once(request: Request, recordings: Injected) -> Response:
    request.state.error_body = plain_error
    async with recordings.form(request) as form:
        return await _recognised(request, recordings, form)


def asks_for_job(form: ReceivedForm) -> bool:
    """Tell whether a request to ``/transcribe`` is meant for the job service."""
    fields = {*form.fields, *(file.field for file in form.files if file.field == "timestamps")}
    return bool(fields & {"transcriptionConfig", "force_sync", "timestamps"})


async def _job(request: Request, recordings: Recordings, form: ReceivedForm) -> Response:
    at_once = (form.get("force_sync") or "").strip().lower() in ("true", "1")
    kind = _kind(request, KINDS if at_once else KINDS[:2])
    sound = form.sound("timestamps")
    options = linto_requests.job_options(form.get("transcriptionConfig"), recordings.settings)
    check_collections(request, recordings, options)
    facts: dict[str, Any] = {}
    if turns := next((file for file in form.files if file.field == "timestamps"), None):
        facts["turns"] = linto_requests.given_turns(turns.path.read_bytes())
        options["speakers"] = {}
    if not at_once:
        id = await recordings.accept(request.state.owner, sound.path, options, **facts)
        return json_answer({"jobid": id}, 201) if kind == KINDS[0] else text_answer(id, status=201)
    async with recordings.heard(request, sound.path, options, **facts) as id:
        return await to_thread.run_sync(lambda: _result(recordings, request.state.owner, id, kind))


def check_collections(request: Request, recordings: Recordings, options: Mapping[str, Any]) -> None:
    """Check that the voices that a client wants to be looked for are those of its organisation.

    Raises:
        Refusal: as for :func:`dialogue.gateway.voice_routes.check`, but 403 without an organisation.
    """
    if wanted := options["results"].get("people"):
        if "x-organization-id" not in request.headers:
            raise Refusal(403, "X-Organization-Id is missing.")
        voice_routes.check(request, recordings, [each.partition("/")[0] for each in wanted])


async def _recognised(request: Request, recordings: Recordings, form: ReceivedForm) -> Response:
    request.state.error_body = plain_error
    kind = _kind(request, KINDS[:2])
    options = linto_requests.options(recordings.settings, speakers=1)
    options["asr"] = recordings.settings.asr(language=linto_requests.language(form.get("language")))
    async with recordings.heard(request, form.sound().path, options) as id:
        said = await to_thread.run_sync(recordings.transcript, request.state.owner, id)
    return text_answer(said.text) if kind == "text/plain" else json_answer(linto.recognition_answer(said))


@job_routes.post(
    "/transcribe-multi",
    status_code=201,
    summary="LinTO: transcribe a conversation, a file a speaker",
    openapi_extra=form_of(transcriptionConfig=TEXT),
)
async def transcribe_multi(request: Request, recordings: Injected) -> Response:
    """Imitates linto-transcription-service: the files begin together, and the first one is of `spk1`."""
    async with recordings.form(request) as form:
        kind = _kind(request, KINDS[:2])
        if len(form.files) < 2:
            raise Refusal(400, f"found {len(form.files)} files. Accepted: two or more, one a speaker.")
        options = linto_requests.job_options(form.get("transcriptionConfig"), recordings.settings)
        options |= {"speakers": {}, "diarization": {"channels": "speakers", "device": recordings.settings.device}}
        path = await recordings.joined([file.path for file in form.files])
        id = await recordings.accept(request.state.owner, path, options)
    return json_answer({"jobid": id}, 201) if kind == KINDS[0] else text_answer(id, status=201)


@router.post(
    "/diarization", summary="LinTO: who speaks when", openapi_extra=form_of(speaker_count=TEXT, max_speaker=TEXT)
)
@router.post("/stt/diarization", include_in_schema=False)
async def diarization(request: Request, recordings: Injected) -> Response:
    """Imitates linto-diarization: answers when it is done."""
    request.state.error_body = plain_error
    async with recordings.form(request) as form:
        _kind(request, KINDS[:1])
        wanted = (form.get("speaker_names") or "").strip()
        results = {"only": "turns"}
        if wanted not in ("", "null", "[]", "*"):
            results |= linto_requests.people(linto_requests.json_of(wanted, "speaker_names"), "speaker_names")
        check_collections(request, recordings, {"results": results})
        exactly = linto_requests.whole_number(form.get("speaker_count"), "speaker_count")
        most = None if exactly else linto_requests.whole_number(form.get("max_speaker"), "max_speaker")
        options = linto_requests.options(recordings.settings, speakers=exactly, max_speakers=most)
        async with recordings.heard(request, form.sound().path, {**options, "results": results}) as id:
            found = await to_thread.run_sync(recordings.turns, request.state.owner, id)
            found, scores = await to_thread.run_sync(_identified, recordings, request.state.owner, id, found)
    answer = linto.diarization_answer(found)
    return json_answer({**answer, "speakers": _scored(answer["speakers"], scores)})


# Jobs ---------------------------------------------------------------------------------------------------------------


@job_routes.get("/job/{id}", summary="LinTO: how far a job is")
def job(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates linto-transcription-service: 202 while it waits or runs, 201 when it is done, 500 when it has failed."""
    found = recordings.job(request.state.owner, id)
    if found.state == "submitted":
        return json_answer({"state": "pending"}, 202)
    if found.state == "running":
        return json_answer(
            {"state": "started", "steps": steps(found, is_diarized(recordings, request.state.owner, id))}, 202
        )
    if found.state == "done":
        said = recordings.transcript(request.state.owner, id)
        if said.text.strip():
            return json_answer({"state": "done", "result_id": id}, 201)
        return json_answer(error_body(500, why_empty(said)), 500)
    return json_answer(error_body(500, found.cause or "cancelled."), 500)


def why_empty(said: Transcript) -> str:
    """Say why there are no words in a recording."""
    reason = next((entry["empty"] for entry in said.provenance if entry.get("empty")), "no speech found")
    return f"nothing to transcribe: {reason}."


def steps(job: Job, diarized: bool) -> dict[str, Any]:
    """Return how far a job is in the steps of LinTO; the share of the present step is that of all the work."""
    known: dict[str, Any] = {"punctuation": {"required": False}}
    now = next((n for n, ours in enumerate(STEPS.values()) if job.step in ours), 0)
    for number, name in enumerate(STEPS):
        status = "done" if number < now else "started" if number == now else "pending"
        share = {"done": 1.0, "started": round(job.share, 3), "pending": 0.0}[status]
        known[name] = {"required": True, "status": status, "progress": share}
    if not diarized:
        known["diarization"] = {"required": False}
    order = ("preprocessing", "transcription", "diarization", "punctuation", "postprocessing")
    return {name: known[name] for name in order}


@job_routes.delete("/job/{id}", status_code=204, summary="Cancel a job, and delete what was made of it")
@job_routes.delete("/revoke/{id}", status_code=204, include_in_schema=False)
def delete(request: Request, recordings: Injected, id: str) -> Response:
    """In the place of LinTO's `GET /revoke/{id}`, because reading changes nothing."""
    recordings.remove(request.state.owner, id)
    return Response(status_code=204)


@job_routes.get("/job-log/{id}", summary="LinTO: what became of a job, in words")
def job_log(request: Request, recordings: Injected, id: str) -> Response:
    """Imitates linto-transcription-service. Nothing that was said is in it."""
    found = recordings.job(request.state.owner, id)
    lines = [f"{found.submitted} accepted as {found.id}", f"{found.ended or '-'} {STATES[found.state]}"]
    if found.step:
        lines.insert(1, f"- {found.step}, {100 * found.share:.0f} % of the work")
    return text_answer("\n".join([*lines, *([f"- {found.cause}"] if found.cause else [])]) + "\n")


@job_routes.get("/results/{id}", summary="LinTO: the result of a job")
def results(
    request: Request,
    recordings: Injected,
    id: str,
    return_raw: str = "false",
    convert_numbers: str = "false",
    wordsub: list[str] = Query(default=[]),
) -> Response:
    """Imitates linto-transcription-service: JSON, text, `text/vtt` or `text/srt`, with people's corrections.

    `wordsub=old:new` replaces text; it is no pattern.
    """
    kind = _kind(request, KINDS)
    pairs = linto_requests.substitutions(wordsub)
    raw, digits = (value.lower() in ("true", "1") for value in (return_raw, convert_numbers))
    return _result(recordings, request.state.owner, id, kind, raw, digits, pairs)


def _result(
    recordings: Recordings,
    owner: str,
    id: str,
    kind: str,
    raw: bool = False,
    digits: bool = False,
    pairs: Sequence[tuple[str, str]] = (),
) -> Response:
    said = recordings.transcript(owner, id)
    diarized = is_diarized(recordings, owner, id)
    said, scores = _identified(recordings, owner, id, said)

    def changed(text: str) -> str:
        text = in_digits(text) if digits else text
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    if kind in ("text/vtt", "text/srt"):
        shown = named(said) if diarized else linto.anyone(said)
        shown = (
            replace(shown, utterances=tuple(replace(u, text=changed(u.text)) for u in shown))
            if digits or pairs
            else shown
        )
        text = formats.dumps([shown], kind.removeprefix("text/"))
        head = f"WEBVTT Kind: captions; Language: {said.language or 'fr'}"
        return text_answer(text.replace("WEBVTT", head, 1) if kind == "text/vtt" else text, kind)
    answer = linto.transcription_answer(said, diarized=diarized)
    answer["diarization_speakers"] = _scored(answer["diarization_speakers"], scores)
    for segment in answer["segments"]:
        segment["segment"] = changed(segment["segment"])
    answer["transcription_result"] = " \n".join(map(linto.written, answer["segments"]))
    if kind == "text/plain":
        return text_answer(answer["raw_transcription" if raw else "transcription_result"])
    if raw:
        answer["transcription_result"] = answer["raw_transcription"]
    return json_answer(answer)


def _identified(recordings: Recordings, owner: str, id: str, said: Transcript) -> tuple[Transcript, dict[str, float]]:
    """Return a transcript whose speakers have the names of the voices that were recognised, and how sure each is."""
    if not recordings.library(owner).facts(id).options.get("results", {}).get("people"):
        return said, {}
    taken = {s.name for s in said.speakers if s.name}  # by people, who know better
    found = suggestions.identified(voice_routes.people_of(recordings, owner), id)
    free = {s.id for s in said.speakers if not s.name}
    new = {speaker: made for speaker, made in found.items() if speaker in free and made[0] not in taken}
    return said.rename({speaker: name for speaker, (name, _) in new.items()}), dict(new.values())


def _scored(speakers: Sequence[Mapping[str, Any]], scores: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {**s, "spk_id_score": round(scores[s["spk_id"]], 3)} if s["spk_id"] in scores else dict(s) for s in speakers
    ]


def named(said: Transcript) -> Transcript:
    """Return a transcript whose speakers have LinTO's ids as names, so that subtitles show them."""
    name = linto.spoken_by(said)
    ids = {speaker: f"speaker {label}" for speaker, label in name.items()}
    speakers = tuple(replace(s, id=ids[s.id], name=name[s.id]) for s in said.speakers)
    return replace(said, speakers=speakers, utterances=tuple(replace(u, speaker=ids.get(u.speaker)) for u in said))


def is_diarized(recordings: Recordings, owner: str, id: str) -> bool:
    """Tell whether a client asked who speaks."""
    return recordings.library(owner).facts(id).options.get("speakers") != {"speakers": 1}


def _kind(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of an answer.

    Raises:
        Refusal: none is acceptable to the client.
    """
    accept = (request.headers.get("accept") or "").replace("application/x-subrip", "text/srt")
    found = preferred(accept or None, offered)
    if found is None:
        raise Refusal(400, f"Accept: found {accept[:60]!r}. Accepted: {', '.join(offered)}.")
    return found


# About the service --------------------------------------------------------------------------------------------------


@job_routes.get("/list-services", summary="LinTO: which services there are")
def list_services(recordings: Injected) -> Response:
    """Imitates linto-transcription-service, as LinTO's gateway asks it. Whisper writes the punctuation itself."""
    return json_answer({"diarization": [diarization_service(recordings)], "punctuation": []})


def diarization_service(recordings: Recordings) -> dict[str, Any]:
    """Return what LinTO is told of the diarization; without it, clients leave it out."""
    running = {
        "host_name": socket.gethostname(),
        "last_alive": int(time.time()),
        "version": VERSION,
        "concurrency": recordings.settings.workers,
    }
    return {
        "service_name": voice_routes.SERVICE,
        "service_type": "diarization",
        "service_language": "*",
        "queue_name": voice_routes.SERVICE,
        "info": json.dumps(
            {"en": "Who speaks when", "fr": "Qui parle, et quand", **voice_routes.service_info(recordings)},
            ensure_ascii=False,
        ),
        "instances": [running],
    }


@job_routes.get("/healthcheck", summary="Whether the server answers; needs no token")
@router.get("/stt/healthcheck", include_in_schema=False)
async def healthcheck() -> dict[str, Literal["OK", "healthy"]]:
    """Imitates linto-stt and what LinTO Studio looks for."""
    return {"healthcheck": "OK", "status": "healthy"}


router.include_router(job_routes)
router.include_router(job_routes, prefix="/transcription", include_in_schema=False)
