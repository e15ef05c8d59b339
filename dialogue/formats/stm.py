"""STM, NIST's segment time marks: ``recording channel speaker start end [<label>] text``, seconds.

Source: SCTK, doc/infmts.htm (https://github.com/usnistgov/SCTK), and the files of TED-LIUM. The channel and the
optional label (``<o,f0,unknown>``, ``<NA>``, ``<F0_M>``) are not kept. Gaps, excluded regions and segments of
``ignore_time_segment_in_scoring`` are omissions that are not scored. Of an alternation ``{ a / b }`` the first is read
(``@`` is no word), an optional ``(euh)`` is a word, ``{BREATH}`` and ``<sil>`` are events, and ``mot(2)`` is a second
pronunciation; ``Utterance.original`` keeps what was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.core.transcript import Event, Omission, Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.conventions import kind
from dialogue.formats.lines import (
    IGNORED,
    NOT_AVAILABLE,
    assemble,
    columns,
    columns_of,
    labels,
    number,
    numbered,
    one_line,
    recording_id,
    span,
)

HOLDS = {"text", "times", "speakers", "overlap"}

LABEL = re.compile(
    r"<[oO]?>|<NA>|<[^<>\s]*,[^<>\s]*>|<[A-Z0-9]+(?:_[A-Z0-9]+)+>|<[fFoO]\w{0,9}_\w+>|<[fF]\d>|<(?:unknown|(?:fe)?male)>"
)
NOT_SPEECH = {"inter_segment_gap", "intersegment_gap", "excluded_region"}
IGNORE = "ignore_time_segment_in_scoring"
MARKS = {"<sil>": "pause", "<unk>": "unintelligible"}
BRACES = re.compile(r"[{}]|(?<!\S)/(?!\S)|[^\s{}]+")


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read every recording.

    Raises:
        FormatError: a line has too few fields or an invalid time; the message names it.
    """
    found: dict[str, list[Utterance]] = {}
    events: dict[str, list[Event]] = {}
    ignored: dict[str, list[Omission]] = {}
    for where, content in numbered(text):
        fields = content.split(maxsplit=5)
        if len(fields) < 5:
            raise FormatError(
                f"{where}: {len(fields)} fields. Accepted: recording channel speaker start end [<label>] text."
            )
        speaker = fields[2]
        start, end = span(number(fields[3], "start", where), number(fields[4], "end", where), where)
        words = fields[5].split() if len(fields) > 5 else []
        if words and LABEL.fullmatch(words[0]):
            del words[0]
        name = recording_id(fields[0], recording, where)
        said = found.setdefault(name, [])
        if speaker.lower() in NOT_SPEECH or {word.lower() for word in words} == {IGNORE}:
            ignored.setdefault(name, []).append(Omission(start, end, IGNORED))
            continue
        written = " ".join(words)
        plain, marks = spoken(written)
        who = None if speaker == NOT_AVAILABLE else speaker
        if plain or not marks:
            said.append(Utterance("", who, start, end, plain, original="" if plain == written else written))
        known = who if plain or not marks else None
        events.setdefault(name, []).extend(Event(start, end, kind, label, known) for kind, label in marks)
    return assemble(found, ignored=ignored, events=events)


def spoken(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words of a text, and its marks as ``(kind of event, text)``.

    >>> spoken("on { ouvre / ouvrons } (euh) {BREATH} en(2) mai <sil>")
    ('on ouvre euh en mai', [('breath', 'BREATH'), ('pause', 'sil')])
    """
    if not re.search(r"[{(%]|<(?:sil|unk)>", text) or not balanced(text):
        return text, []
    marks = list[tuple[str, str]]()
    opened: list[tuple[list[str], bool]] = [([], False)]  # words of the first alternative, and whether others follow
    for token in BRACES.findall(text):
        words, others = opened[-1]
        if token == "{":
            opened.append(([], False))
        elif token == "}":
            opened.pop()
            if not others and len(words) == 1 and words[0].isupper():  # {BREATH}
                marks.append((kind(words[0], "noise"), words[0]))
            else:
                opened[-1][0].extend(word for word in words if word != "@" and not opened[-1][1])
        elif token == "/" and len(opened) > 1:
            opened[-1] = (words, True)
        elif token in MARKS:
            marks.append((MARKS[token], token.strip("<>")))
        elif not others:
            words.append(token)
    said = (re.sub(r"(?<=\w)\(\d+\)$", "", word) for word in opened[0][0])
    return " ".join(HESITATION.sub("euh", OPTIONAL.sub(r"\1", " ".join(said))).split()), marks


def balanced(text: str) -> bool:
    """Tell whether every brace has its other one."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


OPTIONAL = re.compile(r"(?<!\S)\(([^()]+)\)(?![^\s.,;:!?])")  # (euh)
HESITATION = re.compile(r"(?<!\S)%(?:hesitation|uh|um|euh)(?!\S)", re.IGNORECASE)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one line per utterance, and per span that is not scored. A label is written only if the text could be
    mistaken for one."""
    lines = []
    ids = columns(transcripts)
    for transcript in transcripts:
        rows = list[tuple[float, str]]()
        people = columns_of(labels(transcript)).items()
        name = {speaker: f"_{label}" if label.lower() in NOT_SPEECH else label for speaker, label in people}
        recording = ids[transcript.recording]
        for u in transcript:
            text = one_line(u.text)
            if LABEL.match(text) or text.lower() == IGNORE:
                text = f"<o,f0,unknown> {text}"
            speaker = name.get(u.speaker, NOT_AVAILABLE)
            rows.append((u.start, f"{recording} 1 {speaker} {u.start:.3f} {u.end:.3f} {text}".rstrip()))
        gaps = [
            (o.start, f"{o.start:.3f} {o.end:.3f} <o,,unknown>") for o in transcript.omissions if o.reason == IGNORED
        ]
        rows += [(start, f"{recording} 1 inter_segment_gap {times} {IGNORE}") for start, times in gaps]
        lines += [row for _, row in sorted(rows, key=lambda item: item[0])]
    return "".join(row + "\n" for row in lines)
