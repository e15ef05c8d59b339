"""WhisperX's JSON, and that of openai-whisper and whisper-timestamped: segments with words.

Source: https://github.com/m-bain/whisperX (``segments``, ``word_segments``, ``language``). Words may lack times, and
segments a speaker. A segment whose words are of several speakers is cut into an utterance for each. The service of
OpenAI lists the words beside the segments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript
from dialogue.formats.lines import labels, one_line, transcript
from dialogue.formats.segments import objects, parse, utterance, word
from dialogue.formats.subtitles import only

HOLDS = {"text", "times", "speakers", "overlap", "words", "probabilities", "language"}


def recognises(text: str) -> bool:
    """Tell whether a JSON text has segments and is not this project's own format."""
    return '"segments"' in text and "dialogue/transcript" not in text[:200]


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the text is not JSON, or a segment is wrong; the message gives its number (from 1) and the problem.
    """
    value = parse(text)
    utterances = []
    segments = objects(value, "segments")
    apart = _words_beside(value) if not any("words" in segment for segment in segments) else []
    for index, segment in enumerate(segments, start=1):
        where = f"segment {index}"
        words = []
        inside = (
            objects(segment, "words", where) if segment.get("words") else _taken(apart, segment, index == len(segments))
        )
        for item in inside:
            key = "word" if "word" in item else "text"
            score = next((k for k in ("score", "probability", "confidence") if k in item), "score")
            other = item.get("speaker") if item.get("speaker") != segment.get("speaker") else None
            words.append(word(item, where, key, "start", "end", score, other))
        said = segment.get("text") or " ".join(w.text for w in words)
        utterances.append(utterance(segment, where, speaker=segment.get("speaker"), text=said, words=words))
    language = value.get("language")
    return [transcript(recording or "recording", utterances, language=language if isinstance(language, str) else None)]


def _words_beside(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the words beside the segments, the last one first; none if one of them has no time."""
    words = list(objects(value, "words")) if value.get("words") else []
    timed = all(isinstance(w.get(key), (int, float)) for w in words for key in ("start", "end"))
    return words[::-1] if timed else []


def _taken(apart: list[Mapping[str, Any]], segment: Mapping[str, Any], last: bool) -> list[Mapping[str, Any]]:
    """Take the words from the end of a list whose middle lies before the end of a segment."""
    words, end = [], segment.get("end")
    while apart and (last or (isinstance(end, (int, float)) and apart[-1]["start"] + apart[-1]["end"] < 2 * end)):
        words.append(apart.pop())
    return words


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write WhisperX's format; words without times are written without them."""
    t = only(transcripts)
    name = labels(t)
    segments: list[dict[str, Any]] = []
    for u in t:
        words = []
        for w in u.words:
            times = {"start": w.start, "end": w.end, "score": w.probability}
            bare: dict[str, Any] = {k: round(v, 3) for k, v in times.items() if v is not None}
            words.append({"word": w.text, **bare, "speaker": name.get(u.speaker)})
        segments.append(
            {
                "start": round(u.start, 3),
                "end": round(u.end, 3),
                "text": one_line(u.text),
                "words": words,
                **({"speaker": name[u.speaker]} if u.speaker else {}),
            }
        )
    value = {
        "segments": segments,
        "word_segments": [w for s in segments for w in s["words"]],
        "language": t.language,
    }
    return to_json(value)
