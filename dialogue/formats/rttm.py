"""RTTM, NIST's rich transcription time marks: who speaks when, one ``SPEAKER`` line per turn, seconds.

Source: NIST RT-09 evaluation plan, appendix A. Lines of other types (``SPKR-INFO``, ``LEXEME``...) are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import (
    NOT_AVAILABLE,
    assemble,
    columns,
    columns_of,
    labels,
    number,
    numbered,
    recording_id,
    span,
)

HOLDS = {"times", "speakers", "overlap"}

TYPES = [
    "SPEAKER",
    "SPKR-INFO",
    "SEGMENT",
    "NOSCORE",
    "NO_RT_METADATA",
    "LEXEME",
    "NON-LEX",
    "NON-SPEECH",
    "FILLER",
    "EDIT",
    "IP",
    "SU",
    "CB",
    "A/P",
]
TOUCHING = 0.005  # seconds; turns this close were one turn before their times were rounded


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording; ``recording`` names that of lines whose file id is ``<NA>``.

    Raises:
        FormatError: a line is invalid; the message names it.
    """
    found: dict[str, list[Utterance]] = {}
    for where, content in numbered(text):
        fields = content.split()
        if fields[0] not in TYPES:
            raise FormatError(f"{where}: type {fields[0]!r}. Accepted: {', '.join(TYPES)}.")
        if fields[0] != "SPEAKER":
            continue
        if len(fields) < 8:
            raise FormatError(
                f"{where}: {len(fields)} fields. "
                "Accepted: SPEAKER recording channel start duration <NA> <NA> speaker <NA> <NA>."
            )
        start, duration = number(fields[3], "start", where), number(fields[4], "duration", where)
        start, end = span(start, round(start + duration, 6), where)
        speaker = None if fields[7] == NOT_AVAILABLE else fields[7]
        found.setdefault(recording_id(fields[1], recording, where), []).append(Utterance("", speaker, start, end))
    return assemble(found)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one line per turn: touching utterances of one speaker form one turn; other turns may overlap."""
    rows = []
    ids = columns(transcripts)
    for transcript in transcripts:
        name = columns_of(labels(transcript))
        for speaker, start, end in turns(transcript):
            rows.append(
                f"SPEAKER {ids[transcript.recording]} 1 {start:.3f} {end - start:.3f} "
                f"<NA> <NA> {name.get(speaker, NOT_AVAILABLE)} <NA> <NA>\n"
            )
    return "".join(rows)


def turns(utterances: Iterable[Utterance]) -> list[tuple[str | None, float, float]]:
    """Return ``(speaker, start, end)`` sorted by start, with touching or overlapping utterances of a speaker joined."""
    joined: list[tuple[str | None, float, float]] = []
    latest: dict[str | None, int] = {}  # speaker -> index of their last turn
    for u in sorted(utterances, key=lambda u: u.start):
        place = latest.get(u.speaker)
        if place is not None and u.start <= joined[place][2] + TOUCHING:
            joined[place] = (u.speaker, joined[place][1], max(joined[place][2], u.end))
        else:
            latest[u.speaker] = len(joined)
            joined.append((u.speaker, u.start, u.end))
    return joined
