"""Read the JSON of other recognisers and services, told apart by their keys.

======================  ==============================================================================================
faster-whisper          a list of segments (``start``, ``end``, ``text``, ``words``), as objects or as arrays
transformers            ``chunks`` with ``timestamp``
whisper.cpp             ``transcription`` with ``offsets`` in milliseconds
Vosk                    ``result``, a list of words; or a list of such objects
Deepgram                ``results`` with ``utterances`` or ``channels``
AssemblyAI              ``utterances`` or ``words``, in whole milliseconds
Azure                   ``recognizedPhrases`` in ticks of 100 ns, or ``phrases`` in milliseconds
Google                  ``results``, a list of ``alternatives``; times such as ``1.2s``
AWS, Speechmatics       ``results`` with ``items``, or a list of them: words and punctuation
ElevenLabs, OpenAI      ``words``, with ``speaker_id`` or none
======================  ==============================================================================================

Sources: the documentation of each service. The first alternative is read. The format can be read but not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.ctm import SILENCE
from dialogue.formats.lines import LATEST, json_value, number, transcript
from dialogue.formats.segments import KNOWN, objects, shape, utterance, word

HOLDS: set[str] = set()
KEYS = ("results", "chunks", "transcription", "utterances", "recognizedPhrases", "phrases", "result")
OWN = re.compile(r'"schema"\s*:\s*"dialogue/')  # stages write what made a file before its schema
SEGMENT = (
    "id",
    "seek",
    "start",
    "end",
    "text",
    "tokens",
    "avg_logprob",
    "compression_ratio",
    "no_speech_prob",
    "words",
)
TEXTS = ("punctuated_word", "word", "text", "displayText", "display", "content")
SPEAKERS = ("speaker", "speaker_id", "speaker_label", "speakerLabel", "speakerTag")


def recognises(text: str) -> bool:
    """Tell whether a JSON text is a list, or has the keys of one of the services, and is not of another format."""
    if text.lstrip().startswith("["):
        return '"session_id"' not in text[:2000]
    if OWN.search(text) or '"monologues"' in text[:2000]:
        return False
    return any(f'"{key}"' in text for key in KEYS) or ('"words"' in text and '"segments"' not in text)


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the text is not JSON, is of no known service, or a segment is wrong; the message gives its number
            (from 1) and the problem.
    """
    value = json_value(text)
    reader = _reader(value)
    if reader is None and isinstance(value, list) and len(value) == 1:  # one recording in a list
        value, reader = value[0], _reader(value[0])
    if reader is None:
        raise FormatError(f"line 1: {shape(value)}, which no reader here knows. Accepted: {KNOWN}.")
    try:
        utterances = list(reader(value))
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise FormatError(
            f"line 1: {shape(value)}, with a part that is missing or of the wrong type ({error})."
        ) from error
    known = value if isinstance(value, dict) else {}
    inner = known.get("result")
    codes = (
        known.get("language"),
        known.get("language_code"),
        inner.get("language") if isinstance(inner, dict) else None,
    )
    language = next((code for code in codes if isinstance(code, str)), None)
    return [transcript(recording or "recording", utterances, language=language)]


def _reader(value: Any) -> Any:
    """Return the function that reads a value of this shape, or ``None``."""
    if isinstance(value, list):
        first = value[0] if value else None
        if isinstance(first, list) and len(first) > 4 and isinstance(first[4], str):
            return _arrays
        if not isinstance(first, dict):
            return None
        if "text" in first and ("start" in first or "timestamp" in first):
            return _segments
        return _vosk if "result" in first else _words if _spoken(first) else None
    if not isinstance(value, dict):
        return None
    for key, kind, reader in READERS:
        if isinstance(value.get(key), kind):
            return reader
    return None


def _arrays(value: Sequence[Sequence[Any]]) -> Iterator[Utterance]:
    """Segments of faster-whisper that were written as arrays."""
    return _segments([dict(zip(SEGMENT, item, strict=False)) for item in value])


def _segments(value: Iterable[Mapping[str, Any]], scale: float = 1.0) -> Iterator[Utterance]:
    for index, item in enumerate(value, start=1):
        where = f"segment {index}"
        words = [_word(w, where, scale) for w in objects(item, "words", where)] if item.get("words") else []
        pair = item.get("timestamp")
        start, end = pair if isinstance(pair, list) and len(pair) == 2 else (item.get("start"), item.get("end"))
        start = None if start is None else number(start, "start", where) * scale
        times = {"start": start, "end": start if end is None else number(end, "end", where) * scale}
        said = item.get("text") or item.get("transcript") or " ".join(w.text for w in words)
        yield utterance(times, where, speaker=_speaker(item), text=said, words=words)


