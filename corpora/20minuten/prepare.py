"""20 Minuten: two parallel files per split, a line per article and the line of its simplified summary."""

from __future__ import annotations

import re
from pathlib import Path

from dialogue import formats
from dialogue.core.files import save_text
from dialogue.corpus import CorpusError
from dialogue.formats.script import untimed

SPLITS = ("train", "dev", "test")
ARTICLES, SUMMARIES = "src.no_tag.de", "trg.no_tag.simpde"
NEWSPAPER = "20 Minuten"  # the one speaker
# Rough: it only decides where a long article may be cut. "am 1. August" is not an end.
SENTENCE_END = re.compile(r"(?<!\d[.])(?<=[.?!…])\s+(?=[^\Wa-zäöüß_]|[«„\"])")


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``transcripts/<split>/<split>-<line>.json`` and ``summaries/<split>-<line>.txt``.

    Reads ``<split>.src.no_tag.de`` and ``<split>.trg.no_tag.simpde``, wherever they are below ``source``.

    Returns:
        Article -> why it could not be unpacked; the other articles are unpacked.

    Raises:
        CorpusError: there are no such files, or two files of a split have different numbers of lines.
    """
    home = next((path.parent for path in sorted(source.rglob(f"train.{ARTICLES}"))), source)
    failed: dict[str, str] = {}
    for split in SPLITS:
        files = [home / f"{split}.{kind}" for kind in (ARTICLES, SUMMARIES)]
        if absent := [path.name for path in files if not path.exists()]:
            raise CorpusError(
                f"{home}: no {absent[0]}. Accepted: EMNLP_newsum_2021_A_New_Dataset_TS_DE.zip, unpacked; "
                "download_2021_EMNLP_newsum.sh of https://github.com/ZurichNLP/20Minuten downloads it."
            )
        articles, summaries = (formats.decode(p.read_bytes()).removesuffix("\n").split("\n") for p in files)
        if len(articles) != len(summaries):
            raise CorpusError(
                f"{home}: {len(articles)} lines in {files[0].name}, {len(summaries)} in {files[1].name}. "
                "Accepted: as many in both; download them again."
            )
        for number, (article, summary) in enumerate(zip(articles, summaries, strict=True), start=1):
            name = f"{split}-{number:05d}"
            if not article.strip() or not summary.strip():
                failed[name] = "no article or no summary on this line."
                continue
            said = [(NEWSPAPER, sentence) for sentence in SENTENCE_END.split(article.strip())]
            formats.write([untimed(name, said, verbatim=True)], folder / "transcripts" / split / f"{name}.json")
            save_text(folder / "summaries" / f"{name}.txt", f"{summary.strip()}\n")
    return failed
