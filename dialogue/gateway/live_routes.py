"""Live recognition over WebSockets: ``/streaming`` and ``/`` as linto-stt, ``/v1/realtime`` as vLLM and OpenAI.

Which dialect of ``/v1/realtime`` a client speaks is seen from its call: OpenAI's beta sends the header ``OpenAI-Beta:
realtime=v1``; OpenAI's since then ``?intent=transcription``; vLLM's neither.

A client may give an id, ``?session=ID`` (``/v1/realtime`` also answers with one). If its connection is lost, it has a
minute to come back with the id, and goes on where it was: what it had not been told is told first.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from dialogue.core.errors import DialogueError
from dialogue.core.progress import log
from dialogue.gateway.dialects import PCM, VLLM, Commit, Dialect, LinTO, Malformed, OpenAI, OpenAIBeta, Said
from dialogue.gateway.refusals import Refusal
from dialogue.gateway.streams import Running, Streams
from dialogue.library.owners import LOCAL
from dialogue.speech.live.session import Event, Final

router = APIRouter()
UPLOADS: tuple[str, ...] = ()  # paths whose bodies are large: none

WAITING = 32  # messages that wait while sound is recognised; then the client waits
LARGEST = 1 << 20  # bytes of a message: half a minute of sound
AT_ONCE = LARGEST // 4  # bytes of sound that are recognised at once
PATIENCE = 30.0  # seconds that a client may take to receive a message
FAULTS = 20  # malformed messages after which a connection is closed
ID = re.compile(r"[\w.:-]{1,128}")
DONE, GONE, UNUSABLE, REFUSED, LARGE, FAULT, LATER = 1000, 1001, 1003, 1008, 1009, 1011, 1013  # RFC 6455, 7.4.1


@router.websocket("/streaming")
@router.websocket("/")
async def streaming(websocket: WebSocket) -> None:
    """As linto-stt."""
    await _serve(websocket, LinTO)


@router.websocket("/v1/realtime")
async def realtime(websocket: WebSocket) -> None:
    """As vLLM and OpenAI."""
    beta = "realtime=v1" in websocket.headers.get("openai-beta", "")
    intent = websocket.query_params.get("intent") == "transcription"
    await _serve(websocket, OpenAIBeta if beta else OpenAI if intent else VLLM)


async def _serve(websocket: WebSocket, kind: type[Dialect]) -> None:
    """Serve one connection from its beginning to its end."""
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(subprotocol="realtime" if "realtime" in offered else None)
    streams: Streams = websocket.app.state.streams
    owner = websocket.scope.get("state", {}).get("owner", LOCAL)
    connection = _Connection(websocket, streams)
    code, reason = FAULT, "an error of the server"
    dialect = kind()
    try:
        dialect = kind(_rate_of(websocket))
        asked = websocket.query_params.get("session")
        connection.resumable = bool(asked or dialect.id)  # it is known to the client
        id = asked or dialect.id or uuid.uuid4().hex
        if not ID.fullmatch(id):
            raise Malformed("session: Accepted: 1 to 128 letters, digits and any of . : _ -", param="session")
        dialect.id = id
        async with streams.client(), streams.running(owner, id, dialect) as running:
            code, reason = await connection.run(running)
    except Malformed as error:
        await connection.say(dialect.error(error))
        code, reason = UNUSABLE if dialect.CLOSES else REFUSED, str(error)
    except Refusal as refusal:
        await connection.say(dialect.error(Malformed(str(refusal), code=refusal.code or "invalid_value")))
        code, reason = LATER if refusal.status == 429 else REFUSED, str(refusal)
    except Exception as error:  # the client gets no traceback; the log gets no text
        log.error("live: %s", type(error).__name__ if not isinstance(error, DialogueError) else error)
        await connection.say(dialect.error(Malformed("an error of the server.", code="server_error")))
    finally:
        await connection.close(code, reason)


def _rate_of(websocket: WebSocket) -> int | None:
    text = websocket.query_params.get("sample_rate")
    if text is None:
        return None
    if not text.isdecimal() or not 8000 <= int(text[:9]) <= 192_000:
        raise Malformed("sample_rate: Accepted: 8000 to 192000 Hz.", param="sample_rate")
    return int(text)


class _Connection:
    """One client, from its first message to its last."""

    def __init__(self, websocket: WebSocket, streams: Streams) -> None:
        self.websocket, self.streams = websocket, streams
        self.messages: asyncio.Queue[str | bytes | tuple[int, str] | None] = asyncio.Queue(WAITING)
        self.faults = 0
        self.open = self.resumable = True

    async def run(self, running: Running) -> tuple[int, str]:
        """Answer messages until an end; returns the code and the reason with which to close."""
        dialect = running.dialect
        dialect.again()
        receiver = asyncio.create_task(self._receive())
        try:
            await self.say(dialect.hello())
            while True:
                if running.unsent and await self.say(running.unsent):
                    running.unsent = []
                message = await self._next(running)
                if message is None:
                    running.lost = self.resumable
                    return GONE, "the client left"
                if isinstance(message, tuple):
                    return message
                if message == "":  # nothing came: somebody who sends no silence has paused
                    await self._commit(running, Commit(), told=True)
                    continue
                if ended := await self._answer(running, message):
                    return ended
        except asyncio.CancelledError:
            running.lost = self.resumable
            raise
        finally:
            receiver.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await receiver

    async def _answer(self, running: Running, message: str | bytes) -> tuple[int, str] | None:
        """Do what a message asks, and tell what it brings."""
        dialect = running.dialect
        sound = b""
        try:
            while True:
                for request in dialect.read(message):
                    if isinstance(request, PCM):
                        sound += request.data
                        continue
                    sound = await self._feed(running, sound)
                    if isinstance(request, Said):
                        running.unsent += request.messages
                    elif isinstance(request, Commit):
                        await self._commit(running, request)
                        if request.last:
                            await self.say(running.unsent)
                            return DONE, ""
                waiting = None
                if len(sound) < AT_ONCE and not self.messages.empty():
                    waiting = self.messages.get_nowait()  # what came meanwhile is recognised together
                    if waiting is None or isinstance(waiting, tuple):
                        self.messages.put_nowait(waiting)
                if waiting is None or isinstance(waiting, tuple):
                    await self._feed(running, sound)
                    return None
                message = waiting
        except Malformed as error:
            self.faults += 1
            running.unsent += dialect.error(error)
            if dialect.CLOSES or self.faults >= FAULTS:
                await self.say(running.unsent)
                return UNUSABLE if dialect.CLOSES else REFUSED, str(error)
        return None

    async def _feed(self, running: Running, sound: bytes) -> bytes:
        if sound:
            session = await self._session(running)
            events = await self.streams.call(session.feed, sound)
            running.unsent += _told(running.dialect, events)
        return b""

    async def _commit(self, running: Running, request: Commit, told: bool = False) -> None:
        """End the utterance that goes on.

        Args:
            told: as one that ended by itself, and not because the client said so.
        """
        session = running.session
        events: list[Event] = []
        if session:
            events = await self.streams.call(session.finish if request.last else session.flush)
        if request.last:
            running.session = None
        if request.forget:
            return
        dialect = running.dialect
        running.unsent += _told(dialect, events) if told else dialect.committed(events, request.last)

    async def _session(self, running: Running) -> Any:
        """Return the session, made with its first sound: only then are rate and language known."""
        rate, language = running.dialect.rate, running.dialect.language
        if running.session is None:
            running.session = await self.streams.call(lambda: self.streams.session(rate=rate, language=language))
        if running.session.rate != rate:
            raise Malformed(f"rate: found {rate}. Accepted: {running.session.rate} Hz, with which the session began.")
        if language and language != "auto":
            running.session.asr = replace(running.session.asr, language=language)
        return running.session

    async def _next(self, running: Running) -> str | bytes | tuple[int, str] | None:
        """Return the next message; ``""`` if an utterance is open and no sound comes, ``None`` if the client left."""
        settings = self.streams.settings
        speaking = running.session is not None and running.session.speaking
        coming = asyncio.create_task(self.messages.get())
        taken = asyncio.create_task(running.taken.wait())
        try:
            waited = settings.gap if speaking else settings.idle
            done, _ = await asyncio.wait({coming, taken}, timeout=waited, return_when=asyncio.FIRST_COMPLETED)
            if coming in done:
                return coming.result()
            if taken in done:
                return REFUSED, "another connection has taken this session over"
            return "" if speaking else (REFUSED, f"nothing came for {settings.idle:g} s")
        finally:
            for task in (coming, taken):
                task.cancel()

    async def _receive(self) -> None:
        """Put the client's messages into the queue, which is bounded; ``None`` is its end."""
        while True:
            try:
                message = await self.websocket.receive()
            except (WebSocketDisconnect, RuntimeError):
                message = {"type": "websocket.disconnect"}
            if message["type"] == "websocket.disconnect":
                self.open = False
                return await self.messages.put(None)
            data: str | bytes = message.get("text") or message.get("bytes") or b""
            if len(data) > LARGEST:
                return await self.messages.put((LARGE, f"a message of {len(data)} bytes. Accepted: {LARGEST} at most."))
            if data:
                await self.messages.put(data)

    async def say(self, messages: list[str]) -> bool:
        """Send messages; returns whether the client was there."""
        try:
            for message in messages:
                await asyncio.wait_for(self.websocket.send_text(message), PATIENCE)
        except (WebSocketDisconnect, RuntimeError, asyncio.TimeoutError):
            self.open = False
        return self.open

    async def close(self, code: int, reason: str) -> None:
        """Close, unless the client left."""
        if self.open:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self.websocket.close(code, reason.encode()[:120].decode(errors="ignore"))


def _told(dialect: Dialect, events: list[Event]) -> list[str]:
    """Return the messages that tell events; where items end by themselves, the finals of an utterance are one item."""
    messages: list[str] = []
    for number, event in enumerate(events):
        messages += dialect.told(event)
        following = events[number + 1] if number + 1 < len(events) else None
        if isinstance(event, Final) and isinstance(dialect, OpenAI) and not _together(event, following):
            messages += dialect.ended(event.end)
    return messages


def _together(event: Final, following: Event | None) -> bool:
    """Tell whether two finals, one after the other, are of one utterance: of two speakers without a pause."""
    return isinstance(following, Final) and following.utterance == event.utterance
