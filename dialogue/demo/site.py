"""Put the application together: the server of a library, the home page that Gradio hosts, and the page of a meeting."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility, tainted
from dialogue.server.addresses import AddressError, is_loopback, listen_at, url

if TYPE_CHECKING:
    from fastapi import FastAPI

EXAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"  # in a checkout


def build(folder: Path, *, password: str | None = None, experiments: Path | None = None) -> FastAPI:
    """Return the application over a library.

    Args:
        folder: of the library; made if missing.
        password: that browsers have to say first.
        experiments: folder with experiments of ``dialogue continual``, to look at; their models write minutes and talk.
    """
    compatibility.silence()  # before gradio is imported
    from dialogue.demo import page_routes
    from dialogue.demo.conversations import FOLDER
    from dialogue.demo.home import home, mount
    from dialogue.server.asgi import application

    learned = finetuned(experiments) if experiments else []
    app = application(folder, password=password, example=EXAMPLE if EXAMPLE.exists() else None, finetuned=learned)
    app.include_router(page_routes.router)
    page_routes.serve_assets(app)
    clients = app.state.service.clients

    def owner(request: Any) -> str:
        return clients.owner(request.cookies) or f"session {request.session_hash}"  # a browser that keeps no cookie

    return mount(app, home(folder / FOLDER, owner, experiments=experiments, models=learned))


def finetuned(experiments: Path) -> list[str]:
    """Return the folders below one that hold a whole language model."""
    found = {path.parent for path in experiments.rglob("*.safetensors") if (path.parent / "config.json").exists()}
    return sorted(str(folder) for folder in found if not tainted.is_tainted(folder))


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
        AddressError: another address without a password, or one that cannot be listened on.
    """
    import uvicorn

    if not is_loopback(host) and not password:
        raise AddressError(
            f"host {host}: other machines would read your meetings. Accepted: 127.0.0.1, or a password "
            "(--password-file FILE)."
        )
    ours = listen_at(host, port)
    app = build(folder, password=password, experiments=experiments)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    address = f"{url(shown, port)}/"
    if is_loopback(host):
        address += f"?key={app.state.service.clients.key}"
    say(address)
    if browser and is_loopback(host) and _has_screen():
        webbrowser.open(address)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)).run([ours])


def _has_screen() -> bool:
    """Tell whether a browser would open on a screen, and not in the terminal."""
    return sys.platform in ("win32", "darwin") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
