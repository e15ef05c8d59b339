"""Facts about the data of an item: bytes, files, hashes, hours, speakers, words... measured, never typed by hand."""

from __future__ import annotations

import hashlib
import mimetypes
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from dialogue.core import config
from dialogue.core.files import Digests, read_json, save_json
from dialogue.corpus import Card, CorpusError, summarise
from dialogue.formats import lhotse

FACTS = "facts"
PLAIN = (".stm", ".rttm", ".uem", ".ctm", ".trs", ".cha")  # text without a registered media type
TYPES = mimetypes.MimeTypes()  # the tables of Python alone, whatever this system knows
KNOWN_TYPES = {
    **dict.fromkeys(PLAIN, "text/plain"),
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".yaml": "application/yaml",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".wav": "audio/x-wav",
    ".svg": "image/svg+xml",
    ".parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Facts:
    """What was measured of an item.

    Attributes:
        seen: day when its data were last there (ISO 8601); the other facts are of that day.
        present: whether the data were there when they were last looked for.
        folder: where they were, relative to the plan.
        changed: when a file of it was last changed (ISO 8601, UTC).
        manifest_sha256: SHA-256 of the list of its files with their SHA-256, sorted by name.
        formats: media type -> number of files.
        hours, speakers, turns, words: of a prepared corpus; ``splits`` has those of each of its splits.
        sample_rates: hertz.
        missing: recordings whose sound is gone.
        examples: lines of a finetuning set.
        seconds: wall time of the run that made it, if one run made all of it.
        training: of a model: base, data with hashes, method, seed, steps, tokens, versions, verdict of its evidence.
        memorisation_test: file with the result of a test of what the model memorised, relative to the plan.
        card: of an item that was found in a run, and nobody wrote a card for.
    """

    id: str
    seen: str
    present: bool = True
    folder: str = ""
    changed: str = ""
    bytes: int | None = None
    files: int | None = None
    manifest_sha256: str | None = None
    formats: dict[str, int] = field(default_factory=dict)
    recordings: int | None = None
    hours: float | None = None
    speakers: int | None = None
    turns: int | None = None
    words: int | None = None
    sample_rates: tuple[int, ...] = ()
    splits: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    examples: int | None = None
    seconds: float | None = None
    training: dict[str, Any] | None = None
    memorisation_test: str | None = None
    card: Card | None = None
    schema: Literal["dialogue-facts/1"] = "dialogue-facts/1"


def load_facts(folder: Path) -> dict[str, Facts]:
    """Read the facts of a plan, by item.

    Raises:
        CorpusError: a file is damaged.
    """
    found = {}
    for path in sorted(folder.glob("[!.]*.json")):
        try:
            facts = config.build(Facts, read_json(path))
        except (ValueError, OSError, TypeError) as error:
            raise CorpusError(f"{path}: {error} Delete it and run `dialogue dmp refresh` again.") from error
        found[facts.id] = facts
    return found


def save_facts(facts: Facts, folder: Path) -> None:
    save_json(folder / f"{facts.id}.json", config.to_dict(facts))


def measure(folder: Path, digests: Digests) -> dict[str, Any]:
    """Measure the files of a folder or a file, and if it is a prepared corpus, what is said in it.

    Sound that a prepared corpus points to, outside the folder, is counted with it.

    Returns:
        Fields of :class:`Facts`.
    """
    measured: dict[str, Any] = {}
    paths = (
        {str(path.relative_to(folder)): path for path in _files(folder)} if folder.is_dir() else {folder.name: folder}
    )
    if (folder / "recordings.jsonl").exists():
        measured = _prepared(folder)
        for recording in lhotse.read_recordings(folder / "recordings.jsonl"):
            if recording.path.is_file() and not recording.path.resolve().is_relative_to(folder.resolve()):
                paths[f"sound/{recording.id}{recording.path.suffix}"] = recording.path
    digest = hashlib.sha256()
    for name, path in sorted(paths.items()):
        digest.update(f"{digests(path)}  {name}\n".encode())
    states = [path.stat() for path in paths.values()]
    changed = max((state.st_mtime for state in states), default=0.0)
    return measured | {
        "bytes": sum(state.st_size for state in states),
        "files": len(states),
        "manifest_sha256": digest.hexdigest(),
        "formats": dict(sorted(Counter(media_type(path) for path in paths.values()).items())),
        "changed": datetime.fromtimestamp(changed, timezone.utc).isoformat(timespec="seconds") if states else "",
    }


def media_type(path: Path) -> str:
    ending = path.suffix.lower()
    return KNOWN_TYPES.get(ending) or TYPES.guess_type(f"x{ending}")[0] or "application/octet-stream"


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder: no hidden or half-written ones, nor the logs of a stage."""
    of_stage = ("logs", "unfinished") if (folder / "stage.json").exists() else ()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] not in of_stage and not any(part.startswith(".") for part in parts):
            yield path


def _prepared(folder: Path) -> dict[str, Any]:
    recordings = lhotse.read_recordings(folder / "recordings.jsonl")
    whole, *splits = summarise(folder).parts
    sound = [r for r in recordings if r.attributes.get("modality") != "text"]
    return {
        "recordings": whole.recordings,
        "hours": round(whole.hours, 4) if sound else None,
        "speakers": len(whole.speakers),
        "turns": whole.turns,
        "words": whole.words,
        "sample_rates": sorted({r.sampling_rate for r in sound}),
        "splits": {p.name: _figures(p) for p in splits},
        "missing": sorted(r.id for r in sound if not r.path.is_file()),
    }


def _figures(part: Any) -> Mapping[str, float]:
    return {
        "recordings": part.recordings,
        "hours": round(part.hours, 4),
        "speakers": len(part.speakers),
        "turns": part.turns,
        "words": part.words,
    }
