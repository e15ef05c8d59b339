"""Praat TextGrid, long and short: interval and point tiers.

Source: Praat's manual, "TextGrid file formats": only free-standing numbers, strings in double quotes (doubled inside)
and flags count; everything else is decoration, so one reader suffices for both layouts. praatio and textgrid read files
well but do not report the wrong line, which a transcriber needs to know.

Tiers are interpreted by their names: ``words`` (``mots``, ``tokens``...) holds words with times; ``spk`` (``loc``...)
names the speaker of each interval of the others; ``events`` (``bruits``, ``comments``...) and the marks of point tiers
are events; phones, syllables, lemmas and other analyses are skipped; ``transcription``, ``ortho``, ``IPU``... are
speech of an unknown speaker, and any other name is a speaker's. ``Zoé words``, ``Zoé events``, ``Zoé original`` belong
to ``Zoé``; ``Zoé #2`` holds what overlaps in ``Zoé``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dialogue.core.transcript import EVENTS, Event, Transcript, Utterance, Word
from dialogue.formats import FormatError
from dialogue.formats.conventions import interpret, kind, read
from dialogue.formats.lines import labels, number, one_line, timed_words, transcript
from dialogue.formats.subtitles import only

HOLDS = {"text", "times", "speakers", "overlap", "words", "events", "original"}

TOKEN = re.compile(
    r'(?:(?<![^\W\d])(?P<key>[^\W\d]+)\s*=\s*)?(?:"(?P<string>(?:[^"]|"")*)"'
    r"|(?<![^\s=])(?P<number>[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?!\S)|(?<!\S)<(?P<flag>\w+)>(?!\S))"
)
BLANK = {"", "_", "#", "sil", "<sil>", "<p:>", "<p>", "silence"}
WORDS = {"words", "word", "mots", "mot", "tokens", "tokensalign", "ort-mau", "token"}
SPEAKER = {"spk", "speaker", "speakers", "loc", "locuteur", "locuteurs"}
SIDE = {
    "events",
    "event",
    "bruits",
    "bruit",
    "noises",
    "noise",
    "comments",
    "comment",
    "commentaires",
    "rires",
    "pauses",
}
SPEECH = {
    "transcription",
    "transcriptions",
    "trans",
    "ortho",
    "orthographe",
    "orthographic",
    "text",
    "texte",
    "ipu",
    "ipus",
    "utterances",
    "utterance",
    "sentence",
    "sentences",
    "phrase",
    "phrases",
    "enonces",
}
ANALYSIS = re.compile(
    r"phon(e|es|eme|emes|ems|etique|o|s|align)?|syll\w*|mau|kan|lemm\w*|pos|tags?|tones?|ton|pros\w*|pitch|f0|gram\w*|"
    r"trn|cv"
)
SUFFIX = re.compile(r"(?P<name>.+?) (?:(?P<side>words|events|points|original)(?: #(?P<layer>\d+))?|#(?P<again>\d+))")


Span = tuple[float, float, str]  # start, end, text


@dataclass(frozen=True)
class GridTier:
    """A tier: ``(start, end, text)`` in seconds; in a point tier, start and end are equal."""

    name: str
    spans: list[Span]
    points: bool = False


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the file is not a valid TextGrid; the message names the line.
    """
    duration, tiers = _tiers(text)
    said: list[tuple[str | None, str, list[Span]]] = []
    words: dict[tuple[str | None, str], list[Span]] = {}
    sides: dict[tuple[str | None, str], list[Span]] = defaultdict(list)
    for tier in tiers:
        owner, role, layer = _role(tier.name)
        spans = [s for s in tier.spans if s[2] not in BLANK]
        if tier.points:
            sides[owner if role == "points" else None, "points"] += tier.spans
        elif role == "speech":
            said.append((owner, layer, spans))
        elif role == "words":
            words[owner, layer] = sorted(spans)
        elif role:
            sides[owner, role] += spans
    speakers = sorted(sides.pop((None, "speaker"), []))
    if not said:  # words alone: those between two silences form an utterance
        said = [(owner, layer, _joined(found)) for (owner, layer), found in words.items()]
    utterances, events = list[Utterance](), list[Event]()
    for owner, layer, spans in said:
        originals = {(a, b): t for a, b, t in sides.get((owner, "original"), [])}
        exact = verbatim or (owner, "original") in sides
        for (start, end, label), inside in zip(spans, _within(spans, words.get((owner, layer), [])), strict=True):
            name = owner or _holder(speakers, start, end)
            said_text = "" if re.fullmatch(r"ipu_?\d+", label) else one_line(label)
            u = Utterance("", name, start, end, said_text, tuple(Word(t, a, b) for a, b, t in inside))
            if exact:
                original = originals.get((start, end), "")
                utterances.append(replace(u, original="" if original == u.text else original))
            else:
                plain, heard = interpret(u)
                utterances += [plain] if plain.text or not heard else []
                events += heard
    for (owner, role), marks in sides.items():
        if role in ("events", "points"):
            events += [_event(start, end, label, owner) for start, end, label in marks]
    return [transcript(recording or "recording", utterances, events=events, duration=duration)]


