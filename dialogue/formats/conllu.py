"""Read CoNLL-U of spoken treebanks (Rhapsodie, ParisStories): sentences with their speaker, words with their times.

Source: https://universaldependencies.org/format.html, and the comments added by the French spoken treebanks:
``speaker_id``, ``speaker_*`` (age, sex...), ``sound_url``, and ``AlignBegin``/``AlignEnd`` (milliseconds) in MISC.
Words are surface forms: ``au`` for ``à le``, ``c'était`` as one word. Values shared by all sentences (genre,
channel...) describe the recording. The format can be read but not written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.conventions import interpret
from dialogue.formats.lines import number, one_line, paced, span, transcript

HOLDS: set[str] = set()
COLUMNS = 10
OF_SENTENCE = {
    "sent_id",
    "old_id",
    "text",
    "text_en",
    "macrosyntax",
    "speaker",
    "global.columns",
    "timestamp",
}


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read every recording: sentences whose ids differ only in their number belong together.

    Raises:
        FormatError: a sentence is not CoNLL-U, or its times are wrong; the message names its line.
    """
    import conllu
    from conllu.exceptions import ParseException

    sentences = []
    for where, block in _blocks(text):
        try:
            found = conllu.parse(block)
        except (ParseException, ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise FormatError(f"{where}: not a CoNLL-U sentence: {str(error)[:200]}") from error
        if any(not {"id", "form", "misc"} <= token.keys() for sentence in found for token in sentence):
            raise FormatError(f"{where}: not a CoNLL-U sentence: a token lacks a column. Accepted: {COLUMNS}.")
        sentences += [(where, s) for s in found if len(s)]
    if text.strip() and not sentences:
        raise FormatError(
            "line 1: no sentence. Accepted: ten columns separated by tabs, a blank line between sentences."
        )
    named = [(_recording(s.metadata, recording), where, s) for where, s in sentences]
    return [
        _transcript(name, [(where, s) for _, where, s in group], verbatim)
        for name, group in groupby(sorted(named, key=lambda n: n[0]), key=lambda n: n[0])
    ]


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield sentences, each with its line.

    Raises:
        FormatError: a token has not ten columns.
    """
    rows, first = list[str](), 1
    for index, row in enumerate([*text.split("\n"), ""], start=1):
        if row.strip():
            first = first if rows else index
            if not row.startswith("#") and row.count("\t") != COLUMNS - 1:
                raise FormatError(
                    f"line {first}: not a CoNLL-U sentence: line {index} has {row.count(chr(9)) + 1} columns. "
                    f"Accepted: {COLUMNS}, separated by tabs, or a comment that begins with #."
                )
            rows.append(row)
        elif rows:
            yield f"line {first}", "\n".join(rows) + "\n"
            rows = []


def _recording(metadata: Mapping[str, Any], recording: str | None) -> str:
    return re.sub(r"[-_.]?\d+$", "", str(metadata.get("sent_id", ""))) or recording or "recording"


def _transcript(name: str, sentences: Sequence[tuple[str, Any]], verbatim: bool) -> Transcript:
    utterances, events, speakers = list[Utterance](), list[Event](), dict[str, Speaker]()
    for where, sentence in sentences:
        known = sentence.metadata
        label = known.get("speaker_id") or known.get("speaker")
        if label:
            attributes = {
                k.removeprefix("speaker_"): v
                for k, v in known.items()
                if k.startswith("speaker_") and k != "speaker_id" and v not in ("unspecified", "unknown")
            }
            speakers.setdefault(label, Speaker(label, label, attributes))
        words = _words(sentence, where)
        times = [t for w in words for t in (w.start, w.end) if t is not None]
        utterances.append(
            Utterance(
                str(known.get("sent_id", "")),
                label,
                min(times, default=0.0),
                max(times, default=-1.0),  # not placed in time
                one_line(known.get("text") or " ".join(w.text for w in words)),
                tuple(words),
            )
        )
    timed = all(u.end >= 0 for u in utterances)
    if not timed:
        utterances = paced(utterances)
    if not verbatim:
        plain = [interpret(u) for u in utterances]
        utterances, events = [u for u, _ in plain], [e for _, heard in plain for e in heard]
    counts = Counter((k, v) for _, s in sentences for k, v in s.metadata.items() if isinstance(v, str))
    common = {
        k: v
        for (k, v), n in counts.items()
        if n == len(sentences) and k not in OF_SENTENCE and not k.startswith("speaker_") and v != "unspecified"
    }
    if sentences and "sound_url" not in common:  # some treebanks give it only once
        urls = [s.metadata["sound_url"] for _, s in sentences if "sound_url" in s.metadata]
        common |= {"sound_url": urls[0]} if urls else {}
    ids = Counter(u.id for u in utterances)
    utterances = [u if ids[u.id] == 1 else replace(u, id="") for u in utterances]
    return transcript(
        name,
        utterances,
        speakers=speakers.values(),
        events=events,
        language="fr",
        attributes=common,
        timed=timed,
    )


def _words(sentence: Any, where: str) -> list[Word]:
    """Return surface words: tokens written without a space are joined, with the times from first to last."""
    words, glued, inside = list[Word](), False, 0
    parts = {t["id"]: t for t in sentence if isinstance(t["id"], int)}
    for token in sentence:
        number = token["id"]
        if isinstance(number, int):
            if number <= inside:
                continue
            tokens = [token]
        elif number[1] == "-":
            inside = number[2]
            tokens = [token, *(part for i, part in parts.items() if number[0] <= i <= number[2])]
        else:  # an empty node of an enhanced graph is not spoken
            continue
        begin, end = _times(tokens, where)
        form = str(token["form"])
        if glued and words:
            last = words[-1]
            times = [t for t in (last.start, last.end, begin, end) if t is not None]
            words[-1] = Word(last.text + form, min(times, default=None), max(times, default=None))
        else:
            words.append(Word(form, begin, end))
        glued = any((t["misc"] or {}).get("SpaceAfter") == "No" for t in (tokens[0], tokens[-1]))
    return words


def _times(tokens: Sequence[Any], where: str) -> tuple[float | None, float | None]:
    found = [
        (m["AlignBegin"], m["AlignEnd"]) for t in tokens if "AlignBegin" in (m := t["misc"] or {}) and "AlignEnd" in m
    ]
    try:
        times = [(number(a, "AlignBegin", where) / 1000, number(b, "AlignEnd", where) / 1000) for a, b in found]
    except FormatError as error:
        raise FormatError(f"{where}: AlignBegin or AlignEnd is not milliseconds.") from error
    if not times:
        return None, None
    return span(min(a for a, _ in times), max(b for _, b in times), where)
