"""What there is below some folders: recordings, people, sounds, libraries, models; and who a request is about."""

from __future__ import annotations

import difflib
import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialogue.core import models
from dialogue.core.errors import DialogueError
from dialogue.core.files import parse_json, read_json, sha256
from dialogue.core.transcript import SCHEMA, Transcript, TranscriptError
from dialogue.corrections.correction import one_name
from dialogue.corrections.spans import united
from dialogue.formats.lines import labels
from dialogue.learning.tasks import fingerprint
from dialogue.library.catalogue import NAME as CATALOGUE
from dialogue.library.directory import FOLDER as PEOPLE
from dialogue.library.directory import People, PeopleError
from dialogue.library.facts import FACTS, read_facts
from dialogue.privacy.traces import SharedTurns, Traces

SKIPPED = {".git", ".venv", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache"}
SOUNDS = {".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".oga", ".wma", ".aiff", ".aif", ".sph", ".amr"}
SOUNDS |= {".mp4", ".mkv", ".mov", ".webm", ".avi", ".mka"}
# Names that files of every experiment have; a recording that is called so cannot be told from them.
RESERVED = set(
    """train test dev validation card stage config recordings supervisions reference summaries minutes matrix
    stream evidence attributes report meeting library person corrections results overview tasks data exp speech
    voices""".split()
)


class ErasureError(DialogueError, ValueError):
    """A request that cannot be carried out; the message says why, and what is accepted."""


@dataclass
class Survey:
    """What there is.

    Attributes:
        files: regular files and links.
        transcripts: recording -> the files that say who spoke in it.
        names: recording -> names of its speakers.
        sounds: recording -> where its sound is, or was, also outside the folders.
        libraries: folders of libraries.
        broken: manifest and line that could not be read.
        repositories: histories of Git, which are not looked into.
    """

    roots: tuple[Path, ...]
    files: list[Path] = field(default_factory=list)
    transcripts: dict[str, list[Path]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    sounds: dict[str, set[Path]] = field(default_factory=dict)
    libraries: list[Path] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    repositories: list[Path] = field(default_factory=list)

    @property
    def recordings(self) -> set[str]:
        """Ids of all recordings."""
        return {*self.transcripts, *self.sounds}

    def holds(self, path: Path) -> bool:
        """Tell whether a path is below one of the folders."""
        return any(path.is_relative_to(root) for root in self.roots)


def survey(folders: Sequence[Path]) -> Survey:
    """Look at all files below some folders; links are not followed."""
    resolved = [folder.resolve() for folder in folders]
    for folder in resolved:
        if not folder.is_dir():
            raise ErasureError(f"{folder}: no such folder. Accepted: folders of experiments, data or a library.")
    tops = [f for f in dict.fromkeys(resolved) if not any(f != o and f.is_relative_to(o) for o in resolved)]
    found = Survey(tuple(tops))
    for top in tops:
        for place, inside, names in os.walk(top):
            found.repositories += [Path(place) / ".git"] * (".git" in inside)
            inside[:] = sorted(name for name in inside if name not in SKIPPED and not (Path(place) / name).is_symlink())
            found.files += [Path(place) / name for name in sorted(names)]
    for path in found.files:
        if path.name == CATALOGUE:
            found.libraries.append(path.parent)
        if path.name in ("recordings.jsonl", "recordings.jsonl.gz"):
            _manifest(path, found)
        elif path.suffix == ".json" and path.is_file():
            _document(path, found)
        elif path.name == FACTS:
            _facts(path, found)
    return found


def _manifest(path: Path, found: Survey) -> None:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = parse_json(line)
            sources = found.sounds.setdefault(str(row["id"]), set())
            sources |= {Path(os.path.abspath(path.parent / s["source"])) for s in row["sources"]}
        except (ValueError, KeyError, TypeError):
            found.broken.append(f"{path}, line {number}: not a recording of a manifest")


def _document(path: Path, found: Survey) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        found.broken.append(f"{path}: {error.strerror}")
        return
    if b'"recording"' not in content:
        return
    try:
        value = parse_json(content.decode("utf-8", "replace"))
    except json.JSONDecodeError:
        return  # it is reported when it is cleaned
    if not isinstance(value, dict):
        return
    if value.get("schema") == SCHEMA and isinstance(value.get("recording"), str):
        found.transcripts.setdefault(value["recording"], []).append(path)
        speakers = [s for s in value.get("speakers") or () if isinstance(s, dict)]
        found.names.setdefault(value["recording"], set()).update(s["name"] for s in speakers if s.get("name"))
    elif path.parent.name == "calls" and isinstance(value.get("recording"), dict):
        known = value["recording"]
        if isinstance(known.get("id"), str) and isinstance(known.get("path"), str):
            found.sounds.setdefault(known["id"], set()).add(Path(os.path.abspath(known["path"])))


def _facts(path: Path, found: Survey) -> None:
    sources = found.sounds.setdefault(path.parent.name, set())
    try:
        facts = read_facts(path.parent)
    except ValueError as error:
        found.broken.append(str(error))
        return
    sources |= {Path(facts.sound)} if facts.sound else set()
    found.names.setdefault(path.parent.name, set()).update(facts.participants)


def models_below(found: Survey) -> Iterator[Path]:
    """Yield the folders that hold weights of a language model."""
    kinds = (".safetensors", ".gguf", ".bin", ".pt")
    folders = dict.fromkeys(p.parent for p in found.files if p.suffix in kinds and p.stat().st_size)
    yield from (folder for folder in folders if folder.name != "checkpoint" and folder != models.folder())


# Who a request is about -------------------------------------------------------------------------------------------


def of_recording(found: Survey, id: str) -> Traces:
    """Return the traces of a recording.

    Raises:
        ErasureError: there is none, or its name is also that of files of every experiment.
    """
    if id.lower() in RESERVED:
        raise ErasureError(
            f"{id}: files of every experiment are called so. Rename the recording in its manifest first."
        )
    known = found.recordings | {p.name.partition(".")[0] for p in found.files if p.suffix.lower() in SOUNDS}
    owned = any(path.stem == id or path.parent.name == id for path in found.files)
    if id not in known and not owned:
        raise ErasureError(f"{id}: no such recording below {_said(found)}. {_nearest(id, known)}")
    return _completed(found, Traces(recordings=(id,)))


def of_speaker(found: Survey, who: str, also: Sequence[str] = (), key: str | None = None) -> Traces:
    """Return the traces of a person.

    Args:
        who: their name, their id in the directory of a library, or ``recording/speaker`` for one without a name.
        also: other names of theirs.
        key: of the directory, if it is encrypted.

    Raises:
        ErasureError: nobody is known by this name or id.
        SealError: the directory is encrypted, and the key is missing.
    """
    recording, slash, label = who.rpartition("/")
    if slash:
        return _without_name(found, recording, label)
    people, names = _people(found, who, key), [who, *also]
    if people:
        names = [*dict.fromkeys([*people.values(), *also])]
    sought = Traces(names=tuple(map(one_name, names)))
    shared: dict[str, SharedTurns] = {}
    alone: list[str] = []
    for recording, known in found.names.items():
        if sought.mentions(recording) or not any(map(sought.is_name, known)):
            alone += [recording] * bool(sought.mentions(recording))
            continue
        paths = found.transcripts.get(recording, [])
        turns, others = _turns(paths, lambda s, t: bool(s.name) and sought.is_name(s.name))
        if turns.spans and not others:
            alone.append(recording)  # they alone speak in it
        else:
            shared[recording] = turns
    if not shared and not alone and not people:
        mentioned = any(p.suffix in (".jsonl", ".json", ".txt", ".yaml") and _mentions(p, sought) for p in found.files)
        if not mentioned:
            everyone = {name for names in found.names.values() for name in names}
            raise ErasureError(f"{who}: nobody of this name or id below {_said(found)}. {_nearest(who, everyone)}")
    return _completed(found, Traces((*dict.fromkeys(alone),), sought.names, tuple(people), shared))


def _mentions(path: Path, sought: Traces) -> bool:
    return (
        path.is_file()
        and sought.may_be_in(content := path.read_bytes())
        and bool(sought.mentions(content.decode("utf-8", "replace")))
    )


def _without_name(found: Survey, recording: str, label: str) -> Traces:
    paths = found.transcripts.get(recording, [])
    final = [p for p in paths if ".stages" not in p.parts] or paths
    turns, others = _turns(final, lambda s, t: s.id == label or labels(t).get(s.id) == label)
    if not turns.spans:
        raise ErasureError(f"{recording}/{label}: no such speaker. Accepted: RECORDING/SPEAKER, as in its transcript.")
    if not others:
        return _completed(found, Traces(recordings=(recording,)))
    return _completed(found, Traces(shared={recording: turns}))


def _turns(paths: Sequence[Path], is_theirs: Any) -> tuple[SharedTurns, bool]:
    """Return what a person said according to some transcripts, and whether others speak in them."""
    spans: list[tuple[float, float]] = []
    called: set[str] = set()
    hashes: set[str] = set()
    others = False
    for path in paths:
        try:
            said = Transcript.from_dict(read_json(path))
        except (OSError, ValueError, TranscriptError):
            continue  # it is reported when it is cleaned
        theirs = {s.id for s in said.speakers if is_theirs(s, said)}
        for u in said if theirs else ():
            others |= u.speaker not in theirs
            if u.speaker in theirs:
                spans.append((u.start, u.end))
                hashes.add(fingerprint(u.text))
        for label in (labels(said)[id] for id in theirs):
            called |= {f"{said.recording}_{label}"} | ({label} if label in theirs else set())
    return SharedTurns(tuple(sorted(called)), tuple(united(spans)), tuple(sorted(hashes))), others


def _people(found: Survey, who: str, key: str | None) -> dict[str, str]:
    """Return the people of the directories that have this name or id, with their names."""
    known: dict[str, str] = {}
    for library in found.libraries:
        if (library / PEOPLE).is_dir():
            people = People(library, owner=None, key=key)
            try:
                known |= {p.id: p.name for p in people.everyone() if who == p.id or one_name(who) == p.name}
            except PeopleError as error:
                raise ErasureError(str(error)) from error
    return known


def _completed(found: Survey, traces: Traces) -> Traces:
    """Add the sounds that are deleted, and the names and ids of those who stay."""
    digests = [
        sha256(path)
        for id in traces.recordings
        for path in {
            *found.sounds.get(id, ()),
            *(p for p in found.files if p.stem == id and p.suffix.lower() in SOUNDS),
        }
        if path.is_file()
    ]
    everyone = {name for names in found.names.values() for name in names}
    gone = {*traces.recordings, *traces.shared}
    return Traces(
        traces.recordings,
        traces.names,
        traces.people,
        traces.shared,
        tuple(sorted(set(digests))),
        tuple(sorted(found.recordings - gone)),
        tuple(sorted(name for name in everyone if not traces.is_name(name))),
    )


def _said(found: Survey) -> str:
    return ", ".join(map(str, found.roots))


def _nearest(text: str, known: set[str]) -> str:
    near = difflib.get_close_matches(text, known, n=3, cutoff=0.5)
    return (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Accepted: a name or an id that stands in a transcript or manifest."
    )