class Tokens:
    """The strings, numbers and flags of a file, one after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = TOKEN.finditer(text)

    def line(self, position: int) -> str:
        return f"line {self.text.count(chr(10), 0, position) + 1}"

    def take(self, what: str, group: str) -> re.Match[str]:
        """Return the next token, which must be of a group."""
        found = next(self.found, None)
        if found is None:
            raise FormatError(f"{self.line(len(self.text))}: ends where {what} should be. Is the file whole?")
        if found[group] is None:
            raise FormatError(f"{self.line(found.start())}: {found[0][:60]!r} where {what} should be.")
        return found

    def number(self, found: re.Match[str]) -> float:
        try:
            return number(found["number"], "the number", "")
        except FormatError:  # the line is counted only now, since that takes a moment
            return number(found["number"], "the number", self.line(found.start()))

    def head(self) -> None:
        """Read the first two strings; blanks in them differ between versions of Praat."""
        sort = self.take('the type, "ooTextFile"', "string")["string"]
        if "chronological" in sort:
            raise FormatError("line 1: a chronological TextGrid. In Praat, save it as a text file.")
        if re.sub(r"\s+", "", sort) not in ("ooTextFile", "ooTextFileshort"):
            raise FormatError('line 1: not a Praat text file. Accepted: File type = "ooTextFile".')
        kind = self.take('the class, "TextGrid"', "string")
        if re.sub(r"\s+", "", kind["string"]) != "TextGrid":
            raise FormatError(f"{self.line(kind.start())}: class {kind['string'][:60]!r}. Accepted: TextGrid.")

    def tier(self, first: float) -> GridTier:
        """Return the next tier; ``first`` is the start of the file."""
        sort = self.take("IntervalTier or TextTier", "string")
        if sort["string"] not in ("IntervalTier", "TextTier"):
            raise FormatError(
                f"{self.line(sort.start())}: tier of class {sort['string'][:60]!r}. Accepted: IntervalTier, TextTier."
            )
        name = self.take("the name of the tier", "string")["string"].replace('""', '"')
        self.take("the start of the tier", "number")
        self.take("the end of the tier", "number")
        intervals = sort["string"] == "IntervalTier"
        count = int(self.number(self.take("the number of intervals", "number")))
        spans = [self.span(name, 3 if intervals else 2, first) for _ in range(count)]
        return GridTier(name, spans, not intervals)

    def span(self, tier: str, size: int, first: float) -> Span:
        """Return the next interval or point, of as many tokens."""
        fields = [next(self.found, None) for _ in range(size)]
        numbers = [f for f in fields if f and f["number"] is not None]
        strings = [f for f in fields if f and f["string"] is not None]
        if len(numbers) != len(fields) - 1 or len(strings) != 1:
            at = next((f.start() for f in reversed(fields) if f), len(self.text))
            raise FormatError(
                f"{self.line(at)}: tier {tier[:60]!r}: not {'xmin, xmax and text' if size == 3 else 'time and mark'}. "
                "Is the file whole?"
            )
        if numbers[0]["key"] == "xmax":  # written in reverse order
            numbers.reverse()
        start, end = self.number(numbers[0]) - first, self.number(numbers[-1]) - first
        if end < start or start < 0:
            raise FormatError(
                f"{self.line(numbers[0].start())}: tier {tier[:60]!r}: ends at {end:g} s, starts at {start:g} s. "
                "Accepted: 0 <= xmin <= xmax."
            )
        return start, end, strings[0]["string"].replace('""', '"').strip()


def _tiers(text: str) -> tuple[float, list[GridTier]]:
    tokens = Tokens(text)
    tokens.head()
    first = tokens.number(tokens.take("the start", "number"))
    duration = tokens.number(tokens.take("the end", "number"))
    tokens.take("<exists>", "flag")
    count = int(tokens.number(tokens.take("the number of tiers", "number")))
    return max(0.0, duration - first), [tokens.tier(first) for _ in range(count)]


def _role(name: str) -> tuple[str | None, str | None, str]:
    """Return the tier's owner, role (speech, words, events, points, original, speaker, or ``None``) and layer."""
    bare = name.strip()
    if match := SUFFIX.fullmatch(bare):
        owner = None if match["name"].lower() in SPEECH else match["name"]
        return owner, match["side"] or "speech", match["layer"] or match["again"] or "1"
    low = bare.lower()
    for known, role in ((WORDS, "words"), (SPEAKER, "speaker"), (SIDE, "events")):
        if low in known:
            return None, role, "1"
    if ANALYSIS.fullmatch(low):
        return None, None, "1"
    return (None if low in SPEECH or not low else bare), "speech", "1"


