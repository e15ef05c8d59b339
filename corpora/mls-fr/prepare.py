"""MLS: one table of transcripts per split, and one sound file per line."""

from __future__ import annotations

from pathlib import Path

from dialogue.corpus import CorpusError
from dialogue.corpus.unpacking import Clip, write_clips


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``<split>/<id>.flac`` (links; ``.opus`` in the smaller distribution) and ``<split>.stm``.

    Reads ``<split>/transcripts.txt`` (``id<TAB>text``, the id being ``speaker_book_number``) and
    ``<split>/audio/<speaker>/<book>/<id>.flac`` in ``source``, the folder ``mls_french``.

    Returns:
        Clip -> why it is excluded; the other clips are written.

    Raises:
        CorpusError: there are no transcripts.
    """
    transcripts = sorted(source.glob("*/transcripts.txt"))
    if not transcripts:
        raise CorpusError(f"{source}: no <split>/transcripts.txt. Accepted: the folder mls_french or mls_french_opus.")
    failed: dict[str, str] = {}
    for path in transcripts:
        failed |= write_clips(map(_clip, _lines(path)), folder / path.parent.name)
    return failed


def _lines(path: Path) -> list[tuple[Path, str]]:
    return [(path.parent, line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _clip(line: tuple[Path, str]) -> Clip:
    split, row = line
    name, _, text = row.partition("\t")
    speaker, book, _ = [*name.split("_"), "", ""][:3]
    stem = split / "audio" / speaker / book / name
    opus = stem.with_name(f"{name}.opus")
    return Clip(name, opus if opus.exists() else stem.with_name(f"{name}.flac"), text, speaker)