def _word(item: Mapping[str, Any], where: str, scale: float = 1.0) -> Word:
    text = next((key for key in TEXTS if item.get(key)), "word")
    score = next((key for key in ("probability", "confidence", "conf", "score") if key in item), "score")
    start, end = (
        next((key for key in keys if key in item), keys[0]) for keys in (("start", "start_time"), ("end", "end_time"))
    )
    found = word(item, where, text, start, end, score, _speaker(item))
    if scale != 1.0:
        times = [None if t is None else t * scale for t in (found.start, found.end)]
        found = replace(found, start=times[0], end=times[1])
    return found


def _speaker(item: Mapping[str, Any]) -> str | None:
    found = next((item[key] for key in SPEAKERS if item.get(key) not in (None, "")), None)
    return None if found is None else str(found)


def _spoken(item: object) -> bool:
    return isinstance(item, dict) and any(key in item for key in TEXTS) and ("start" in item or "start_time" in item)


def _grouped(words: Iterable[Word], speaker: str | None = None) -> Iterator[Utterance]:
    """Yield an utterance for the words of one speaker, until a pause of more than a second."""
    groups: list[list[Word]] = []
    whose = end = None
    for w in words:
        apart = end is not None and w.start is not None and w.start - end > SILENCE
        if not groups or apart or (w.speaker is not None and w.speaker != whose):
            groups.append([])
        whose, end = (w.speaker or whose), (end if w.end is None else w.end)
        groups[-1].append(w)
    now = 0.0
    for index, group in enumerate(groups, start=1):
        where, who = f"group of words {index}", next((w.speaker for w in group if w.speaker), speaker)
        timed = any(w.start is not None for w in group) and any(w.end is not None for w in group)
        said = " ".join(w.text for w in group)
        found = utterance({} if timed else {"start": now, "end": now}, where, speaker=who, text=said, words=group)
        now = found.end
        yield found


def _words(value: Iterable[Mapping[str, Any]], scale: float = 1.0) -> Iterator[Utterance]:
    kept = [item for item in value if item.get("type", "word") in ("word", "text")]  # ElevenLabs lists spaces
    return _grouped(_word(item, f"word {index}", scale) for index, item in enumerate(kept, start=1))


def _vosk(value: Iterable[Mapping[str, Any]]) -> Iterator[Utterance]:
    for item in value:
        yield from _words(item.get("result") or ())


def _whisper_cpp(value: Mapping[str, Any]) -> Iterator[Utterance]:
    for index, item in enumerate(value["transcription"], start=1):
        times = {key: number(item["offsets"][name], name, f"segment {index}") / 1000 for key, name in MILLISECONDS}
        yield utterance(times, f"segment {index}", speaker=_speaker(item), text=item.get("text"))


MILLISECONDS = (("start", "from"), ("end", "to"))


def _deepgram_or_aws(value: Mapping[str, Any]) -> Iterator[Utterance]:
    found = value["results"]
    if found.get("utterances"):
        return _segments(found["utterances"])
    if "items" in found:
        return _items(found["items"], _labels(found))
    return _channels(found["channels"])


def _channels(channels: Sequence[Mapping[str, Any]]) -> Iterator[Utterance]:
    """Several channels of a recording are its speakers."""
    for index, channel in enumerate(channels):
        words = [_word(w, f"channel {index}") for w in channel["alternatives"][0].get("words", ())]
        yield from _grouped(words, f"channel {index}" if len(channels) > 1 else None)


