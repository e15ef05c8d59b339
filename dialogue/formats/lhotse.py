"""Lhotse manifests, JSON lines: supervisions (who said what, when) and recordings (where the sound is).

Source: https://lhotse.readthedocs.io (SupervisionSegment, Recording). ``lhotse`` can read what is written here, but is
not needed. Times are seconds from the start of the recording.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.audio import Recording
from dialogue.core.files import read_json, save_json, save_json_lines
from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.lines import assemble, labels, number, span, timed_words

HOLDS = {"text", "times", "speakers", "overlap", "words", "probabilities", "language", "original"}


def load(path: str | Path, recordings: Iterable[Recording] = ()) -> list[Transcript]:
    """Read the transcripts of a supervisions file; a recording not given in ``recordings`` ends with its last one.

    Raises:
        FormatError: a line is not JSON, lacks a field, or repeats an id; the message names it.
    """
    found: dict[str, list[Utterance]] = {}
    languages: dict[str, str] = {}
    for where, row in _rows(Path(path), ("id", "recording_id", "start", "duration")):
        start = number(str(row["start"]), "start", where)
        start, end = span(start, round(start + number(str(row["duration"]), "duration", where), 6), where)
        custom = row.get("custom") or {}
        words = []
        for item in (row.get("alignment") or {}).get("word", ()):
            try:
                symbol, begin, length, *score = item
                words.append(Word(symbol, begin, round(begin + length, 6), score[0] if score else None))
            except (TypeError, ValueError) as error:
                raise FormatError(
                    f"{where}: alignment {item!r}. Accepted: [symbol, start, duration, score]."
                ) from error
        if row.get("language"):
            languages.setdefault(row["recording_id"], row["language"])
        found.setdefault(row["recording_id"], []).append(
            Utterance(
                id=str(row["id"]),
                speaker=row.get("speaker"),
                start=start,
                end=end,
                text=row.get("text") or "",
                words=tuple(words),
                overlap=bool(custom.get("overlap", False)),
                confidence=custom.get("confidence"),
                original=custom.get("original", ""),
            )
        )
    return assemble(found, {r.id: r.duration for r in recordings}, languages)


def dump(transcripts: Sequence[Transcript], path: str | Path) -> None:
    """Write a supervisions file. Utterance ids are prefixed with their recording's, so that they are unique."""
    rows = []
    for transcript in transcripts:
        name = labels(transcript)
        for u in transcript:
            prefix = f"{transcript.recording}-"
            row: dict[str, Any] = {
                "id": u.id if u.id.startswith(prefix) else prefix + u.id,
                "recording_id": transcript.recording,
                "start": round(u.start, 3),
                "duration": round(u.end - u.start, 3),
                "channel": 0,
                "text": u.text,
                "language": transcript.language,
                "speaker": name.get(u.speaker),
            }
            custom = {
                "overlap": u.overlap or None,
                "confidence": u.confidence,
                "original": u.original or None,
            }
            row["custom"] = {key: value for key, value in custom.items() if value is not None}
            if u.words:
                row["alignment"] = {
                    "word": [
                        [
                            w.text,
                            round(w.start or 0.0, 3),
                            round((w.end or 0.0) - (w.start or 0.0), 3),
                            w.probability,
                        ]
                        for w in timed_words(u)
                    ]
                }
            rows.append({key: value for key, value in row.items() if value not in (None, {})})
    _save(rows, path)


def read_recordings(path: str | Path) -> list[Recording]:
    """Read the recordings of a manifest; a relative source is relative to the manifest's folder.

    Raises:
        FormatError: a line is not JSON, lacks a field, repeats an id or has several sources; the message names it.
    """
    path = Path(path)
    recordings = []
    try:
        known = _read_attributes(path)
        for where, row in _rows(path, ("id", "sources", "sampling_rate", "duration")):
            sources, attributes = (
                row["sources"],
                {**(row.get("custom") or {}), **known.get(str(row["id"]), {})},
            )
            if sources == [] and "text" in attributes:  # a dialogue without sound
                sources = [{"type": "file", "source": attributes.pop("text")}]
            if not isinstance(sources, list) or len(sources) != 1 or sources[0].get("type") != "file":
                raise FormatError(f"{where}: sources {sources!r}. Accepted: one source of type file.")
            source = sources[0]
            recordings.append(
                Recording(
                    id=str(row["id"]),
                    path=path.parent / source["source"],
                    duration=number(str(row["duration"]), "duration", where),
                    sampling_rate=int(number(str(row["sampling_rate"]), "sampling_rate", where)),
                    channels=len(source.get("channels") or row.get("channel_ids") or [0]),
                    attributes=attributes,
                )
            )
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    return recordings


def write_recordings(recordings: Iterable[Recording], path: str | Path) -> None:
    """Write a manifest. Relative paths are rewritten relative to the manifest's folder, so that both can be moved.

    Lhotse's recordings have no field for other facts: attributes go to ``recordings.attributes.json`` in the same
    folder.
    """
    rows, known = [], {}
    for recording in recordings:
        channels = list(range(recording.channels))
        place = _source(recording.path, Path(path).parent)
        written = recording.attributes.get("modality") == "text"  # a dialogue without sound
        rows.append(
            {
                "id": recording.id,
                "sources": [] if written else [{"type": "file", "channels": channels, "source": place}],
                "sampling_rate": recording.sampling_rate,
                "num_samples": round(recording.duration * recording.sampling_rate),
                "duration": recording.duration,
                "channel_ids": channels,
            }
        )
        if recording.attributes:
            known[recording.id] = {**recording.attributes, **({"text": place} if written else {})}
    beside = _attributes_beside(Path(path))
    if known:
        save_json(beside, known)
    else:
        beside.unlink(missing_ok=True)
    _save(rows, path)


def _attributes_beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}.attributes.json")


def _read_attributes(path: Path) -> Mapping[str, Mapping[str, Any]]:
    beside = _attributes_beside(path)
    if not beside.exists():
        return {}
    try:
        found = read_json(beside)
    except json.JSONDecodeError as error:
        raise FormatError(f"{beside.name}, line {error.lineno}: not JSON ({error.msg}).") from error
    if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
        raise FormatError(f"{beside.name}: accepted: recording -> its attributes.")
    return found


def _source(path: Path, folder: Path) -> str:
    return str(path) if path.is_absolute() else os.path.relpath(path.resolve(), folder.resolve())


def _rows(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    seen: set[str] = set()
    for index, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"line {index}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise FormatError(f"{where}: not JSON ({error.msg}). Accepted: one object per line.") from error
        missing = [f for f in fields if f not in row] if isinstance(row, dict) else list(fields)
        if missing:
            raise FormatError(f"{where}: no {', '.join(missing)}. Accepted: an object with {', '.join(fields)}.")
        if str(row["id"]) in seen:
            raise FormatError(f"{where}: {row['id']} appears twice. Ids must be unique.")
        seen.add(str(row["id"]))
        yield where, row


def _save(rows: Iterable[Mapping[str, Any]], path: str | Path) -> None:
    save_json_lines(Path(path), rows)
