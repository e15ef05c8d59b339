"""Ids of recordings as files give them, made safe to name files, and each its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count

from dialogue.core import audio
from dialogue.core.transcript import Transcript


def safe_id(name: str) -> str:
    """Return the id of a recording as it can name a file, inside the folder where it is written.

    An id without a slash, a control character, or a dot or dash first is kept as it is; others are made safe as names
    of files are: see :func:`dialogue.core.audio.recording_id`.
    """
    harmless = (
        not re.search(r"^[.\-\s]|^$|[/\\]|\s$", name) and len(name.encode("utf-8", "replace")) <= audio.LONGEST_ID
    )
    if harmless and not any(unicodedata.category(c)[0] == "C" for c in name):
        return name
    return audio.recording_id(re.sub(r"[/\\\x00]+", "_", name) + ".")


def unique(names: Iterable[str], made: Callable[[str], str]) -> dict[str, str]:
    """Map names to what is made of them, numbered where two would become the same: ``a_b`` and ``a_b-2``.

    A name that stays as it is keeps its own; the others make room for it.
    """
    names = list(dict.fromkeys(names))
    chosen = {name: name for name in names if made(name) == name}
    taken = set(chosen)
    for name in names:
        if name not in chosen:
            first = made(name)
            free = (first if n == 1 else f"{first}-{n}" for n in count(1))
            chosen[name] = next(new for new in free if new not in taken)
            taken.add(chosen[name])
    return chosen


def safe_ids(transcripts: Sequence[Transcript]) -> list[Transcript]:
    """Return transcripts whose recordings' ids can name files, each its own."""
    ids = unique((t.recording for t in transcripts), safe_id)
    return [t if ids[t.recording] == t.recording else replace(t, recording=ids[t.recording]) for t in transcripts]
