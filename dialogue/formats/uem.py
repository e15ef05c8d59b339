"""UEM, NIST's un-partitioned evaluation map: the zones of each recording to score.

``recording channel start end``, seconds. Source: NIST RT-09 evaluation plan. Not a transcript, hence not in FORMATS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dialogue.formats import FormatError, file_text
from dialogue.formats.ids import safe_id, unique
from dialogue.formats.lines import column, number, numbered, recording_id, span

Zones = dict[str, list[tuple[float, float]]]


def loads(text: str, recording: str | None = None) -> Zones:
    """Map recordings to sorted ``(start, end)``.

    Raises:
        FormatError: a line is invalid; the message names it.
    """
    zones: Zones = {}
    for where, content in numbered(text):
        fields = content.split()
        if len(fields) != 4:
            raise FormatError(f"{where}: {len(fields)} fields. Accepted: recording channel start end.")
        zone = span(number(fields[2], "start", where), number(fields[3], "end", where), where)
        zones.setdefault(safe_id(recording_id(fields[0], recording, where)), []).append(zone)
    return {name: sorted(found) for name, found in zones.items()}


def dumps(zones: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Write one line per zone."""
    ids = unique(zones, column)
    return "".join(f"{ids[name]} 1 {start:.3f} {end:.3f}\n" for name, found in zones.items() for start, end in found)


def read(path: str | Path) -> Zones:
    """Read the zones of a file.

    Raises:
        FormatError: a line is invalid; the message names the file and the line.
    """
    path = Path(path)
    try:
        return loads(file_text(path), recording=path.name.split(".")[0])
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
