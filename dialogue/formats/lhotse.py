"""Lhotse manifests, JSON lines: supervisions (who said what, when) and recordings (where the sound is).

Source: https://lhotse.readthedocs.io (SupervisionSegment, Recording). ``lhotse`` can read what is written here, but is
not needed. Times are seconds from the start of the recording.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.audio import Recording
from dialogue.core.files import save_bytes, save_json, save_json_lines, to_json_lines
from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError, file_text
from dialogue.formats.ids import safe_id
from dialogue.formats.lines import assemble, json_value, labels, number, span, timed_words
from dialogue.formats.segments import shape

HOLDS = {"text", "times", "speakers", "overlap", "words", "probabilities", "language", "original"}


def load(path: str | Path, recordings: Iterable[Recording] = ()) -> list[Transcript]:
    """Read the transcripts of a supervisions file; a recording not given in ``recordings`` ends with its last one.

    Raises:
        FormatError: a line is not JSON, lacks a field, or repeats an id; the message names it.
    """
    found: dict[str, list[Utterance]] = {}
    languages: dict[str, str] = {}
    for where, row in _rows(Path(path), ("id", "recording_id", "start", "duration")):
        start = number(row["start"], "start", where)
        start, end = span(start, round(start + number(row["duration"], "duration", where), 6), where)
        custom, aligned = _object(row, "custom", where), _object(row, "alignment", where)
        items = aligned.get("word") or ()
        if not isinstance(items, (list, tuple)):
            raise FormatError(f"{where}: alignment, word: {shape(items)}. Accepted: a list.")
        recording, confidence = str(row["recording_id"]), custom.get("confidence")
        if language := _text(row, "language", where):
            languages.setdefault(recording, language)
        found.setdefault(recording, []).append(
            Utterance(
                id=str(row["id"]),
                speaker=_text(row, "speaker", where) or None,
                start=start,
                end=end,
                text=_text(row, "text", where),
                words=tuple(_word(item, where) for item in items),
                overlap=bool(custom.get("overlap", False)),
                confidence=None if confidence is None else number(confidence, "confidence", where),
                original=_text(custom, "original", where),
            )
        )
    return assemble(found, {r.id: r.duration for r in recordings}, languages)


def _word(item: Any, where: str) -> Word:
    """Return a word of an alignment: ``[symbol, start, duration, score]``, or an object with these keys."""
    if isinstance(item, dict):
        item = [item.get(key) for key in ("symbol", "start", "duration", "score")]
    if not isinstance(item, list) or not 3 <= len(item) <= 4 or not isinstance(item[0], str):
        raise FormatError(f"{where}: alignment, {shape(item)}. Accepted: [symbol, start, duration, score].")
    begin = number(item[1], "start of a word", where)
    begin, end = span(begin, round(begin + number(item[2], "duration of a word", where), 6), where)
    score = item[3] if len(item) == 4 else None
    return Word(item[0], begin, end, None if score is None else number(score, "score of a word", where))


def _object(row: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """Return the object of a key; an empty one if there is none."""
    found = row.get(key)
    if found is not None and not isinstance(found, dict):
        raise FormatError(f"{where}: {key} is {shape(found)}. Accepted: an object.")
    return found or {}


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    """Return the text or number of a key, as text; an empty one if there is none."""
    found = row.get(key)
    if isinstance(found, (dict, list, bool)):
        raise FormatError(f"{where}: {key} is {shape(found)}. Accepted: text.")
    return "" if found is None else str(found)


def dump(transcripts: Sequence[Transcript], path: str | Path) -> None:
    """Write a supervisions file. Utterance ids are prefixed with their recording's, so that they are unique."""
    rows = list[dict[str, Any]]()
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
    recordings, origins = [], dict[str, str]()
    try:
        known = _read_attributes(path)
        for where, row in _rows(path, ("id", "sources", "sampling_rate", "duration")):
            attributes = {**_object(row, "custom", where), **known.get(str(row["id"]), {})}
            place, channels = _one_source(row, attributes, where)
            name, duration = safe_id(str(row["id"])), number(row["duration"], "duration", where)
            rate = number(row["sampling_rate"], "sampling_rate", where)
            if duration < 0 or rate < 0:
                raise FormatError(f"{where}: duration {duration:g}, sampling_rate {rate:g}. Accepted: 0 or more.")
            if name in origins:
                raise FormatError(f"{where}: {row['id']} and {origins[name]} would both be {name}. Rename one.")
            origins[name] = str(row["id"])
            recordings.append(
                Recording(
                    id=name,
                    path=path.parent / place,
                    duration=duration,
                    sampling_rate=int(rate),
                    channels=channels,
                    attributes=attributes,
                )
            )
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    return recordings


def _one_source(row: Mapping[str, Any], attributes: dict[str, Any], where: str) -> tuple[str, int]:
    """Return the file of a recording and the number of its channels; the text of a dialogue without sound."""
    sources = row["sources"]
    if sources == [] and isinstance(attributes.get("text"), str):
        sources = [{"type": "file", "source": attributes.pop("text")}]
    source = sources[0] if isinstance(sources, list) and len(sources) == 1 else None
    if not isinstance(source, dict) or source.get("type") != "file" or not isinstance(source.get("source"), str):
        raise FormatError(f"{where}: sources {str(sources)[:200]}. Accepted: one source of type file.")
    if "\0" in source["source"] or not source["source"]:
        raise FormatError(f"{where}: the source is no path. Accepted: the path of a file.")
    channels = source.get("channels") or row.get("channel_ids") or [0]
    if not isinstance(channels, list):
        raise FormatError(f"{where}: channels are {shape(channels)}. Accepted: a list of their numbers.")
    return source["source"], len(channels)


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
        found = json_value(file_text(beside))
    except FormatError as error:
        raise FormatError(f"{beside.name}, {error}") from error
    if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
        raise FormatError(f"{beside.name}: accepted: recording -> its attributes.")
    return found


def _source(path: Path, folder: Path) -> str:
    return str(path) if path.is_absolute() else os.path.relpath(path.resolve(), folder.resolve())


def _rows(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    seen: set[str] = set()
    compressed = path.with_name(f"{path.name}.gz")
    text = file_text(compressed if not path.exists() and compressed.exists() else path, compressed=True)
    for index, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"line {index}"
        row = json_value(line, where)
        missing = [f for f in fields if f not in row] if isinstance(row, dict) else list(fields)
        if missing:
            raise FormatError(f"{where}: no {', '.join(missing)}. Accepted: an object with {', '.join(fields)}.")
        if str(row["id"]) in seen:
            raise FormatError(f"{where}: {row['id']} appears twice. Ids must be unique.")
        seen.add(str(row["id"]))
        yield where, row


def _save(rows: Iterable[Mapping[str, Any]], path: str | Path) -> None:
    path = Path(path)
    if path.name.lower().endswith(".gz"):
        save_bytes(path, gzip.compress(to_json_lines(rows).encode(), mtime=0))
    else:
        save_json_lines(path, rows)
