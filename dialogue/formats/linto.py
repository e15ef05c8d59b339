"""LinTO's JSON: the answers of its transcription and diarization services, and a conversation of LinTO Studio.

Source: linto-ai/linto-transcription-service (API: ``segments`` with ``spk_id`` and ``words``) and linto-ai/linto-studio
(document: ``text`` with ``turn_id`` and ``words``, ``speakers`` with names). Mongo's shell writes ``ObjectId("...")``,
which is read as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.files import to_json
from dialogue.core.transcript import Speaker, Transcript
from dialogue.formats.lines import labels, number, one_line, timed_words, transcript
from dialogue.formats.segments import objects, parse, utterance, word
from dialogue.formats.subtitles import only

HOLDS = {"text", "times", "speakers", "overlap", "words", "probabilities", "language", "original"}
CALL = re.compile(r'\b(?:ObjectId|ISODate|NumberLong|NumberInt)\(("?[^()"]*"?)\)')


def recognises(text: str) -> bool:
    """Tell whether a JSON text is LinTO's."""
    return '"spk_id"' in text or '"transcription_result"' in text or '"turn_id"' in text


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the text is not JSON, or a segment is wrong; the message gives its number (from 1) and the problem.
    """
    value = parse(CALL.sub(lambda call: json.dumps(call[1].strip('"')), text))
    studio = "text" in value and "segments" not in value
    speaker, start, end, confidence = (
        ("speaker_id", "stime", "etime", "confidence") if studio else ("spk_id", "start", "end", "conf")
    )
    segments = objects(value, "text" if studio else "segments")
    if any("seg_begin" in segment for segment in segments):  # the diarization service
        start, end = "seg_begin", "seg_end"
    utterances = []
    for index, segment in enumerate(segments, start=1):
        where = f"segment {index}"
        found = objects(segment, "words", where) if segment.get("words") else []
        words = [word(w, where, "word", start, end, confidence) for w in found]
        said = one_line(str(segment.get("segment") or segment.get("raw_segment") or ""))
        raw = one_line(str(segment.get("raw_segment") or ""))
        u = utterance(segment, where, speaker=segment.get(speaker), text=said, words=words, start=start, end=end)
        utterances.append(replace(u, original="" if raw == said else raw))
    about = value.get("audio")
    duration = about.get("duration") if isinstance(about, dict) else None
    code = value.get("language") or value.get("locale")
    return [
        transcript(
            str(value.get("name") or recording or "recording") if studio else recording or "recording",
            utterances,
            speakers=_speakers(value),
            duration=None if duration is None else number(duration, "duration", "audio"),
            language=code if isinstance(code, str) else None,
        )
    ]


def _speakers(value: Mapping[str, Any]) -> list[Speaker]:
    named = objects(value, "speakers") if value.get("speakers") else []
    return [Speaker(str(s["speaker_id"]), str(s.get("speaker_name") or "") or None) for s in named if "speaker_id" in s]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write the answer of LinTO's transcription service."""
    t = only(transcripts)
    name = labels(t)
    segments = []
    for u in t:
        segments.append(
            {
                "raw_segment": one_line(u.original or u.text),
                "segment": one_line(u.text),
                "start": round(u.start, 3),
                "end": round(u.end, 3),
                "duration": round(u.duration, 3),
                "language": t.language,
                "spk_id": name.get(u.speaker),
                "words": [
                    {
                        "word": w.text,
                        "start": round(w.start or 0.0, 3),
                        "end": round(w.end or 0.0, 3),
                        "conf": w.probability,
                    }
                    for w in (timed_words(u) if u.words else ())
                ],
            }
        )
    sure = [w.probability for w in t.words() if w.probability is not None]
    value = {
        "transcription_result": "\n".join(f"{s['spk_id']}: {s['segment']}" for s in segments),
        "raw_transcription": " ".join(str(s["raw_segment"]) for s in segments),
        "language": t.language,
        "confidence": round(sum(sure) / len(sure), 3) if sure else None,
        "segments": segments,
    }
    return to_json(value)
