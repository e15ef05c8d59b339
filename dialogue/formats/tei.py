"""TEI of speech (``.xml``): a header, a timeline, and utterances that point to it.

Sources: TEI P5, chapter "Transcriptions of Speech"; ISO 24624:2016; and what CLAPI, ESLO, TCOF and ORFEO distribute
through teicorpo; also drama (``<sp>`` with ``<speaker>``, as in FreDraCor), which has no times.

An utterance is a ``<u>``, alone or in an ``<annotationBlock>``. Its times are ``start`` and ``end`` (or ``from`` and
``to``, ``synch``) of either, or its first and last ``<anchor>``. Anchors between ``<seg>`` split it into utterances.
Other anchors, and times of ``<w>`` and ``<seg>``, place words: those between two anchors share the time. A
``<spanGrp>`` of words (``words``, or ``conll`` with ``FORM``) takes precedence. A ``<spanGrp>`` named ``original`` is
what the transcriber wrote; the text then holds plain words. Everything else is an event, with its own times or those of
its utterance. An item without times is placed between its neighbours. If nothing has times, utterances follow each
other at the pace of speech and the transcript is not timed.

The module is long for a format, because TEI leaves much of the encoding to each corpus.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from dialogue.core.files import parse_json
from dialogue.core.transcript import EVENTS, Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, xml
from dialogue.formats.conventions import read
from dialogue.formats.lines import labels, number, one_line, paced, span, spread, timed_words, transcript
from dialogue.formats.subtitles import only

HOLDS = {
    "text",
    "times",
    "speakers",
    "overlap",
    "words",
    "events",
    "original",
    "attributes",
    "metadata",
    "language",
}

NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML = "{http://www.w3.org/XML/1998/namespace}"
UNITS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}
NAMED = {  # the words of these elements may give another kind of event than the default here
    "vocal": "vocal",
    "incident": "noise",
    "kinesic": "comment",
    "gap": "unintelligible",
}
HEARD = {**NAMED, "pause": "pause", **dict.fromkeys(("shift", "writing", "note", "stage"), "comment")}
BESIDE = {*HEARD, *"spanGrp head speaker desc timeline fw figure".split()}  # inside an utterance, but not words
APART = set("w seg s p l lg lb ab u sp pause vocal incident kinesic gap shift writing note stage pc".split())
WORDS = set("words word w mots mot tokens token conll".split())  # types of <spanGrp>
# Written by this format: type of <spanGrp>, subtype of <note>, type of <title>
ORIGINAL, JSON, RECORDING = ("original", "json", "recording")
OPENING = tuple("«([{“‘")
JOIN = "\0"  # no space here; XML does not allow this character
RECORDED = "fileDesc/sourceDesc/recordingStmt/recording"
HEADER = {  # attribute -> its place in the header
    "title": "fileDesc/titleStmt/title",
    "date": f"{RECORDED}/date",
    "licence": "fileDesc/publicationStmt/availability/licence",
    "audio": f"{RECORDED}/media",
    "description": "profileDesc/abstract",
}
PERSON = set("sex age education occupation birth residence nationality socecStatus".split())  # written as elements
VOCAL = ("laugh", "breath", "vocal", "unintelligible")  # written as <vocal>; others except pauses as <incident>

Moments = Mapping[str, float | None]  # id of a <when> -> seconds


@dataclass
class TeiItem:
    """An utterance or event in document order; its times are completed afterwards."""

    where: str
    start: float | None
    end: float | None
    speaker: str | None
    text: str = ""
    event: tuple[str, str] | None = None  # kind and text, if it is not an utterance
    words: tuple[Word, ...] = ()
    original: str | None = None
    inside: list[TeiItem] = field(default_factory=list)  # events among its words


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read the recordings of a ``<TEI>`` or of a ``<teiCorpus>``.

    Raises:
        FormatError: the document is not valid TEI; the message names the line.
    """
    root = xml.parse(text, "TEI", "TEI.2", "teiCorpus")
    if root.tag != "teiCorpus":
        return [_read(root, recording or _id(root) or "recording", verbatim)]
    name = recording or "recording"
    every = enumerate(root.iter("TEI"), start=1)
    return [_read(tei, _id(tei) or f"{name}-{n}", verbatim) for n, tei in every]


