"""ELAN (``.eaf`` 2.7 to 3.0): tiers of annotations between time slots.

Source: the schema ``EAFv3.0.xsd`` and the manual of ELAN. Tiers are interpreted as follows:

- A tier without parent is speech of its ``PARTICIPANT``, or else of the speaker with its name (``default`` has no
  speaker); several tiers may belong to one participant. It holds events instead if its name or type says so
  (``comments``, ``notes``, ``events``, ``bruits``...), or if all its values are numbers, the lengths of pauses.
- Of its children, a time-aligned tier whose values are single words, mostly words of the parent, gives the words their
  times. A symbolic tier named ``original`` is what the transcriber wrote; the parent then holds plain words.
- Other children (translations, glosses, gestures) are skipped. Slots without time are spaced evenly between the slots
  around them.

Reading uses lxml and not pympi, which serves as an independent reader in the tests: pympi (version 1.71) reports
neither line nor reason for a damaged file, gives ``None`` for the times of slots without value, and expands entities.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from lxml import etree

from dialogue.core.files import parse_json
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, xml
from dialogue.formats.lines import labels, number, one_line, overlook, span, timed_words, transcript
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

SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
SPEECH, WORDS, ORIGINAL, EVENTS = "dialogue-speech", "dialogue-words", "dialogue-original", "dialogue-events"
TYPES = {SPEECH: None, WORDS: "Included_In", ORIGINAL: "Symbolic_Association", EVENTS: None}  # written by dumps
CONSTRAINTS = {
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
    "Symbolic_Association": "1-1 association with a parent annotation",
}
PROPERTY = "dialogue"  # <PROPERTY> of the header: JSON of data that ELAN has no field for
NOTES = """events? [eé]v[eé]nements? comments? commentaires? com notes? remarques? bruits? noises? pauses? silences?
    rires? laughs? gestes? gestures?""".split()  # words in the names of event tiers
SIDE = re.compile(rf"\b({'|'.join(NOTES)})\b", re.IGNORECASE)
NUMBER = re.compile(r"[(\[]?\d+([.,]\d+)?\s*s?[)\]]?")
UNKNOWN_DATE = "1970-01-01T00:00:00Z"  # the schema requires a date; a fixed one makes the output reproducible


@dataclass(frozen=True)
class Annotation:
    """An annotation with seconds and text; ``parent`` is the annotation that it refers to instead of slots."""

    id: str
    start: float
    end: float
    value: str
    parent: str | None = None


@dataclass(frozen=True)
class Tier:
    """A tier, as read or to be written."""

    name: str
    type: str
    participant: str | None
    parent: str | None
    annotations: list[Annotation] = field(default_factory=list)


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the file is not valid ELAN; the message names the line.
    """
    root = xml.parse(text, "ANNOTATION_DOCUMENT")
    tiers = _tiers(root)
    utterances, events = list[Utterance](), list[Event]()
    for tier in tiers:
        if tier.parent:
            continue
        what = _holds(tier)
        if what == SPEECH:
            children = [child for child in tiers if child.parent == tier.name]
            for utterance, original in _utterances(tier, children):
                kept, marks = xml.understood(utterance, original, verbatim)
                utterances += kept
                events += marks
        else:
            for a in tier.annotations:
                heard, label = ("pause", a.value) if what == "pause" else xml.event_of(a.value, "comment")
                if a.value:
                    events.append(Event(a.start, a.end, heard, label, tier.participant))
    known = _known(root)
    codes = (tier.get(key) for key in ("LANG_REF", "DEFAULT_LOCALE") for tier in root.iter("TIER"))
    return [
        transcript(
            recording or "recording",
            utterances,
            speakers=[Speaker(k, xml.named(k), v) for k, v in known["speakers"].items()],
            events=events,
            duration=max([0.0, known["duration"], *(u.end for u in utterances), *(e.end for e in events)]),
            language=next(filter(None, map(xml.language, codes)), None),
            attributes=known["attributes"],
            timed=known["timed"],
        )
    ]


