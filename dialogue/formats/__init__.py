"""Transcripts in the formats of the field: one module per format, each with a pair of functions.

A format module has ``loads(text, recording=None) -> list[Transcript]``, and ``dumps(transcripts) -> str`` if the format
can be written. Formats that are folders (Kaldi, Lhotse) have ``load(path)`` and ``dump(transcripts, path)`` instead.
``HOLDS`` lists the features of a transcript that the format can store (see :mod:`dialogue.formats.loss`). Formats in
which transcribers write pauses and laughs among the words also take ``verbatim=True``, which keeps these marks in the
text (see :mod:`dialogue.formats.conventions`).
"""

from __future__ import annotations

import codecs
import difflib
import gzip
import importlib
import inspect
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from dialogue.core.errors import DialogueError
from dialogue.core.files import save_text, whole
from dialogue.core.transcript import Transcript
from dialogue.formats.ids import safe_ids

FORMATS: dict[str, tuple[str, ...]] = {  # name -> extensions; the first one is used for writing
    "json": (".json",),
    "rttm": (".rttm",),
    "stm": (".stm",),
    "ctm": (".ctm",),
    "seglst": (".seglst.json", ".seglst"),
    "srt": (".srt",),
    "vtt": (".vtt",),
    "txt": (".txt",),
    "trs": (".trs",),
    "eaf": (".eaf",),
    "textgrid": (".TextGrid",),
    "tei": (".tei.xml", ".tei_corpo.xml", ".tei", ".xml"),
    "cha": (".cha",),
    "conllu": (".conllu",),
    "claire": (".claire.txt",),
    "script": (".script.txt",),
    "linto": (".linto.json",),
    "whisperx": (".whisperx.json",),
    "revai": (".revai.json",),
    "recognisers": (".asr.json",),
    "kaldi": (),  # a folder
    "lhotse": (".jsonl", ".jsonl.gz"),
}
SHARED = {  # formats that share an extension, distinguished by their content: recognises(text)
    ".json": ("linto", "recognisers", "whisperx", "revai", "seglst"),
    ".txt": ("claire", "script"),
}
BINARY = {  # first bytes of files that are no text -> what they are, and what to do
    b"ooBinaryFile": "a binary file of Praat. In Praat, save it as a text file",
    b"PK\x03\x04": "a ZIP archive, as of DOCX, ODT and XLSX. Export it as text, or unpack it",
    b"%PDF": "a PDF. Export its text",
    b"{\\rtf": "an RTF document. Save it as plain text",
    b"\xd0\xcf\x11\xe0": "an old Office document. Save it as plain text",
    b"RIFF": "sound or video. Transcribe it first",
    b"fLaC": "sound. Transcribe it first",
    b"OggS": "sound. Transcribe it first",
    b"ID3": "sound. Transcribe it first",
    b"\x1f\x8b": "compressed by gzip. Unpack it",
}
LARGEST = 256 * 2**20  # bytes of one file; enough for a thousand hours of dialogue


READING: ContextVar[tuple[str, bool]] = ContextVar("READING", default=("", False))  # the file, and whether strictly


class FormatError(DialogueError, ValueError):
    """A file that breaks the rules of its format; the message names the line."""


@contextmanager
def reading(name: str, strict: bool) -> Iterator[None]:
    """Name the file that is read, and tell :func:`dialogue.formats.lines.overlook` whether its faults are errors."""
    token = READING.set((name, strict))
    try:
        yield
    finally:
        READING.reset(token)


def module(name: str) -> ModuleType:
    """Return the module of a format.

    Raises:
        FormatError: the name is unknown; the message gives the nearest known formats.
    """
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, n=2)
        raise FormatError(
            f"unknown format {name!r}. {'Did you mean ' + ' or '.join(near) + '? ' if near else ''}"
            f"Accepted: {', '.join(FORMATS)}."
        )
    return importlib.import_module(f"dialogue.formats.{name}")


def guess(path: str | Path) -> str:
    """Return the format that a path's extension names; a folder is a Kaldi directory."""
    path = Path(path)
    if path.is_dir():
        return "kaldi"
    if found := _extension(path):
        return found[0]
    known = ", ".join(e for extensions in FORMATS.values() for e in extensions)
    raise FormatError(f"{path}: the extension names no format. Accepted: {known}, or a Kaldi directory.")


def _extension(path: Path) -> tuple[str, str] | None:
    """Return ``(format, extension)`` of a file name, trying longer extensions first."""
    every = [(name, extension) for name, extensions in FORMATS.items() for extension in extensions]
    for name, extension in sorted(every, key=lambda item: -len(item[1])):
        if path.name.lower().endswith(extension.lower()):
            return name, extension
    return None


def stem(path: str | Path) -> str:
    """Return a file's name without the extension of its format, which is the id of its recording."""
    path = Path(path)
    found = _extension(path)
    return path.name[: -len(found[1])] if found else path.stem