def _read(tei: Any, recording: str, verbatim: bool) -> Transcript:
    moments = _timeline(tei)
    items, divisions = _items(tei, moments)
    timed = _place(items)
    utterances, events = list[Utterance](), list[Event]()
    for item in items:
        if item.event:
            events.append(_event(item, 0.0, 0.0))
            continue
        start, end = span(item.start or 0.0, item.end or 0.0, item.where)
        utterance = Utterance("", item.speaker, start, end, item.text, item.words)
        if item.text or not item.inside:
            kept, marks = xml.understood(utterance, item.original, verbatim)
            utterances += kept
            events += marks
        events += [_event(mark, start, end) for mark in item.inside]
    attributes = _attributes(tei)
    sections = [
        {**told, "start": inside[0].start, "end": max(i.end or 0.0 for i in inside)}
        for told, inside in ((told, items[first:last]) for told, first, last in divisions)
        if inside
    ]
    if sections and "sections" not in attributes:
        attributes["sections"] = sections
    last = max([0.0, *(u.end for u in utterances), *(e.end for e in events)])
    return transcript(
        recording,
        utterances,
        speakers=[speaker for person in tei.iter("person", "personGrp") for speaker in _speakers(person)],
        events=events,
        duration=max(last, _duration(tei)) if timed else last,
        language=_language(tei),
        attributes=attributes,
        timed=timed,
    )


def _event(mark: TeiItem, start: float, end: float) -> Event:
    """Return the event of a mark; ``start`` and ``end`` are those of the element around it."""
    since = start if mark.start is None else mark.start
    until = max(since, end) if mark.end is None else mark.end
    return Event(*span(since, until, mark.where), *(mark.event or ("comment", "")), mark.speaker)


def _id(element: Any) -> str:
    return element.get(f"{XML}id") or element.get("id") or ""


def _key(pointer: str | None) -> str:
    """Return the id in a pointer: ``T3`` for ``#T3`` or ``file.xml#T3``."""
    return (pointer or "").rpartition("#")[2]


def _timeline(tei: Any) -> dict[str, float | None]:
    """Return the seconds of each moment; those without time are spaced evenly between neighbours that have one."""
    moments: dict[str, float | None] = {}
    for timeline in tei.iter("timeline"):
        whens = xml.by_id(timeline.iter("when"), f"{XML}id") or xml.by_id(timeline.iter("when"), "id")
        if not whens:
            continue
        origin = _key(timeline.get("origin")) or next(iter(whens))
        found: dict[str, float | None] = {"": 0.0}  # without a reference, times count from the start
        if origin not in whens or not whens[origin].get("interval"):
            found[origin] = (_absolute(whens[origin]) if origin in whens else None) or 0.0
        default = origin if origin in found else ""
        for first in whens:
            chain: dict[str, str] = {}  # moments still without time -> the moment that they count from
            key = first
            while key not in found and not whens[key].get("absolute"):
                base = _key(whens[key].get("since")) or default
                chain[key], key = base, base
                if key in chain or (key not in whens and key not in found):
                    raise FormatError(
                        f"{xml.where(whens[first])}: since leads to {key!r}, "
                        f"{'and back' if key in chain else 'which is no moment'}. "
                        f"Accepted: # and the xml:id of a <when>."
                    )
            if key not in found:
                found[key] = _absolute(whens[key])
            for key, base in reversed(chain.items()):
                since, interval = found[base], _interval(whens[key])
                found[key] = None if since is None or interval is None else since + interval
        times = [found[key] for key in whens]
        if sum(time is not None for time in times) > 1:
            found |= zip(whens, xml.interpolated(times), strict=True)
        moments |= found
    return moments


