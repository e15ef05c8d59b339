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
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats.lines import labels, number, one_line, timed_words, transcript
from dialogue.formats.segments import objects, parse, utterance, word
from dialogue.formats.subtitles import only

HOLDS = {"text", "times", "speakers", "overlap", "words", "probabilities", "language", "original"}
NOBODY = "nobody"  # Studio's speaker of a conversation in which nobody is told apart
AROUND = re.compile(r"^[^\w%€$£°]+|[^\w%€$£°]+$")  # of a word: its punctuation
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
    """Write the answer of LinTO's transcription service, with a segment for each utterance."""
    t = only(transcripts)
    return to_json(_answer(t, [_segment(t, u, labels(t)) for u in t]))


def transcription_answer(transcript: Transcript, *, diarized: bool = True) -> dict[str, Any]:
    """Return the answer of LinTO's transcription service as its clients take it apart.

    A segment is a turn: neighbouring utterances of one speaker are joined. Words have no punctuation around them, and
    no other keys than LinTO's; ``raw_segment`` has as many as there are. What LinTO has no place for is under
    ``x_dialogue``.

    Args:
        diarized: tell speakers apart; otherwise everything is one segment of nobody.
    """
    t = transcript if diarized else anyone(transcript)
    name = spoken_by(t)
    segments = []
    for turn in turns(t):
        segment = _segment(t, turn, name)
        words = [{**w, "word": bare, "conf": w["conf"] or 0.0} for w in segment["words"] if (bare := _bare(w["word"]))]
        raw = " ".join(token for token in turn.text.split() if _bare(token))
        segments.append(
            {**segment, "words": words, "raw_segment": raw if len(raw.split()) == len(words) else _joined(words)}
        )
    found = (
        [{**_turn(s["start"], s["end"], s["spk_id"]), "seg_id": i} for i, s in enumerate(segments, start=1)]
        if diarized
        else []
    )
    return {
        **_answer(t, segments, " \n"),
        "diarization_segments": found,
        "diarization_speakers": _totals(found),
        "x_dialogue": {
            "duration": round(t.duration, 3),
            "utterances": [
                {
                    "start": round(u.start, 3),
                    "end": round(u.end, 3),
                    "spk_id": name.get(u.speaker),
                    "overlap": u.overlap,
                    "confidence": u.confidence,
                    "text": one_line(u.text),
                }
                for u in t
            ],
            "omissions": [{"start": o.start, "end": o.end, "reason": o.reason} for o in t.omissions],
        },
    }


def recognition_answer(transcript: Transcript) -> dict[str, Any]:
    """Return the answer of linto-stt: all words, with their punctuation."""
    words = [_word(w) for u in transcript for w in timed_words(u)]
    return {
        "text": transcript.text,
        "language": transcript.language,
        "confidence-score": _confidence(transcript) or 0.0,
        "words": [{**w, "conf": w["conf"] or 0.0} for w in words],
    }


def diarization_answer(transcript: Transcript) -> dict[str, Any]:
    """Return the answer of linto-diarization: turns, and how long each speaker has spoken. Overlaps stay."""
    name = spoken_by(transcript)
    found = [_turn(u.start, u.end, name.get(u.speaker)) for u in transcript]
    return {"speakers": _totals(found), "segments": [{"seg_id": i, **turn} for i, turn in enumerate(found, start=1)]}


def studio_turns(transcript: Transcript) -> dict[str, Any]:
    """Return the speakers and turns of a conversation of LinTO Studio: ``speakers``, ``text``, ``locale``.

    Every turn names its language, because clients read the first letter of ``locale`` otherwise.
    """
    name, language = labels(transcript), transcript.language or "fr"
    text = []
    spans: dict[str | None, tuple[float, float]] = {}
    for place, u in enumerate(turns(transcript), start=1):
        first, _ = spans.get(u.speaker, (u.start, u.end))
        spans[u.speaker] = (first, u.end)
        words = [
            {
                "wid": f"w{place}-{n}",
                "word": w.text,
                "stime": round(w.start or 0.0, 3),
                "etime": round(w.end or 0.0, 3),
                "confidence": w.probability if w.probability is not None else 1.0,
            }
            for n, w in enumerate(u.words, start=1)
        ]
        text.append(
            {
                "turn_id": f"t{place}",
                "speaker_id": u.speaker or NOBODY,
                "raw_segment": u.text.lower(),
                "segment": u.text,
                "language": language,
                "stime": round(u.start, 3),
                "etime": round(u.end, 3),
                "words": words,
            }
        )
    speakers = [
        {
            "speaker_id": speaker or NOBODY,
            "speaker_name": name.get(speaker, "Speaker"),
            "stime": round(start, 3),
            "etime": round(end, 3),
        }
        for speaker, (start, end) in spans.items()
    ]
    return {"locale": language, "speakers": speakers, "text": text}


