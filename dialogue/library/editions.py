"""Minutes as people rewrote them: each edition is a file beside the meeting, and the last one is its document.

The first edition is what was written automatically. ``minutes.md`` is the last: it is then a file that a person
changed, which nothing overwrites.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from dialogue.core.lock import locked
from dialogue.library import durable

DOCUMENT = "minutes.md"


@dataclass(frozen=True)
class Edition:
    """Minutes in Markdown.

    Attributes:
        number: 1 is what was written automatically.
        at: when it was written, UTC.
    """

    number: int
    text: str
    at: str


class Editions:
    """The editions of one meeting.

    Args:
        folder: of the meeting.
        written: what is written automatically, as it is now; the first edition until people write another.
    """

    def __init__(self, folder: Path, written: str) -> None:
        self.folder, self.written = folder, written

    def all(self) -> list[Edition]:
        """Return all editions in order."""
        found = sorted((int(path.stem.partition("-")[2]), path) for path in self.folder.glob("edition-*.md"))
        if not found:
            return [Edition(1, self.written, _written_at(self.folder / "minutes.json"))]
        return [Edition(number, path.read_text(encoding="utf-8"), _written_at(path)) for number, path in found]

    def add(self, text: str) -> Edition:
        """Write another edition; when this returns, it is on the disk."""
        with locked(self.folder / ".editions.lock"):
            known = self.all()
            if not (self.folder / "edition-1.md").exists():
                durable.save_text(self.folder / "edition-1.md", known[0].text)
            number = known[-1].number + 1
            path = self.folder / f"edition-{number}.md"
            durable.save_text(path, text)
            durable.save_text(self.folder / DOCUMENT, text)
        return Edition(number, text, _written_at(path))


def _written_at(path: Path) -> str:
    seconds = path.stat().st_mtime
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="seconds")