def _absolute(when: Any) -> float | None:
    """Return the absolute seconds of a moment, from a number or a clock time; a date gives no position."""
    value = when.get("absolute", "").strip()
    if clock := re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", value):
        hours = number(clock[1], "hours", xml.where(when))
        return number(hours * 3600 + int(clock[2]) * 60 + float(clock[3]), "absolute", xml.where(when))
    return None if not value or "T" in value else number(value, "absolute", xml.where(when)) * _unit(when)


def _interval(when: Any) -> float | None:
    value = when.get("interval", "").strip()
    if value in ("", "unknown", "regular") or value.startswith("-"):
        return None
    return number(value, "interval", xml.where(when)) * _unit(when)


def _unit(when: Any) -> float:
    unit = when.get("unit") or when.getparent().get("unit", "s")
    if unit not in UNITS:
        raise FormatError(f"{xml.where(when)}: unit {unit!r}. Accepted: {', '.join(UNITS)}.")
    return UNITS[unit]


def _moment(element: Any, moments: Moments, *names: str, last: bool = False) -> float | None:
    """Return the seconds of the moment that an element points to; with several pointers, the first or last one."""
    for name in names:
        pointers = element.get(name, "").split()
        if not pointers or (name == "synch" and last and len(pointers) == 1):
            continue
        key = _key(pointers[-1 if last else 0])
        if key in moments:
            return moments[key]
        if re.fullmatch(r"\d+(\.\d+)?", key):
            return number(key, name, xml.where(element))
        if name != "synch":  # synch may point to anything
            raise FormatError(
                f"{xml.where(element)}: {name} is {element.get(name)!r}. "
                "Accepted: # and the xml:id of a <when> of the timeline, or seconds."
            )
    return None


def _first(*times: float | None) -> float | None:
    return next((time for time in times if time is not None), None)


def _start(element: Any, moments: Moments) -> float | None:
    return _moment(element, moments, "start", "from", "synch")


def _end(element: Any, moments: Moments) -> float | None:
    return _moment(element, moments, "end", "to", "synch", last=True)


def _items(tei: Any, moments: Moments) -> tuple[list[TeiItem], list[tuple[dict[str, str], int, int]]]:
    """Return utterances and events in order, and each division's facts with the range of its items."""
    items: list[TeiItem] = []
    divisions: list[tuple[dict[str, str], int, int]] = []
    opened: list[int] = []  # indices in ``divisions``
    for body in tei.iter("body"):
        walk = etree.iterwalk(body, events=("start", "end"))
        for action, element in walk:
            if element.tag == "div" and action == "start":
                head = element.find("head")
                topic = "" if head is None else one_line(head.text or "")
                told = {"type": element.get("type"), "topic": topic}
                opened.append(len(divisions))
                divisions.append(({key: value for key, value in told.items() if value}, len(items), 0))
            elif element.tag == "div":
                place = opened.pop()
                divisions[place] = (*divisions[place][:2], len(items))
            elif action == "start" and element.tag in ("u", "sp"):
                items += _utterances(element, next(element.iterancestors("annotationBlock"), element), moments)
                walk.skip_subtree()
            elif action == "start" and element.tag in BESIDE:
                items += [_mark(element, moments, None)] if element.tag in HEARD else []
                walk.skip_subtree()
    return items, [division for division in divisions if division[0]]


@dataclass
class Stretch:
    """The content between two anchors of an utterance."""

    start: float | None
    end: float | None = None
    text: str = ""  # including its spaces
    marks: list[TeiItem] = field(default_factory=list)


