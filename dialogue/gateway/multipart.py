"""Forms that are written to the disk while they arrive: no file is whole in memory, and every part has a bound.

The names that a client gives to files are never used, not even their endings: what a file is, its bytes say.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from anyio import to_thread
from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from dialogue.gateway.refusals import Refusal
from dialogue.server.uploads import FREE

FILES, FIELDS = 64, 256  # parts of a form
FIELD = 1 << 20  # bytes of all fields together
PIECE = 1 << 20  # bytes that are written at once, in a thread


@dataclass(frozen=True)
class ReceivedFile:
    """A file of a form.

    Attributes:
        field: name of its part.
        path: where it is; its name is a random UUID.
    """

    field: str
    path: Path
    size: int


@dataclass
class ReceivedForm:
    """What a client sent: its files, and the values of each field in order."""

    files: list[ReceivedFile] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the last value of a field."""
        return self.fields[name][-1] if name in self.fields else default

    def all(self, name: str) -> list[str]:
        """Return all values of a field, also as ``name[]``, which clients write for lists."""
        return [*self.fields.get(name, ()), *self.fields.get(f"{name}[]", ())]

    def sound(self, *others: str) -> ReceivedFile:
        """Return the only recording.

        Args:
            others: fields that hold other files.

        Raises:
            Refusal: there is none, or several.
        """
        found = [file for file in self.files if file.field not in others]
        if len(found) != 1:
            raise Refusal(400, f"found {len(found)} files. Accepted: one recording, e.g. as `file`.", param="file")
        if not found[0].size:
            raise Refusal(400, "the file is empty.", param="file")
        return found[0]


@contextlib.asynccontextmanager
async def received(request: Request, folder: Path, largest: int) -> AsyncIterator[ReceivedForm]:
    """Receive a form into a folder of its own, which is removed when the block ends.

    Args:
        folder: where that folder is made.
        largest: bytes of the whole form.

    Raises:
        Refusal: it is no form, too large, cut off, or there is no room for it.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Refusal(400, "found no form. Accepted: multipart/form-data with a file.")
    target = folder / uuid.uuid4().hex
    free = _room(request, folder, largest)
    target.mkdir(parents=True, mode=0o700)
    writer = _Writer(target)
    try:
        parser = MultipartParser(options[b"boundary"], writer.callbacks())  # type: ignore[arg-type]
        await _write(request, parser.write, largest, free)
        await to_thread.run_sync(parser.finalize)
        if not writer.complete:
            raise Refusal(400, "the form is cut off.")
        yield writer.form
    except MultipartParseError as error:
        raise Refusal(400, "the form is damaged. Accepted: multipart/form-data.") from error
    finally:
        writer.close()
        await to_thread.run_sync(lambda: shutil.rmtree(target, ignore_errors=True))


@contextlib.asynccontextmanager
async def received_body(request: Request, folder: Path, largest: int) -> AsyncIterator[Path]:
    """Receive a body that is a file, which is removed when the block ends, if it is still there.

    Args:
        folder: where it is written.
        largest: bytes.

    Raises:
        Refusal: it is too large, or there is no room for it.
    """
    path, free = folder / uuid.uuid4().hex, _room(request, folder, largest)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("xb") as file:
            await _write(request, file.write, largest, free)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _room(request: Request, folder: Path, largest: int) -> int:
    """Return the bytes that there is room for, unless more is announced."""
    free = shutil.disk_usage(folder.parent).free - FREE
    announced = request.headers.get("content-length", "")
    _check(int(announced) if announced.isdecimal() else 0, largest, free)
    return free


async def _write(request: Request, write: Callable[[bytes], Any], largest: int, free: int) -> None:
    """Write a body as it comes, in large pieces, in a thread."""
    size, pending = 0, bytearray()
    async for piece in request.stream():
        size += len(piece)
        _check(size, largest, free)
        pending += piece
        if len(pending) >= PIECE:
            await to_thread.run_sync(write, bytes(pending))
            pending.clear()
    await to_thread.run_sync(write, bytes(pending))


def _check(size: int, largest: int, free: int) -> None:
    if size > largest:
        raise Refusal(413, f"larger than {largest} bytes, which is the most that is accepted.")
    if size > free:
        raise Refusal(503, "no room left on the disk of the server.", retry_after=600)


class _Writer:
    """Takes the parts of a form as the parser finds them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.form = ReceivedForm()
        self.complete = False
        self._header, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._file: IO[bytes] | None = None
        self._text = bytearray()
        self._texts = 0  # bytes of all fields

    def callbacks(self) -> dict[str, Any]:
        names = "part_begin part_data part_end header_field header_value header_end headers_finished end"
        return {f"on_{name}": getattr(self, f"_{name}") for name in names.split()}

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _part_begin(self) -> None:
        self._headers, self._text = {}, bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b"").decode("latin-1"))
        if kind != b"form-data" or b"name" not in options:
            raise Refusal(400, "a part of the form has no name.")
        self._name = options[b"name"].decode("utf-8", "replace")[:100]
        if b"filename" in options or b"filename*" in options:
            if len(self.form.files) == FILES:
                raise Refusal(400, f"more than {FILES} files.")
            self._file = (self.folder / str(uuid.uuid4())).open("xb")
        elif sum(map(len, self.form.fields.values())) == FIELDS:
            raise Refusal(400, f"more than {FIELDS} fields.")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(memoryview(data)[start:end])
            return
        self._texts += end - start
        if self._texts > FIELD:
            raise Refusal(400, f"the fields are longer than {FIELD} bytes together. Accepted: sound as a file.")
        self._text += data[start:end]

    def _part_end(self) -> None:
        if self._file:
            self._file.close()
            path = Path(self._file.name)
            self.form.files.append(ReceivedFile(self._name, path, path.stat().st_size))
            self._file = None
            return
        try:
            text = self._text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal(400, f"{self._name}: not UTF-8.", param=self._name) from error
        self.form.fields.setdefault(self._name, []).append(text)

    def _end(self) -> None:
        self.complete = True
