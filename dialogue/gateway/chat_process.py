"""A language model in a process of its own: it answers one conversation after the other, and blocks nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from anyio import CancelScope, to_thread

from dialogue.gateway.refusals import Refusal, full
from dialogue.library.worker import end_with_parent
from dialogue.llm import LLMError, Message, load

MOST = 16  # conversations that wait
ANSWER = 1024  # tokens, where a client does not say
MARGIN = 16  # tokens of a template around each message
POLL = 0.2  # seconds


@dataclass(frozen=True)
class ChatRequest:
    """A conversation to answer; ``max_tokens`` is the longest answer, ``None`` as long as fits."""

    model: str
    messages: Sequence[Message]
    max_tokens: int | None
    temperature: float
    stop: tuple[str, ...]


@dataclass(frozen=True)
class Ending:
    """How an answer ended: whether it is cut, and how many tokens were read and written."""

    cut: bool
    prompt_tokens: int
    completion_tokens: int


class ChatProcess:
    """The process, started at the first conversation."""

    def __init__(self, device: str = "auto") -> None:
        self._device = device
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: Any = None
        self._pipe: Any = None

    async def answer(self, request: ChatRequest) -> AsyncGenerator[str | Ending, None]:
        """Yield the pieces of an answer, then how it ended.

        Raises:
            Refusal: too many wait, the conversation is too long, or the model cannot answer.
        """
        if self._waiting >= MOST:
            raise full(f"{self._waiting} conversations are waiting, and no more are accepted.")
        self._waiting += 1
        try:
            async with self._turn, contextlib.aclosing(self._pieces(request)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._waiting -= 1

    async def _pieces(self, request: ChatRequest) -> AsyncGenerator[str | Ending, None]:
        await to_thread.run_sync(self._start)
        over = False
        try:
            self._pipe.send(request)
            while not over:
                found = await to_thread.run_sync(self._next)
                if found is None:
                    continue
                over = not isinstance(found, str)
                if isinstance(found, LLMError):
                    raise Refusal(400, str(found), param="messages", code="context_length_exceeded")
                if isinstance(found, RuntimeError):
                    raise Refusal(503, str(found), retry_after=60)
                assert not isinstance(found, Exception)
                yield found
        except (EOFError, OSError):
            over = True
            self.stop()
            raise Refusal(503, "the process of the language model has ended.", retry_after=10) from None
        finally:
            if not over:  # the client has left
                with CancelScope(shield=True):
                    await to_thread.run_sync(self._interrupt)

    def _start(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_answer_all, args=(theirs, self._device), daemon=True)
        self._process.start()
        theirs.close()

    def _next(self) -> str | Ending | Exception | None:
        return self._pipe.recv() if self._pipe.poll(POLL) else None

    def _interrupt(self) -> None:
        """Have the answer of the moment ended."""
        with contextlib.suppress(EOFError, OSError):
            self._pipe.send(None)
            while isinstance(self._pipe.recv(), str):
                pass
            return
        self.stop()

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None


def _answer_all(pipe: Connection, device: str) -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    name, model = "", None
    while True:
        request = pipe.recv()
        if request is None:  # an interruption that came too late
            continue
        try:
            if model is None or name != request.model:
                if model is not None:
                    model.close()
                model, name = load(request.model, device=device), request.model
            pipe.send(_answered(pipe, model, request))
        except LLMError as error:
            pipe.send(error)
        except Exception as error:  # a fault of one conversation ends no other
            pipe.send(RuntimeError(f"the language model failed: {type(error).__name__}."))


def _answered(pipe: Connection, model: Any, request: ChatRequest) -> Ending:
    read = sum(model.count_tokens(m["content"]) for m in request.messages)
    room = model.context_length - read - MARGIN * len(request.messages)
    if room < 1:
        raise LLMError(
            f"the messages have {read} tokens, and the context of {model.name} holds {model.context_length}."
        )
    most = min(request.max_tokens or ANSWER, room)
    text = ""
    for piece in model.stream(request.messages, max_tokens=most, temperature=request.temperature, stop=request.stop):
        text += piece
        pipe.send(piece)
        if pipe.poll():
            pipe.recv()
            break
    wrote = model.count_tokens(text)
    return Ending(wrote >= most, read, wrote)
