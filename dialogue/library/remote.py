"""Meetings whose sound is still elsewhere: an address beside the meeting, which the job fetches from before it begins.

Whoever notes an address has checked its host; no redirection leads to another. The address, which often holds a key, is
deleted once the sound is here, or could not be had.
"""

from __future__ import annotations

import shutil
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dialogue.core.files import read_json, remove_parts, replacing
from dialogue.library import durable
from dialogue.library.catalogue import LibraryError

SOURCE = "source.json"
TIMEOUT = 30.0  # seconds without a byte
PIECE = 1 << 20
FREE = 1 << 30  # bytes of the disk that stay free


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: only an address that somebody named is asked."""

    def redirect_request(self, *_: Any) -> None:
        """Return no request, so that the answer is an error."""


def note(folder: Path, address: str, largest: int) -> None:
    """Note where the sound of a meeting is.

    Args:
        folder: of the meeting.
        largest: bytes that are fetched.
    """
    durable.save(folder / SOURCE, {"address": address, "largest": largest})


def allowed(address: str, hosts: tuple[str, ...]) -> bool:
    """Tell whether an address is on one of some hosts, ``name`` or ``name:port``."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return False
    return (parts.hostname if port is None else f"{parts.hostname}:{port}") in hosts


def fetch(folder: Path, target: Path) -> Path | None:
    """Fetch the sound of a meeting, if it is elsewhere; returns where it is now.

    Args:
        folder: of the meeting.
        target: file to write.

    Raises:
        LibraryError: it could not be fetched, or is too large. The message names no address.
    """
    path = folder / SOURCE
    if not path.exists():
        return None
    known = read_json(path)
    target.parent.mkdir(exist_ok=True)
    remove_parts(target.parent)  # of a job whose process was killed meanwhile
    room = min(int(known["largest"]), shutil.disk_usage(target.parent).free - FREE)
    try:
        _download(known["address"], target, room)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "code", None) or getattr(error, "reason", None) or type(error).__name__
        raise LibraryError(f"its sound could not be fetched: {reason}.") from None
    finally:  # not if the process is killed: then the job is done again
        path.unlink(missing_ok=True)
    return target


def _download(address: str, target: Path, room: int) -> None:
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=TIMEOUT) as answer, replacing(target) as part, part.open("wb") as file:
        size = 0
        while piece := answer.read(PIECE):
            size += len(piece)
            if size > room:
                raise LibraryError("its sound is larger than what is accepted, or there is no room for it.")
            file.write(piece)
        if size < int(answer.headers.get("content-length", 0)):
            raise ConnectionError("cut off")
