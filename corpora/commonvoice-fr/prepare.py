"""Common Voice: one table per split, and one sound file per row."""

from __future__ import annotations

from pathlib import Path

from dialogue.corpus import CorpusError
from dialogue.corpus.unpacking import Clip, table, write_clips

SPLITS = ("train", "dev", "test")  # the others (validated, other, invalidated) overlap these or were not agreed on


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``<split>/<id>.mp3`` (links) and ``<split>.stm``.

    Reads ``<split>.tsv`` (columns ``client_id``, ``path``, ``sentence``) and ``clips/<path>`` of a release, in the
    folder ``fr``.

    Returns:
        Clip -> why it is excluded; the other clips are written.

    Raises:
        CorpusError: there is no table.
    """
    homes = [home for home in (source, source / "fr") if (home / "clips").is_dir()]
    tables = [home / f"{split}.tsv" for home in homes[:1] for split in SPLITS]
    tables = [path for path in tables if path.exists()]
    if not tables:
        raise CorpusError(
            f"{source}: no clips and {{train,dev,test}}.tsv. Accepted: a release of Common Voice, or its folder fr."
        )
    failed: dict[str, str] = {}
    for path in tables:
        clips = (
            Clip(Path(row["path"]).stem, path.parent / "clips" / row["path"], row["sentence"], row["client_id"])
            for row in table(path)
        )
        failed |= write_clips(clips, folder / path.stem)
    return failed
