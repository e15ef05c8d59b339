"""Turn a corpus, as its authors distribute it, into manifests, references and splits."""

from __future__ import annotations

import difflib
import json
import re
import runpy
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from dialogue import formats
from dialogue.core import config, ledger
from dialogue.core.audio import AudioError, Recording, probe, recording_id, unique_ids
from dialogue.core.files import parse_json, read_json, read_json_lines, save_json_lines, save_text, sha256
from dialogue.core.tombstones import TombstoneError, Tombstones
from dialogue.core.transcript import Transcript
from dialogue.corpus import splits
from dialogue.corpus.card import Card, CorpusError, Read, load_card
from dialogue.corpus.cases import run_tests
from dialogue.formats import FormatError, lhotse, rttm, stm, uem

T = TypeVar("T")
CARD = "card.json"  # the card that the manifests were made with
SUMMARIES = "summaries.jsonl"
ATTRIBUTES = "attributes.json"


def read_summaries(data: Path) -> dict[str, list[str]]:
    """Return the summaries that people wrote for each recording; none if the corpus has none."""
    found: dict[str, list[str]] = {}
    path = data / SUMMARIES
    try:
        rows = read_json_lines(path) if path.exists() else []
    except ValueError as error:
        raise CorpusError(f"{path}: {error}. Accepted: lines of JSON. Run `dialogue prepare` again.") from error
    for index, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("recording", "text")):
            raise CorpusError(f"{path}: row {index}: accepted: an object with recording and text.")
        found.setdefault(row["recording"], []).append(row["text"])
    return found


@dataclass
class Prepared:
    """Result of preparing a corpus.

    Attributes:
        recordings: recordings in the manifest.
        failed: file or recording -> why it failed; the others continue.
        files: recording -> its audio and reference, as matched by globs of splits.
    """

    recordings: list[Recording] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)


def prepare(card: str | Path, source: str | Path, out: str | Path) -> Prepared:
    """Write the manifests and references of a corpus.

    Writes ``out/recordings.jsonl``; if the card names references, also ``supervisions.jsonl``, ``reference/<id>.json``
    (everything that the source holds), ``reference.stm``, ``reference.rttm`` and ``reference.uem``; if people wrote
    some, ``summaries.jsonl`` and ``minutes/<id>.json``. With several splits, manifests and references are repeated in
    ``out/<split>/``. ``recordings.jsonl`` is deleted first and written last: if it exists, the output is complete.

    Args:
        card: path of the card.
        source: folder of the corpus.
        out: folder to write.

    Raises:
        CorpusError: an inline case of the card fails, nothing can be read, or a recording is in no split or in two.
    """
    known, source, out = load_card(card), Path(source), Path(out)
    if known.read == Read():
        raise CorpusError(f"{card}: the card of a {known.kind} without `read`, which says how to read a corpus.")
    run_tests(known)
    done = Prepared()
    if (script := Path(card).parent / "prepare.py").exists():
        source = _unpacked(script, source, out / "unpacked", done)
        if (facts := source / ATTRIBUTES).exists():
            known = replace(known, read=replace(known.read, attributes={**read_json(facts), **known.read.attributes}))
    sound = _recordings(known, source, done)
    references = _transcripts(known, source, "reference", sound, done)
    if known.read.audio is None:
        sound = [_of_text(known, t, out) for t in references.values()]
    elif known.read.reference:
        for recording in [r for r in sound if r.id not in references]:
            done.failed.setdefault(recording.id, f"no reference matches {known.read.reference}")
        sound = [r for r in sound if r.id in references]
    sound = _not_erased(sound, references, Path(out), done)
    if not sound:
        causes = "; ".join(f"{name}: {why}" for name, why in list(done.failed.items())[:3])
        raise CorpusError(f"card {known.id}: nothing could be read. {causes}")
    turns = _transcripts(known, source, "turns", sound, done) if known.read.turns else {}
    zones = {r.id: [(0.0, r.duration)] for r in sound}
    for path in _glob(source, known.read.uem, "uem"):
        zones |= {name: found for name, found in uem.read(path).items() if name in zones}
    homes = _homes(known, done.files, sound, references)
    done.recordings = sound
    _write_all(known, source, out, done, references, turns, zones, homes)
    ledger.record(out, "prepare", ids=[r.id for r in sound], counts={"recordings": len(sound)})
    return done


def _not_erased(
    recordings: Sequence[Recording], references: dict[str, Transcript], out: Path, done: Prepared
) -> list[Recording]:
    """Leave out what was erased, by its id, its sound and its speakers; each is a failure of its own."""
    stones, kept = Tombstones(out), []
    for recording in recordings:
        try:
            if stones:
                stones.refuse("recording", recording.id)
                if recording.path.is_file():
                    stones.refuse("sound", sha256(recording.path))
                said = references.get(recording.id)
                stones.refuse("person", *(s.name for s in (said.speakers if said else ()) if s.name))
            kept.append(recording)
        except TombstoneError as error:
            references.pop(recording.id, None)
            done.failed[recording.id] = str(error)
    return kept