def _utterances(u: Any, block: Any, moments: Moments) -> Iterator[TeiItem]:
    """Yield the utterances of a ``<u>`` or ``<sp>``, for each speaker; ``block`` may hold its times and speaker."""
    voices = [_key(who) for who in (u.get("who") or block.get("who") or "").split()]
    label, _, manner = one_line("".join(u.xpath("string(speaker)"))).partition(",")
    speakers: list[str | None] = [*filter(None, voices or [label.rstrip(". ")])] or [None]
    found = _stretches(u, moments, speakers[0])
    if manner:  # GABRIELLE, éclatant en sanglots.
        found[0].marks.append(TeiItem(xml.where(u), None, None, speakers[0], event=("comment", manner.strip())))
    start, end = (
        _first(_start(u, moments), _start(block, moments)),
        _first(_end(u, moments), _end(block, moments)),
    )
    found[0].start, found[-1].end = start, end
    full = [s for s in found if _words(s.text) or s.marks]
    alone = block is u or len(block.findall("u")) == 1  # then the groups of its block are about it
    anchored_segments = u.find("seg") is not None and u.find("anchor") is not None
    for part in [[s] for s in full] if anchored_segments else [full]:
        if part:
            start = part[0].start if anchored_segments else _first(start, part[0].start)
            end = part[-1].end if anchored_segments else _first(end, part[-1].end)
        words = _grouped(block, moments) if alone and (len(full) == 1 or not anchored_segments) else ()
        item = TeiItem(xml.where(u), start, end, speakers[0], " ".join(_words("".join(s.text for s in part))))
        item = replace(item, words=words or _anchored(part), original=_original(block) if alone else None)
        for s in part:
            between = len(part) > 1  # the mark is between two anchors
            for mark in s.marks:
                bare = between and mark.start is None
                item.inside.append(replace(mark, start=s.start, end=s.end) if bare else mark)
        if item.text or item.inside or u.tag == "u":
            yield item
        if item.text:
            yield from (replace(item, speaker=speaker, inside=[]) for speaker in speakers[1:])


def _stretches(u: Any, moments: Moments, speaker: str | None) -> list[Stretch]:
    found = [Stretch(None)]
    walk = etree.iterwalk(u, events=("start", "end"))
    inner = False

    def cut(time: float | None) -> None:
        if time is not None:
            found[-1].end = time
            found.append(Stretch(time))

    for action, e in walk:
        inner, timed = e is not u, e is not u and e.tag in ("w", "seg", "s", "anchor")
        beside = e.tag in BESIDE or (inner and e.getparent().tag == "choice" and e.tag in ("orig", "sic", "abbr"))
        if action == "start" and beside:
            if e.tag in HEARD:
                found[-1].marks.append(_mark(e, moments, speaker))
            walk.skip_subtree()
        elif action == "start":
            if timed:
                cut(_start(e, moments))
            if e.tag == "unclear":
                words = one_line("".join(e.itertext()))
                said = ("uncertain", words) if words else ("unintelligible", e.get("reason", ""))
                found[-1].marks.append(TeiItem(xml.where(e), None, None, speaker, event=said))
            closing = e.tag == "pc" and not (e.text or "").strip().startswith(OPENING)
            found[-1].text += (JOIN if closing else " " if e.tag in APART else "") + (e.text or "")
        else:
            elided = e.tag == "w" and found[-1].text.rstrip().endswith(("'", "’"))
            if timed:
                cut(_end(e, moments))
            found[-1].text += (JOIN if elided else " " if e.tag in APART else "") + (e.tail or "" if inner else "")
    return found


def _words(text: str) -> list[str]:
    return re.sub(rf"\s*{JOIN}\s*", "", text).split()


def _mark(e: Any, moments: Moments, speaker: str | None) -> TeiItem:
    """Return the event of an element, labelled by its content or its attributes."""
    desc = e.find("desc")
    inside = one_line("".join((e if desc is None else desc).itertext()))
    told = [e.get(name) for name in ("desc", "dur", "reason", "new") if e.get(name)]
    sort = e.get("type", "")
    label = inside or next(iter(told), "" if sort in EVENTS else sort)
    default = sort if sort in EVENTS and e.tag in NAMED else HEARD[e.tag]
    found = xml.event_of(label, default, EVENTS if e.tag in NAMED else ()) if label else (default, "")
    who = None if e.tag == "note" else _key(e.get("who")) or speaker
    return TeiItem(xml.where(e), _start(e, moments), _end(e, moments), who, event=found)