def _tiers(root: Any) -> list[Tier]:
    _unique(root)
    for header in root.iter("HEADER"):
        if (units := header.get("TIME_UNITS", "milliseconds")) != "milliseconds":
            raise FormatError(f"{xml.where(header)}: TIME_UNITS are {units!r}. Accepted: milliseconds.")
    elements = xml.by_id(root.iter("TIER"), "TIER_ID")
    for tier in root.iter("TIER"):
        name, parent = tier.get("TIER_ID"), tier.get("PARENT_REF")
        if not name or not (parent is None or parent in elements):
            raise FormatError(
                f"{xml.where(tier)}: <TIER> with TIER_ID {name!r} and PARENT_REF {parent!r}. "
                "Accepted: a name, and the name of another tier or none."
            )
    slots = xml.by_id(root.iter("TIME_SLOT"), "TIME_SLOT_ID")
    times = {key: _slot(slot) for key, slot in slots.items()}
    return [
        Tier(
            name,
            tier.get("LINGUISTIC_TYPE_REF", ""),
            one_line(tier.get("PARTICIPANT", "")) or None,
            tier.get("PARENT_REF"),
            list(_annotations(tier, times)),
        )
        for name, tier in elements.items()
    ]


def _unique(root: Any) -> None:
    """Warn of an annotation's id that another tier uses too: annotations refer to others of one tier only.

    Raises:
        FormatError: an id is used twice in one tier.
    """
    homes: dict[str, Any] = {}
    for tier in root.iter("TIER"):
        for key, a in xml.by_id(tier.iter("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"), "ANNOTATION_ID").items():
            if key in homes:
                first = xml.where(homes[key])
                overlook(f"{xml.where(a)}: the ANNOTATION_ID {key[:40]!r} is also that of {first}.", "Both are read")
            homes.setdefault(key, a)


def _slot(element: Any) -> float | None:
    value = element.get("TIME_VALUE")
    return None if value is None else number(value, "TIME_VALUE", xml.where(element)) / 1000