def _unpacked(script: Path, source: Path, folder: Path, done: Prepared) -> Path:
    """Run the ``prepare.py`` of a card, which turns a distribution into a folder that the card's globs can read.

    It may also write ``attributes.json`` there: recording -> other known facts, as ``read.attributes`` of a card.
    """
    done.failed.update(runpy.run_path(str(script))["unpack"](source, folder) or {})
    return folder


def _recordings(card: Card, source: Path, done: Prepared) -> list[Recording]:
    paths = _glob(source, card.read.audio, "audio")
    ids = [_id(card, source, p) for p in paths] if card.read.recording else unique_ids(paths)
    for name in (*card.read.attributes, *card.items):
        if paths and name not in ids:
            near = difflib.get_close_matches(name, ids, n=2)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise CorpusError(f"card {card.id}: no recording {name!r}. {hint}Accepted: {', '.join(ids)}.")
    recordings: dict[str, Recording] = {}
    for name, path in _progress("sound", list(zip(ids, paths, strict=True))):
        if name in recordings:
            done.failed[str(path)] = (
                f"{name} is also the id of {recordings[name].path}. Ids must be unique: see read.recording."
            )
            continue
        try:
            recordings[name] = probe(path, name, _attributes(card, name))
            done.files.setdefault(name, []).append(path.relative_to(source).as_posix())
        except (AudioError, OSError) as error:
            done.failed[str(path)] = str(error)
    return list(recordings.values())


def _attributes(card: Card, name: str) -> dict[str, Any]:
    item = card.items.get(name)
    known = {
        "corpus": card.id,
        "language": card.languages[0] if card.languages else None,
        "licence": item.licence if item else card.licence,
        "speech": card.speech,
    }
    known |= card.read.attributes.get(name, {})
    return json.loads(json.dumps(known, default=str))  # YAML reads 2023-10-12 as a date


def _of_text(card: Card, transcript: Transcript, out: Path) -> Recording:
    """Return the recording of a dialogue without sound: its text."""
    path = out / "reference" / f"{transcript.recording}.json"
    attributes = {**_attributes(card, transcript.recording), "modality": "text"}
    return Recording(transcript.recording, path, round(transcript.duration, 3), attributes=attributes)


def _id(card: Card, source: Path, path: Path) -> str:
    relative = path.relative_to(source).as_posix()
    if not card.read.recording:
        return recording_id(formats.stem(path) + ".")
    match = re.search(card.read.recording, relative)
    if match is None:
        raise CorpusError(f"card {card.id}: {relative} does not match read.recording, {card.read.recording!r}.")
    return recording_id("".join(g for g in match.groups() or (match[0],) if g) + ".")


def _transcripts(
    card: Card, source: Path, what: str, recordings: Sequence[Recording], done: Prepared
) -> dict[str, Transcript]:
    """Read the transcripts of a glob of the card, by recording, in the order of the recordings."""
    known = {r.id: r for r in recordings}
    found: dict[str, Transcript] = {}
    for path in _progress(what, _glob(source, getattr(card.read, what), what)):
        try:
            format, encoding = (card.read.format, card.read.encoding) if what == "reference" else (None, None)
            transcripts = formats.read(path, format, encoding=encoding)
            if len(transcripts) == 1 and transcripts[0].recording not in known:
                transcripts = [replace(transcripts[0], recording=_id(card, source, path))]
            for transcript in transcripts:
                if transcript.recording in found:
                    raise CorpusError(f"{transcript.recording} has another {what}. Accepted: one per recording.")
                if known and transcript.recording not in known:
                    raise CorpusError(
                        f"no audio matches {card.read.audio}, but there is a {what} for {transcript.recording}"
                    )
                for problem in transcript.problems():
                    if "after the end" not in problem:
                        raise CorpusError(f"{transcript.recording}: {problem}")
                found[transcript.recording] = transcript
                done.files.setdefault(transcript.recording, []).append(path.relative_to(source).as_posix())
        except (FormatError, CorpusError, OSError) as error:
            done.failed[str(path)] = str(error).removeprefix(f"{path}: ")
    ordered = {r.id: found[r.id] for r in recordings if r.id in found} if known else found
    return {name: _finished(card, t, known.get(name)) for name, t in ordered.items()}


def _finished(card: Card, transcript: Transcript, recording: Recording | None) -> Transcript:
    """Set the duration of the sound, a language, and labels that are unique in the whole corpus."""
    speakers = transcript.speakers
    if card.read.speakers == "recording":
        speakers = tuple(replace(s, name=f"{transcript.recording}_{s.name or s.id}") for s in speakers)
    return replace(
        transcript,
        duration=recording.duration if recording else transcript.duration,
        language=transcript.language or (card.languages[0] if card.languages else None),
        speakers=speakers,
    )


def _progress(what: str, items: Sequence[T]) -> Iterable[T]:
    from tqdm import tqdm

    return tqdm(items, desc=what, unit="file", disable=not sys.stderr.isatty())


