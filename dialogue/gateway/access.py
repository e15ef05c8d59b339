"""Who may use a server, and how much: tokens with owners, the name it is called by, sizes, rates and patience.

It is ASGI middleware over HTTP and WebSockets alike, so that no route can forget it: ``request.state.owner`` is set
for every scope that passes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dialogue.core.config import ConfigError
from dialogue.gateway.refusals import Refusal
from dialogue.library.owners import LOCAL
from dialogue.server.clients import LOOPBACK, READING, Application, Receive, Scope, Send

OPEN = re.compile(
    r"(?:/\w+)?/healthcheck|/api/v2/async-jobs/\w+/[\w-]+/signed|/v1/media/upload"
)  # the only paths that need no token
SHORTEST = 16  # characters of a token
SMALL = 4 << 20  # bytes of a body that is no upload
IDLE = 30.0  # seconds without a byte of a body
SLOWEST = 1000  # bytes a second of a body, on average, after a minute
FAILURES = 20  # wrong tokens from one address at once, and in a minute
REMEMBERED = 10_000  # owners and addresses whose rates are known

Refuse = Callable[[Scope, Refusal], Application]


class AccessTokens:
    """The tokens of a server, each with the owner of what is done with it; none means that nobody needs one.

    Args:
        owners: token -> owner.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        for token in owners:
            if len(token) < SHORTEST or not token.isascii() or " " in token:
                raise ConfigError(
                    f"a token of {len(token)} characters. Accepted: {SHORTEST} or more of ASCII without spaces, as of "
                    "python -c 'import secrets; print(secrets.token_urlsafe(32))'."
                )
        self._owners = [(_digest(token), owner) for token, owner in owners.items()]

    def __bool__(self) -> bool:
        return bool(self._owners)

    def owner(self, token: str) -> str | None:
        """Return the owner of a token; as slow for a wrong one as for any right one."""
        given, found = _digest(token), None
        for digest, owner in self._owners:
            if hmac.compare_digest(digest, given):
                found = owner
        return found


