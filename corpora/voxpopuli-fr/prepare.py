"""VoxPopuli: one table per split, and one sound file per row."""

from __future__ import annotations

from pathlib import Path

from dialogue.corpus import CorpusError
from dialogue.corpus.unpacking import Clip, table, write_clips

SPLITS = ("train", "dev", "test")
SOUND = (".ogg", ".wav")  # written by the authors' scripts, and on the Hugging Face hub


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``<split>/<id>.ogg`` (links) and ``<split>.stm``.

    Reads ``asr_<split>.tsv`` (columns ``id``, ``raw_text``, ``normalized_text``, ``speaker_id``) in ``source`` or its
    folder ``fr``, and the sound anywhere below it: ``<year>/<id>.ogg``, or ``<split>/.../<id>.wav``.

    Returns:
        Clip -> why it is excluded; the other clips are written.

    Raises:
        CorpusError: there is no table.
    """
    homes = [source, *sorted(source.rglob("fr"))]
    tables = [path for home in homes for split in SPLITS if (path := home / f"asr_{split}.tsv").exists()]
    if not tables:
        raise CorpusError(
            f"{source}: no asr_{{train,dev,test}}.tsv. Accepted: transcribed_data/fr, or data/fr of the hub, unpacked."
        )
    sounds = {p.stem: p for p in sorted(tables[0].parent.rglob("*")) if p.suffix in SOUND}
    failed: dict[str, str] = {}
    for path in tables:
        clips = (
            Clip(
                row["id"],
                sounds.get(row["id"], path.parent / f"{row['id']}{SOUND[0]}"),
                row["raw_text"] or row["normalized_text"],  # some have only normalised text
                row["speaker_id"],
            )
            for row in table(path)
        )
        failed |= write_clips(clips, folder / path.stem.removeprefix("asr_"))
    return failed
