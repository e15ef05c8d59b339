"""Corpora: a card says what a corpus is and how to read it, :func:`prepare` turns it into manifests and references.

The same card feeds the data management plan; what a card cannot say of how to read a corpus is a ``prepare.py`` beside it.
Manifests have Lhotse's fields (see :mod:`dialogue.formats.lhotse`).
"""

from __future__ import annotations

import difflib
import fnmatch
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogue import config, formats
from dialogue.audio import Recording, probe, unique_ids
from dialogue.digests import sha256
from dialogue.formats import FormatError, lhotse, rttm, stm, uem
from dialogue.transcript import TOLERANCE, Transcript

TALKED_OVER = 0.5  # share of the speech beyond which overlap looks like a fault (a channel read twice)


class CorpusError(ValueError):
    """A card or a corpus that cannot be read; the message says what was found, where, what is accepted."""


@dataclass(frozen=True)
class Item:
    """One recording's licence and provenance, where those of the corpus do not say enough."""

    licence: str
    source: str = ""


@dataclass(frozen=True)
class Read:
    """How to read a corpus; globs are relative to ``--source``.

    Attributes:
        audio: the recordings; a file's name without its extension is the recording's id.
        reference: who said what, in any format of :mod:`dialogue.formats`; recordings are those named inside, or by the
            file's name where the format names none.
        turns: who speaks when, if finer than ``reference``.
        uem: what is scored; a recording that is in none is scored whole.
        attributes: recording -> what else is known of it (date, title, participants, agenda, speakers...).
    """

    audio: str
    reference: str | None = None
    turns: str | None = None
    uem: str | None = None
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """``card.yaml``.

    Attributes:
        id: letters, digits, dashes.
        languages: ISO 639-1 codes, the main one first.
        style: meeting, debate, phone, interview...
        licence: SPDX expression; ``items`` has each recording's where they differ.
        source: provenance, for people.
        speech: whether people or a synthesiser spoke; said wherever a score stands.
        splits: name -> globs of recordings; each recording in one split.
    """

    id: str
    title: str
    languages: tuple[str, ...]
    licence: str
    source: str
    speech: Literal["real", "synthetic"]
    read: Read
    description: str = ""
    style: str = ""
    access: Literal["open", "restricted", "embargoed", "closed"] = "open"
    personal_data: Literal["yes", "no", "unknown"] = "unknown"
    items: dict[str, Item] = field(default_factory=dict)
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    schema: Literal["dialogue-card/1"] = "dialogue-card/1"


def load_card(path: str | Path) -> Card:
    """Read a card.

    Raises:
        CorpusError: not a file, not YAML, a field that is unknown (the nearest names are given), missing or of another
            type.
    """
    path = Path(path)
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(values, dict) and isinstance(values.get("personal_data"), bool):
            values["personal_data"] = (
                "yes" if values["personal_data"] else "no"
            )  # YAML reads a bare no as false
        return config.build(Card, values)
    except OSError as error:
        raise CorpusError(
            f"{path}: {error.strerror}. Accepted: a card, e.g. corpora/reunion/card.yaml."
        ) from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path}: not YAML: {error}") from error
    except config.ConfigError as error:
        raise CorpusError(f"{path}: {error}") from error
    except TypeError as error:  # of a dataclass that lacks a field without a default
        raise CorpusError(f"{path}: a field is missing: {str(error).rpartition(': ')[2]}.") from error


def prepare(card: str | Path, source: str | Path, out: str | Path) -> list[Recording]:
    """Write the manifests and references of a corpus.

    ``out/recordings.jsonl``, and where the card names references ``supervisions.jsonl``, ``reference.stm``,
    ``reference.rttm`` and ``reference.uem``; the same again in ``out/<split>/`` when the card has several splits.

    Args:
        card: path of the card.
        source: folder of the corpus.
        out: folder to write.

    Raises:
        CorpusError: no audio, a recording without reference or the reverse, a recording in no split or in two.
        FormatError: a reference that cannot be read.
        AudioError: a recording that cannot be read.
    """
    known, source, out = load_card(card), Path(source), Path(out)
    recordings = _recordings(known, source)
    references = _transcripts(known, source, "reference", recordings)
    turns = _transcripts(known, source, "turns", recordings) or references
    zones = {r.id: [(0.0, r.duration)] for r in recordings}
    for path in _glob(source, known.read.uem, "uem"):
        zones |= {name: found for name, found in uem.read(path).items() if name in zones}
    _write(out, recordings, references, turns, zones)
    if len(known.splits) > 1:
        for split, names in _splits(known, recordings).items():
            _write(out / split, [r for r in recordings if r.id in names], references, turns, zones)
    return recordings


