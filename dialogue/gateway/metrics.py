"""What a server counts, in the text format of Prometheus; no counter knows who asked, or for what recording."""

from __future__ import annotations

import asyncio
import time
import traceback
import uuid
from collections.abc import MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import ClientDisconnect

from dialogue.core.progress import log
from dialogue.gateway.access import Refuse
from dialogue.gateway.refusals import Refusal
from dialogue.server.clients import Application, Receive, Scope, Send

TICK = 0.02  # seconds between looks at how late the event loop is


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dialogue_requests", "Answers by route and status", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "dialogue_request_seconds",
            "Time to the end of an answer",
            ["route"],
            buckets=(0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600),
            registry=self.registry,
        )
        self.uploaded = Counter("dialogue_received_bytes", "Bytes of requests", registry=self.registry)
        self.waiting = Gauge("dialogue_jobs", "Jobs that wait or run", registry=self.registry)
        self.late = Gauge(
            "dialogue_event_loop_late_seconds",
            "Longest wait of the event loop since the last look",
            registry=self.registry,
        )
        self._latest = 0.0

    async def watch(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            self._latest = max(self._latest, time.perf_counter() - before - TICK)

    def text(self, waiting: int) -> bytes:
        """Return all counters.

        Args:
            waiting: jobs that wait or run.
        """
        self.waiting.set(waiting)
        self.late.set(self._latest)
        self._latest = 0.0
        found: bytes = generate_latest(self.registry)
        return found


class Measured:
    """ASGI middleware: counts requests, and answers for what went wrong, so that no traceback leaves the server.

    The log names the error and the lines of code, not its message, which may quote what was said.
    """

    def __init__(self, app: Application, metrics: Metrics, refuse: Refuse) -> None:
        self.app, self.metrics, self.refuse = app, metrics, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, status = time.perf_counter(), 0

        async def counted() -> MutableMapping[str, Any]:
            message = await receive()
            self.metrics.uploaded.inc(len(message.get("body", b"")))
            return message

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, counted, answer)
        except ClientDisconnect:
            status = status or 499
        except Exception as error:
            name = uuid.uuid4().hex[:8]
            frames = "".join(traceback.format_tb(error.__traceback__)[-8:])
            log.error("error %s: %s\n%s", name, type(error).__name__, frames)
            if not status:
                refusal = Refusal(500, f"an error of the server, {name} in its log.")
                await self.refuse(scope, refusal)(scope, counted, answer)
        route = getattr(scope.get("route"), "path", "none")
        self.metrics.requests.labels(scope["method"], route, status).inc()
        self.metrics.seconds.labels(route).observe(time.perf_counter() - began)
