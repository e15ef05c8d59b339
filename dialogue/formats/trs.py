"""Transcriber (``.trs``): turns of one or more speakers, cut by ``<Sync>``.

Source: ``trans-14.dtd`` of Transcriber 1.5, and its authors' guide for events. An utterance is the text of one speaker
between two ``<Sync>``: ``<Who nb="2"/>`` assigns what follows to the second speaker of the turn, over the same span.
``<Event>``, ``<Comment>``, ``<Vocal>`` and ``<Background>`` are events over the span that contains them; a ``begin``
lasts until its ``end``. A speaker of a turn without any text still spoke: they get an utterance without text. A speaker
missing from the table is named by the id.

After writing and reading again, speakers, language, sections, and utterances without overlap are unchanged. For
overlap, Transcriber needs a segment at each start and end: such an utterance returns in pieces, with its words placed
by their times; who speaks when, and the order of each speaker's words, stay the same. An event returns over the segment
that it starts in; if it had no speaker, it gets that of a segment with one speaker. An original is written instead of
its utterance, with its marks, and ``<Event>`` for events that reading it would not give. If reading it would not give
the utterance either, it is written as ``<Comment desc="original: ...">`` before the plain words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any

from lxml import etree

from dialogue.core.transcript import TOLERANCE, Event, Speaker, Transcript, Utterance
from dialogue.formats import FormatError, xml
from dialogue.formats.conventions import interpret, kind
from dialogue.formats.lines import labels, one_line, span, spread, timed_words, transcript
from dialogue.formats.subtitles import only

HOLDS = {"text", "times", "speakers", "events", "original", "language"}

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Attributes of <Trans> and <Episode> -> attributes of the transcript.
HEAD = {"audio_filename": "audio", "scribe": "annotator", "version_date": "edited"}
EPISODE = {"program": "title", "air_date": "date"}
HEARD = set("laugh breath vocal noise music pause".split())  # sounds other than words; other kinds are about words
WORDS = ("unintelligible", "anonymised")  # kinds, other than comment, that an <Event> about words may express
ORIGINAL = "original:"  # <Comment desc="original: euh + oui"/>: the text that follows holds plain words
NOBODY = "nobody"  # id for speech of an unknown voice while others speak
ACCEPTED = {  # attributes of <Speaker> and their values
    "check": ("yes", "no"),
    "type": ("male", "female", "child", "unknown"),
    "dialect": ("native", "nonnative"),
    "scope": ("local", "global"),
}

Mark = tuple[float, float, str | None, Any]  # start, end, speaker, and an element among the words


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the file is not valid Transcriber; the message names the line.
    """
    root = xml.parse(text, "Trans")
    utterances, events, marks = list[Utterance](), list[Event](), list[Mark]()
    topics = {key: one_line(t.get("desc", "")) for key, t in xml.by_id(root.iter("Topic"), "id").items()}
    sections = [_section(s, topics) for s in root.iter("Section")]
    duration = max([0.0, *(s["end"] for s in sections)])
    for turn in root.iter("Turn"):
        start, end = span(xml.seconds(turn, "startTime"), xml.seconds(turn, "endTime"), xml.where(turn))
        duration = max(duration, end)
        for utterance, original in _read_turn(turn, start, end, marks):
            kept, found = xml.understood(utterance, original, verbatim)
            utterances += kept
            events += found
    attributes: dict[str, Any] = {name: root.get(key) for key, name in HEAD.items() if root.get(key)}
    for episode in root.iter("Episode"):
        attributes |= {name: episode.get(key) for key, name in EPISODE.items() if episode.get(key)}
    if len(sections) > 1 or any("topic" in s or s["type"] != "report" for s in sections):
        attributes["sections"] = sections
    return [
        transcript(
            recording or attributes.get("audio") or "recording",
            utterances,
            speakers=[_speaker(key, s) for key, s in xml.by_id(root.iter("Speaker"), "id").items()],
            events=[*events, *_events(marks), *_backgrounds(root, duration)],
            duration=duration,
            language=xml.language(root.get(XML_LANG)),
            attributes=attributes,
        )
    ]


Read = tuple[Utterance, str | None]  # an utterance as written, and its separate original


