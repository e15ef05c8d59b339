"""Transcripts in the formats of the field: one file a format, a pair of functions each.

A format module has ``loads(text, recording=None) -> list[Transcript]`` and ``dumps(transcripts) -> str``. Formats
that are folders (Kaldi, Lhotse) have ``load(path)`` and ``dump(transcripts, path)`` instead.
"""

from __future__ import annotations

import difflib
import importlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from dialogue.transcript import Transcript

FORMATS = {  # name -> extensions, the first one being written
    "json": (".json",),
    "rttm": (".rttm",),
    "stm": (".stm",),
    "ctm": (".ctm",),
    "seglst": (".seglst.json", ".seglst"),
    "srt": (".srt",),
    "vtt": (".vtt",),
    "txt": (".txt",),
    "kaldi": (),  # a folder
    "lhotse": (".jsonl",),
}


class FormatError(ValueError):
    """A file that is not what its format promises; the message names the line."""


def module(name: str) -> ModuleType:
    """The module of a format.

    Raises:
        FormatError: naming the nearest known formats.
    """
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, n=2)
        raise FormatError(
            f"unknown format {name!r}. {'Did you mean ' + ' or '.join(near) + '? ' if near else ''}"
            f"Accepted: {', '.join(FORMATS)}."
        )
    return importlib.import_module(f"dialogue.formats.{name}")


def guess(path: str | Path) -> str:
    """The format that a path's extension names; a folder is a Kaldi directory."""
    path = Path(path)
    if path.is_dir():
        return "kaldi"
    for name, extensions in sorted(FORMATS.items(), key=lambda item: -max(map(len, item[1]), default=0)):
        if path.name.lower().endswith(tuple(extensions) or ("\0",)):
            return name
    known = ", ".join(e for extensions in FORMATS.values() for e in extensions)
    raise FormatError(f"{path}: the extension names no format. Accepted: {known}, or a Kaldi directory.")


def read(path: str | Path, format: str | None = None) -> list[Transcript]:
    """Read every recording of a file or folder.

    Raises:
        FormatError: with the line that is wrong.
    """
    path = Path(path)
    reader = module(format or guess(path))
    try:
        if hasattr(reader, "load"):
            return reader.load(path)
        return reader.loads(path.read_text(encoding="utf-8-sig"), recording=path.name.split(".")[0])
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error


def write(transcripts: Iterable[Transcript], path: str | Path, format: str | None = None) -> None:
    """Write recordings to a file or folder, whole or not at all."""
    path = Path(path)
    writer = module(format or guess(path))
    if hasattr(writer, "dump"):
        writer.dump(list(transcripts), path)
        return
    save_text(path, writer.dumps(list(transcripts)))


def dumps(transcripts: Iterable[Transcript], format: str) -> str:
    """The text of recordings in a one-file format."""
    writer = module(format)
    if not hasattr(writer, "dumps"):
        raise FormatError(
            f"{format} is a folder, not a text. Use dialogue.formats.write(transcripts, path, {format!r})."
        )
    return writer.dumps(list(transcripts))


def save_text(path: Path, text: str) -> None:
    """Write beside, then rename: a killed process leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
