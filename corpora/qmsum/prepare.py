"""QMSum: one JSON file per meeting, with its turns and what people wrote about it."""

from __future__ import annotations

import re
from pathlib import Path

from dialogue import formats
from dialogue.core.files import save_text
from dialogue.corpus import CorpusError
from dialogue.formats.lines import one_line
from dialogue.formats.script import untimed
from dialogue.formats.segments import objects, parse

MARK = re.compile(r"\{[^{}]*\}")  # {vocalsound} and {disfmarker} from AMI and ICSI


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``transcripts/<split>/<meeting>.json`` and ``summaries/<number>/<meeting>.txt``.

    Reads ``data/ALL/<split>/<meeting>.json``: ``meeting_transcripts`` (``speaker``, ``content``), and the answers of
    ``general_query_list``, which are about the whole meeting. Turns that are only a sound are dropped.

    Returns:
        Meeting -> why it could not be unpacked; the other meetings are unpacked.

    Raises:
        CorpusError: there is no meeting.
    """
    files = [path for split in ("train", "val", "test") for path in sorted(source.glob(f"data/ALL/{split}/*.json"))]
    if not files:
        raise CorpusError(
            f"{source}: no data/ALL/<split>/*.json. Accepted: https://github.com/Yale-LILY/QMSum, cloned."
        )
    failed: dict[str, str] = {}
    for path in files:
        try:
            _meeting(path, folder)
        except (ValueError, OSError) as error:
            failed[path.stem] = str(error)
    return failed


def _meeting(path: Path, folder: Path) -> None:
    value = parse(formats.decode(path.read_bytes()))
    turns = [
        (one_line(str(turn.get("speaker", ""))) or None, str(turn.get("content", "")))
        for turn in objects(value, "meeting_transcripts")
    ]
    spoken = [(speaker, content) for speaker, content in turns if MARK.sub("", content).strip()]
    formats.write(
        [untimed(path.stem, spoken, verbatim=False)],
        folder / "transcripts" / path.parent.name / f"{path.stem}.json",
    )
    for number, query in enumerate(objects(value, "general_query_list"), start=1):
        text = one_line(str(query.get("answer", "")))
        save_text(folder / "summaries" / str(number) / f"{path.stem}.txt", f"{text}\n")
