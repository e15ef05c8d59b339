"""Put the application together: the server of a library, the home page that Gradio hosts, and the page of a meeting."""

from __future__ import annotations

import asyncio
import html
import os
import sys
import webbrowser
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility
from dialogue.core.errors import DialogueError

if TYPE_CHECKING:
    from fastapi import FastAPI

ASSETS = ("dialogue.pages", "dialogue.demo")  # packages whose scripts and styles pages may load
KINDS = {".js": "text/javascript", ".css": "text/css"}
EXAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"  # in a checkout
CONVERSATIONS = ".conversations"  # in the library
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class DemoError(DialogueError, ValueError):
    """The application cannot be served like this; the message says what is accepted."""


def build(folder: Path, *, password: str | None = None, experiments: Path | None = None) -> FastAPI:
    """Return the application over a library.

    Args:
        folder: of the library; made if missing.
        password: that browsers have to say first.
        experiments: folder with experiments of ``dialogue continual``, to look at.
    """
    compatibility.prepare()  # switches analytics off, before gradio is imported
    from dialogue.demo.home import home, mount
    from dialogue.server.application import application

    app = application(folder, password=password, example=EXAMPLE if EXAMPLE.exists() else None)
    _add_pages(app)
    clients = app.state.service.clients
    page = home(folder / CONVERSATIONS, lambda request: clients.owner(request.cookies), experiments=experiments)
    return mount(app, page)


def _add_pages(app: FastAPI) -> None:
    from fastapi import Form, Request
    from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

    from dialogue.demo.meeting_page import meeting_page

    clients = app.state.service.clients

    def serve_asset(path: Path) -> None:
        """Serve a file; a route for each, because Gradio has its own beside them."""

        @app.get(f"/assets/{path.name}")
        def asset() -> FileResponse:
            return FileResponse(path, media_type=KINDS[path.suffix], headers={"cache-control": "no-cache"})

    for package in ASSETS:
        for path in sorted(Path(str(resources.files(package))).iterdir()):
            if path.suffix in KINDS:
                serve_asset(path)

    @app.get("/meetings/{id}")
    def meeting(request: Request, id: str) -> HTMLResponse:
        return HTMLResponse(meeting_page(id, request.state.language), headers={"content-security-policy": STRICT})

    @app.get("/login")
    def ask_password(request: Request, wrong: bool = False) -> HTMLResponse:
        return HTMLResponse(login_page(request.state.language, wrong), headers={"content-security-policy": STRICT})

    @app.post("/login")
    async def log_in(request: Request, password: str = Form("")) -> Response:
        if not clients.admits(password):
            await asyncio.sleep(1.0)  # guessing takes time
            return RedirectResponse("/login?wrong=1", 303)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(clients.cookie, clients.welcome(), max_age=31_536_000, httponly=True, samesite="lax")
        return answer


def login_page(language: str, wrong: bool) -> str:
    """Return the page that asks for the password."""
    words = {
        "fr": ("Mot de passe", "Entrer", "Ce n’est pas le mot de passe."),
        "en": ("Password", "Enter", "This is not the password."),
    }[language]
    label, button, sentence = map(html.escape, words)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>dialogue</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/assets/login.css"></head><body><main><h1>dialogue</h1>'
        f'<form method="post" action="/login"><label>{label} <input type="password" name="password" '
        f'autocomplete="current-password" autofocus required></label> <button>{button}</button></form>'
        f'<p role="alert">{sentence if wrong else ""}</p></main></body></html>'
    )


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    password: str | None = None,
    experiments: Path | None = None,
    browser: bool = True,
    say: Any = print,
) -> None:
    """Serve the application until it is interrupted.

    Args:
        host: address to listen on; any but the loopback needs a password.
        browser: open the page in the browser of this machine.
        say: called with the address.

    Raises:
        DemoError: another address without a password.
        OSError: the port is taken.
    """
    import uvicorn

    if host not in LOOPBACK and not password:
        raise DemoError(
            f"host {host}: other machines would read your meetings. Accepted: 127.0.0.1, or a password "
            "(--password-file FILE)."
        )
    app = build(folder, password=password, experiments=experiments)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    mine = f"{address}?key={app.state.service.clients.key}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                say(mine if host in LOOPBACK else address)
                if browser and host in LOOPBACK and _has_screen():
                    webbrowser.open(mine)

    Server(uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)).run()


def _has_screen() -> bool:
    """Tell whether a browser would open on a screen, and not in the terminal."""
    return sys.platform in ("win32", "darwin") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
