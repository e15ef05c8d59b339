"""Read NXT, the annotation format of AMI and ICSI: a speaker's words in one file, the segments over them in another.

Sources: ami_public_manual 1.6.2 and ICSI_core_NXT 1.0 (https://groups.inf.ed.ac.uk/ami/download,
.../ami/icsi/download). A segment spans elements of the words file,
``ES2002a.A.words.xml#id(ES2002a.A.words0)..id(ES2002a.A.words12)``: words, punctuation, and other sounds. AMI marks
punctuation with ``punc``. ICSI gives each word a class ``c``, and cuts contractions and compounds into pieces (``you``
+ ``'re``, ``mm`` + ``-`` + ``hmm``), which are joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core.transcript import Event, Transcript, Utterance, Word
from dialogue.formats import FormatError, xml
from dialogue.formats.conventions import kind
from dialogue.formats.lines import number, one_line, span

ID = "{http://nite.sourceforge.net/}id"
SPAN = re.compile(r"#id\((?P<first>[^)]+)\)(?:\.\.id\((?P<last>[^)]+)\))?")
TIMES = (("starttime", "endtime"), ("transcriber_start", "transcriber_end"))  # times of a segment: ICSI, AMI
UNINTELLIGIBLE = "@"
AFTER = {".", "CM", "QM", "EXCLM", "SYM", "QUOTE", "RQUOTE", "HYPH"}  # classes without a space before
BEFORE = {"HYPH", "LQUOTE"}  # classes without a space after
HEARD = {  # element -> default kind of event; disfluencies and alignment gaps are not events
    "vocalsound": "vocal",
    "nonvocalsound": "noise",
    "gap": "unintelligible",
    "pause": "pause",
    "comment": "comment",
}
NAMED = ("vocalsound", "nonvocalsound")  # elements whose type or description may give a more specific kind


def read(words: Path, segments: Path, speaker: str | None = None) -> tuple[list[Utterance], list[Event]]:
    """Return the utterances of one speaker, one per segment, and the events in them.

    An utterance has the span of its aligned words; if they have no times, that of the transcriber's segment.

    Args:
        speaker: label; by default the ``participant`` that each segment names.

    Raises:
        FormatError: a file is not XML, or a segment has no times or points to no element of the words; the message
            names the file and line.
    """
    elements = list(_root(words))
    places = {element.get(ID): place for place, element in enumerate(elements)}
    utterances, events = list[Utterance](), list[Event]()
    for segment in _root(segments).iter("segment"):
        try:
            label = speaker or segment.get("participant")
            names = next((n for n in TIMES if n[0] in segment.attrib), TIMES[0])
            start, end = (xml.seconds(segment, name) for name in names)
            span(start, end, xml.where(segment))
            inside = [e for child in segment.iter("child") for e in _pointed(child, elements, places)]
        except FormatError as error:
            raise FormatError(f"{segments}: {error}") from error
        if spoken := _words(inside):
            text = " ".join(word.text for word in spoken)
            first, last = _or(spoken[0].start, start), _or(spoken[-1].end, end)
            utterances.append(Utterance("", label, first, max(first, last), text, tuple(spoken)))
        events += _events(inside, label, start, end)
    return utterances, events


def words_alone(transcript: Transcript) -> Transcript:
    """Return each timed word as an utterance, for scoring that counts no pause between words as speech."""
    spoken = [
        Utterance(f"{u.id}.{place}", u.speaker, word.start, word.end, word.text)
        for u in transcript
        for place, word in enumerate(u.words, start=1)
        if word.start is not None and word.end is not None
    ]
    return replace(transcript, utterances=tuple(sorted(spoken, key=lambda u: u.start)), events=())


def _root(path: Path) -> Any:
    try:
        return xml.parse(formats.decode(path.read_bytes()), "root")
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error


def _pointed(child: Any, elements: Sequence[Any], places: Mapping[str, int]) -> Sequence[Any]:
    """Return the elements of the words file that a segment points to."""
    href = child.get("href", "")
    found = SPAN.search(href)
    ends = [places.get(id) for id in (found["first"], found["last"] or found["first"])] if found else [None]
    if None in ends:
        raise FormatError(
            f"{xml.where(child)}: {href!r} points to no element of the words. Are both from the same release?"
        )
    return elements[min(ends) : max(ends) + 1]  # type: ignore[type-var, operator]


def _words(elements: Iterable[Any]) -> list[Word]:
    """Return words with their punctuation, with pieces of one word joined."""
    words, joined = list[Word](), False
    for element in elements:
        text, group = one_line(element.text or ""), element.get("c")
        if element.tag != "w" or not text or set(text) == {UNINTELLIGIBLE}:
            continue
        start, end = _times(element)
        mark = element.get("punc") == "true" or group in AFTER
        piece = group is not None and text.startswith("'")
        if words and (mark or joined or piece):
            last = words[-1]
            words[-1] = Word(last.text + text, _or(last.start, start), last.end if mark else _or(end, last.end))
        elif not mark:
            words.append(Word(text, start, end))
        joined = group in BEFORE
    return words


def _events(elements: Iterable[Any], speaker: str | None, start: float, end: float) -> Iterator[Event]:
    """Yield sounds other than words, with their own times or those of the segment."""
    for element in elements:
        label = element.get("type") or element.get("description") or ""
        if element.tag == "w" and set(one_line(element.text or "")) == {UNINTELLIGIBLE}:
            heard, label = "unintelligible", element.text
        elif element.tag in HEARD:
            heard = HEARD[element.tag]
            heard = kind(label, heard) if element.tag in NAMED and label else heard
        else:
            continue
        own = _times(element)
        yield Event(_or(own[0], start), _or(own[1], end), heard, one_line(label), speaker)


def _times(element: Any) -> tuple[float, float] | tuple[None, None]:
    """Return both times of an element; neither if one is missing, or they contradict each other."""
    start, end = element.get("starttime"), element.get("endtime")
    if not start or not end:
        return None, None
    times = number(start, "starttime", xml.where(element)), number(end, "endtime", xml.where(element))
    return times if times[0] <= times[1] else (None, None)


def _or(time: float | None, other: Any) -> Any:
    return other if time is None else time
