"""Several minutes of one meeting, by rules and by models, and which of two people preferred without knowing the writer.

Minutes that another writer replaces are kept in ``<library>/.stages/versions/<writer>/<id>.json``. What people prefer
is a line of ``preferences.jsonl`` beside the meeting, with both texts: pairs from which a model can learn
(:mod:`dialogue.learning.tasks.preferred`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from dialogue.core.files import save_bytes
from dialogue.core.lock import locked
from dialogue.learning.tasks.held_out import PREFERENCES
from dialogue.library import job_files
from dialogue.minutes import Minutes
from dialogue.minutes.documents import to_markdown

RULES = "extractive"  # the writer of minutes without a model


@dataclass(frozen=True)
class Version:
    """Minutes by one writer.

    Attributes:
        writer: the model that wrote at least one part, or ``extractive``.
        current: whether they are those of the meeting.
    """

    writer: str
    minutes: Minutes
    current: bool


class Versions:
    """The minutes of one meeting by all who wrote them from the transcript as it is now.

    Args:
        library: folder.
        id: of the meeting.
    """

    def __init__(self, library: Path, id: str) -> None:
        self.library, self.id = library, id
        self._current = library / ".stages" / "minutes" / f"{id}.json"

    def keep(self) -> None:
        """Keep the minutes that another writer is about to replace."""
        if self._current.exists():
            writer = Minutes.load(self._current).provenance.engine
            target = self._of(writer)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._current, target)

    def bring_back(self, writer: str) -> None:
        """Put back the minutes that a writer made earlier; the stage takes them if they are what it would write now."""
        kept = self._of(writer)
        if kept.exists():
            save_bytes(self._current, kept.read_bytes())

    def all(self) -> list[Version]:
        """Return the current minutes, then those of other writers from the same transcript."""
        if not self._current.exists():
            return []
        current = Minutes.load(self._current)
        found = {current.provenance.engine: Version(current.provenance.engine, current, True)}
        for path in sorted(self._folder.glob(f"*/{self.id}.json")):
            kept = Minutes.load(path)
            if kept.provenance.transcript_sha256 == current.provenance.transcript_sha256:
                found.setdefault(kept.provenance.engine, Version(kept.provenance.engine, kept, False))
        return list(found.values())

    def prefer(self, better: Version, worse: Version, by: str, tie: bool = False) -> None:
        """Note that somebody found one version better than another, or both as good."""
        line = {
            "at": job_files.now(),
            "by": by,
            "meeting": self.id,
            "transcript_sha256": better.minutes.provenance.transcript_sha256,
            "tie": tie,
            "chosen": {"writer": better.writer, "text": to_markdown(better.minutes)},
            "rejected": {"writer": worse.writer, "text": to_markdown(worse.minutes)},
        }
        path = self.library / self.id / PREFERENCES
        with locked(path.with_name(f".{path.name}.lock")), path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _of(self, writer: str) -> Path:
        return self._folder / hashlib.sha256(writer.encode()).hexdigest()[:16] / self._current.name

    @property
    def _folder(self) -> Path:
        return self.library / ".stages" / "versions"
