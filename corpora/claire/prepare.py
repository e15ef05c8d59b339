"""Claire: many dialogues per file, in files with the same names in all its corpora."""

from __future__ import annotations

from pathlib import Path

from dialogue.corpus import CorpusError
from dialogue.corpus.unpacking import link


def unpack(source: Path, folder: Path) -> None:
    """Link ``FR/<corpus>/<split>.txt`` to ``<split>/<corpus>-<split>.claire.txt``, after which dialogues are numbered.

    Raises:
        CorpusError: there is no such file.
    """
    files = sorted(source.glob("FR/*/train.txt")) + sorted(source.glob("FR/*/test.txt"))
    if not files:
        raise CorpusError(
            f"{source}: no FR/<corpus>/train.txt. Accepted: OpenLLM-France/Claire-Dialogue-French-0.1 as downloaded."
        )
    for path in files:
        link(path, folder / path.stem / f"{path.parent.name}-{path.stem}.claire.txt")
