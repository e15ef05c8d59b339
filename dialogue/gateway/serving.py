"""The server: all routes over one library, the worker beside them, and errors in the form of each dialect."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import re
from collections.abc import AsyncIterator, Callable, MutableMapping
from functools import partial
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from dialogue.core.config import build
from dialogue.core.errors import DialogueError
from dialogue.core.version import VERSION
from dialogue.gateway import (
    chat_routes,
    description,
    lasuite_routes,
    linto_routes,
    live_routes,
    minutes_routes,
    openai_routes,
    pyannoteai_routes,
    studio_routes,
    voice_routes,
)
from dialogue.gateway.access import Access, AccessTokens
from dialogue.gateway.chat_process import ChatProcess
from dialogue.gateway.heartbeat import Heartbeat
from dialogue.gateway.metrics import Measured, Metrics
from dialogue.gateway.negotiation import json_answer, text_answer
from dialogue.gateway.recordings import Recordings
from dialogue.gateway.refusals import Refusal, refusal_of
from dialogue.gateway.settings import ServeSettings
from dialogue.gateway.streams import Streams, StreamSettings
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.server.addresses import AddressError, is_loopback, listen_at, url
from dialogue.server.background import Background
from dialogue.workflow import listening
from dialogue.workflow.config import Config
from dialogue.workflow.pipeline import Pipeline

MODULES = (
    linto_routes,
    voice_routes,
    openai_routes,
    pyannoteai_routes,
    live_routes,
    minutes_routes,
    chat_routes,
    studio_routes,
    lasuite_routes,
)
ErrorBody = Callable[..., Any]
DIALECTS: tuple[tuple[str, ErrorBody], ...] = (  # beginning of a path -> how its errors are written
    ("/stt/", linto_routes.plain_error),
    ("/diarization", linto_routes.plain_error),
    ("/v1/", openai_routes.error_body),
    ("/api/v1/", minutes_routes.error_body),
    ("/api/v2/", lasuite_routes.error_body),
    ("/speaker-identification/", voice_routes.error_body),
    ("/cm-api/", studio_routes.error_body),
)


def application(
    folder: Path,
    settings: ServeSettings | None = None,
    tokens: AccessTokens | None = None,
    heartbeat: Heartbeat | None = None,
) -> FastAPI:
    """Return the application over a library.

    Args:
        folder: of the library; made if missing.
        tokens: that are accepted; without any, everyone is the library's local user.
        heartbeat: tells LinTO's gateway that the server is there.
    """
    settings, tokens = settings or ServeSettings(), tokens or AccessTokens({})
    Library(folder)
    background = Background(folder, settings.workers)
    recordings, metrics = Recordings(folder, background, settings), Metrics()
    chat = ChatProcess(settings.device)
    pipeline = Pipeline(build(Config, {"asr": settings.asr(), "diarization": {"device": settings.device}}))
    streams = Streams(partial(listening.session, pipeline, settle=False), StreamSettings(most=settings.max_streams))
    protocol = _protocol(folder)

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        recordings.clean()
        background.start()
        beside = [asyncio.create_task(metrics.watch())]
        if heartbeat:
            beside.append(asyncio.create_task(heartbeat.beat()))
        async with protocol.running() if protocol else contextlib.nullcontext():
            yield
        for task in beside:
            task.cancel()
        streams.close()
        chat.stop()
        await to_thread.run_sync(background.stop)

    app = FastAPI(
        title="dialogue",
        version=VERSION,
        description="A library of meetings behind the clients of LinTO, OpenAI and La Suite.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.recordings, app.state.chat, app.state.streams = recordings, chat, streams

    @app.get("/metrics", tags=["about"], summary="What the server counts, for Prometheus")
    def count() -> Response:
        waiting = Queue(Library(folder, user=None)).waiting()
        return Response(metrics.text(waiting), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/docs", include_in_schema=False)
    def describe() -> Response:
        headers = {"content-security-policy": description.POLICY, "x-content-type-options": "nosniff"}
        return HTMLResponse(description.page(app.openapi()), headers=headers)

    for module in MODULES:
        app.include_router(module.router)
    if protocol:
        app.router.routes += protocol.routes
    _explain_errors(app)
    large = tuple(path for module in MODULES for path in getattr(module, "UPLOADS", ()))
    rate = settings.requests_per_minute
    app.add_middleware(
        Access,  # type: ignore[arg-type]
        tokens=tokens,
        hosts=settings.hosts,
        large=large,
        rate=rate,
        refuse=refuse,
    )
    app.add_middleware(Measured, metrics=metrics, refuse=refuse)  # type: ignore[arg-type]
    return app


def _protocol(folder: Path) -> Any:
    """Return the Model Context Protocol at ``/mcp``, if its package is installed."""
    if importlib.util.find_spec("mcp") is None:
        return None
    from dialogue.gateway.mcp_tools import Mounted

    return Mounted(folder)


def refuse(scope: MutableMapping[str, Any], refusal: Refusal) -> Response:
    """Return the answer to a request that is refused, in the dialect of its route."""
    path = re.sub(r"//+", "/", scope["path"])
    written = scope.get("state", {}).get("error_body") or next(
        (body for start, body in DIALECTS if path.startswith(start)), linto_routes.error_body
    )
    body = written(refusal.status, str(refusal), param=refusal.param, code=refusal.code)
    answer = text_answer(body, status=refusal.status) if isinstance(body, str) else json_answer(body, refusal.status)
    if refusal.retry_after:
        answer.headers["retry-after"] = str(refusal.retry_after)
    if refusal.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    if refusal.status in (408, 413):
        answer.headers["connection"] = "close"  # what is still coming is not read
    return answer


def _explain_errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"][1:])) or "body"
        return refuse(request.scope, Refusal(400, f"{name}: {first['msg']}.", param=name))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        answer = refuse(request.scope, Refusal(error.status_code, str(error.detail)))
        answer.headers.update(error.headers or {})
        return answer

    async def impossible(request: Request, error: Exception) -> Response:
        refusal = refusal_of(error)
        if refusal is None:
            raise error
        return refuse(request.scope, refusal)

    for kind in (DialogueError, OSError, ValueError):
        app.add_exception_handler(kind, impossible)


def serve(
    folder: Path,
    settings: ServeSettings,
    tokens: AccessTokens,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    anonymous: bool = False,
    heartbeat: Heartbeat | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted.

    Args:
        host: address to listen on; any but the loopback needs tokens.
        anonymous: it needs none.
        heartbeat: as for :func:`application`.
        say: called with the address.

    Raises:
        AddressError: another address without tokens, or one that cannot be listened on.
    """
    import uvicorn

    from dialogue.gateway.patience import Impatient

    if not is_loopback(host) and not tokens and not anonymous:
        raise AddressError(
            f"host {host}: anybody there could read your meetings. Accepted: 127.0.0.1, or tokens (--tokens FILE, or "
            "API_KEY), or ALLOW_ANONYMOUS=1."
        )
    ours = listen_at(host, port)
    app = application(folder, settings, tokens, heartbeat)
    say(url(*ours.getsockname()[:2]))
    config = uvicorn.Config(
        app,
        http=Impatient,
        log_level="warning",
        access_log=False,
        limit_concurrency=1000,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        server_header=False,
        ws_ping_interval=None,  # clients of linto-stt do not answer while they are busy
    )
    uvicorn.Server(config).run([ours])
