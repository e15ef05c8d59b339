"""SegLST, the CHiME challenges' and meeteval's JSON: a list of segments with session_id, speaker, times and words.

Source: https://github.com/fgnt/meeteval (SegLST). Times are seconds, as numbers or strings; other keys are skipped.
"""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.lines import assemble, json_value, labels, number, one_line, span

HOLDS = {"text", "times", "speakers", "overlap"}

FIELDS = ("session_id", "start_time", "end_time", "words")


def recognises(text: str) -> bool:
    """Tell whether a JSON text is a list of segments."""
    return text.lstrip().startswith("[") and '"session_id"' in text[:2000]


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording.

    Raises:
        FormatError: the text is not a JSON list, or a segment (counted from 1) lacks a field; the message names both.
    """
    segments = json_value(text)
    if not isinstance(segments, list):
        raise FormatError(f"a {type(segments).__name__}. Accepted: a list of segments.")
    found: dict[str, list[Utterance]] = {}
    for index, segment in enumerate(segments, start=1):
        where = f"segment {index}"
        missing = [f for f in FIELDS if f not in segment] if isinstance(segment, dict) else list(FIELDS)
        if missing:
            raise FormatError(f"{where}: no {', '.join(missing)}. Accepted: {', '.join(FIELDS)}, speaker.")
        start = number(segment["start_time"], "start_time", where)
        start, end = span(start, number(segment["end_time"], "end_time", where), where)
        speaker = segment.get("speaker")
        found.setdefault(str(segment["session_id"]), []).append(
            Utterance("", None if speaker is None else str(speaker), start, end, one_line(str(segment["words"])))
        )
    return assemble(found)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one segment per utterance."""
    segments = []
    for transcript in transcripts:
        name = labels(transcript)
        for u in transcript:
            segments.append(
                {
                    "session_id": transcript.recording,
                    "speaker": name.get(u.speaker),
                    "start_time": round(u.start, 3),
                    "end_time": round(u.end, 3),
                    "words": one_line(u.text),
                }
            )
    return to_json(segments)
