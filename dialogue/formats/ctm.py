"""CTM, NIST's conversation time marks: ``recording channel start duration word [confidence [speaker]]``, seconds.

Source: SCTK, doc/infmts.htm (https://github.com/usnistgov/SCTK). The speaker in a seventh column is an extension,
written only if there are speakers. Without it, several channels of a recording (a telephone call) are its speakers.
Of the alternatives between ``<ALT_BEGIN>`` and ``<ALT_END>``, the first is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.core.transcript import Transcript, Utterance, Word
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
    timed_words,
)

HOLDS = {"text", "times", "speakers", "words", "probabilities"}

ALTERNATIVES = {"<ALT_BEGIN>", "<ALT>", "<ALT_END>"}
SILENCE = 1.0  # seconds without a word of a speaker, after which an utterance ends


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording; a speaker's words form one utterance until a pause of more than a second.

    Raises:
        FormatError: a line is invalid; the message names it.
    """
    words: dict[str, list[tuple[str, Word]]] = {}  # recording -> (channel, word)
    other = False  # whether the line is of a second alternative
    for where, content in numbered(text):
        fields = content.split()
        if fields[2:4] == ["*", "*"] and fields[-1] in ALTERNATIVES:  # r 1 * * <ALT_BEGIN>
            other = fields[-1] == "<ALT>"
            continue
        if other:
            continue
        if not 5 <= len(fields) <= 7:
            raise FormatError(
                f"{where}: {len(fields)} fields. "
                "Accepted: recording channel start duration word [confidence [speaker]]."
            )
        start = number(fields[2], "start", where)
        start, end = span(start, round(start + number(fields[3], "duration", where), 6), where)
        unknown = len(fields) < 6 or fields[5] in (NOT_AVAILABLE, "NA")
        word = Word(
            text=fields[4],
            start=start,
            end=end,
            probability=None if unknown else number(fields[5], "confidence", where),
            speaker=fields[6] if len(fields) == 7 and fields[6] != NOT_AVAILABLE else None,
        )
        words.setdefault(recording_id(fields[0], recording, where), []).append((fields[1], word))
    return assemble({name: _utterances(found) for name, found in words.items()})


def _utterances(words: list[tuple[str, Word]]) -> list[Utterance]:
    several = len({channel for channel, _ in words}) > 1
    groups: list[list[Word]] = []
    latest: dict[str | None, list[Word]] = {}  # speaker -> their last utterance
    for channel, word in sorted(words, key=lambda item: item[1].start or 0.0):
        speaker = word.speaker or (channel if several else None)
        group = latest.get(speaker)
        if group is None or (word.start or 0.0) - (group[-1].end or 0.0) > SILENCE:
            group = latest[speaker] = []
            groups.append(group)
        group.append(Word(word.text, word.start, word.end, word.probability, speaker))
    return [
        Utterance(
            id="",
            speaker=group[0].speaker,
            start=group[0].start or 0.0,
            end=max(w.end or 0.0 for w in group),
            text=" ".join(w.text for w in group),
            words=tuple(group),
        )
        for group in groups
    ]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one word per line, sorted by time; words without times share the time left in their utterance."""
    rows = []
    ids = columns(transcripts)
    for transcript in transcripts:
        name = columns_of(labels(transcript))
        words = [(word, u.speaker) for u in transcript for word in timed_words(u)]
        attributed = any(speaker is not None for _, speaker in words)
        for word, speaker in sorted(words, key=lambda item: item[0].start or 0.0):
            start, end = word.start or 0.0, word.end or 0.0
            row = f"{ids[transcript.recording]} 1 {start:.3f} {end - start:.3f} {word.text}"
            if attributed or word.probability is not None:
                row += " NA" if word.probability is None else f" {word.probability:.3f}"
            if attributed:
                row += f" {name.get(speaker, NOT_AVAILABLE)}"
            rows.append(row + "\n")
    return "".join(rows)
