"""How clients speak to live recognition: what their messages ask for, and how events are told to them.

A dialect turns each message into requests (:class:`Sound`, :class:`Ended`...), and each event into messages. It knows
neither the connection nor the session. ``linto`` is the WebSocket of linto-stt; the others are ``/v1/realtime`` as
vLLM serves it, and as OpenAI did before and does since its general availability (GA).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any, TypeAlias

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.files import to_json
from dialogue.formats.languages import code_of
from dialogue.speech.live.intake import RATES
from dialogue.speech.live.session import Event, Final, Partial

EOF = re.compile(r' *\{.*"eof" *: *1.*\} *$', re.DOTALL)
LEAST = 0.1  # seconds of sound that OpenAI's commit needs


class Malformed(ValueError):
    """A message that the dialect does not know; the text is for whoever wrote the client.

    Attributes:
        param: the field at fault.
        code: word for programs.
    """

    def __init__(self, message: str, *, param: str | None = None, code: str = "invalid_value") -> None:
        super().__init__(message)
        self.param, self.code = param, code


@dataclass(frozen=True, slots=True)
class PCM:
    """Sound, 16-bit."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """Messages to send back."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """End the utterance that goes on.

    Attributes:
        last: and then the connection.
        forget: without saying what it was.
    """

    last: bool = False
    forget: bool = False


Request: TypeAlias = PCM | Said | Commit


class LinTO:
    """linto-stt: a configuration, then sound; partials and finals; ``eof`` at the end."""

    CLOSES = True  # at the first malformed message

    def __init__(self, rate: int | None = None, language: str | None = None) -> None:
        self.rate, self.language, self.id = rate or RATE, language, ""
        self._configured = False

    def hello(self) -> list[str]:
        """Return the messages that begin a connection."""
        return []

    def read(self, message: str | bytes) -> list[Request]:
        """Return what a message asks.

        Raises:
            Malformed: the dialect has no such message.
        """
        if isinstance(message, bytes):
            if not self._configured:
                raise Malformed('the first message must be {"config": {"sample_rate": 16000}}.')
            return [PCM(message)] if message else []
        if EOF.match(message):
            return [Commit(last=True)]
        config = _object(message).get("config")
        if not isinstance(config, dict) or self._configured:
            raise Malformed(
                'Accepted: {"config": {"sample_rate": 16000, "language": "fr-FR"}} once, then sound as binary '
                'messages, then {"eof": 1}.'
            )
        self.rate = _rate(config.get("sample_rate", self.rate), "sample_rate")
        self.language = _language(config.get("language")) or self.language
        self._configured = True
        return []

    def again(self) -> None:
        """Expect the messages of a new connection."""
        self._configured = False

    def told(self, event: Event) -> list[str]:
        """Return the messages that tell an event."""
        if isinstance(event, Partial):
            return [to_json({"partial": event.text})]
        return [to_json({"text": event.text, **({"speaker": event.speaker} if event.speaker else {})})]

    def committed(self, events: list[Event], last: bool) -> list[str]:
        """Return the messages that tell the end of an utterance that the client ended."""
        told = [message for event in events for message in self.told(event)]
        return [*told, *([] if told or not last else [to_json({"text": ""})])]

    def error(self, error: Malformed) -> list[str]:
        """Return the messages for an error; this dialect has only the reason of its close."""
        return []


class VLLM:
    """``/v1/realtime`` of vLLM: increments of one text, until ``commit`` with ``final``."""

    CLOSES = False

    def __init__(self, rate: int | None = None, language: str | None = None) -> None:
        self.rate, self.language, self.id = rate or RATE, language, _id("sess")
        self._texts: list[str] = []
        self._said = False
        self._seconds = 0.0

    def hello(self) -> list[str]:
        import time

        return [to_json({"type": "session.created", "id": self.id, "created": int(time.time())})]

    def again(self) -> None:
        """A new connection begins as the first one."""

    def read(self, message: str | bytes) -> list[Request]:
        value = _object(message)
        kind = value.get("type")
        if kind == "session.update":
            model = value.get("model", value.get("session", {}))
            if not isinstance(model, str | dict):
                raise Malformed("model: Accepted: a name.", param="model")
            self.language = _language(value.get("language")) or self.language
            return []
        if kind == "input_audio_buffer.append":
            data = _sound(value)
            self._seconds += len(data) / 2 / self.rate
            return [PCM(data)]
        if kind == "input_audio_buffer.commit":
            if not isinstance(final := value.get("final", False), bool):
                raise Malformed("final: Accepted: true or false.", param="final")
            return [Commit()] if final else []
        raise Malformed(
            f"type: found {str(kind)[:60]!r}. Accepted: session.update, input_audio_buffer.append, "
            "input_audio_buffer.commit.",
            param="type",
        )

    def told(self, event: Event) -> list[str]:
        if isinstance(event, Final):
            self._texts.append(event.text)
        if not event.delta:
            return []
        delta, self._said = f" {event.delta}" if self._said else event.delta, True
        return [to_json({"type": "transcription.delta", "delta": delta})]

    def committed(self, events: list[Event], last: bool) -> list[str]:
        told = [message for event in events for message in self.told(event)]
        usage = {"type": "duration", "seconds": round(self._seconds, 3)}
        done = {"type": "transcription.done", "text": " ".join(self._texts), "usage": usage}
        self._texts, self._said, self._seconds = [], False, 0.0
        return [*told, to_json(done)]

    def error(self, error: Malformed) -> list[str]:
        return [to_json({"type": "error", "error": str(error), "code": error.code})]


class OpenAI:
    """``/v1/realtime?intent=transcription`` of OpenAI, generally available: an item for each utterance.

    With ``turn_detection`` null, an item ends where the client commits.
    """

    CLOSES = False
    SESSION = "session"
    OWN_RATE = 24_000

    def __init__(self, rate: int | None = None, language: str | None = None) -> None:
        self.rate, self.language, self.id = rate or self.OWN_RATE, language, _id("sess")
        self._fixed_rate = rate is not None
        self._transcription: dict[str, Any] = {"model": "whisper-1"}
        self._detection: dict[str, Any] | None = {"type": "server_vad"}
        self._item: str | None = None  # that goes on
        self._before: str | None = None
        self._texts: list[str] = []
        self._said = False
        self._pending = self._seconds = 0.0  # of sound since the last item

    def hello(self) -> list[str]:
        return [self._event(f"{self.SESSION}.created", session=self._session())]

    def again(self) -> None:
        """A new connection begins as the first one."""

    def read(self, message: str | bytes) -> list[Request]:
        value = _object(message)
        kind = value.get("type")
        if kind == f"{self.SESSION}.update":
            session = value.get("session", {k: v for k, v in value.items() if k not in ("type", "event_id")})
            if not isinstance(session, dict):
                raise Malformed("session: Accepted: an object.", param="session")
            self._update(session)
            return [Said((self._event(f"{self.SESSION}.updated", session=self._session()),))]
        if kind == "input_audio_buffer.append":
            data = _sound(value)
            self._pending += len(data) / 2 / self.rate
            return [PCM(data)]
        if kind == "input_audio_buffer.commit":
            if self._pending < LEAST:
                raise Malformed(
                    f"{self._pending * 1000:.0f} ms of sound since the last commit. Accepted: 100 ms or more.",
                    code="input_audio_buffer_commit_empty",
                )
            return [Commit()]
        if kind == "input_audio_buffer.clear":
            self._item, self._texts, self._said, self._pending = None, [], False, 0.0
            return [Commit(forget=True), Said((self._event("input_audio_buffer.cleared"),))]
        raise Malformed(
            f"type: found {str(kind)[:60]!r}. Accepted: {self.SESSION}.update, input_audio_buffer.append, "
            "input_audio_buffer.commit, input_audio_buffer.clear.",
            param="type",
        )

    def told(self, event: Event) -> list[str]:
        messages = self._begun(event.start)
        if isinstance(event, Final):
            self._texts.append(event.text)
        if event.delta:
            delta, self._said = f" {event.delta}" if self._said else event.delta, True
            messages.append(self._transcribed("delta", delta=delta))
        return messages

    def ended(self, end: float) -> list[str]:
        """Return the messages after all finals of an utterance."""
        return self._complete(end) if self._detection else []

    def committed(self, events: list[Event], last: bool) -> list[str]:
        messages = [message for event in events for message in self.told(event)]
        begun = [] if self._item else self._begun(None)
        return [*messages, *begun, *self._complete(events[-1].end if events else None)]

    def error(self, error: Malformed) -> list[str]:
        about = {"type": "invalid_request_error", "code": error.code, "message": str(error), "param": error.param}
        return [self._event("error", error={**about, "event_id": None})]

    def _begun(self, start: float | None) -> list[str]:
        """Begin an item, unless one has begun."""
        if self._item:
            return []
        self._item, self._said = _id("item"), False
        if not self._detection or start is None:
            return []
        started = {"audio_start_ms": round(start * 1000), "item_id": self._item}
        return [self._event("input_audio_buffer.speech_started", **started)]

    def _complete(self, end: float | None) -> list[str]:
        messages = []
        if self._detection and end is not None:
            stopped = {"audio_end_ms": round(end * 1000), "item_id": self._item}
            messages.append(self._event("input_audio_buffer.speech_stopped", **stopped))
        committed = self._event("input_audio_buffer.committed", previous_item_id=self._before, item_id=self._item)
        usage = {"type": "duration", "seconds": round(self._pending, 3)}
        completed = self._transcribed("completed", transcript=" ".join(self._texts), usage=usage)
        self._before, self._item, self._texts, self._pending = self._item, None, [], 0.0
        return [*messages, committed, completed]

    def _transcribed(self, kind: str, **fields: Any) -> str:
        of = {"item_id": self._item, "content_index": 0}
        return self._event(f"conversation.item.input_audio_transcription.{kind}", **of, **fields)

    def _event(self, kind: str, **fields: Any) -> str:
        return to_json({"type": kind, "event_id": _id("event"), **fields})

    def _update(self, session: dict[str, Any]) -> None:
        if session.get("type", "transcription") != "transcription":
            raise Malformed("session.type: Accepted: transcription.", param="session.type")
        sound = _part(_part(session, "audio", "session"), "input", "session.audio")
        form = _part(sound, "format", "session.audio.input")
        if form.get("type", "audio/pcm") != "audio/pcm":
            raise Malformed(
                f"format: found {str(form['type'])[:40]!r}. Accepted: audio/pcm.", param="session.audio.input.format"
            )
        if not self._fixed_rate:
            self.rate = _rate(form.get("rate", self.rate), "session.audio.input.format.rate")
        self._heed(_part(sound, "transcription", "session.audio.input"))
        if "turn_detection" in sound:
            self._detect(sound["turn_detection"])

    def _heed(self, transcription: dict[str, Any]) -> None:
        self.language = _language(transcription.get("language")) or self.language
        self._transcription |= transcription

    def _detect(self, detection: object) -> None:
        if detection is not None and not isinstance(detection, dict):
            raise Malformed("turn_detection: Accepted: an object, or null.", param="turn_detection")
        self._detection = detection

    def _session(self) -> dict[str, Any]:
        return {
            "type": "transcription",
            "object": "realtime.transcription_session",
            "id": self.id,
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": self.rate},
                    "transcription": self._transcription,
                    "turn_detection": self._detection,
                    "noise_reduction": None,
                }
            },
        }


class OpenAIBeta(OpenAI):
    """The same before it was generally available: other names, and sound at 16 kHz, as its clients here send it."""

    SESSION = "transcription_session"
    OWN_RATE = RATE

    def _update(self, session: dict[str, Any]) -> None:
        if session.get("input_audio_format", "pcm16") != "pcm16":
            found = str(session["input_audio_format"])[:40]
            raise Malformed(f"input_audio_format: found {found!r}. Accepted: pcm16.", param="input_audio_format")
        self._heed(_part(session, "input_audio_transcription", "session"))
        if "turn_detection" in session:
            self._detect(session["turn_detection"])

    def _session(self) -> dict[str, Any]:
        return {
            "object": "realtime.transcription_session",
            "id": self.id,
            "input_audio_format": "pcm16",
            "input_audio_transcription": self._transcription,
            "turn_detection": self._detection,
        }


Dialect: TypeAlias = LinTO | VLLM | OpenAI


def _id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex[:24]}"


def _object(message: str | bytes) -> dict[str, Any]:
    try:
        value = json.loads(message)
    except (ValueError, RecursionError):
        raise Malformed("not JSON. Accepted: a JSON object in a text message.", code="invalid_json") from None
    if not isinstance(value, dict):
        raise Malformed("Accepted: a JSON object.", code="invalid_json")
    return value


def _part(value: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    part = value.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise Malformed(f"{where}.{name}: Accepted: an object.", param=f"{where}.{name}")
    return part


def _sound(value: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(value.get("audio"), validate=True)  # type: ignore[arg-type]
    except (TypeError, ValueError, binascii.Error):
        raise Malformed("audio: Accepted: 16-bit PCM in base64.", param="audio") from None


def _rate(value: object, param: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not RATES[0] <= value <= RATES[1]:
        raise Malformed(f"{param}: found {str(value)[:40]}. Accepted: {RATES[0]} to {RATES[1]} Hz.", param=param)
    return value


def _language(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Malformed("language: Accepted: a code such as fr.", param="language")
    try:
        return code_of(value)
    except ConfigError as error:
        raise Malformed(str(error), param="language") from None
