"""Connections that send nothing, or the head of a request a byte at a time, are closed."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD = 20.0  # seconds for the head of a request


class Impatient(H11Protocol):
    """uvicorn's protocol, which by itself waits for the head of a request for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        became_a_socket = self.transport.get_protocol() is not self
        if became_a_socket or (self.cycle is not None and not self.cycle.response_complete):
            self._stop()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """Close the connection soon; what came before counts, so that one byte after the other helps nobody."""
        if self._late is None:
            self._late = self.loop.call_later(HEAD, self._close)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