def _read_turn(turn: Any, start: float, end: float, marks: list[Mark]) -> Iterator[Read]:
    """Yield the utterances of a turn; elements other than text go to ``marks``."""
    named = turn.get("speaker", "").split()
    voices = [None if name == NOBODY else name for name in named] or [None]
    silent = set(range(len(named)))
    for since, until, items in _spans(turn, start, end):
        who = None if len(voices) > 1 else 0
        said, originals = dict[int, list[str]](), dict[int, str]()
        for item in items:
            if isinstance(item, str):
                said.setdefault(who or 0, []).append(item)
            elif item.tag == "Who":
                who = _who(item, len(voices))
            elif item.tag == "Comment" and item.get("desc", "").startswith(ORIGINAL):
                originals[who or 0] = one_line(item.get("desc")[len(ORIGINAL) :])
            elif item.tag != "Background":
                marks.append((since, until, None if who is None else voices[who], item))
                silent.discard(who or 0)
        for place in {**said, **originals}:
            words = one_line("".join(said.get(place, ())))
            if words or place in originals:
                silent.discard(place)
                yield Utterance("", voices[place], since, until, words), originals.get(place)
    for place in sorted(silent):
        yield Utterance("", voices[place], start, end), None


def _spans(turn: Any, start: float, end: float) -> Iterator[tuple[float, float, list[Any]]]:
    """Yield the content between two ``<Sync>`` of a turn: start, end, and texts and elements in order."""
    found: list[tuple[float, list[Any]]] = [(start, [turn.text or ""])]
    for element in turn:
        if element.tag == "Sync":
            time, latest = xml.seconds(element, "time"), found[-1][0]
            if not latest - TOLERANCE <= time <= end + TOLERANCE:
                raise FormatError(
                    f"{xml.where(element)}: <Sync> at {time:g} s. Accepted: from {latest:g} s, where the one before it "
                    f"is or its turn starts, to {end:g} s, where its turn ends."
                )
            found.append((min(max(time, latest), end), []))
        else:
            found[-1][1].append(element)
        found[-1][1].append(element.tail or "")
    for (since, items), (until, _) in pairwise([*found, (end, [])]):
        yield since, until, items


def _who(element: Any, voices: int) -> int:
    number = element.get("nb", "")
    if not re.fullmatch(r"0*[1-9]\d{0,2}", number) or int(number) > voices:
        raise FormatError(
            f"{xml.where(element)}: <Who nb={number!r}> in a turn of {voices} speaker(s). Accepted: 1 to {voices}."
        )
    return int(number) - 1


def _events(marks: Iterable[Mark]) -> list[Event]:
    """Return the events of marks in order; an ``end`` extends the event that began."""
    events, begun = list[Event](), dict[tuple[str, str], int]()
    for since, until, speaker, element in marks:
        sort, label = element.get("type", "noise"), one_line(element.get("desc", ""))
        if element.get("extent") == "end" and (sort, label) in begun:
            place = begun.pop((sort, label))
            events[place] = replace(events[place], end=max(until, events[place].end))
            continue
        if element.get("extent") == "begin":
            begun[sort, label] = len(events)
        if element.tag == "Comment":
            found, text = xml.event_of(label, "comment", ())
        elif element.tag == "Event" and sort != "noise":  # pronunciation, language, names: about words
            found, text = xml.event_of(label, "comment", WORDS)
        else:
            found, text = xml.event_of(label, "vocal" if element.tag == "Vocal" else "noise")
        events.append(Event(since, until, found, text, speaker))
    return events


def _backgrounds(root: Any, duration: float) -> Iterator[Event]:
    """Yield background music and noise: each lasts until the next one, or until it is ``off``."""
    found = [(max(0.0, xml.seconds(b, "time")), b) for b in root.iter("Background")]
    for (start, background), (end, _) in pairwise([*found, (duration, None)]):
        sort = background.get("type", "")
        if sort and background.get("level") != "off":
            yield Event(start, max(start, end), kind(sort, "noise"), sort)


def _section(section: Any, topics: Mapping[str, str]) -> dict[str, Any]:
    start, end = span(xml.seconds(section, "startTime"), xml.seconds(section, "endTime"), xml.where(section))
    topic = section.get("topic")
    about = {"topic": topics.get(topic, topic)} if topic else {}
    return {"type": section.get("type", "report"), "start": start, "end": end, **about}


def _speaker(key: str, element: Any) -> Speaker:
    attributes = {k: v for k, v in element.attrib.items() if v.strip() and k in (*ACCEPTED, "accent")}
    if attributes.get("type") in ("male", "female"):
        attributes["sex"] = attributes.pop("type")
    return Speaker(key, xml.named(one_line(element.get("name", ""))), attributes)