def _anchored(stretches: Sequence[Stretch]) -> tuple[Word, ...]:
    """Return words placed by the anchors around them; none if there are no anchors among them."""
    words = list[Word]()
    for s in stretches if len(stretches) > 1 else ():
        if s.start is not None and s.end is not None and s.start <= s.end:
            words += spread(_words(s.text), s.start, s.end)
        else:
            words += map(Word, _words(s.text))
    return tuple(words)


def _grouped(block: Any, moments: Moments) -> tuple[Word, ...]:
    """Return the words of a ``<spanGrp>`` next to the utterance."""
    words = list[Word]()
    for group in [g for g in block.iterfind("spanGrp") if g.get("type", "").lower() in WORDS][:1]:
        for element in group.iterfind("span"):
            form = element.find("spanGrp[@type='FORM']/span")
            texts = ((element if form is None else form).text or "").split()
            start, end = _moment(element, moments, "from"), _moment(element, moments, "to")
            known = start is not None and end is not None and start <= end
            words += spread(texts, start or 0.0, end or 0.0) if known else map(Word, texts)
    return tuple(words)


def _original(block: Any) -> str | None:
    for group in block.iterfind("spanGrp"):
        if group.get("type") == ORIGINAL:
            return one_line(" ".join(span.text or "" for span in group.iterfind("span")))
    return None


def _place(items: Sequence[TeiItem]) -> bool:
    """Place items without times between their neighbours, and return whether any utterance had a time."""
    spoken = [item for item in items if item.event is None]
    timed = not items or any(_first(item.start, item.end) is not None for item in spoken or items)
    now, waiting = 0.0, list[TeiItem]()
    for item, following in zip(spoken, _following(spoken), strict=True):
        if item.start is None and item.end is None:
            waiting.append(item)
            continue
        if item.start is None:
            item.start = min(now, item.end or 0.0)
        if item.end is None:
            item.end = item.start if following is None else max(item.start, following)
        for w, word in zip(waiting, spread([w.text for w in waiting], now, max(now, item.start)), strict=True):
            w.start, w.end = word.start, word.end
        now, waiting = item.end, []
    for w, u in zip(waiting, paced([Utterance("", None, 0.0, 0.0, read(w.text)[0]) for w in waiting]), strict=True):
        w.start, w.end = now + u.start, now + u.end
    now = 0.0
    for item, following in zip(items, _following(items), strict=True):
        if item.event is None:
            now = item.end or 0.0
        elif item.start is None and item.end is None:
            item.start, item.end = now, now if following is None else max(now, following)
        else:
            item.start = item.end if item.start is None else item.start
            item.end = item.start if item.end is None else item.end
    return timed


def _following(items: Sequence[TeiItem]) -> list[float | None]:
    """Return for each item the first known time of a later utterance."""
    found, upcoming = list[float | None](), None
    for item in reversed(items):
        found.append(upcoming)
        if item.event is None:
            upcoming = _first(item.start, item.end, upcoming)
    return found[::-1]


def _speakers(person: Any) -> Iterator[Speaker]:
    """Yield a speaker for each name by which utterances may refer to a person, with the person's attributes."""
    names = [one_line("".join(e.itertext())) for e in person if e.tag in ("persName", "name")]
    told = {key: value for key, value in person.attrib.items() if key in ("age", "sex", "role") and value.strip()}
    for child in person:
        if child.tag == "note":
            told |= _noted(child)
        elif child.tag not in ("persName", "name", "altGrp", "idno"):
            told[child.tag] = one_line(" ".join(child.itertext())) or child.get("value", "")
    for key in filter(None, [_id(person), *(alt.get("type") for alt in person.iter("alt"))]):
        name = next(filter(None, names), key)
        yield Speaker(key, xml.named(name), {k: v for k, v in told.items() if v != ""})


