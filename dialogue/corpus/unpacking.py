"""Helpers for ``prepare.py`` scripts, which lay a distribution out as the cards read it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogue.core.audio import AudioError, probe, recording_id
from dialogue.core.files import replacing, save_text
from dialogue.core.transcript import Speaker, Utterance
from dialogue.formats import stm
from dialogue.formats.lines import one_line, transcript


@dataclass(frozen=True)
class Clip:
    """A recording of one utterance.

    Attributes:
        id: id of the recording; characters not allowed in file names become ``_``.
        sound: its audio file.
        speaker: label, or ``None`` if the speaker is unknown.
    """

    id: str
    sound: Path
    text: str
    speaker: str | None = None


def write_clips(clips: Iterable[Clip], folder: Path) -> dict[str, str]:
    """Link the audio of clips into ``folder``, and write their text to ``<folder>.stm`` next to it.

    Returns:
        Clip -> why it was skipped; the others continue.
    """
    found, failed = [], dict[str, str]()
    for clip in clips:
        name, text = recording_id(f"{clip.id}."), one_line(clip.text)
        try:
            duration = probe(clip.sound).duration
        except (AudioError, OSError) as error:
            failed[name] = str(error)
            continue
        if not text:
            failed[name] = "its transcript is empty."
            continue
        link(clip.sound, folder / f"{name}{clip.sound.suffix}")
        people = [Speaker(clip.speaker, clip.speaker)] if clip.speaker else []
        said = Utterance("", clip.speaker, 0.0, duration, text)
        found.append(transcript(name, [said], speakers=people, duration=duration))
    save_text(folder.with_suffix(".stm"), stm.dumps(found))
    return failed


def link(path: Path, place: Path) -> None:
    """Make a file available at ``place`` by a symbolic link, or by a copy if the file system has no links."""
    if place.exists():
        return
    with replacing(place) as part:
        try:
            part.symlink_to(path.resolve())
        except OSError:
            shutil.copyfile(path, part)


def table(path: Path) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a tab-separated table with a header line; quotes are ordinary text."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {key: value or "" for key, value in row.items() if key is not None}
