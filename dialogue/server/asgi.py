"""The application: a library of meetings over HTTP, for pages of this machine.

Routes are in the modules ``..._routes``. Every answer that is no success is
``{"error": sentence}`` in the language of the reader.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from dialogue.core.errors import DialogueError
from dialogue.library.catalogue import LibraryError
from dialogue.library.meetings import Library
from dialogue.server import correction_routes, export_routes, meeting_routes, question_routes, version_routes
from dialogue.server.background import Background
from dialogue.server.clients import Clients, ForClients
from dialogue.server.service import Service
from dialogue.server.state import States
from dialogue.server.texts import explained, say
from dialogue.server.uploads import RefusedError

LARGEST = 2_000_000_000  # bytes of an upload: three hours of stereo at 48 kHz


def application(
    folder: Path,
    *,
    password: str | None = None,
    example: Path | None = None,
    largest: int = LARGEST,
    finetuned: Sequence[str] = (),
) -> FastAPI:
    """Return the application over a library, which works on its queue while it is served.

    Args:
        folder: of the library; made if missing.
        password: as for :class:`~dialogue.server.clients.Clients`.
        example: recording of an example meeting.
        largest, finetuned: as for :class:`~dialogue.server.service.Service`.

    Its ``state.service`` is the :class:`Service`.
    """
    Library(folder)
    background = Background(folder)
    clients, states = Clients(folder, password), States(folder, background)
    service = Service(folder, clients, background, states, largest, example, tuple(finetuned))

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        background.start()
        yield
        background.stop()

    app = FastAPI(title="dialogue", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.service = service
    for module in (meeting_routes, export_routes, correction_routes, question_routes, version_routes):
        app.include_router(module.router, prefix="/api")
    _explain_errors(app)
    app.add_middleware(ForClients, clients=service.clients)  # type: ignore[arg-type]
    return app


def _explain_errors(app: FastAPI) -> None:
    def answer(status: int, sentence: str, **more: Any) -> JSONResponse:
        return JSONResponse({"error": sentence, **more}, status)

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> JSONResponse:
        return answer(error.status, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        where = ".".join(map(str, error.errors()[0]["loc"][1:])) or "?"
        found = error.errors()[0].get("input")
        return answer(400, say("option", request.state.language, name=where, value=found))

    async def impossible(request: Request, error: Exception) -> JSONResponse:
        language, message = request.state.language, str(error)
        if isinstance(error, LibraryError) and message.startswith("no meeting"):
            return answer(404, say("no_meeting", language))
        status = 429 if "no more are accepted" in message else 409 if "already waiting" in message else 400
        return answer(status, explained(message, language), detail=message)

    for kind in (DialogueError, ValueError):
        app.add_exception_handler(kind, impossible)

    @app.exception_handler(OSError)
    async def machine(request: Request, error: OSError) -> JSONResponse:
        return answer(
            507 if error.errno == 28 else 500, explained(str(error.strerror or error), request.state.language)
        )