def _noted(note: Any) -> dict[str, Any]:
    """Return the attribute in a note: its type, and its text or decoded JSON."""
    key, value = note.get("type"), note.text or ""
    if not key or not value.strip() or len(note):
        return {}
    if note.get("subtype") != JSON:
        return {key: one_line(value)}
    try:
        return {key: parse_json(value)}
    except ValueError as error:
        raise FormatError(f"{xml.where(note)}: {error}. Accepted in a note of subtype {JSON}: JSON.") from error


def _attributes(tei: Any) -> dict[str, Any]:
    """Return title, date, licence, audio, and notes from the header."""
    found: dict[str, Any] = {}
    for name, path in HEADER.items():
        for element in tei.iterfind(f"teiHeader/{path}"):
            text = one_line(" ".join(element.itertext())) or element.get("target") or element.get("when")
            if name == "audio":
                text = re.split(r"[/\\]", unquote(element.get("url", "")))[-1]
            if text and element.get("type") not in ("sub", RECORDING):
                found.setdefault(name, text)
    for note in tei.iterfind("teiHeader/fileDesc/notesStmt/note"):
        found |= _noted(note)
    return found


def _duration(tei: Any) -> float:
    """Return the seconds of the recording if the header has a W3C duration such as ``PT12.5S``, otherwise 0."""
    for element in tei.iterfind(f"teiHeader/{RECORDED}"):
        if length := re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", element.get("dur", "")):
            hours, minutes, rest = (number(part or "0", "dur", xml.where(element)) for part in length.groups())
            return hours * 3600 + minutes * 60 + rest
    return 0.0