def _glob(source: Path, pattern: str | None, what: str) -> list[Path]:
    if pattern is None:
        return []
    paths = sorted(p for p in source.glob(pattern) if p.is_file() or what != "audio")
    if not paths:
        raise CorpusError(f"{source}: nothing matches {pattern} (read.{what} of the card). Is --source the corpus?")
    return paths


def _homes(
    card: Card,
    files: Mapping[str, Sequence[str]],
    recordings: Sequence[Recording],
    references: Mapping[str, Transcript],
) -> dict[str, str]:
    """Map recordings to splits; empty if there is at most one split."""
    if len(card.splits) > 1:
        holding = splits.official({r.id: [r.id, *files.get(r.id, ())] for r in recordings}, card.splits)
        for name, found in holding.items():
            if len(found) != 1:
                raise CorpusError(
                    f"card {card.id}: {name} is in {', '.join(sorted(found)) or 'no split'}. Accepted: one split each."
                )
        return {name: found[0] for name, found in holding.items()}
    if len(card.shares) < 2:
        return {}
    links = [(name, f"speaker {s}") for name, t in references.items() for s in disjoint_speakers(card, t)]
    if card.read.group:
        for recording in recordings:
            if match := re.search(card.read.group, recording.id):
                links.append((recording.id, f"group {match[1] if match.groups() else match[0]}"))
    return splits.disjoint({r.id: r.duration for r in recordings}, links, card.shares)


def disjoint_speakers(card: Card, transcript: Transcript) -> list[str]:
    """Return the names of the speakers who may be in one split only."""
    skip = re.compile(card.read.interviewers) if card.read.interviewers else None
    return [s.name for s in transcript.speakers if s.name and not (skip and skip.search(s.name))]


def _write_all(
    card: Card,
    source: Path,
    out: Path,
    done: Prepared,
    references: Mapping[str, Transcript],
    turns: Mapping[str, Transcript],
    zones: Mapping[str, Sequence[tuple[float, float]]],
    homes: Mapping[str, str],
) -> None:
    places = {split: out / split for split in dict.fromkeys(homes.values())}
    for folder in (out, *places.values()):
        (folder / "recordings.jsonl").unlink(missing_ok=True)
    for name, transcript in references.items():
        formats.write([transcript], out / "reference" / f"{name}.json")
    if card.read.summaries:
        rows = _summaries(card, source, {r.id for r in done.recordings})
        save_json_lines(out / SUMMARIES, rows)
    for name, text in _minutes(card, source, {r.id for r in done.recordings}, done).items():
        save_text(out / "minutes" / f"{name}.json", text)
    save_text(out / CARD, json.dumps(config.to_dict(card), ensure_ascii=False, indent=1, default=str) + "\n")
    for split, folder in places.items():
        _write(folder, [r for r in done.recordings if homes[r.id] == split], references, turns, zones)
    _write(out, done.recordings, references, turns, zones)


def _write(
    out: Path,
    recordings: Sequence[Recording],
    references: Mapping[str, Transcript],
    turns: Mapping[str, Transcript],
    zones: Mapping[str, Sequence[tuple[float, float]]],
) -> None:
    said = [references[r.id] for r in recordings if r.id in references]
    if said:
        lhotse.dump(said, out / "supervisions.jsonl")
        save_text(out / "reference.stm", stm.dumps(said))
        save_text(out / "reference.rttm", rttm.dumps([turns.get(t.recording, t) for t in said]))
        save_text(out / "reference.uem", uem.dumps({r.id: zones[r.id] for r in recordings}))
    lhotse.write_recordings(recordings, out / "recordings.jsonl")


def _summaries(card: Card, source: Path, known: set[str]) -> list[dict[str, str]]:
    """Return summaries by people: ``recording``, ``name`` (the folder, i.e. the annotator or kind), ``text``."""
    rows = []
    for path in _glob(source, card.read.summaries, "summaries"):
        name = _id(card, source, path)
        if name in known:
            text = formats.decode(path.read_bytes(), card.read.encoding).strip()
            rows.append({"recording": name, "name": path.parent.relative_to(source).as_posix(), "text": text})
    return rows


def _minutes(card: Card, source: Path, known: set[str], done: Prepared) -> dict[str, str]:
    """Map recordings to minutes by people, unchanged; files that are not JSON objects fail."""
    found: dict[str, str] = {}
    for path in _glob(source, card.read.minutes, "minutes"):
        try:
            name, text = _id(card, source, path), formats.decode(path.read_bytes())
            if not isinstance(parse_json(text), dict):
                raise CorpusError("not a JSON object. Accepted: minutes.")
            if name in found:
                raise CorpusError(f"{name} has other minutes. Accepted: one file per recording.")
            if name in known:
                found[name] = text
        except (ValueError, OSError) as error:  # FormatError, JSONDecodeError, CorpusError
            done.failed[str(path)] = f"minutes: {error}"
    return found
