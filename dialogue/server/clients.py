"""Who a client is, and what it may not do.

Every browser gets a random cookie, and a space of its own that hangs on it: nobody sees the meetings of another one.
The browser that came by the address with the library's key is the owner ``local``, whose meetings the command line
keeps. With a password, a browser has to say it first.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from dialogue.library import durable
from dialogue.library.owners import LOCAL
from dialogue.server.texts import say

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

KEY = ".key"  # in the library, readable by its user alone
YEAR = 365 * 86_400  # seconds
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
READING = ("GET", "HEAD", "OPTIONS")
OPEN = ("/login", "/assets/")  # what is served before the password
UPLOADED = "/gradio_api/upload"
FILE = "/gradio_api/file="
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)  # Gradio's page needs inline scripts; pages of our own send a stricter one


class Clients:
    """The clients of a library.

    Args:
        library: folder; it keeps the key by which a browser becomes its local user.
        password: that a browser has to say first; ``None`` on the loopback.
    """

    def __init__(self, library: Path, password: str | None = None) -> None:
        self.password = password
        path = library / KEY
        if not path.exists():
            durable.save(path, secrets.token_hex(16))
        path.chmod(0o600)
        self.key = str(json.loads(path.read_text(encoding="utf-8")))
        self.cookie = f"dialogue-{hashlib.sha256(self.key.encode()).hexdigest()[:8]}"
        self.uploads: dict[str, str] = {}  # file of Gradio's cache -> who sent it

    def owner(self, cookies: Mapping[str, str]) -> str | None:
        """Return whose space a client works in; ``None`` if its cookie is not one of ours."""
        token, _, signature = cookies.get(self.cookie, "").partition(".")
        if not token or not hmac.compare_digest(signature, self._signature(token)):
            return None
        return LOCAL if token == self.key else f"guest-{hashlib.sha256(token.encode()).hexdigest()[:16]}"

    def welcome(self, key: str | None = None) -> str:
        """Return the cookie for a browser that has none; with the library's key, that of its local user."""
        token = self.key if key and hmac.compare_digest(key, self.key) else secrets.token_hex(16)
        return f"{token}.{self._signature(token)}"

    def admits(self, password: str) -> bool:
        """Tell whether a password is right."""
        return self.password is None or hmac.compare_digest(password.encode(), self.password.encode())

    def _signature(self, token: str) -> str:
        secret = f"{self.key}{self.password or ''}".encode()  # another password makes all cookies void
        return hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()[:32]


class ForClients:
    """ASGI middleware: finds who a client is, as ``scope["state"]["owner"]``, and refuses what no page of ours sends.

    Refused are other hosts than this machine's while there is no password (a name that an attacker's page resolves to
    the loopback), requests that another site's page makes, and files that another client uploaded to Gradio.
    """

    def __init__(self, app: Application, clients: Clients) -> None:
        self.app, self.clients = app, clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                return await send({"type": "websocket.close", "code": 1008})
            return await self.app(scope, receive, send)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        path, method = scope["path"], scope["method"]
        language = language_of(scope.get("query_string", b"").decode("latin-1"), headers)
        host = headers.get("host", "")
        if self.clients.password is None and urlsplit(f"//{host}").hostname not in LOOPBACK:
            return await _refuse(send, 403, say("host", language, host=host))
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != host
        if method not in READING and (foreign or (path.startswith("/api/") and headers.get("x-dialogue") != "1")):
            return await _refuse(send, 403, say("site", language))
        cookies = {name: part.value for name, part in SimpleCookie(headers.get("cookie", "")).items()}
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        key = asked.get("key", [None])[0]
        owner, welcome = self.clients.owner(cookies), None
        if (owner is None and self.clients.password is None) or (key and owner != LOCAL and path == "/"):
            welcome = self.clients.welcome(key)
            owner = self.clients.owner({self.clients.cookie: welcome})
        if owner is None and not path.startswith(OPEN):
            if path.startswith("/api/") or method not in READING:
                return await _refuse(send, 401, say("password", language))
            return await _reply(send, 303, b"", [(b"location", b"/login")])
        scope.setdefault("state", {}).update(owner=owner, language=language)
        if path.startswith(FILE) and self.clients.uploads.get(unquote(path[len(FILE) :])) != owner:
            return await _refuse(send, 404, say("nothing", language))
        body = bytearray()

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                sent = message.setdefault("headers", [])
                names = {name.lower() for name, _ in sent}
                if b"content-security-policy" not in names:
                    sent.append((b"content-security-policy", POLICY.encode()))
                sent += [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
                if welcome:
                    sent.append((b"set-cookie", self._set(welcome, scope["scheme"])))
            elif path == UPLOADED and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    self._sent(bytes(body), owner)
            await send(message)

        await self.app(scope, receive, answer)

    def _set(self, value: str, scheme: str) -> bytes:
        secure = "; Secure" if scheme == "https" else ""
        return f"{self.clients.cookie}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}{secure}".encode()

    def _sent(self, body: bytes, owner: str | None) -> None:
        try:
            paths = json.loads(body)
        except ValueError:  # an error in words
            return
        if owner and isinstance(paths, list):
            self.clients.uploads.update(dict.fromkeys(map(str, paths), owner))


def language_of(query: str, headers: Mapping[str, str]) -> str:
    """Return the language of a reader: as the address says, or English if the browser asks for it first, or French."""
    asked = parse_qs(query).get("lang", [headers.get("accept-language", "")])[0]
    return "en" if asked.lower().startswith("en") else "fr"


async def _refuse(send: Send, status: int, sentence: str) -> None:
    await _reply(send, status, json.dumps({"error": sentence}, ensure_ascii=False).encode())


async def _reply(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    kind = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
