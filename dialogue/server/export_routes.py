"""Routes of the minutes and the transcript in every format, and of the user's own Word template, filled in.

Files are made when they are asked for, in another process, from the meeting with all its corrections; none is kept.
"""

from __future__ import annotations

import importlib.util
import secrets
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from dialogue import formats
from dialogue.core import config, ledger
from dialogue.core.transcript import Transcript
from dialogue.library.facts import read_facts
from dialogue.minutes import Minutes, documents
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.detection import detect
from dialogue.privacy.pseudonymisation import day_of, people_of, words_of
from dialogue.privacy.pseudonyms import Pseudonyms
from dialogue.privacy.replacement import PseudonymousCopy
from dialogue.server.service import Injected, Service
from dialogue.server.state import result_files
from dialogue.server.texts import say
from dialogue.server.uploads import RefusedError
from dialogue.workflow.config import Config

TEMPLATE = 20_000_000  # bytes of a template
UNPACKED = 200_000_000  # bytes of its parts
FOLDERS = ("kaldi", "lhotse")
KEY = secrets.token_bytes(32)  # of pseudonymised copies: the same names as long as the server runs, and nowhere kept

router = APIRouter()


@router.get("/meetings/{id}/exports")
def list_exports(request: Request, service: Injected, id: str, pseudonymised: bool = False) -> dict[str, Any]:
    """List what can be made: what is not among the files of the meeting, and all of it for pseudonymised copies."""
    folder = service.folder / service.library(request).get(id).id
    there = set() if pseudonymised else {path.name for path in result_files(folder)}
    minutes = (folder / "minutes.json").exists()
    names = {
        "minutes": [f"minutes{ending}" for ending in documents.FORMATS] if minutes else [],
        "transcript": [f"{id}{formats.FORMATS[name][0]}" for name in formats.writable() if name not in FOLDERS],
    }
    return {part: [name for name in each if name not in there] for part, each in names.items()}


@router.get("/meetings/{id}/exports/{name}")
def export(request: Request, service: Injected, id: str, name: str, pseudonymised: bool = False) -> Response:
    listed = list_exports(request, service, id, pseudonymised)
    if name not in (*listed["minutes"], *listed["transcript"]):
        raise RefusedError(404, say("no_file", request.state.language))
    make = document if name in listed["minutes"] else converted
    return _made(service, request.state.language, make, id, name, key=KEY if pseudonymised else None)


@router.post("/meetings/{id}/exports/minutes.docx")
async def fill_template(request: Request, service: Injected, id: str, pseudonymised: bool = False) -> Response:
    """Fill the template that is sent. It is Word with ``{{fields}}``, which are names and nothing that runs."""
    language = request.state.language
    library = service.library(request)
    await run_in_threadpool(library.get, id)
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > TEMPLATE:
            raise RefusedError(413, say("too_large", language, limit=f"{TEMPLATE / 1e9:.3g}"))
    if not (service.folder / id / "minutes.json").exists():
        raise RefusedError(404, say("no_file", language))
    key = KEY if pseudonymised else None
    return await run_in_threadpool(_made, service, language, document, id, "minutes.docx", bytes(content), key=key)


def _made(
    service: Service,
    language: str,
    make: Callable[..., tuple[str, bytes]],
    id: str,
    name: str,
    template: bytes | None = None,
    key: bytes | None = None,
) -> Response:
    """Answer with a file that a function made in another process, after all corrections are in what it is made from."""
    service.background.wait(id)
    try:
        name, content = service.background.run(make, service.folder / id, name, template, key)
    except BrokenProcessPool:
        raise RefusedError(400, say("crashed", language)) from None
    ledger.record(service.folder, "export", ids=[id], counts={"bytes": len(content)})
    disposition = f"attachment; filename*=utf-8''{quote(name)}"
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": disposition, "content-security-policy": "sandbox"},
    )


def document(folder: Path, name: str, template: bytes | None = None, key: bytes | None = None) -> tuple[str, bytes]:
    """Return the minutes of a meeting in the format of a file name, as the meeting's options say, and that name.

    Args:
        template: a Word file with ``{{fields}}``.
        key: that of the pseudonyms, for a copy in which they stand for what identifies people.

    Raises:
        DocumentError: the template is no such file, or asks for what minutes do not have.
    """
    options = config.build(Config, read_facts(folder).options).documents
    with tempfile.TemporaryDirectory() as place:
        model = None
        if template is not None:
            model = Path(place) / "template.docx"
            model.write_bytes(template)
            _check_size(model)
        minutes, said = Minutes.load(folder / "minutes.json"), Transcript.load(folder / f"{folder.name}.json")
        if key is not None:
            copy = _copy_of(said, minutes, key)
            said = copy.transcript(said)
            minutes = Minutes.from_dict(copy.value(minutes.to_dict()))
        path = documents.write(minutes, Path(place) / name, style=options.style, transcript=said, template=model)
        return name, path.read_bytes()


def converted(folder: Path, name: str, template: None = None, key: bytes | None = None) -> tuple[str, bytes]:
    """Return the transcript of a meeting in the format of a file name, and that name, which may hold a person's."""
    said = Transcript.load(folder / f"{folder.name}.json")
    if key is not None:
        path = folder / "minutes.json"
        copy = _copy_of(said, Minutes.load(path) if path.exists() else None, key)
        said, name = copy.transcript(said), copy.id(name)
    with tempfile.TemporaryDirectory() as place:
        formats.write([said], Path(place) / name)
        return name, (Path(place) / name).read_bytes()


def _copy_of(said: Transcript, minutes: Minutes | None, key: bytes) -> PseudonymousCopy:
    """Return what stands for the names of a meeting, found by rules, lists, and spaCy's model if it is installed."""
    people = people_of(said, said.attributes)
    people += [p.name for p in (minutes.participants if minutes else ()) if p.name]
    tagger = PrivacyConfig()
    if importlib.util.find_spec(tagger.model) is None:
        tagger = PrivacyConfig(backend="rules")
    note = detect(said, tagger, people)
    pseudonyms = Pseudonyms(key, recording=said.recording, avoid=words_of([note.text]))
    copy = PseudonymousCopy(pseudonyms, note, day_of({"date": minutes and minutes.meeting.date}), people)
    copy.transcript(said)  # who is named first has the first choice of names, in every export
    return copy


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise documents.DocumentError(f"{path.name}: not a DOCX ({error}).") from error
    if size > UNPACKED:
        raise documents.DocumentError(f"{path.name}: {size} bytes unpacked. Accepted: {UNPACKED} at most.")