def read(
    path: str | Path,
    format: str | None = None,
    *,
    encoding: str | None = None,
    verbatim: bool = False,
    strict: bool = False,
) -> list[Transcript]:
    """Read every recording of a file or folder.

    An id that could not name a file, such as ``../x``, is made safe.

    Args:
        format: by default that of the extension or, if several formats share it, that of the content.
        encoding: encoding of the text; by default as the file declares (byte order mark, XML), or UTF-8.
        verbatim: keep the marks of transcribers in the text.
        strict: refuse what would otherwise be passed over with a warning, such as a cue that ends before its start.

    Raises:
        FormatError: the file is invalid; the message names the line.
    """
    path = Path(path)
    reader = module(format or guess(path))
    try:
        with reading(str(path), strict):
            if hasattr(reader, "load"):
                return safe_ids(reader.load(path, **_marks(reader.load, verbatim)))
            text = decode(file_bytes(path), encoding)
            if format is None:
                reader = _recognised(path, text) or reader
            return safe_ids(reader.loads(text, recording=stem(path), **_marks(reader.loads, verbatim)))
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path}: byte {error.start} is not {error.encoding.upper()}. "
            "Name the encoding of the file (--encoding latin-1 for old French corpora), or save it as UTF-8."
        ) from error


def _marks(reader: Callable[..., object], verbatim: bool) -> dict[str, bool]:
    """Return ``verbatim`` as an argument, for the formats that accept it."""
    return {"verbatim": verbatim} if "verbatim" in inspect.signature(reader).parameters else {}


def file_bytes(path: Path, compressed: bool = False) -> bytes:
    """Return the content of a file of text.

    Args:
        compressed: unpack what gzip compressed.

    Raises:
        FormatError: the file is too large, or is no text; the message says what it is.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise FormatError(f"{size / 2**20:.0f} MB. Accepted: files of at most {LARGEST / 2**20:.0f} MB.")
    data = path.read_bytes()
    if compressed and data.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as file:
                data = file.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FormatError(f"not whole as gzip compressed it ({error}). Copy it again.") from error
        if len(data) > LARGEST:
            raise FormatError(f"more than {LARGEST / 2**20:.0f} MB once unpacked. Accepted: at most that.")
    for start, what in BINARY.items():
        if data.startswith(start):
            raise FormatError(f"line 1: this is {what}.")
    return data


def file_text(path: Path, compressed: bool = False) -> str:
    """Return the text of one of several files that are read together.

    Raises:
        FormatError: as :func:`file_bytes`, or the file is not UTF-8; the message names the line.
    """
    data = file_bytes(path, compressed)
    try:
        return decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(f"line {line}: byte {error.start} is not {error.encoding.upper()}.") from error


def decode(data: bytes, encoding: str | None = None) -> str:
    """Decode a file, by the encoding that its first bytes declare, with ``\\n`` as line end.

    Raises:
        FormatError: the encoding does not exist.
        UnicodeDecodeError: the bytes are not in the encoding.
    """
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.-]+)[\"']", data)
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    marked = next((name for mark, name in marks if data.startswith(mark)), None)
    name = encoding or marked or (declared[1].decode() if declared else "utf-8")
    try:
        text = data.decode(name)
    except LookupError as error:
        raise FormatError(f"unknown encoding {name!r}. Accepted: utf-8, utf-16, latin-1, cp1252...") from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _recognised(path: Path, text: str) -> ModuleType | None:
    """Return the module of a format that shares its extension with others and recognises the text."""
    found = _extension(path)
    for name in SHARED.get(found[1], ()) if found else ():
        candidate = module(name)
        if candidate.recognises(text):
            return candidate
    return None


def write(transcripts: Iterable[Transcript], path: str | Path, format: str | None = None) -> None:
    """Write recordings to a file or folder; files are written atomically."""
    path = Path(path)
    writer = module(format or guess(path))
    if hasattr(writer, "dump"):
        writer.dump([encodable(t) for t in transcripts], path)
        return
    save_text(path, dumps(transcripts, format or guess(path)))


def dumps(transcripts: Iterable[Transcript], format: str) -> str:
    """Return recordings as text in a one-file format."""
    writer = module(format)
    if hasattr(writer, "dump"):
        raise FormatError(
            f"{format} is a folder, not a text. Use dialogue.formats.write(transcripts, path, {format!r})."
        )
    if not hasattr(writer, "dumps"):
        raise FormatError(f"{format} can be read but not written. Accepted: {', '.join(writable())}.")
    text: str = writer.dumps([encodable(t) for t in transcripts])
    return text


def encodable(transcript: Transcript) -> Transcript:
    """Return a transcript without half surrogate pairs in its texts and names, which no file can hold."""
    if not _halves(transcript):
        return transcript
    return replace(
        transcript,
        recording=whole(transcript.recording),
        speakers=tuple(replace(s, name=whole(s.name or "") or None) for s in transcript.speakers),
        utterances=tuple(
            replace(
                u,
                text=whole(u.text),
                original=whole(u.original),
                words=tuple(replace(w, text=whole(w.text)) for w in u.words),
            )
            for u in transcript
        ),
        events=tuple(replace(e, text=whole(e.text)) for e in transcript.events),
        omissions=tuple(replace(o, text=whole(o.text)) for o in transcript.omissions),
    )


def _halves(transcript: Transcript) -> bool:
    texts = [transcript.recording, *(s.name or "" for s in transcript.speakers)]
    texts += [text for u in transcript for text in (u.text, u.original, *(w.text for w in u.words))]
    texts += [e.text for e in transcript.events] + [o.text for o in transcript.omissions]
    return any(text != whole(text) for text in texts)


def writable() -> list[str]:
    """Return the names of the formats that can be written."""
    return [name for name in FORMATS if is_written(name)]


def is_written(format: str) -> bool:
    """Tell whether a format can be written; some can only be read."""
    return hasattr(module(format), "dumps") or hasattr(module(format), "dump")
