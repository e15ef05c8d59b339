"""SUMM-RE: convert Parquet to one recording and one transcript per meeting.

Each row of the Parquet files is a speaker of a meeting, with the sound of their own microphone.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue import formats
from dialogue.core import audio
from dialogue.core.extras import how_to_install
from dialogue.core.transcript import Event, Speaker, Utterance, Word
from dialogue.corpus import CorpusError
from dialogue.formats.conventions import interpret
from dialogue.formats.lines import one_line, transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPLITS = ("train", "dev", "test")
COLUMNS = ["meeting_id", "speaker_id", "audio", "segments"]


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``<split>/<meeting>.wav``, the sum of the tracks, and ``<split>/<meeting>.json``, who said what.

    Reads ``data/<split>/*.parquet`` row by row, so memory holds the sound of one meeting and two copies of a page of
    the file, which Parquet limits to 2 GB. A meeting that already exists is not written again.

    Returns:
        Meeting -> why it could not be unpacked; the other meetings are unpacked.

    Raises:
        CorpusError: there is no Parquet file, or no package to read it.
    """
    try:
        import pyarrow  # noqa: F401
    except ModuleNotFoundError as error:
        raise CorpusError(f"summre: reading Parquet needs pyarrow. {how_to_install('corpora')}") from error
    files = {split: sorted(source.glob(f"data/{split}/*.parquet")) for split in SPLITS}
    if not any(files.values()):
        raise CorpusError(f"{source}: no data/{{train,dev,test}}/*.parquet. Accepted: linagora/SUMM-RE as downloaded.")
    failed: dict[str, str] = {}
    for split, paths in files.items():
        failed |= _split(paths, folder / split)
    return failed


@dataclass
class Meeting:
    """The part of a meeting read so far."""

    sound: NDArray[Any] | None = None
    utterances: list[Utterance] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def _split(paths: list[Path], folder: Path) -> dict[str, str]:
    names = {path: [row["meeting_id"] for row in _rows(path, ["meeting_id"])] for path in paths}
    missing = Counter(name for found in names.values() for name in found)  # tracks still to read
    done = {name for name in missing if (folder / f"{name}.json").exists()}
    meetings: dict[str, Meeting] = {}
    failed: dict[str, str] = {}
    for row in (row for path in paths if not done.issuperset(names[path]) for row in _rows(path, COLUMNS)):
        name = row["meeting_id"]
        missing[name] -= 1
        if name in done or name in failed:
            continue
        try:
            _add(meetings.setdefault(name, Meeting()), row, folder)
            if not missing[name]:
                _write(name, meetings.pop(name), folder)
        except (ValueError, KeyError, TypeError, OSError) as error:
            failed[name] = f"{row['speaker_id']}: {error}"
            meetings.pop(name, None)
    return failed


def _rows(path: Path, columns: list[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a file, read page by page: row groups in SUMM-RE have gigabytes."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, buffer_size=2**20, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=1, columns=columns):
            yield from batch.to_pylist()


def _add(meeting: Meeting, row: Mapping[str, Any], folder: Path) -> None:
    """Add a track to the sound, and its words to the meeting."""
    speaker = str(row["speaker_id"])
    track = _decoded(row["audio"]["bytes"], folder)
    if meeting.sound is None or len(meeting.sound) < len(track):
        meeting.sound, track = track, meeting.sound if meeting.sound is not None else track[:0]
    meeting.sound[: len(track)] += track
    for segment in row["segments"]:
        words = tuple(Word(one_line(w["word"]), w["start"], w["end"]) for w in segment["words"] or ())
        said = Utterance("", speaker, segment["start"], segment["end"], one_line(segment["transcript"]), words)
        plain, heard = interpret(said)
        meeting.utterances += [plain] if plain.text else []
        meeting.events += heard


def _decoded(data: bytes, folder: Path) -> NDArray[Any]:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".track.{os.getpid()}.part"
    part.write_bytes(data)
    try:
        return audio.load(part)
    finally:
        part.unlink()


def _write(name: str, meeting: Meeting, folder: Path) -> None:
    """Write both files, the transcript last, so that its presence shows that the sound is there too."""
    import numpy as np

    assert meeting.sound is not None
    peak = float(np.abs(meeting.sound).max(initial=0.0))
    part = folder / f".{name}.{os.getpid()}.part"
    audio.save_wav(part, meeting.sound / max(1.0, peak))  # scaled only if the sum would clip
    part.replace(folder / f"{name}.wav")
    people = {u.speaker for u in meeting.utterances}
    whole = transcript(
        name,
        meeting.utterances,
        speakers=[Speaker(str(label), str(label)) for label in people],
        events=meeting.events,
        duration=len(meeting.sound) / audio.RATE,
        language="fr",
    )
    formats.write([whole], folder / f"{name}.json")