def _annotations(tier: Any, times: dict[str, float | None]) -> Iterator[Annotation]:
    _interpolate(tier, times)
    for a in tier.iter("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
        key, value = a.get("ANNOTATION_ID", ""), one_line(a.findtext("ANNOTATION_VALUE") or "")
        if a.tag == "REF_ANNOTATION":
            yield Annotation(key, 0.0, 0.0, value, a.get("ANNOTATION_REF"))
        else:
            start, end = (times[a.get(f"TIME_SLOT_REF{side}")] or 0.0 for side in (1, 2))
            yield Annotation(key, *span(start, end, xml.where(a)), value)


def _interpolate(tier: Any, times: dict[str, float | None]) -> None:
    """Give times to a tier's slots that have none, evenly between those of the tier around them."""
    chain: dict[str, Any] = {}  # slots in order
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        for slot in (annotation.get("TIME_SLOT_REF1"), annotation.get("TIME_SLOT_REF2")):
            if slot not in times:
                raise FormatError(
                    f"{xml.where(annotation)}: no time slot {slot!r}. Accepted: the id of a TIME_SLOT in TIME_ORDER."
                )
            chain.setdefault(slot, annotation)
    if chain and all(times[slot] is None for slot in chain):
        first = next(iter(chain.values()))
        raise FormatError(f"{xml.where(first)}: no time slot of the tier has a TIME_VALUE. Accepted: at least one.")
    times.update(zip(chain, xml.interpolated([times[slot] for slot in chain]), strict=True))


def _holds(tier: Tier) -> str:
    """Return what a tier without parent holds: speech, events, or the lengths of pauses."""
    if tier.type in TYPES:
        return tier.type
    if SIDE.search(tier.name.replace("_", " ")) or SIDE.search(tier.type.replace("_", " ")):
        return EVENTS
    values = [a.value for a in tier.annotations if a.value]
    return "pause" if values and all(map(NUMBER.fullmatch, values)) else SPEECH


def _utterances(tier: Tier, children: Sequence[Tier]) -> Iterator[tuple[Utterance, str | None]]:
    """Yield the utterances of a speech tier, each with its original if a child tier has one."""
    nobody = tier.type == SPEECH or tier.name.lower() == "default"
    speaker = tier.participant or (None if nobody else tier.name)
    originals = {
        a.parent: a.value
        for child in children
        if child.type == ORIGINAL or re.search(r"\boriginal$", child.name.lower())
        for a in child.annotations
    }
    said = sorted(tier.annotations, key=lambda a: (a.start, a.end))
    words: list[list[Annotation]] = next(filter(None, (_words(said, child) for child in children)), [[]] * len(said))
    for a, inside in zip(said, words, strict=True):
        timed = tuple(Word(w.value, w.start, w.end) for w in inside)
        yield Utterance("", speaker, a.start, a.end, a.value, timed), originals.get(a.id)


def _words(said: Sequence[Annotation], child: Tier) -> list[list[Annotation]]:
    """Return the annotations of a child tier inside each utterance; an empty list if they are not its words."""
    words = sorted((a for a in child.annotations if a.parent is None and a.value), key=lambda a: (a.start, a.end))
    if not words or any(" " in word.value for word in words):
        return []
    inside: list[list[Annotation]] = []
    place = same = 0
    for utterance in said:
        inside.append([])
        texts = {_letters(t) for t in re.split(r"[\s'’-]+", utterance.value)} | {
            *map(_letters, utterance.value.split())
        }
        while place < len(words) and words[place].start + words[place].end < 2 * utterance.end:
            if words[place].start + words[place].end >= 2 * utterance.start:
                inside[-1].append(words[place])
                same += _letters(words[place].value) in texts
            place += 1
    return inside if child.type == WORDS or same > len(words) / 2 else []


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _known(root: Any) -> dict[str, Any]:
    """Return the header's facts about the recording: the property of this format, or what ELAN writes."""
    for element in root.iter("PROPERTY"):
        if element.get("NAME") == PROPERTY:
            return _property(element)
    attributes = {"annotator": root.get("AUTHOR"), "edited": root.get("DATE")}
    for media in root.iter("MEDIA_DESCRIPTOR"):
        attributes.setdefault("audio", re.split(r"[/\\]", unquote(media.get("MEDIA_URL", "")))[-1])
    for licence in root.iter("LICENSE"):
        attributes["licence"] = one_line(licence.text or "") or licence.get("LICENSE_URL")
    kept = {key: value for key, value in attributes.items() if value}
    return {"duration": 0.0, "timed": True, "attributes": kept, "speakers": {}}


def _property(element: Any) -> dict[str, Any]:
    try:
        known = parse_json(element.text or "")
        duration = known["duration"]
        speakers = {str(key): dict(value) for key, value in known["speakers"].items()}
        known = {"timed": bool(known["timed"]), "attributes": dict(known["attributes"])}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            f"{xml.where(element)}: the property {PROPERTY!r} is not as this format writes it ({error}). "
            "Accepted: its JSON, or a header without it."
        ) from error
    return {
        **known,
        "duration": number(duration, "the duration", xml.where(element)),
        "speakers": speakers,
    }


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one recording: one tier per speaker, and tiers for the rest. Annotations last at least a millisecond."""
    t = only(transcripts)
    tiers = _written(t)
    root = etree.Element("ANNOTATION_DOCUMENT", nsmap={"xsi": INSTANCE[1:].partition("}")[0]})
    root.set(INSTANCE, SCHEMA)
    about = {key: one_line(str(value)) for key, value in t.attributes.items() if isinstance(value, str)}
    dated = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", about.get("edited", ""))
    head = {"AUTHOR": about.get("annotator", ""), "DATE": about["edited"] if dated else UNKNOWN_DATE}
    for key, value in {**head, "FORMAT": "3.0", "VERSION": "3.0"}.items():
        root.set(key, xml.clean(value))
    if "licence" in about:
        xml.add(root, "LICENSE", about["licence"], LICENSE_URL="")
    header = xml.add(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if "audio" in about:
        url, mime = quote(about["audio"]), mimetypes.guess_type(about["audio"])[0] or "unknown"
        xml.add(header, "MEDIA_DESCRIPTOR", MEDIA_URL=url, RELATIVE_MEDIA_URL=f"./{url}", MIME_TYPE=mime)
    names = labels(t)
    known = {
        "duration": round(t.duration, 3),
        "timed": t.timed,
        "attributes": dict(t.attributes),
        "speakers": {names[s.id]: dict(s.attributes) for s in t.speakers if s.attributes},
    }
    xml.add(header, "PROPERTY", json.dumps(known, ensure_ascii=False), NAME=PROPERTY)

    times = xml.add(root, "TIME_ORDER")
    slots = {
        (a.id, side): (time, place)
        for place, a in enumerate(a for tier in tiers for a in tier.annotations if a.parent is None)
        for side, time in ((1, a.start), (2, a.end))
    }
    ids = {slot: f"ts{place}" for place, slot in enumerate(sorted(slots, key=slots.__getitem__), start=1)}
    for slot, key in ids.items():
        xml.add(times, "TIME_SLOT", TIME_SLOT_ID=key, TIME_VALUE=round(slots[slot][0] * 1000))
    for tier in tiers:
        _add_tier(root, tier, ids, t.language)
    for name, constraint in TYPES.items():
        alignable = "false" if constraint == "Symbolic_Association" else "true"
        xml.add(
            root,
            "LINGUISTIC_TYPE",
            LINGUISTIC_TYPE_ID=name,
            TIME_ALIGNABLE=alignable,
            GRAPHIC_REFERENCES="false",
            CONSTRAINTS=constraint,
        )
    if t.language:
        xml.add(root, "LANGUAGE", LANG_ID=t.language)
    for stereotype, description in CONSTRAINTS.items():
        xml.add(root, "CONSTRAINT", STEREOTYPE=stereotype, DESCRIPTION=description)
    return xml.document(root)


def _written(t: Transcript) -> list[Tier]:
    """Return the tiers of a transcript; overlapping utterances of one speaker go to separate tiers."""
    names, tiers, ids = labels(t), list[Tier](), (f"a{n}" for n in count(1))

    def tier(name: str, type: str, speaker: str | None, rows: list[Annotation], parent: str | None = None) -> str:
        free = (name if n == 1 else f"{name} #{n}" for n in count(1))
        taken = {tier.name for tier in tiers}
        tiers.append(Tier(next(n for n in free if n not in taken), type, names.get(speaker), parent, rows))
        return tiers[-1].name

    for speaker in dict.fromkeys(
        [*(s.id for s in t.speakers), *(u.speaker for u in t), *(e.speaker for e in t.events)]
    ):
        label = names.get(speaker, "transcription")
        for layer in _layers([u for u in t if u.speaker == speaker]):
            rows = [Annotation(next(ids), *_times(u), one_line(u.text)) for u in layer]
            main = tier(label, SPEECH, speaker, rows)
            if words := [Annotation(next(ids), *w) for u in layer if _placed(u) for w in _timed(u)]:
                tier(f"{main} words", WORDS, speaker, words, main)
            pairs = [
                (a.id, original) for a, u in zip(rows, layer, strict=True) if (original := xml.beside(u)) is not None
            ]
            if originals := [Annotation(next(ids), 0.0, 0.0, text, a) for a, text in pairs]:
                tier(f"{main} original", ORIGINAL, speaker, originals, main)
        for heard in _layers([e for e in t.events if e.speaker == speaker]):
            rows = [Annotation(next(ids), *_times(e), xml.label_of(e, "comment")) for e in heard]
            tier("events" if speaker is None else f"{label} events", EVENTS, speaker, rows)
    return tiers


Item = TypeVar("Item", Utterance, Event)


def _layers(items: Sequence[Item]) -> list[list[Item]]:
    """Distribute items over as few layers as possible, without overlap within a layer."""
    layers: list[list[Item]] = []
    for item in sorted(items, key=_times):
        free = next((layer for layer in layers if _times(layer[-1])[1] <= _times(item)[0]), None)
        if free is None:
            layers.append(free := [])
        free.append(item)
    return layers


def _times(item: Utterance | Event) -> tuple[float, float]:
    start = round(item.start, 3)
    return start, max(round(item.end, 3), round(start + 0.001, 3))


def _placed(utterance: Utterance) -> bool:
    return any(word.start is not None for word in utterance.words)


def _timed(utterance: Utterance) -> Iterator[tuple[float, float, str]]:
    """Yield words within their utterance, one after another, as ELAN requires for a child tier."""
    start, end = _times(utterance)
    for word in timed_words(utterance):
        begin = min(max(start, round(word.start or 0.0, 3)), round(end - 0.001, 3))
        start = max(round(begin + 0.001, 3), min(round(word.end or 0.0, 3), end))
        yield begin, start, word.text


def _add_tier(root: Any, tier: Tier, slots: Mapping[tuple[str, int], str], tongue: str | None) -> None:
    element = xml.add(
        root,
        "TIER",
        TIER_ID=tier.name,
        LINGUISTIC_TYPE_REF=tier.type,
        PARTICIPANT=tier.participant,
        PARENT_REF=tier.parent,
        LANG_REF=tongue if tier.type in (SPEECH, WORDS) else None,
    )
    for a in tier.annotations:
        holder = xml.add(element, "ANNOTATION")
        if a.parent is None:
            refs = {f"TIME_SLOT_REF{side}": slots[a.id, side] for side in (1, 2)}
            annotation = xml.add(holder, "ALIGNABLE_ANNOTATION", ANNOTATION_ID=a.id, **refs)
        else:
            annotation = xml.add(holder, "REF_ANNOTATION", ANNOTATION_ID=a.id, ANNOTATION_REF=a.parent)
        xml.add(annotation, "ANNOTATION_VALUE", a.value)
