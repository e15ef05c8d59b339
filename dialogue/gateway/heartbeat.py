"""Tell LinTO's gateway, again and again, that this server is there, so that LinTO sends it recordings.

Source: the registration of linto-transcription-service (``REGISTRATION_MODE=HTTP``). The gateway then asks the server
for ``/list-services`` and ``/healthcheck``, and drops it when it no longer answers.
"""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dialogue.core.config import ConfigError
from dialogue.core.progress import log

EVERY = 20.0  # seconds; the gateway forgets a service after 60
TIMEOUT = 10.0


@dataclass(frozen=True)
class Heartbeat:
    """What is told, and to whom.

    Attributes:
        gateway: address to which it is posted.
        body: of the message.
    """

    gateway: str
    body: Mapping[str, Any]

    async def beat(self) -> None:
        """Tell it until cancelled; a gateway that does not answer is told again later."""
        reached = True
        while True:
            problem = await asyncio.to_thread(self.tell)
            if bool(problem) == reached:
                log.warning("LinTO's gateway: %s", problem or "reached again")
                reached = not problem
            await asyncio.sleep(EVERY)

    def tell(self) -> str:
        """Tell it once; returns what went wrong."""
        content = json.dumps(self.body, ensure_ascii=False).encode()
        request = urllib.request.Request(self.gateway, content, {"Content-Type": "application/json"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                answer.read(1)
        except (urllib.error.URLError, OSError) as error:
            return f"not reached: {error}"
        return ""


def from_environment(environment: Mapping[str, str], language: str) -> Heartbeat | None:
    """Return what LinTO's variables ask for; ``None`` unless ``REGISTRATION_MODE`` is ``HTTP``.

    Args:
        language: of the server, a code or ``auto``.

    Raises:
        ConfigError: a variable is missing, or has a value that is not accepted.
    """
    if environment.get("REGISTRATION_MODE", "").upper() != "HTTP":
        return None
    gateway, ours = (_address(environment, name) for name in ("GATEWAY_SERVICE_BASE_URL", "PROXIED_SERVICE_BASE_URL"))
    name = environment.get("SERVICE_NAME") or "dialogue"
    path = environment.get("GATEWAY_PROXY_PATH") or "/dialogue"
    described = environment.get("GATEWAY_DESCRIPTION") or json.dumps(
        {"fr": "Transcription avec locuteurs", "en": "Transcription with speakers"}
    )
    try:
        description = json.loads(described)
    except ValueError:
        description = None
    if not isinstance(description, dict):
        raise ConfigError(f'GATEWAY_DESCRIPTION: found {described[:40]!r}. Accepted: JSON such as {{"fr": "..."}}.')
    level = environment.get("SECURITY_LEVEL") or "0"
    if level not in ("0", "1", "2"):
        raise ConfigError(f"SECURITY_LEVEL: found {level!r}. Accepted: 0, 1 or 2.")
    port = urlsplit(ours).port or (443 if ours.startswith("https") else 80)
    return Heartbeat(
        f"{gateway}/gateway/services?type=transcription",
        {
            "label": {"enabled": True, "endpoints": {path: {}}, "port": port, "desc": description},
            "name": name,
            "serviceName": name,
            "host": f"{ours}/",
            "healthcheck": f"{ours}/healthcheck",
            "model_type": environment.get("MODEL_TYPE") or "whisper",
            "model_quality": int(environment["MODEL_QUALITY"])
            if environment.get("MODEL_QUALITY", "").isdecimal()
            else 1,
            "accoustic": int(environment["ACCOUSTIC"]) if environment.get("ACCOUSTIC", "").isdecimal() else 1,
            "language": "*" if language == "auto" else f"{language}-{language.upper()}",
            "security_level": int(level),
        },
    )


def _address(environment: Mapping[str, str], name: str) -> str:
    found = environment.get(name, "").rstrip("/")
    parts = urlsplit(found)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"{name}: found {found!r}. Accepted: an address, such as http://gateway:8000.")
    return found