def turns(transcript: Transcript) -> list[Utterance]:
    """Return the turns of a transcript: neighbouring utterances of one speaker joined, empty ones left out."""
    joined: list[Utterance] = []
    for u in transcript:
        if not u.text.strip():
            continue
        u = replace(u, words=tuple(timed_words(u)), text=one_line(u.text))
        last = joined[-1] if joined else None
        if last and last.speaker == u.speaker:
            text = f"{last.text} {u.text}"
            joined[-1] = replace(last, end=max(last.end, u.end), text=text, words=(*last.words, *u.words), original="")
        else:
            joined.append(u)
    return joined


def anyone(transcript: Transcript) -> Transcript:
    """Return a transcript in which nobody is told apart."""
    said = tuple(
        replace(u, speaker=None, words=tuple(replace(w, speaker=None) for w in u.words)) for u in transcript.utterances
    )
    return replace(transcript, speakers=(), utterances=said)


def spoken_by(transcript: Transcript) -> dict[str | None, str]:
    """Map speakers to LinTO's ids: the name that people gave, or ``spk1``; with a file a speaker, its number."""
    given = {s.id: s.attributes.get("channel") for s in transcript.speakers if not s.name}
    return {
        speaker: f"spk{channel + 1}" if (channel := given.get(str(speaker))) is not None else label
        for speaker, label in labels(transcript).items()
    }


def _segment(t: Transcript, u: Utterance, name: Mapping[str | None, str]) -> dict[str, Any]:
    return {
        "raw_segment": one_line(u.original or u.text),
        "segment": one_line(u.text),
        "start": round(u.start, 3),
        "end": round(u.end, 3),
        "duration": round(u.duration, 3),
        "language": t.language,
        "spk_id": name.get(u.speaker),
        "words": [_word(w) for w in (timed_words(u) if u.words else ())],
    }


def _word(w: Word) -> dict[str, Any]:
    return {"word": w.text, "start": round(w.start or 0.0, 3), "end": round(w.end or 0.0, 3), "conf": w.probability}


def _answer(t: Transcript, segments: Sequence[Mapping[str, Any]], between: str = "\n") -> dict[str, Any]:
    return {
        "transcription_result": between.join(written(s) for s in segments),
        "raw_transcription": " ".join(str(s["raw_segment"]) for s in segments),
        "language": t.language,
        "confidence": _confidence(t),
        "segments": segments,
    }


def written(segment: Mapping[str, Any]) -> str:
    """Return a line of a transcription: the speaker, if there is one, and what they said."""
    return f"{segment['spk_id']}: {segment['segment']}" if segment["spk_id"] else str(segment["segment"])


def _confidence(t: Transcript) -> float | None:
    sure = [w.probability for w in t.words() if w.probability is not None]
    return round(sum(sure) / len(sure), 3) if sure else None


def _turn(start: float, end: float, speaker: str | None) -> dict[str, Any]:
    return {"spk_id": speaker, "seg_begin": round(start, 3), "seg_end": round(end, 3)}


def _totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for turn in found:
        one = totals.setdefault(turn["spk_id"], {"spk_id": turn["spk_id"], "duration": 0.0, "nbr_seg": 0})
        one["duration"] = round(one["duration"] + turn["seg_end"] - turn["seg_begin"], 3)
        one["nbr_seg"] += 1
    return list(totals.values())


def _bare(word: str) -> str:
    """Return a word without the punctuation around it; empty if there is nothing else."""
    return AROUND.sub("", word)


def _joined(words: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(str(w["word"]) for w in words)
