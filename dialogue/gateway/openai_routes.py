"""OpenAI's routes for sound and for language models, for any client of OpenAI, and for La Suite's (WhisperX's JSON)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.formats import linto, openai_audio
from dialogue.formats.languages import name_of
from dialogue.gateway import openai_requests
from dialogue.gateway.chat_process import ChatProcess, Ending
from dialogue.gateway.negotiation import form as form_of
from dialogue.gateway.negotiation import json_answer, text_answer
from dialogue.gateway.openai_requests import ALIAS, DIARIZED, TranscriptionRequest, chat_models
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.gateway.settings import recognisers

UPLOADS = ("/v1/audio/transcriptions",)
BEGAN = int(time.time())
LOOK = 0.5  # seconds between looks at what has been recognised
TEXT = {"type": "string"}
TRANSCRIPTION_FORM = form_of(
    required=("file", "model"),
    model={**TEXT, "description": f"of /v1/models; whisperx answers in WhisperX's JSON, with {ALIAS}'s model"},
    language=TEXT,
    prompt=TEXT,
    response_format={**TEXT, "enum": list(openai_requests.FORMATS)},
    temperature={"type": "number", "description": "checked, but not used: words are never sampled"},
    stream={"type": "boolean"},
    **{"timestamp_granularities[]": {"type": "array", "items": {**TEXT, "enum": ["word", "segment"]}}},
)
CHAT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["model", "messages"],
                    "properties": {
                        "model": TEXT,
                        "messages": {
                            "type": "array",
                            "items": {"type": "object", "properties": {"role": TEXT, "content": TEXT}},
                        },
                        "max_tokens": {"type": "integer"},
                        "temperature": {"type": "number"},
                        "stop": {"type": "array", "items": TEXT},
                        "stream": {"type": "boolean"},
                    },
                }
            }
        },
    }
}
TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}

router = APIRouter(prefix="/v1", tags=["OpenAI"])


def error_body(
    status: int, message: str, *, param: str | None = None, code: str | None = None, **_: Any
) -> dict[str, Any]:
    """Return an error as OpenAI writes it."""
    kind = TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


# Models -------------------------------------------------------------------------------------------------------------


@router.get("/models", summary="OpenAI: which models there are")
def list_models(recordings: Injected) -> Response:
    """Imitates OpenAI: recognisers and language models of this machine; `whisper-1` is the server's recogniser."""
    return json_answer({"object": "list", "data": [_model(name) for name in _models(recordings)]})


@router.get("/models/{id:path}", summary="OpenAI: one model")
def get_model(recordings: Injected, id: str) -> Response:
    if id not in _models(recordings):
        raise openai_requests.no_model(id)
    return json_answer(_model(id))


def _models(recordings: Recordings) -> list[str]:
    return [*dict.fromkeys([ALIAS, recordings.settings.model, *recognisers(), *chat_models()])]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": BEGAN, "owned_by": "dialogue"}


# Sound --------------------------------------------------------------------------------------------------------------


@router.post("/audio/transcriptions", summary="OpenAI: transcribe", openapi_extra=TRANSCRIPTION_FORM)
async def transcribe(request: Request, recordings: Injected) -> Response:
    """Imitates OpenAI in all its formats, with speakers for `diarized_json`; and WhisperX's server for La Suite."""
    async with contextlib.AsyncExitStack() as stack:
        async with recordings.form(request) as form:
            asked = openai_requests.transcription(form, recordings.settings)
            path = form.sound().path
            id = await stack.enter_async_context(recordings.waiting(request, path, asked.options))
        if asked.stream:
            events = _events(request, recordings, id, asked, stack.pop_all())
            return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store"})
        await recordings.done(request, id)
        said = await to_thread.run_sync(recordings.transcript, request.state.owner, id)
    return await to_thread.run_sync(_answer, said, asked)


def _answer(said: Transcript, asked: TranscriptionRequest) -> Response:
    plain = said if asked.format in DIARIZED else linto.anyone(said)
    if asked.format == "text":
        return text_answer(plain.text)
    if asked.format in ("srt", "vtt"):
        return text_answer(formats.dumps([plain], asked.format))
    if asked.format == "verbose_json":
        language = name_of(said.language)
        return json_answer(openai_audio.verbose_answer(plain, language, asked.granularities))
    if asked.format == "diarized_json":
        return json_answer(openai_audio.diarized_answer(plain, words="word" in asked.granularities))
    if asked.format == "whisperx":
        return Response(formats.dumps([numbered(plain)], "whisperx"), media_type="application/json")
    return json_answer(openai_audio.brief_answer(plain))


