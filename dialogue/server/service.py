"""What all routes share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from dialogue.library.job_files import Job
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.server.background import Background
from dialogue.server.clients import Clients
from dialogue.server.state import States


@dataclass(frozen=True)
class Service:
    """A library that is served.

    Attributes:
        largest: bytes of an upload.
        example: recording that a client may try.
        finetuned: folders of language models that may write minutes, beside those of the registry.
    """

    folder: Path
    clients: Clients
    background: Background
    states: States
    largest: int
    example: Path | None
    finetuned: tuple[str, ...] = ()

    def library(self, request: Request) -> Library:
        """Return the library as the client sees it."""
        return Library(self.folder, request.state.owner)

    def waiting(self) -> list[Job]:
        """Return everyone's jobs that wait or run."""
        return Queue(Library(self.folder, user=None)).list(waiting=True)

    def state(self, request: Request, id: str) -> dict[str, Any]:
        """Return everything about a meeting of the client."""
        return self.states.state(self.library(request), id, request.state.language)


def _of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Injected = Annotated[Service, Depends(_of)]
