"""What OpenAI's clients ask for, checked: a transcription, or an answer of a language model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogue.core import models
from dialogue.core.config import ConfigError
from dialogue.gateway.chat_process import ChatRequest
from dialogue.gateway.languages import code_of
from dialogue.gateway.multipart import ReceivedForm
from dialogue.gateway.refusals import Refusal
from dialogue.gateway.settings import ServeSettings, recogniser, recognisers
from dialogue.llm import Message

ALIAS = "whisper-1"
WHISPERX = "whisperx"  # as a model, for clients of WhisperX's server that say no format, such as La Suite's
FORMATS = ("json", "text", "srt", "verbose_json", "vtt", "diarized_json", WHISPERX)
DIARIZED = ("diarized_json", WHISPERX)
PROMPT = 2000  # characters
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
SOON = 2  # windows that are recognised at once where words are wanted soon
YES = ("true", "1")


@dataclass(frozen=True)
class TranscriptionRequest:
    """What is asked for of a recording."""

    format: str
    granularities: frozenset[str]
    stream: bool
    options: Mapping[str, Any]


def chat_models() -> list[str]:
    """Return the names of the language models on this machine."""
    return [m.name for m in models.registry().values() if m.task == "llm" and models.here(m)]


def transcription(form: ReceivedForm, settings: ServeSettings) -> TranscriptionRequest:
    """Return what a form asks for.

    Raises:
        Refusal: a value is not accepted, or asks for what is not offered.
    """
    model = form.get("model") or ALIAS
    wanted = form.get("response_format") or (WHISPERX if model == WHISPERX else "json")
    if wanted not in FORMATS:
        raise _wrong("response_format", wanted, ", ".join(FORMATS))
    granularities = frozenset(form.all("timestamp_granularities"))
    if not granularities <= {"word", "segment"}:
        raise _wrong("timestamp_granularities", ", ".join(sorted(granularities)), "word, segment")
    _refuse_what_is_not_offered(form)
    _temperature(form.get("temperature"), 1.0)
    stream = (form.get("stream") or "").lower() in YES
    if stream and wanted in ("srt", "vtt", WHISPERX):
        raise _wrong("stream", "true", f"false, for {wanted}")
    hotwords = [word.strip() for word in form.all("keywords") if word.strip()]
    asked = {
        "model": _recogniser(model, settings),
        "language": _language(form),
        "prompt": (form.get("prompt") or "").strip()[:PROMPT] or None,
        "hotwords": hotwords[:100] or None,
        "batch_size": SOON if stream else None,
    }
    options: dict[str, Any] = {
        "asr": settings.asr(**asked),
        "diarization": {"device": settings.device},
        "speakers": {} if wanted in DIARIZED else {"speakers": 1},
        "results": {"only": "transcript"},
    }
    return TranscriptionRequest(wanted, granularities or frozenset({"segment"}), stream, options)


def _refuse_what_is_not_offered(form: ReceivedForm) -> None:
    for name in ("known_speaker_names", "known_speaker_references"):
        if form.all(name):
            raise _wrong(name, "a value", "nothing: speakers are not identified here")
    if "logprobs" in form.all("include"):
        raise _wrong("include[]", "logprobs", "nothing")


def _recogniser(name: str, settings: ServeSettings) -> str:
    if name in (ALIAS, WHISPERX, settings.model):
        return settings.model
    if name not in recognisers():
        raise no_model(name)
    return recogniser(name)


def no_model(name: str) -> Refusal:
    """Return the refusal of a model that is not here."""
    return Refusal(404, f"no model {name[:100]!r}. See /v1/models.", param="model", code="model_not_found")


def _language(form: ReceivedForm) -> str | None:
    asked = form.all("language") or form.all("languages")
    if len(set(asked)) > 1:
        return "auto"
    try:
        return code_of(asked[0]) if asked and asked[0] else None
    except ConfigError as error:
        raise Refusal(400, str(error), param="language") from error


def _temperature(value: Any, most: float) -> float:
    try:
        found = float(value) if value not in (None, "") else 0.0
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found <= most:
        raise _wrong("temperature", value, f"0 to {most:g}")
    return found


def _wrong(name: str, value: Any, accepted: str) -> Refusal:
    return Refusal(400, f"{name}: found {str(value)[:60]!r}. Accepted: {accepted}.", param=name)


# Chat ---------------------------------------------------------------------------------------------------------------


def json_object(body: bytes) -> dict[str, Any]:
    """Return the body of a request.

    Raises:
        Refusal: it is no JSON object.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refusal(400, "the body is no JSON object.")
    return value


def chat(asked: Mapping[str, Any]) -> ChatRequest:
    """Return the conversation that a body asks to answer.

    Raises:
        Refusal: a value is not accepted, or asks for what is not offered.
    """
    model = asked.get("model")
    if not isinstance(model, str) or model not in chat_models():
        raise no_model(str(model))
    if asked.get("n") not in (None, 1):
        raise _wrong("n", asked["n"], "1")
    for name in ("tools", "functions", "logprobs", "audio"):
        if asked.get(name):
            raise _wrong(name, "a value", "nothing: these models only write text")
    kind = asked.get("response_format") or {"type": "text"}
    if not isinstance(kind, dict) or kind.get("type") != "text":
        raise _wrong("response_format", kind, '{"type": "text"}')
    most = asked.get("max_completion_tokens", asked.get("max_tokens"))
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= 1_000_000):
        raise _wrong("max_tokens", most, "a whole number, 1 or more")
    stop = asked.get("stop") or []
    stop = [stop] if isinstance(stop, str) else stop
    if not isinstance(stop, list) or len(stop) > 4 or not all(isinstance(s, str) and s for s in stop):
        raise _wrong("stop", stop, "up to four texts")
    for name in ("stream", "stream_options"):
        if not isinstance(asked.get(name) or False, (bool, dict)):
            raise _wrong(name, asked[name], "true or false, an object")
    temperature = _temperature(asked.get("temperature"), 2.0)
    return ChatRequest(model, _messages(asked.get("messages")), most, temperature, tuple(stop))


def _messages(given: Any) -> list[Message]:
    if not isinstance(given, list) or not given or not all(isinstance(m, dict) for m in given):
        raise _wrong("messages", type(given).__name__, "a list of messages, at least one")
    found: list[Message] = []
    for number, message in enumerate(given):
        role = message.get("role")
        if not isinstance(role, str) or role not in ROLES:
            raise _wrong(f"messages[{number}].role", role, ", ".join(ROLES))
        found.append({"role": ROLES[role], "content": _content(message.get("content"), number)})
    return found


def _content(given: Any, number: int) -> str:
    parts = [{"type": "text", "text": given}] if isinstance(given, str) else given
    if not isinstance(parts, list) or not all(
        isinstance(p, dict) and p.get("type") == "text" and isinstance(p.get("text"), str) for p in parts
    ):
        raise _wrong(f"messages[{number}].content", type(given).__name__, "a text, or parts of type text")
    return "".join(part["text"] for part in parts)