def numbered(said: Transcript) -> Transcript:
    """Return a transcript whose speakers without a name are SPEAKER_00, SPEAKER_01..., as WhisperX has it."""
    return said.rename({s.id: f"SPEAKER_{n:02}" for n, s in enumerate(said.speakers) if not s.name})


async def _events(
    request: Request,
    recordings: Recordings,
    id: str,
    asked: TranscriptionRequest,
    stack: contextlib.AsyncExitStack,
) -> AsyncIterator[str]:
    """Yield what is recognised, as it is recognised; the texts of all deltas are the text of the end."""
    async with stack:
        told, until, size = "", 0.0, -1
        waiting = asyncio.ensure_future(recordings.done(request, id))
        try:
            while not waiting.done() and asked.format not in DIARIZED:
                await asyncio.wait([waiting], timeout=LOOK)
                said, size = await to_thread.run_sync(recordings.so_far, id, size)
                settled = [u for u in said.utterances[:-1] if u.start >= until] if said and not waiting.done() else []
                for u in settled:
                    if u.text:
                        yield _event("transcript.text.delta", delta=_after(told, u.text))
                        told += _after(told, u.text)
                    until = u.end
            await waiting
            said = await to_thread.run_sync(recordings.transcript, request.state.owner, id)
        except Refusal as refusal:
            yield _event("error", **error_body(refusal.status, str(refusal), param=refusal.param, code=refusal.code))
            return
        finally:
            waiting.cancel()
        for u in said:
            if u.start >= until and u.text:
                yield _event("transcript.text.delta", delta=_after(told, u.text))
                told += _after(told, u.text)
        if asked.format in DIARIZED:
            for segment in openai_audio.diarized_segments(said):
                yield _event(**segment)
        yield _event("transcript.text.done", text=told, usage=openai_audio.brief_answer(said)["usage"])


def _after(told: str, text: str) -> str:
    return f" {text}" if told else text


def _event(type: str, **data: Any) -> str:
    return _data({"type": type, **data})


def _data(value: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


# Language models ------------------------------------------------------------------------------------------------------


@router.post("/chat/completions", summary="OpenAI: an answer of a language model", openapi_extra=CHAT_BODY)
async def complete(request: Request) -> Response:
    """Imitates OpenAI with the language models of this machine, for text; one conversation is answered at a time."""
    asked = openai_requests.json_object(await request.body())
    chat = openai_requests.chat(asked)
    process: ChatProcess = request.app.state.chat
    answer = process.answer(chat)
    about = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": chat.model}
    if asked.get("stream"):
        first = await anext(answer)  # so that a refusal is an answer, and not the end of a stream
        counted = bool((asked.get("stream_options") or {}).get("include_usage"))
        events = _chunks(first, answer, about, counted)
        return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store"})
    text, ending = "", Ending(False, 0, 0)
    async with contextlib.aclosing(answer):
        async for piece in answer:
            if isinstance(piece, str):
                text += piece
            else:
                ending = piece
            if await request.is_disconnected():
                raise Refusal(499, "the client has left.")
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(ending)}
    return json_answer({**about, "object": "chat.completion", "choices": [choice], "usage": _usage(ending)})


async def _chunks(
    first: str | Ending, rest: AsyncGenerator[str | Ending, None], about: Mapping[str, Any], counted: bool
) -> AsyncIterator[str]:
    def chunk(delta: Mapping[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        more = {"usage": None} if counted else {}
        return _data({**about, "object": "chat.completion.chunk", "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    ending = first if isinstance(first, Ending) else Ending(False, 0, 0)
    if isinstance(first, str):
        yield chunk({"content": first})
    async with contextlib.aclosing(rest):
        try:
            async for piece in rest:
                if isinstance(piece, str):
                    yield chunk({"content": piece})
                else:
                    ending = piece
        except Refusal as refusal:
            yield _data(error_body(refusal.status, str(refusal), param=refusal.param, code=refusal.code))
            return
    yield chunk({}, _reason(ending))
    if counted:
        yield _data({**about, "object": "chat.completion.chunk", "choices": [], "usage": _usage(ending)})
    yield "data: [DONE]\n\n"


def _reason(ending: Ending) -> str:
    return "length" if ending.cut else "stop"


def _usage(ending: Ending) -> dict[str, int]:
    read, wrote = ending.prompt_tokens, ending.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