def _recordings(card: Card, source: Path) -> list[Recording]:
    paths = _glob(source, card.read.audio, "audio")
    ids = unique_ids(paths)
    for name in (*card.read.attributes, *card.items):
        if name not in ids:
            near = difflib.get_close_matches(name, ids, n=2)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise CorpusError(f"card {card.id}: no recording {name!r}. {hint}Accepted: {', '.join(ids)}.")
    recordings = []
    for name, path in zip(ids, paths, strict=True):
        item = card.items.get(name)
        attributes = {
            "corpus": card.id,
            "language": card.languages[0] if card.languages else None,
            "licence": item.licence if item else card.licence,
            "speech": card.speech,
        }
        attributes |= card.read.attributes.get(name, {})
        dates_as_text = json.loads(json.dumps(attributes, default=str))  # YAML makes a date of 2023-10-12
        recordings.append(probe(path, name, dates_as_text))
    return recordings


def _transcripts(card: Card, source: Path, what: str, recordings: Sequence[Recording]) -> list[Transcript]:
    """The transcripts of a glob of the card, in the order of the recordings; none when the card has no such glob."""
    pattern = getattr(card.read, what)
    if pattern is None:
        return []
    found = {t.recording: t for path in _glob(source, pattern, what) for t in formats.read(path)}
    ids = [r.id for r in recordings]
    for names, fault in (
        (sorted(set(ids) - set(found)), f"no {what} matches {pattern}"),
        (sorted(set(found) - set(ids)), f"no audio matches {card.read.audio}, but there is a {what}"),
    ):
        if names:
            raise CorpusError(f"card {card.id}: {fault} for {', '.join(names)}.")
    return [
        replace(found[r.id], duration=r.duration, language=found[r.id].language or r.attributes["language"])
        for r in recordings
    ]


def _glob(source: Path, pattern: str | None, what: str) -> list[Path]:
    if pattern is None:
        return []
    paths = sorted(source.glob(pattern))
    if not paths:
        raise CorpusError(
            f"{source}: nothing matches {pattern} (read.{what} of the card). Is --source the corpus?"
        )
    return paths


def _splits(card: Card, recordings: Iterable[Recording]) -> dict[str, set[str]]:
    splits: dict[str, set[str]] = {split: set() for split in card.splits}
    for recording in recordings:
        holding = [
            split
            for split, patterns in card.splits.items()
            if any(fnmatch.fnmatchcase(recording.id, pattern) for pattern in patterns)
        ]
        if len(holding) != 1:
            raise CorpusError(
                f"card {card.id}: {recording.id} is in {', '.join(holding) or 'no split'}. Accepted: one split each."
            )
        splits[holding[0]].add(recording.id)
    return splits


def _write(
    out: Path,
    recordings: Sequence[Recording],
    references: Sequence[Transcript],
    turns: Sequence[Transcript],
    zones: Mapping[str, Sequence[tuple[float, float]]],
) -> None:
    ids = {r.id for r in recordings}
    lhotse.write_recordings(recordings, out / "recordings.jsonl")
    if references:
        said = [t for t in references if t.recording in ids]
        lhotse.dump(said, out / "supervisions.jsonl")
        formats.save_text(out / "reference.stm", stm.dumps(said))
        formats.save_text(out / "reference.rttm", rttm.dumps([t for t in turns if t.recording in ids]))
        formats.save_text(
            out / "reference.uem", uem.dumps({name: zones[name] for name in zones if name in ids})
        )


