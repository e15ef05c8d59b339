"""What people leave beside their meetings to learn from, and which of these meetings are kept for testing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dialogue import corrections

PREFERENCES = "preferences.jsonl"
LOGS = {"corrections": corrections.NAME, "preferences": PREFERENCES}  # kind of examples -> the file they are made from

SHARE = 5  # one meeting of so many is kept for testing
FEWEST = 5  # meetings from which some are


def logs(folder: Path, kind: str) -> dict[str, list[Path]]:
    """Return the files of a kind in a folder of meetings, by split.

    A meeting is in the same split for all kinds, so that a model can learn from several of them. With fewer than five
    meetings that have any such file, all are to learn from.
    """
    meetings = sorted(
        {path.parent for name in LOGS.values() for path in folder.glob(f"*/{name}")},
        key=lambda path: hashlib.sha256(path.name.encode()).digest(),
    )
    test = meetings[::SHARE] if len(meetings) >= FEWEST else []
    found = [meeting / LOGS[kind] for meeting in meetings if (meeting / LOGS[kind]).exists()]
    return {"train": [p for p in found if p.parent not in test], "test": [p for p in found if p.parent in test]}
