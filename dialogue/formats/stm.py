"""STM, NIST's segment time marks: ``recording channel speaker start end [<label>] text``, seconds.

Source: SCTK, doc/infmts.htm (https://github.com/usnistgov/SCTK). The optional label (``<o,f0,unknown>``) and the
channel are not kept; gaps and regions excluded from scoring are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import (
    NOT_AVAILABLE,
    assemble,
    column,
    labels,
    number,
    numbered,
    one_line,
    recording_id,
    span,
)

HOLDS = {"text", "times", "speakers", "overlap"}

LABEL = re.compile(r"<[oO]?>|<[^<>\s]*,[^<>\s]*>")
NOT_SPEECH = {"inter_segment_gap", "excluded_region"}


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording.

    Raises:
        FormatError: a line has too few fields or an invalid time; the message names it.
    """
    found: dict[str, list[Utterance]] = {}
    for where, content in numbered(text):
        fields = content.split(maxsplit=5)
        if len(fields) < 5:
            raise FormatError(
                f"{where}: {len(fields)} fields. Accepted: recording channel speaker start end [<label>] text."
            )
        name, _, speaker = fields[:3]
        start, end = span(number(fields[3], "start", where), number(fields[4], "end", where), where)
        if speaker in NOT_SPEECH:
            continue
        words = fields[5].split() if len(fields) > 5 else []
        if words and LABEL.fullmatch(words[0]):
            del words[0]
        found.setdefault(recording_id(name, recording, where), []).append(
            Utterance("", None if speaker == NOT_AVAILABLE else speaker, start, end, " ".join(words))
        )
    return assemble(found)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one line per utterance. A label is written only if the text could be mistaken for one."""
    rows = []
    for transcript in transcripts:
        name = labels(transcript)
        for u in transcript:
            text = one_line(u.text)
            if LABEL.match(text):
                text = f"<o,f0,unknown> {text}"
            speaker = column(name.get(u.speaker))
            rows.append(f"{column(transcript.recording)} 1 {speaker} {u.start:.3f} {u.end:.3f} {text}".rstrip())
    return "".join(row + "\n" for row in rows)