def _language(tei: Any) -> str | None:
    codes = [e.get("ident") for e in tei.iterfind("teiHeader/profileDesc/langUsage/language")]
    codes += [e.get(f"{XML}lang") for e in (*tei.iterfind("text"), tei)]
    return next(filter(None, map(xml.language, codes)), None)


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one recording in the style of ISO 24624: one block per utterance, events between the blocks."""
    t = only(transcripts)
    ids = {speaker: f"spk{n}" for n, speaker in enumerate(labels(t), start=1)}
    root = etree.Element("TEI", nsmap={None: NAMESPACE})
    _add_header(root, t, ids)
    text = xml.add(root, "text")
    words = [timed_words(u) if t.timed and any(w.start is not None for w in u.words) else [] for u in t]
    spans = [(u.start, u.end) for u in t] + [(e.start, e.end) for e in t.events]
    spans += [(word.start or 0.0, word.end or 0.0) for inside in words for word in inside]
    times = sorted({round(time, 3) for pair in spans for time in pair}) if t.timed else []
    pointers = {time: f"#T{n}" for n, time in enumerate(times, start=1)}
    if t.timed:
        timeline = xml.add(text, "timeline", unit="s", origin="#T0")
        xml.add(timeline, "when").set(f"{XML}id", "T0")
        for time, pointer in pointers.items():
            when = xml.add(timeline, "when", interval=f"{time:.3f}", since="#T0")
            when.set(f"{XML}id", pointer[1:])

    def at(start: float | None, end: float | None, *names: str) -> dict[str, str | None]:
        return {name: pointers.get(round(time or 0.0, 3)) for name, time in zip(names, (start, end), strict=True)}

    div = xml.add(xml.add(text, "body"), "div")
    said = [(u.start, 1, place) for place, u in enumerate(t.utterances)]
    heard = [(e.start, 2 if e.start < e.end else 0, place) for place, e in enumerate(t.events)]
    for _, rank, place in sorted(said + heard):  # events with a duration come after an utterance with the same start
        if rank != 1:
            event = t.events[place]
            who = f"#{ids[event.speaker]}" if event.speaker in ids else None
            _add_event(div, event, {"who": who, **at(event.start, event.end, "start", "end")})
            continue
        u = t.utterances[place]
        who = f"#{ids[u.speaker]}" if u.speaker in ids else None
        block = xml.add(div, "annotationBlock", who=who, **at(u.start, u.end, "start", "end"))
        xml.add(xml.add(block, "u"), "seg", one_line(u.text))
        if words[place]:
            group = xml.add(block, "spanGrp", type="words")
            for word in words[place]:
                xml.add(group, "span", word.text, **at(word.start, word.end, "from", "to"))
        if (original := xml.beside(u)) is not None:
            holder = xml.add(block, "spanGrp", type=ORIGINAL)
            xml.add(holder, "span", original, **at(u.start, u.end, "from", "to"))
    return xml.document(root)


def _add_event(div: Any, event: Event, attributes: Mapping[str, str | None]) -> None:
    label = one_line(event.text)
    if event.kind == "pause" and " " not in label and xml.event_of(label, "pause", ()) == ("pause", label):
        xml.add(div, "pause", type=label or None, **attributes)
        return
    tag = "vocal" if event.kind in VOCAL else "incident"
    element = xml.add(div, tag, type=event.kind, **attributes)
    if label:
        xml.add(element, "desc", xml.label_of(event, event.kind))


def _add_header(root: Any, t: Transcript, ids: Mapping[str | None, str]) -> None:
    """Add the facts about the recording and its speakers; those without a TEI element become notes."""
    told = {key: t.attributes[key] for key in HEADER if _plain(t.attributes.get(key))}
    if re.search(r"[/\\]", told.get("audio", "")):
        del told["audio"]
    header = xml.add(root, "teiHeader")
    file = xml.add(header, "fileDesc")
    title = told.get("title", t.recording)
    xml.add(xml.add(file, "titleStmt"), "title", title, type=None if "title" in told else RECORDING)
    published = xml.add(file, "publicationStmt")
    xml.add(published, "authority")
    if "licence" in told:
        xml.add(xml.add(published, "availability"), "licence", told["licence"])
    if notes := {key: value for key, value in t.attributes.items() if key not in told}:
        holder = xml.add(file, "notesStmt")
        for key, value in notes.items():
            _add_note(holder, key, value)
    source = xml.add(xml.add(file, "sourceDesc"), "recordingStmt")
    recording = xml.add(source, "recording", type="audio", dur=f"PT{t.duration:.3f}S" if t.timed else None)
    if "date" in told:
        xml.add(recording, "date", told["date"])
    if "audio" in told:
        mime = mimetypes.guess_type(told["audio"])[0]
        xml.add(recording, "media", url=quote(told["audio"]), mimeType=mime)
    profile = xml.add(header, "profileDesc")
    if "description" in told:
        xml.add(xml.add(profile, "abstract"), "p", told["description"])
    if t.language:
        xml.add(xml.add(profile, "langUsage"), "language", ident=t.language)
    people = xml.add(xml.add(profile, "particDesc"), "listPerson")
    names = labels(t)
    for speaker in t.speakers:
        person = xml.add(people, "person")
        person.set(f"{XML}id", ids[speaker.id])
        xml.add(person, "persName", names[speaker.id])
        for key, value in speaker.attributes.items():
            if key in PERSON and _plain(value):
                xml.add(person, key, value)
            else:
                _add_note(person, key, value)


def _plain(value: Any) -> bool:
    """Tell whether a value is text that survives writing and reading unchanged."""
    return isinstance(value, str) and value != "" and value == one_line(value)


def _add_note(parent: Any, key: str, value: Any) -> None:
    plain = _plain(value)
    text = value if plain else json.dumps(value, ensure_ascii=False)
    xml.add(parent, "note", text, type=key, subtype=None if plain else JSON)