def _labels(found: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the speaker of each word of AWS by its times."""
    inside = [item for s in (found.get("speaker_labels") or {}).get("segments", ()) for item in s.get("items", ())]
    return {(str(i.get("start_time")), str(i.get("end_time"))): str(i.get("speaker_label")) for i in inside}


def _items(items: Iterable[Mapping[str, Any]], labels: Mapping[tuple[str, str], str] = {}) -> Iterator[Utterance]:
    """Words and punctuation, each with alternatives."""
    words = list[Word]()
    for index, item in enumerate(items, start=1):
        best = item["alternatives"][0] if item.get("alternatives") else {}
        text = str(best.get("content", ""))
        if item.get("type") == "punctuation" and words:
            words[-1] = replace(words[-1], text=words[-1].text + text)
        elif text and item.get("type") != "punctuation":
            heard = _word({**item, **best}, f"item {index}")
            key = (str(item.get("start_time")), str(item.get("end_time")))
            words.append(replace(heard, speaker=heard.speaker or labels.get(key)))
    return _grouped(words)


def _listed(value: Mapping[str, Any]) -> Iterator[Utterance]:
    """``results`` that are a list: of alternatives of a transcript (Google), or of words (Speechmatics)."""
    results = value["results"]
    if any("type" in item for item in results):
        yield from _items(results)
        return
    parts = [(item, (item.get("alternatives") or [{}])[0]) for item in results]
    last = parts[-1][1].get("words") or [] if parts else []
    if len(parts) > 1 and any(w.get("speakerTag") for w in last):  # which repeats all words, with their speakers
        parts = parts[-1:]
    now = 0.0
    for index, (item, best) in enumerate(parts, start=1):
        where = f"result {index}"
        words = [_google(w, where) for w in best.get("words") or ()]
        end = _clock(item.get("resultEndTime") or item.get("resultEndOffset"), where)
        if any(w.speaker for w in words):
            yield from _grouped(words)
        elif words or end is not None:
            times = {} if words else {"start": now, "end": max(now, end or 0.0)}
            yield utterance(times, where, speaker=None, text=best.get("transcript"), words=words)
        now = max(now, end or 0.0, *(w.end or 0.0 for w in words))


def _google(item: Mapping[str, Any], where: str) -> Word:
    start = _clock(item.get("startTime", item.get("startOffset")), where) or 0.0
    end = _clock(item.get("endTime", item.get("endOffset")), where)
    return _word({**item, "start": start, "end": max(start, end or 0.0)}, where)


def _clock(value: Any, where: str) -> float | None:
    """Return seconds of ``"1.2s"``, ``{"seconds": "1", "nanos": 2}``, or ``None``."""
    if isinstance(value, dict):
        nanos = value.get("nanos") or 0
        return number(value.get("seconds") or 0, "seconds", where) + _scaled(nanos, 1e-9, "nanos", where)
    return None if value is None else number(str(value).removesuffix("s"), "time", where)


def _assembly(value: Mapping[str, Any]) -> Iterator[Utterance]:
    listed = value.get("utterances") or value.get("words") or ()
    times = [item.get(key) for item in listed for key in ("start", "end")]
    scale = 0.001 if all(isinstance(t, int) for t in times) else 1.0
    return _segments(listed, scale) if value.get("utterances") else _words(listed, scale)


def _azure(value: Mapping[str, Any]) -> Iterator[Utterance]:
    for index, phrase in enumerate(value.get("recognizedPhrases") or value["phrases"], start=1):
        where = f"phrase {index}"
        best = (phrase.get("nBest") or [phrase])[0]
        words = [
            replace(_word({**w, "start": None, "end": None}, where), start=start, end=end)
            for w in best.get("displayWords") or best.get("words") or ()
            for start, end in [_offsets(w, where)]
        ]
        start, end = _offsets(phrase, where)
        said = best.get("display") or best.get("text") or " ".join(w.text for w in words)
        yield utterance({"start": start, "end": end}, where, speaker=_speaker(phrase), text=said, words=words)


def _offsets(item: Mapping[str, Any], where: str) -> tuple[float, float]:
    unit = 1e-7 if "offsetInTicks" in item else 1e-3
    names = ("offsetInTicks", "durationInTicks") if unit == 1e-7 else ("offsetMilliseconds", "durationMilliseconds")
    start, length = (_scaled(item[name], unit, name, where) for name in names)
    return start, start + length


def _scaled(value: Any, unit: float, name: str, where: str) -> float:
    if type(value) not in (int, float) or not abs(value) <= LATEST / unit:
        raise FormatError(f"{where}: {name} is {shape(value)}. Accepted: a number.")
    return number(value * unit, name, where)


def _nested(value: Mapping[str, Any]) -> Iterator[Utterance]:
    """``result``: the words of Vosk, or the answer of Gladia."""
    if isinstance(value["result"], list):
        return _words(value["result"])
    return _segments(value["result"]["transcription"]["utterances"])


READERS = (  # key, type of its value, reader; the first that fits
    ("transcription", list, _whisper_cpp),
    ("chunks", list, lambda value: _segments(value["chunks"])),
    ("recognizedPhrases", list, _azure),
    ("phrases", list, _azure),
    ("utterances", list, _assembly),
    ("results", dict, _deepgram_or_aws),
    ("results", list, _listed),
    ("result", (list, dict), _nested),
    ("words", list, _assembly),
)
