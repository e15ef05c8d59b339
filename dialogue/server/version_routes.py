"""Routes of the minutes by several writers: which there are, two to compare without names, what was preferred."""

from __future__ import annotations

import hashlib
import random
from typing import Any

from fastapi import APIRouter, Body, Request

from dialogue import pages
from dialogue.library.meetings import Library
from dialogue.library.versions import RULES, Version, Versions
from dialogue.server import uploads
from dialogue.server.service import Injected, Service
from dialogue.server.texts import say
from dialogue.server.uploads import RefusedError

router = APIRouter()


@router.get("/meetings/{id}/versions")
def list_versions(request: Request, service: Injected, id: str) -> dict[str, Any]:
    library, language = service.library(request), request.state.language
    versions = _of(library, id).all()
    writers = (RULES, *uploads.language_models(), *service.finetuned)
    others = [name for name in writers if name not in {v.writer for v in versions}]
    return {
        "versions": [{"writer": v.writer, "current": v.current} for v in versions],
        "others": others,
        "pair": _pair(service, library, id, versions, language),
    }


@router.post("/meetings/{id}/preference")
def prefer(request: Request, service: Injected, id: str, given: dict[str, Any] = Body()) -> dict[str, Any]:
    library, language = service.library(request), request.state.language
    of = _of(library, id)
    known = {_token(service, id, v): v for v in of.all()}
    chosen, rejected = (known.get(str(given.get(name))) for name in ("chosen", "rejected"))
    if chosen is None or rejected is None or chosen is rejected:
        raise RefusedError(409, say("elsewhere", language))
    of.prefer(chosen, rejected, str(library.user), bool(given.get("tie")))
    return {"chosen": chosen.writer, "rejected": rejected.writer}


def _of(library: Library, id: str) -> Versions:
    library.get(id)
    return Versions(library.folder, id)


def _pair(
    service: Service, library: Library, id: str, versions: list[Version], language: str
) -> list[dict[str, Any]] | None:
    """Return two versions in an order of chance, which only a token tells apart."""
    if len(versions) < 2:
        return None
    said = library.transcript(id)
    pair = [versions[0], random.choice(versions[1:])]
    random.shuffle(pair)
    shown = []
    for version in pair:
        minutes = pages.viewer_data(said, version.minutes, language=language)["minutes"]
        shown.append({"token": _token(service, id, version), "minutes": {**minutes, "note": "", "provenance": {}}})
    return shown


def _token(service: Service, id: str, version: Version) -> str:
    return hashlib.sha256(f"{service.clients.key}/{id}/{version.writer}".encode()).hexdigest()[:16]
