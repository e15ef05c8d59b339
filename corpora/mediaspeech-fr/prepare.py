"""MediaSpeech: one sound file and one text file of the same name per segment."""

from __future__ import annotations

from pathlib import Path

from dialogue.corpus import CorpusError
from dialogue.corpus.unpacking import Clip, write_clips


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``FR/<id>.flac`` (links) and ``FR.stm``.

    Reads ``<id>.flac`` (``.wav`` in the authors' repository) and ``<id>.txt``, both in ``source`` or its folder ``FR``.

    Returns:
        Clip -> why it is excluded; the other clips are written.

    Raises:
        CorpusError: no sound file has a text.
    """
    home = source / "FR" if (source / "FR").is_dir() else source
    sounds = [path for path in sorted(home.iterdir()) if path.suffix in (".flac", ".wav")]
    pairs = [(sound, sound.with_suffix(".txt")) for sound in sounds if sound.with_suffix(".txt").exists()]
    if not pairs:
        raise CorpusError(
            f"{home}: no <id>.flac with an <id>.txt. Accepted: FR.tgz of https://openslr.org/108, unpacked."
        )
    return write_clips((Clip(s.stem, s, text.read_text(encoding="utf-8")) for s, text in pairs), folder / "FR")
