"""Routes of pages: that of a meeting, that which asks for the password, and the scripts and styles of both."""

from __future__ import annotations

import asyncio
import html
from importlib import resources
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from dialogue.demo.meeting_page import meeting_page
from dialogue.server.clients import YEAR
from dialogue.server.service import Injected

ASSETS = ("dialogue.pages", "dialogue.demo")  # packages whose scripts and styles pages load
KINDS = {".js": "text/javascript", ".css": "text/css"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
WORDS = {
    "fr": ("Mot de passe", "Entrer", "Ce n’est pas le mot de passe."),
    "en": ("Password", "Enter", "This is not the password."),
}

router = APIRouter()


@router.get("/meetings/{id}")
def meeting(request: Request, id: str) -> HTMLResponse:
    return HTMLResponse(meeting_page(id, request.state.language), headers={"content-security-policy": POLICY})


@router.get("/login")
def ask_password(request: Request, wrong: bool = False) -> HTMLResponse:
    page = login_page(request.state.language, wrong)
    return HTMLResponse(page, headers={"content-security-policy": POLICY})


@router.post("/login")
async def log_in(request: Request, service: Injected, password: Annotated[str, Form()] = "") -> Response:
    if not service.clients.admits(password):
        await asyncio.sleep(1.0)  # guessing takes time
        return RedirectResponse("/login?wrong=1", 303)
    answer = RedirectResponse("/", 303)
    cookie, secure = service.clients.cookie, request.url.scheme == "https"
    answer.set_cookie(cookie, service.clients.welcome(), max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


def login_page(language: str, wrong: bool) -> str:
    """Return the page that asks for the password."""
    label, button, sentence = map(html.escape, WORDS[language])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>dialogue</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/assets/login.css"></head><body><main><h1>dialogue</h1>'
        f'<form method="post" action="/login"><label>{label} <input type="password" name="password" '
        f'autocomplete="current-password" autofocus required></label> <button>{button}</button></form>'
        f'<p role="alert">{sentence if wrong else ""}</p></main></body></html>'
    )


def serve_assets(app: FastAPI) -> None:
    """Serve our scripts and styles, with a route for each, because Gradio has its own beside them."""
    for package in ASSETS:
        for path in sorted(Path(str(resources.files(package))).iterdir()):
            if path.suffix in KINDS:
                _serve_asset(app, path)


def _serve_asset(app: FastAPI, path: Path) -> None:
    @app.get(f"/assets/{path.name}")
    def asset() -> FileResponse:
        return FileResponse(path, media_type=KINDS[path.suffix], headers={"cache-control": "no-cache"})
