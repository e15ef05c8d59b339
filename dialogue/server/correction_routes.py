"""Routes of corrections: each is one line of the meeting's log, as with ``dialogue correct``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from dialogue.corrections import Correction
from dialogue.corrections.correction import OF_MINUTES
from dialogue.server.service import Injected, Service
from dialogue.server.state import told, unreplayed
from dialogue.server.texts import say
from dialogue.server.uploads import RefusedError
from dialogue.workflow.revision import Revision

Fields = Mapping[str, Any]
# How each kind is made; the fields are those of `dialogue correct`. What undoes and redoes is written at once.
MAKERS: dict[str, Callable[[Revision, str, Fields], Correction]] = {
    "rename": lambda r, by, f: r.editor(by).rename(r.speaker(f["speaker"]), f["name"], f.get("lines") or ()),
    "merge": lambda r, by, f: r.editor(by).merge(r.speaker(f["speaker"]), r.speaker(f["into"])),
    "split": lambda r, by, f: r.editor(by).split(f["places"], f.get("name")),
    "move": lambda r, by, f: r.editor(by).move(f["places"], r.speaker(f["to"])),
    "text": lambda r, by, f: r.editor(by).text(f["place"], f["text"]),
    "cut": lambda r, by, f: r.editor(by).cut(f["place"]),
    "join": lambda r, by, f: r.editor(by).join(f["first"], f["second"]),
    "omit": lambda r, by, f: r.editor(by).omit(f["places"], f["reason"]),
    "edit": lambda r, by, f: r.minutes_editor(by).edit(
        f["item"], f.get("text"), f.get("owner"), f.get("due"), f.get("status")
    ),
    "accept": lambda r, by, f: r.minutes_editor(by).accept(f["item"]),
    "reject": lambda r, by, f: r.minutes_editor(by).reject(f["item"]),
    "order": lambda r, by, f: r.minutes_editor(by).order(f["item"], f.get("before")),
    "undo": lambda r, by, f: r.undo(by, f.get("id")),
    "redo": lambda r, by, f: r.redo(by, f.get("id")),
}


router = APIRouter()


@router.post("/meetings/{id}/corrections")
def correct(request: Request, service: Injected, id: str, asked: dict[str, Any] = Body()) -> Any:
    library, language = service.library(request), request.state.language
    library.get(id)
    revision = editable(service, id, language)
    do = asked.get("do")
    if do not in MAKERS:
        raise RefusedError(400, say("option", language, name="do", value=do))
    if "version" in asked and not same(str(asked["version"]), service.states.version(id), str(do)):
        return JSONResponse({"error": say("elsewhere", language), "state": service.state(request, id)}, 409)
    try:
        made = MAKERS[str(do)](revision, str(asked.get("by") or library.user), asked)
    except (KeyError, TypeError) as error:
        raise RefusedError(400, say("option", language, name=f"{do}.{error}", value="-")) from None
    if not made.id:  # not in the log yet
        revision.add(made)
    service.background.corrected(id)
    return service.state(request, id)


@router.get("/meetings/{id}/history")
def history(request: Request, service: Injected, id: str) -> dict[str, Any]:
    service.library(request).get(id)
    revision = editable(service, id, request.state.language)
    undone = set(revision.log.undone)
    listed = [
        {**told(c, request.state.language), "text": str(c), "undone": c.id in undone} for c in revision.log.corrections
    ]
    return {"corrections": listed, "unreplayed": unreplayed(revision, request.state.language)}


def editable(service: Service, id: str, language: str) -> Revision:
    """Return the corrections of a meeting.

    Raises:
        RefusedError: it was added without the files that corrections need.
    """
    if not (service.folder / ".stages" / "transcript" / f"{id}.json").exists():
        raise RefusedError(409, say("read_only", language))
    return Revision(service.folder / id)


def same(seen: str, now: str, do: str) -> bool:
    """Tell whether a client has seen what it corrects: the log and the transcript; for items, the minutes too."""
    parts = 3 if do in OF_MINUTES else 2
    return seen.split("-")[:parts] == now.split("-")[:parts]
