"""The live sessions of a server: how many there may be, where they run, and how they outlive a lost connection.

All share one set of models. Sound is recognised in threads, so that the event loop is free; the recogniser lets others
run meanwhile. A session that lost its connection waits a minute for the client to come back with the same id; a second
client with this id takes it over, because the first connection is most often one that nobody noticed was lost.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from dialogue.core.config import ConfigError
from dialogue.gateway.refusals import Refusal

if TYPE_CHECKING:
    from dialogue.speech.live import Session

T = TypeVar("T")
Make = Callable[..., "Session"]  # (rate=, language=)


@dataclass(frozen=True)
class StreamSettings:
    """Limits of live recognition.

    Attributes:
        most: clients at once; 0 refuses all.
        idle: seconds without a message after which a client is gone.
        gap: seconds without sound that end an utterance, for clients that send no silence.
        resume: seconds for which a session waits for its client.
    """

    most: int = 8
    idle: float = 60.0
    gap: float = 0.8
    resume: float = 60.0

    def __post_init__(self) -> None:
        for name in ("most", "idle", "gap", "resume"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}: found {getattr(self, name)}. Accepted: 0 or more.")


@dataclass
class Running:
    """One session and what its dialect knows; it outlives connections.

    Attributes:
        dialect: see :mod:`dialogue.gateway.dialects`.
        unsent: messages that are still to be sent.
        session: made with the first sound.
        taken: set when another connection wants it.
        lock: held by the connection that has it.
    """

    dialect: Any
    unsent: list[str] = field(default_factory=list)
    session: Session | None = None
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    lost: bool = False
    ending: asyncio.TimerHandle | None = None


class Streams:
    """Runs sessions.

    Args:
        make: makes a session, with models that all share; called in a thread. For example
            ``partial(listening.session, pipeline, settle=False)``.
    """

    def __init__(self, make: Make, settings: StreamSettings = StreamSettings()) -> None:
        self.settings = settings
        self.connected = 0  # clients
        self._make, self._loading = make, threading.Lock()
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="live")
        self._running: dict[tuple[str, str], Running] = {}

    @asynccontextmanager
    async def client(self) -> AsyncIterator[None]:
        """Count a client while it is connected.

        Raises:
            Refusal: there are too many.
        """
        if self.connected >= self.settings.most:
            raise Refusal(
                429, f"{self.connected} streams, the most at once.", code="rate_limit_exceeded", retry_after=10
            )
        self.connected += 1
        try:
            yield
        finally:
            self.connected -= 1

    @asynccontextmanager
    async def running(self, owner: str, id: str, dialect: Any) -> AsyncIterator[Running]:
        """Yield the session of an owner's id, a new one unless it waits for its client or another one has it.

        When the block is left with ``lost`` set, it waits for its client; otherwise it has ended.

        Raises:
            Refusal: the session speaks another dialect.
        """
        key = owner, id
        found = self._running.get(key)
        if found is None:
            found = self._running[key] = Running(dialect)
        elif type(found.dialect) is not type(dialect):
            raise Refusal(409, "the session with this id has another protocol.", param="session")
        found.taken.set()
        async with found.lock:
            found.taken = asyncio.Event()
            if found.ending:
                found.ending.cancel()
            found.lost, found.ending = False, None
            self._running[key] = found  # the connection before may have ended it
            try:
                yield found
            finally:
                if found.lost:
                    loop = asyncio.get_running_loop()
                    found.ending = loop.call_later(self.settings.resume, self._forget, key, found)
                    self._bound()
                elif not found.taken.is_set():
                    self._forget(key, found)

    def session(self, **options: Any) -> Session:
        """Make a session; the first one loads the models."""
        with self._loading:
            return self._make(**options)

    async def call(self, work: Callable[..., T], *arguments: Any) -> T:
        """Call something that computes, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)

    def close(self) -> None:
        """End: sessions that wait are forgotten, and nothing new is computed."""
        for found in self._running.values():
            if found.ending:
                found.ending.cancel()
        self._running.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self, key: tuple[str, str], found: Running) -> None:
        if self._running.get(key) is found:
            del self._running[key]

    def _bound(self) -> None:
        """Forget the sessions that wait longest, beyond as many as may be connected."""
        waiting = [(key, found) for key, found in self._running.items() if found.ending]
        for key, found in waiting[: max(0, len(waiting) - self.settings.most)]:
            if found.ending:
                found.ending.cancel()
            self._forget(key, found)