@dataclass(frozen=True)
class Voice:
    """What one voice says in a segment, and its original if the text must be read unchanged."""

    speaker: str | None
    text: str
    original: str | None = None


@dataclass(frozen=True)
class Sync:
    """A span with the same voices throughout, to be written after a ``<Sync>``."""

    start: float
    end: float
    pieces: list[Voice] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def voices(self) -> list[Voice]:
        """Return the pieces, then an empty one for each speaker who only has events."""
        speaking = {piece.speaker for piece in self.pieces}
        heard = dict.fromkeys(e.speaker for e in self.events if e.speaker and e.speaker not in speaking)
        return [*self.pieces, *(Voice(speaker, "") for speaker in heard)]

    def written(self) -> bool:
        """Tell whether every voice has something written here."""
        heard = {event.speaker for event in self.events}
        return all(p.text or p.original or p.speaker in heard for p in self.pieces)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one recording, valid against ``trans-14.dtd``; an utterance lasts at least a millisecond."""
    t = only(transcripts)
    names = labels(t)
    ids = {speaker: f"spk{n}" for n, speaker in enumerate(names, start=1)}
    ids[None] = NOBODY
    root = etree.Element("Trans")
    for key, value in _known(t.attributes, HEAD).items():
        root.set(key, value)
    if t.language:
        root.set(XML_LANG, t.language)
    sections = [s for s in t.attributes.get("sections", ()) if "start" in s] or [{"start": 0.0}]
    sections.sort(key=lambda s: s["start"])
    topics = list(dict.fromkeys(s["topic"] for s in sections if "topic" in s))
    if topics:
        table = xml.add(root, "Topics")
        for number, topic in enumerate(topics, start=1):
            xml.add(table, "Topic", id=f"to{number}", desc=topic)
    table = xml.add(root, "Speakers")
    for speaker in t.speakers:
        _add_speaker(table, ids[speaker.id], names[speaker.id], speaker.attributes)
    episode = xml.add(root, "Episode", **_known(t.attributes, EPISODE))

    turns = _turns(_tiled(_segments(t), t.duration))
    starts = [0.0, *(s["start"] for s in sections[1:])]
    for place, inside in groupby(turns, key=lambda turn: bisect_right(starts, turn[0].start) - 1):
        about, found = sections[place], list(inside)
        section = xml.add(
            episode,
            "Section",
            type=about.get("type") if about.get("type") in ("nontrans", "filler") else "report",
            topic=f"to{topics.index(about['topic']) + 1}" if "topic" in about else None,
            startTime=_time(found[0][0].start),
            endTime=_time(found[-1][-1].end),
        )
        for turn in found:
            _add_turn(section, turn, ids)
    if any(NOBODY in turn.get("speaker", "").split() for turn in root.iter("Turn")):
        xml.add(table, "Speaker", id=NOBODY, name="")
    return xml.document(root, '<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n')


def _known(attributes: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    return {key: one_line(str(attributes[name])) for key, name in keys.items() if attributes.get(name)}


def _add_speaker(table: Any, key: str, name: str, attributes: Mapping[str, Any]) -> None:
    sex = {"m": "male", "f": "female"}.get(str(attributes.get("sex", ""))[:1].lower())
    told = {**attributes, "type": sex or attributes.get("type")}
    kept = {name: told.get(name) if told.get(name) in values else None for name, values in ACCEPTED.items()}
    xml.add(table, "Speaker", id=key, name=name, accent=attributes.get("accent"), **kept)


def _segments(t: Transcript) -> list[Sync]:
    """Cut the recording where an utterance starts or ends, and add segments for events outside utterances."""
    spans = [(round(u.start, 3), max(round(u.end, 3), round(u.start + 0.001, 3)), u) for u in t]
    cuts = sorted({time for start, end, _ in spans for time in (start, end)})
    at = {time: place for place, time in enumerate(cuts)}
    cut = [Sync(start, end) for start, end in pairwise(cuts)]
    events = Counter(t.events)
    for start, end, utterance in spans:
        inside = cut[at[start] : at[end]]
        for segment, piece in zip(inside, _pieces(utterance, inside, events), strict=True):
            segment.pieces.append(piece)
    found = [segment for segment in cut if segment.pieces]
    starts, silent = [segment.start for segment in found], list[Sync]()
    for event in events.elements():
        place = bisect_right(starts, event.start)
        if place and event.start < found[place - 1].end:
            found[place - 1].events.append(event)
        elif silent and event.start < silent[-1].end:
            silent[-1].events.append(event)
        else:
            following = starts[place] if place < len(starts) else event.end
            start, end = round(event.start, 3), round(min(event.end, following), 3)
            silent.append(Sync(start, max(start, end), events=[event]))
    return sorted([*found, *silent], key=lambda s: (s.start, s.end))


def _pieces(u: Utterance, inside: Sequence[Sync], events: Counter[Event]) -> list[Voice]:
    """Cut an utterance into segments, with each word where its middle is.

    An uncut utterance is written as its original if reading that gives the same text, and only events that the
    transcript has; these are removed from ``events``, since they need not be written again.
    """
    if len(inside) == 1:
        again, marks = interpret(replace(u, text=u.original, original=""))
        if u.original and u.text and again.text == one_line(u.text) and Counter(marks) <= events:
            events.subtract(marks)
            return [Voice(u.speaker, u.original)]
        return [Voice(u.speaker, one_line(u.text), xml.beside(u))]
    texts, words = u.text.split(), timed_words(u)
    if len(texts) != len(words):
        words = spread(texts, u.start, u.end)
    cut: list[list[str]] = [[] for _ in inside]
    starts, place = [segment.start for segment in inside], 0
    for text, word in zip(texts, words, strict=True):
        middle = ((word.start or 0.0) + (word.end or 0.0)) / 2
        place = max(place, bisect_right(starts, middle) - 1)
        cut[place].append(text)
    parts = [replace(u, text=" ".join(words), original="") for words in cut]
    parts[0] = replace(parts[0], original=u.original)
    return [Voice(u.speaker, part.text, xml.beside(part)) for part in parts]


def _tiled(segments: Iterable[Sync], duration: float) -> Iterator[Sync]:
    """Yield segments with the silences between them, as Transcriber writes its files."""
    now = 0.0
    for segment in segments:
        if segment.start > now:
            yield Sync(now, segment.start)
        yield segment
        now = max(now, segment.end)
    if round(duration, 3) > now:
        yield Sync(now, duration)


def _turns(segments: Iterable[Sync]) -> list[list[Sync]]:
    """Group consecutive segments of the same voices; one in which a voice has nothing written is its own turn."""
    turns: list[list[Sync]] = []
    for segment in segments:
        last = turns[-1][-1] if turns else segment
        voices = [piece.speaker for piece in segment.voices()]
        follows = last.end == segment.start and voices == [piece.speaker for piece in last.voices()]
        if turns and voices and follows and segment.written() and last.written():
            turns[-1].append(segment)
        else:
            turns.append([segment])
    return turns


def _add_turn(section: Any, segments: Sequence[Sync], ids: Mapping[str | None, str]) -> None:
    speakers = [piece.speaker for piece in segments[0].voices()]
    named = speakers != [None] or not segments[0].written()
    turn = xml.add(
        section,
        "Turn",
        speaker=" ".join(ids[s] for s in speakers) if speakers and named else None,
        startTime=_time(segments[0].start),
        endTime=_time(segments[-1].end),
    )
    turn.text = "\n"
    for segment in segments:
        xml.add(turn, "Sync", time=_time(segment.start)).tail = "\n"
        events, alone = segment.events, len(speakers) == 1
        if not alone:  # events before any <Who> have no speaker
            _add_events(turn, (e for e in events if e.speaker is None))
            events = [e for e in events if e.speaker is not None]
        for number, piece in enumerate(segment.voices(), start=1):
            if not alone:
                xml.add(turn, "Who", nb=number).tail = "\n"
            if piece.original:
                xml.add(turn, "Comment", desc=f"{ORIGINAL} {piece.original}").tail = "\n"
            if piece.text:
                turn[-1].tail = xml.clean(f"\n{piece.text}\n")
            _add_events(turn, (e for e in events if alone or e.speaker == piece.speaker))
            events = [e for e in events if not alone and e.speaker != piece.speaker]


def _add_events(turn: Any, events: Iterable[Event]) -> None:
    for event in events:
        if event.kind in HEARD:
            label = xml.label_of(event, "noise")
            mark = xml.add(turn, "Event", desc=label, type="noise", extent="instantaneous")
        elif event.kind == "comment" and not event.text.startswith(ORIGINAL):
            mark = xml.add(turn, "Comment", desc=xml.label_of(event, "comment", ()))
        else:
            label = xml.label_of(event, "comment", WORDS)
            mark = xml.add(turn, "Event", desc=label, type="pronounce", extent="instantaneous")
        mark.tail = "\n"


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"
