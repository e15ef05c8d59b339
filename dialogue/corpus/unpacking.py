"""What the ``prepare.py`` of several corpora do to lay a distribution out as their cards read it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def link(path: Path, place: Path) -> None:
    """Make a file seen at ``place`` too: by a symbolic link, or by a copy where the file system has none."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        part.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, part)
    part.replace(place)
