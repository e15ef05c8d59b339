"""What an answer looks like: the form that a client prefers, and the description of forms that it may send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.responses import JSONResponse, PlainTextResponse, Response

from dialogue.core.files import whole


def preferred(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type that a client prefers; of equally good ones the first that is offered.

    Args:
        accept: the header ``Accept``; without one, anything is good.
        offered: media types, e.g. ``application/json``.

    Returns:
        ``None`` if none is acceptable.
    """
    wanted = [_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    best, quality = None, 0.0
    for kind in offered:
        known = {kind, f"{kind.partition('/')[0]}/*", "*/*"}
        fitting = [(name.count("*"), -q) for name, q in wanted if name in known]
        if fitting and -min(fitting)[1] > quality:  # the most specific range counts
            best, quality = kind, -min(fitting)[1]
    return best


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((p.partition("=")[2] for p in parameters if p.startswith("q=")), "1")
    try:
        return name, min(1.0, max(0.0, float(quality)))
    except ValueError:
        return name, 0.0


def json_answer(value: Any, status: int = 200) -> JSONResponse:
    """Return JSON in UTF-8."""
    return JSONResponse(value, status)


def text_answer(text: str, kind: str = "text/plain", status: int = 200) -> Response:
    """Return text in UTF-8."""
    return PlainTextResponse(whole(text), status, media_type=f"{kind}; charset=utf-8")


def form(*, required: Sequence[str] = ("file",), **fields: Any) -> dict[str, Any]:
    """Return the description of a form for OpenAPI.

    Args:
        fields: schema of each field; ``file`` is one where nothing is said.
    """
    known = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "properties": known, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
