"""MeetingBank: a JSON file of all meetings, with the turns and the summary of each item; lists of items by split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core.audio import recording_id
from dialogue.core.files import read_json, read_json_lines, save_text
from dialogue.core.transcript import Speaker
from dialogue.corpus import CorpusError
from dialogue.formats.lines import one_line
from dialogue.formats.script import untimed
from dialogue.formats.segments import objects

SPLITS = ("train", "validation", "test")


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``transcripts/<split>/<meeting>_<item>.json`` and ``summaries/<meeting>_<item>.txt``.

    Reads ``Metadata/MeetingBank.json`` (meeting -> ``itemInfo``: item -> ``Summary``, and ``transcripts``: turns
    with ``speaker``, ``text``) and ``Metadata/Splits/<split>.json``, lines of JSON whose ``id`` is
    ``<meeting>_<item>``. Consecutive turns of one speaker are one turn.

    Returns:
        Item -> why it could not be unpacked; the other items are unpacked.

    Raises:
        CorpusError: a file is missing, or is not of this form.
    """
    path, lists = source / "Metadata/MeetingBank.json", {s: source / f"Metadata/Splits/{s}.json" for s in SPLITS}
    if absent := [file for file in (path, *lists.values()) if not file.exists()]:
        raise CorpusError(
            f"{source}: no {absent[0].relative_to(source)}. Accepted: MeetingBank.zip of "
            "https://zenodo.org/record/7989108, unpacked."
        )
    try:
        items = {f"{m}_{i}": item for m, meeting in read_json(path).items() for i, item in meeting["itemInfo"].items()}
        wanted = {split: [str(row["id"]) for row in read_json_lines(file)] for split, file in lists.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path.parent}: {error!r}. Accepted: meeting -> itemInfo -> item in MeetingBank.json, lines of JSON with "
            "an id in Splits."
        ) from error
    failed: dict[str, str] = {}
    for split, names in wanted.items():
        for name in names:
            try:
                _item(items.get(name), recording_id(f"{name}."), folder, split)
            except ValueError as error:
                failed[name] = str(error)
    return failed


def _item(item: Mapping[str, Any] | None, name: str, folder: Path, split: str) -> None:
    if item is None:
        raise ValueError(f"in Splits/{split}.json, but not in MeetingBank.json.")
    turns: list[tuple[str | None, str]] = []
    for turn in objects(item, "transcripts"):
        number, text = turn.get("speaker"), one_line(str(turn.get("text", "")))
        speaker = None if number is None else str(number)
        if turns and turns[-1][0] == speaker:
            turns[-1] = (speaker, f"{turns[-1][1]} {text}")
        else:
            turns.append((speaker, text))
    summary = one_line(str(item.get("Summary", "")))
    if not summary or not any(text for _, text in turns):
        raise ValueError("no Summary, or no turns with text.")
    said = untimed(name, turns, verbatim=True)
    unnamed = replace(said, speakers=tuple(Speaker(s.id) for s in said.speakers))  # a number is no name
    formats.write([unnamed], folder / "transcripts" / split / f"{name}.json")
    save_text(folder / "summaries" / f"{name}.txt", f"{summary}\n")