def validate(out: str | Path) -> list[str]:
    """What is wrong with prepared manifests, one sentence each; an empty list when nothing is.

    Looks for missing and identical audio, times that are empty, negative or past the end, ids that repeat, turns
    without text, supervisions of unknown recordings, more overlap than speech bears, and speakers in two splits.
    """
    out = Path(out)
    try:
        recordings = lhotse.read_recordings(out / "recordings.jsonl")
        transcripts = _supervisions(out, recordings)
    except OSError as error:
        return [f"{error.filename}: {error.strerror}. Run `dialogue prepare` first."]
    except FormatError as error:
        return [str(error)]
    return [*_audio_problems(recordings), *_turn_problems(recordings, transcripts), *_leaks(out)]


def summary(out: str | Path) -> str:
    """One line on prepared manifests: recordings, minutes, speakers, turns, overlap."""
    recordings = lhotse.read_recordings(Path(out) / "recordings.jsonl")
    transcripts = _supervisions(Path(out), recordings)
    speech, both = map(sum, zip((0.0, 0.0), *(_overlap(t) for t in transcripts), strict=True))
    return (
        f"{len(recordings)} recordings, {sum(r.duration for r in recordings) / 60:.1f} min, "
        f"{sum(len(t.speakers) for t in transcripts)} speakers, {sum(len(t.utterances) for t in transcripts)} turns, "
        f"{both / speech if speech else 0:.1%} of the speech overlapped"
    )


def _supervisions(out: Path, recordings: Sequence[Recording]) -> list[Transcript]:
    path = out / "supervisions.jsonl"
    try:
        return lhotse.load(path, recordings) if path.exists() else []
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error


def _audio_problems(recordings: Sequence[Recording]) -> list[str]:
    problems, seen = [], dict[str, str]()
    for recording in recordings:
        if recording.duration <= 0:
            problems.append(f"{recording.id}: duration is {recording.duration} s. Accepted: more than 0.")
        if not recording.path.is_file():
            problems.append(f"{recording.id}: no audio at {recording.path}.")
            continue
        digest = sha256(recording.path)
        if digest in seen:
            problems.append(f"{recording.id}: the same audio as {seen[digest]}. Leave one out.")
        seen.setdefault(digest, recording.id)
    return problems


def _turn_problems(recordings: Sequence[Recording], transcripts: Sequence[Transcript]) -> list[str]:
    known = {r.id for r in recordings}
    problems = []
    for transcript in transcripts:
        name = transcript.recording
        if name not in known:
            problems.append(f"{name}: has supervisions and is not in recordings.jsonl.")
            continue
        for u in transcript:
            if u.duration <= 0:
                problems.append(
                    f"{name}: {u.id} lasts {u.duration:.3f} s at {u.start:.3f} s. Accepted: more than 0."
                )
            if u.end > transcript.duration + TOLERANCE:
                problems.append(
                    f"{name}: {u.id} ends at {u.end:.3f} s, the recording at {transcript.duration:.3f} s."
                )
            if not re.search(r"\w", u.text):
                problems.append(f"{name}: {u.id} at {u.start:.3f} s has no text.")
        speech, both = _overlap(transcript)
        if speech and both / speech > TALKED_OVER:
            problems.append(
                f"{name}: {both / speech:.0%} of the speech is overlapped. Is a channel read twice?"
            )
    return problems


def _overlap(transcript: Transcript) -> tuple[float, float]:
    """Seconds in which somebody speaks, and in which two or more do."""
    events = sorted(event for _, start, end in rttm.turns(transcript) for event in ((start, 1), (end, -1)))
    speech = both = 0.0
    speaking, since = 0, 0.0
    for time, change in events:
        speech += (time - since) * (speaking > 0)
        both += (time - since) * (speaking > 1)
        speaking, since = speaking + change, time
    return speech, both


def _leaks(out: Path) -> list[str]:
    homes: dict[str, list[str]] = {}
    for path in sorted(out.glob("*/supervisions.jsonl")):
        speakers = {s.name for t in lhotse.load(path) for s in t.speakers if s.name}
        for speaker in sorted(speakers):
            homes.setdefault(speaker, []).append(path.parent.name)
    return [
        f"speaker {speaker} is in splits {', '.join(splits)}. Accepted: one split a speaker."
        for speaker, splits in homes.items()
        if len(splits) > 1
    ]
