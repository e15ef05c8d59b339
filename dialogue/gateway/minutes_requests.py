"""What clients of LinTO's llm-gateway ask for: a service and a flavor, lines ``speaker : text``, pages."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from dialogue.core.transcript import Transcript
from dialogue.formats import script
from dialogue.gateway.multipart import ReceivedForm
from dialogue.gateway.openai_requests import json_object
from dialogue.gateway.recordings import Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library.versions import RULES
from dialogue.server.uploads import language_models

SERVICE = "minutes-fr"
NAMES = uuid.UUID("5b6f9a3e-5f0c-4f0e-9d0a-6a1d6f1c2b70")  # of the ids of services and flavors, which never change
LONGEST = 4 << 20  # bytes of a transcript
TURN = re.compile(r"(?P<name>[^:\n]{1,80}?)(?P<colon>\s+:\s|:\s|\s+:$|:$)(?P<said>.*)")
ORGANIZATION = "organization:"  # a meeting's tag with the organization that a client named
PAGE = 100  # items of a list at once, at most


@dataclass(frozen=True)
class Flavor:
    """A writer of minutes.

    Attributes:
        model: ``None`` for the rules.
    """

    model: str | None

    @property
    def name(self) -> str:
        return self.model or RULES

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMES, f"{SERVICE}/{self.name}"))


SERVICE_ID = str(uuid.uuid5(NAMES, SERVICE))


def flavors(recordings: Recordings) -> list[Flavor]:
    """Return the writers of a server: the rules, the models that its operator named, and those of this machine."""
    named = [*recordings.settings.llm_models, *language_models()]
    return [Flavor(None), *(Flavor(name) for name in dict.fromkeys(named))]


def default(recordings: Recordings) -> Flavor:
    """Return the first model that the operator named, or else the rules, which answer soonest."""
    return Flavor(next(iter(recordings.settings.llm_models), None))


def flavor(recordings: Recordings, id: str | None, name: str | None = None) -> Flavor:
    """Return the flavor that a client names by id or name.

    Raises:
        Refusal: neither, or there is none.
    """
    if not id and not name:
        raise Refusal(422, "flavor_id: missing. Accepted: the id of a flavor of the service.", param="flavor_id")
    for found in flavors(recordings):
        if found.id == id or (not id and found.name == name):
            return found
    raise Refusal(404, "Flavor not found.", param="flavor_id")


def options(recordings: Recordings, chosen: Flavor, temperature: Any = None) -> dict[str, Any]:
    """Return the options of a meeting whose minutes a flavor writes."""
    found: dict[str, Any] = {"device": recordings.settings.device}
    if chosen.model:
        found["model"] = chosen.model
    if (degree := number(temperature, "temperature", 2.0)) is not None:
        found["temperature"] = degree
    return {"minutes": found}


def number(value: Any, name: str, most: float) -> float | None:
    """Return a number from 0 to ``most``; ``None`` if nothing is said.

    Raises:
        Refusal: it is another one, or none.
    """
    if value in (None, ""):
        return None
    try:
        found = -1.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found <= most:
        raise Refusal(422, f"{name}: found {str(value)[:40]!r}. Accepted: 0 to {most:g}.", param=name)
    return found


def text_of(value: Any, name: str, most: int = 100) -> str | None:
    """Return a short text; ``None`` if nothing is said.

    Raises:
        Refusal: it is no text, or longer.
    """
    if value in (None, ""):
        return None
    if not isinstance(value, str) or len(value) > most:
        raise Refusal(422, f"{name}: accepted: a text of at most {most} characters.", param=name)
    return value


def uploaded(form: ReceivedForm) -> str:
    """Return the text of the file of a form.

    Raises:
        Refusal: there is none, it is empty, too large, or no UTF-8.
    """
    if len(form.files) != 1:
        raise Refusal(400, f"found {len(form.files)} files. Accepted: one transcript, as file.", param="file")
    if form.files[0].size > LONGEST:
        raise _too_long()
    try:
        return form.files[0].path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(400, "file: not UTF-8. Accepted: lines such as: speaker : text", param="file") from None


def transcript(text: Any, field: str = "file") -> Transcript:
    """Return lines ``speaker : text`` as a transcript without times; its recording is a random UUID.

    A line without a speaker continues the one before it; without any speaker, all is said by somebody unknown.

    Raises:
        Refusal: nothing is said in it, or it is too long.
    """
    if not isinstance(text, str):
        raise Refusal(422, f"{field}: missing. Accepted: lines such as: speaker : text", param=field)
    if len(text) > LONGEST:
        raise _too_long()
    turns: list[tuple[str | None, str]] = []
    rows = [" ".join(row.split()) for row in text.splitlines()]
    spaced = any((found := TURN.match(row)) and found["colon"] != ":" and found["colon"][0] == " " for row in rows)
    for row in filter(None, rows):
        found = TURN.match(row)
        if found and (not spaced or found["colon"][0] == " "):
            turns.append((found["name"].strip(), found["said"].strip()))
        elif turns:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {row}".strip())
        else:
            turns.append((None, row))
    if not any(said for _, said in turns):
        raise Refusal(400, f"{field}: nothing is said in it. Accepted: lines such as: speaker : text", param=field)
    return script.untimed(str(uuid.uuid4()), [turn for turn in turns if turn[1]], True)


def _too_long() -> Refusal:
    limit = f"A transcript of more than {LONGEST >> 20} MiB is not read."
    return Refusal(413, limit, param="file", code="CONTEXT_EXCEEDED")


def conversation(asked: Mapping[str, Any]) -> tuple[list[Mapping[str, str]], str, str | None]:
    """Return the messages, the transcript and the summary of a request to chat about a meeting.

    Raises:
        Refusal: one is missing, or not what is accepted.
    """
    messages, context = asked.get("messages"), asked.get("context")
    if not isinstance(messages, list) or not 1 <= len(messages) <= PAGE:
        raise Refusal(422, f"messages: accepted: 1 to {PAGE} messages.", param="messages")
    for message in messages:
        fitting = isinstance(message, dict) and message.get("role") in ("user", "assistant")
        if not fitting or not isinstance(message.get("content"), str) or not message["content"].strip():
            raise Refusal(422, "messages: accepted: role user or assistant, and content.", param="messages")
    if not isinstance(context, dict) or not isinstance(context.get("transcript"), str):
        raise Refusal(422, "context: accepted: an object with transcript.", param="context")
    return messages, context["transcript"], text_of(context.get("summary"), "context.summary", LONGEST)


def object_in(text: str | None, name: str) -> Mapping[str, Any]:
    """Return the JSON object in a field; empty if nothing is said.

    Raises:
        Refusal: it is no object.
    """
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refusal(422, f"{name}: found no JSON object.", param=name)
    return value


async def body(request: Request) -> dict[str, Any]:
    """Return the JSON object that is the body of a request.

    Raises:
        Refusal: it is none.
    """
    data = await request.body()
    try:
        return json_object(data)
    except Refusal as refusal:
        raise Refusal(422, str(refusal)) from None


def page_of(items: Sequence[Any], page: int, size: int) -> dict[str, Any]:
    """Return one page of a list, as llm-gateway writes it."""
    first = (page - 1) * size
    return {
        "items": list(items[first : first + size]),
        "total": len(items),
        "page": page,
        "page_size": size,
        "total_pages": -(-len(items) // size),
    }