def _joined(words: Sequence[Span]) -> list[Span]:
    spans = list[Span]()
    for start, end, text in words:
        if spans and start - spans[-1][1] < 1e-6:
            spans[-1] = (spans[-1][0], end, f"{spans[-1][2]} {text}")
        else:
            spans.append((start, end, text))
    return spans


def _within(spans: Sequence[Span], words: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield the words whose middle lies in each span; both sorted by start."""
    at = 0
    for start, end, _ in spans:
        inside = []
        while at < len(words) and (words[at][0] + words[at][1]) / 2 < end:
            if (words[at][0] + words[at][1]) / 2 >= start:
                inside.append(words[at])
            at += 1
        yield inside


def _holder(speakers: Sequence[Span], start: float, end: float) -> str | None:
    """Return who holds most of a span, given speaker labels sorted by time."""
    shares = list[tuple[float, str]]()
    for a, b, label in speakers[bisect_right(speakers, start, key=lambda s: s[1]) :]:
        if a >= end:
            break
        shares.append((min(b, end) - max(a, start), label))
    return max(shares)[1] if shares else None


def _event(start: float, end: float, label: str, owner: str | None) -> Event:
    head, colon, rest = label.partition(":")
    if colon and head in EVENTS:
        return Event(start, end, head, rest.strip(), owner)
    return Event(start, end, kind(label), label, owner)


def _taken(name: str) -> bool:
    """Tell whether a name would be taken for that of another kind of tier."""
    return _role(name) != (name, "speech", "1")


def renamed(transcript: Transcript) -> list[str]:
    """Return the names that are replaced by ids."""
    return [n for s, n in labels(transcript).items() if _taken(n) and n != s]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write the long format: one tier per speaker, and tiers for the rest. An empty utterance lasts a millisecond."""
    t = only(transcripts)
    name = {s: str(s) if _taken(n) else n for s, n in labels(t).items()}
    name[None] = "transcription"
    tiers: list[GridTier] = []

    def add(label: str, spans: Iterable[Span]) -> None:
        for place, layer in enumerate(_layers((*s, s[2]) for s in spans), start=1):
            tiers.append(GridTier(label if place == 1 else f"{label} #{place}", [s[:3] for s in layer]))

    for speaker in dict.fromkeys(
        [*(s.id for s in t.speakers), *(u.speaker for u in t), *(e.speaker for e in t.events)]
    ):
        said = [u for u in t if u.speaker == speaker]
        label = name[speaker]
        layers = _layers((u.start, u.end, one_line(u.text) or "ipu_0", u) for u in said)
        for place, layer in enumerate(layers, start=1):
            plain = place == 1 and (speaker is None or not _taken(label))
            again = "" if plain else f" #{place}"
            tiers.append(GridTier(label + again, [s[:3] for s in layer]))
            if words := list(_sequence(layer)):
                tiers.append(GridTier(f"{label} words{again}", words))
        if any(u.original or read(u.text)[0] != one_line(u.text) for u in said):
            add(f"{label} original", ((u.start, u.end, u.original or u.text) for u in said))
        heard = [(e.start, e.end, f"{e.kind}: {e.text}") for e in t.events if e.speaker == speaker]
        add(f"{label} events", (e for e in heard if e[1] > e[0]))
        if points := [e for e in heard if e[1] == e[0]]:
            tiers.append(GridTier(f"{label} points", points, True))
    return _text(max(t.duration, *(s[1] for tier in tiers for s in tier.spans), 0.001), tiers)


def _layers(spans: Iterable[tuple[float, float, str, Any]]) -> list[list[tuple[float, float, str, Any]]]:
    """Distribute spans over as few layers as possible, without overlap within a layer; times in milliseconds."""
    layers: list[list[tuple[float, float, str, Any]]] = []
    for start, end, text, what in sorted(
        ((round(a, 3), round(b, 3), t, w) for a, b, t, w in spans), key=lambda s: s[:3]
    ):
        end = max(end, round(start + 0.001, 3))
        free = next((layer for layer in layers if layer[-1][1] <= start), None)
        if free is None:
            layers.append(free := [])
        free.append((start, end, text, what))
    return layers


def _sequence(layer: Iterable[tuple[float, float, str, Utterance]]) -> Iterator[Span]:
    """Yield the timed words of a layer's utterances; none starts before the previous one ends."""
    now = 0.0
    for u in (u for _, _, _, u in layer if any(w.start is not None for w in u.words)):
        for w in timed_words(u):
            start = max(now, round(w.start or 0.0, 3))
            now = max(round(w.end or 0.0, 3), round(start + 0.001, 3))
            yield start, now, w.text


def _text(duration: float, tiers: Sequence[GridTier]) -> str:
    rows = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {duration:.3f}"]
    rows += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for place, tier in enumerate(tiers, start=1):
        intervals = not tier.points
        filled = list(_filled(tier.spans, duration)) if intervals else tier.spans
        sort, part = ("IntervalTier", "intervals") if intervals else ("TextTier", "points")
        rows += [f"    item [{place}]:", f'        class = "{sort}"', f"        name = {_quoted(tier.name)}"]
        rows += [
            "        xmin = 0",
            f"        xmax = {duration:.3f}",
            f"        {part}: size = {len(filled)}",
        ]
        for index, (start, end, text) in enumerate(filled, start=1):
            rows.append(f"        {part} [{index}]:")
            if intervals:
                rows += [f"            xmin = {start:.3f}", f"            xmax = {end:.3f}"]
                rows.append(f"            text = {_quoted(text)}")
            else:
                rows += [f"            number = {start:.3f}", f"            mark = {_quoted(text)}"]
    return "\n".join(rows) + "\n"


def _filled(spans: Iterable[Span], duration: float) -> Iterator[Span]:
    now = 0.0
    for start, end, text in spans:
        if start > now:
            yield now, start, ""
        yield start, end, text
        now = end
    if duration > now:
        yield now, duration, ""


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