def tokens(file: Path | None, environment: Mapping[str, str]) -> AccessTokens:
    """Return the tokens of a file, and of ``$API_KEY`` and ``$API_KEYS``.

    A line of the file is ``token owner``; ``#`` begins a comment. ``API_KEY`` is a token of the library's local user.
    ``API_KEYS`` are tokens separated by commas, each ``owner:token``, or a token whose owner has no other name.

    Raises:
        ConfigError: a line or a token is not valid.
    """
    found: dict[str, str] = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file else []
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if words and len(words) != 2:
            raise ConfigError(f"{file}, line {number}: found {len(words)} words. Accepted: token owner.")
        if words:
            found[words[0]] = words[1]
    if file and not found:
        raise ConfigError(f"{file}: no token in it. Accepted: lines such as: token owner")
    if key := environment.get("API_KEY", "").strip():
        found[key] = LOCAL
    for pair in filter(None, map(str.strip, environment.get("API_KEYS", "").split(","))):
        owner, colon, token = pair.rpartition(":")
        found[token] = owner if colon else f"key-{_digest(token).hex()[:8]}"
    return AccessTokens(found)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Rates:
    """How often each name may do something: so many times at once, and so many times a minute on average."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self._clock = float(a_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Count one time, unless it is too often; returns the seconds to wait, 0 if it may be done now."""
        now = self._clock()
        left, then = self._left.pop(name, (self.most, now))
        left = min(self.most, left + (now - then) * self.most / 60)
        late = max(0.0, (1.0 - left) * 60 / self.most)
        self._left[name] = (left if late else left - 1.0, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return late


class Access:
    """ASGI middleware.

    Args:
        tokens: that are accepted.
        hosts: names under which the server may be addressed, in lower case; empty: any, but loopback names only while
            there are no tokens, because a page from elsewhere could have its own name lead here.
        large: ends of the paths whose bodies the routes bound themselves.
        rate: requests a minute of one owner.
        refuse: makes the answer to a request that is refused.
    """

    def __init__(
        self,
        app: Application,
        tokens: AccessTokens,
        hosts: Collection[str],
        large: tuple[str, ...],
        rate: int,
        refuse: Refuse,
    ) -> None:
        self.app, self.tokens, self.hosts, self.large, self.refuse = app, tokens, frozenset(hosts), large, refuse
        self._rates, self._failures = Rates(rate), Rates(FAILURES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        # LinTO's gateway joins addresses that end with a slash to paths that begin with one
        scope["path"] = re.sub(r"//+", "/", scope["path"])
        scope["raw_path"] = re.sub(rb"//+", b"/", scope.get("raw_path") or scope["path"].encode())
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            scope.setdefault("state", {})["owner"] = self._owner(scope, headers)
            limit = None if scope["path"].rstrip("/").endswith(self.large) else SMALL
            bounded = Bounded(receive, headers.get("content-length"), limit) if scope["type"] == "http" else receive
        except Refusal as refusal:
            if scope["type"] == "websocket":
                return await send({"type": "websocket.close", "code": 1008})  # before it is accepted: HTTP 403
            return await self.refuse(scope, refusal)(scope, receive, send)
        await self.app(scope, bounded, send)

    def _owner(self, scope: Scope, headers: Mapping[str, str]) -> str:
        self._check_host(headers.get("host", ""))
        if OPEN.fullmatch(scope["path"]):
            return ""
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in READING
        if not self.tokens and origin is not None and changes and urlsplit(origin).netloc != headers.get("host"):
            raise Refusal(403, "sent by the page of another site.")
        owner = LOCAL
        if self.tokens:
            found = self.tokens.owner(_token(scope, headers))
            if found is None:  # only wrong ones are counted: others may come from the same address, as by a proxy
                if late := self._failures.wait((scope.get("client") or ("?",))[0]):
                    raise Refusal(
                        429, "too many wrong tokens.", code="rate_limit_exceeded", retry_after=round(late) + 1
                    )
                raise Refusal(401, "no valid token. Accepted: Authorization: Bearer TOKEN.", code="invalid_api_key")
            owner = found
        if late := self._rates.wait(owner):
            raise Refusal(429, "too many requests.", code="rate_limit_exceeded", retry_after=round(late) + 1)
        return owner

    def _check_host(self, host: str) -> None:
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            name = ""
        if name in self.hosts or (not self.hosts and (self.tokens or name in LOOPBACK)):
            return
        raise Refusal(421, "addressed by a name that is not this server's. See --allowed-hosts.")


def _token(scope: Scope, headers: Mapping[str, str]) -> str:
    """Return the token that a client gives; a browser can put that of a WebSocket only into its address."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    if scope["type"] == "websocket":
        asked: str = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[-1]
        return asked
    return ""


class Bounded:
    """The body of a request, up to a size, and as long as it keeps coming.

    Args:
        announced: the header ``Content-Length``.
        limit: bytes; ``None`` leaves that to the route.
    """

    def __init__(self, receive: Receive, announced: str | None, limit: int | None) -> None:
        self.receive, self.limit = receive, limit
        self.size, self.began, self.complete = 0, 0.0, False
        if limit is not None and announced is not None and announced.isdecimal() and int(announced) > limit:
            raise self._too_large()

    async def __call__(self) -> Any:
        if self.complete:  # what is awaited now is that the client leaves
            return await self.receive()
        self.began = self.began or time.monotonic()
        try:
            message = await asyncio.wait_for(self.receive(), IDLE)
        except asyncio.TimeoutError:
            raise Refusal(408, f"nothing came for {IDLE:g} s.") from None
        if message["type"] == "http.request":
            self.size += len(message.get("body", b""))
            self.complete = not message.get("more_body")
        if self.limit is not None and self.size > self.limit:
            raise self._too_large()
        if time.monotonic() - self.began > 60 + self.size / SLOWEST:
            raise Refusal(408, f"sent at less than {SLOWEST} bytes a second.")
        return message

    def _too_large(self) -> Refusal:
        return Refusal(413, f"the body is larger than {self.limit} bytes, which is the most that is accepted here.")
