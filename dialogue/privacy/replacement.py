"""A transcript, and all that was made from it, with pseudonyms for what identifies people; times stay.

The words of a mention become those of its pseudonym, which share its time in proportion to their letters. Utterances'
ids, speakers and times never change. The same table goes through everything else that may hold a name: display names,
attributes, what the transcriber wrote, events, omissions, provenance, the recording's id, and minutes.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats.lines import spread
from dialogue.french.text import plain
from dialogue.privacy.mentions import Mention, MentionError, Note, lines_of, text_of
from dialogue.privacy.pseudonyms import LINKS, TITLES, Pseudonyms
from dialogue.privacy.shifted_dates import shifted_iso
from dialogue.privacy.written_forms import edited, unspelled

MADE = "pseudonymisation"  # attribute of a copy: how it was made
PEOPLE = ("participants", "speakers", "people", "names", "owner", "author", "name")  # keys whose values are people
DAYS = ("date", "due", "due_iso", "day", "iso", "start_date")  # keys whose values are dates
IN_WORDS = ("PRENOM", "NOM")


class PseudonymousCopy:
    """What stands for the names of one recording, wherever they are written.

    Args:
        note: what was found in its transcript; mentions that a reader decided to keep stay.
        day: its date, if known.
        people: names known for it, said or not: display names of speakers, participants.
    """

    def __init__(
        self, pseudonyms: Pseudonyms, note: Note, day: datetime.date | None = None, people: Sequence[str] = ()
    ) -> None:
        self.pseudonyms, self.note, self._day = pseudonyms, note, day
        self._weeks = pseudonyms.weeks(note.id)
        self._kept = {plain(note.text[m.start : m.end]) for m in note.mentions if m.keep}
        self._labels: dict[str, str] = {}  # plain words -> label
        for mention in note.mentions:
            if not mention.keep:
                self._learn(note.text[mention.start : mention.end], mention.label)
        for person in people:
            if pseudonyms.person(person) != person:
                self._learn(person, "NOM")
        words = sorted(map(re.escape, self._labels), key=len, reverse=True)
        self._written = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(words)})(?![^\W\d_])") if words else None

    def _learn(self, text: str, label: str) -> None:
        self._labels.setdefault(plain(text), label)
        if label in IN_WORDS and not unspelled(text):
            parts = [p for p in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", plain(text)) if p not in TITLES | LINKS]
            whole = [p for p in re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", plain(text)) if p not in TITLES | LINKS]
            for part in (*whole, *parts):
                if len(part) > 2 and part not in self._kept:
                    last = label == "NOM" and part == whole[-1]
                    given = self.pseudonyms.name(text, label) if not last else ""
                    self._labels.setdefault(part, "PRENOM" if given and self._given(part, given) else "NOM")

    def _given(self, part: str, new: str) -> bool:
        return plain(self.pseudonyms.name(part, "PRENOM")) in plain(new)

    def of(self, label: str, text: str) -> str:
        return self.pseudonyms.of(label, text, self.note.id, self._day)

    def text(self, text: str) -> str:
        """Return any text with pseudonyms for what was found in the transcript."""
        if self._written is None:
            return text
        edits = [
            (m.start(), m.end(), self.of(self._labels[m[0]], text[m.start() : m.end()]))
            for m in self._written.finditer(plain(text))
        ]
        return edited(text, edits)

    def person(self, name: str) -> str:
        """Return what stands for a display name."""
        return name if plain(name) in self._kept else self.pseudonyms.person(name)

    def id(self, name: str) -> str:
        """Return the id of a recording, or a file's name: ``CamilleDurand_2`` is two names and a number."""
        apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", "\0", name)
        return self.text(apart).replace("\0", "").replace("█", "_").replace("[", "").replace("]", "")

    def value(self, value: Any, key: str = "") -> Any:
        """Return plain values, as in JSON, with pseudonyms in all their texts, keys included."""
        if isinstance(value, str):
            if key in PEOPLE:
                changed = self.person(value)
                return changed if changed != value else self.text(value)
            return shifted_iso(value, self._weeks) if key in DAYS else self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(k): self.value(v, k if isinstance(v, (str, list, tuple)) else "") for k, v in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.value(item, "name" if key in PEOPLE and isinstance(item, str) else key) for item in value]
        return value

    def transcript(self, transcript: Transcript) -> Transcript:
        """Return the copy of the transcript in which the mentions were found.

        Raises:
            MentionError: they were found in another version of it.
        """
        said = any(u.text for u in transcript)  # not in turns, which name speakers only
        if said and text_of(transcript) != self.note.text:
            raise MentionError(
                f"{self.note.id}: the mentions were found in another text than that of the transcript. Detect again."
            )
        mentions = [m for m in self.note.mentions if said and not m.keep]
        utterances = []
        for (start, end), utterance in zip(lines_of(transcript), transcript, strict=True):
            here = [m for m in mentions if m.start < end and start < m.end]
            utterances.append(self._utterance(utterance, here, start))
        done = {
            "text": self.pseudonyms.mode,
            "replaced": dict(sorted(Counter(m.label for m in mentions).items())),
            "kept": sum(m.keep for m in self.note.mentions),
        }
        return replace(
            transcript,
            recording=self.id(transcript.recording),
            utterances=tuple(utterances),
            speakers=tuple(
                replace(s, name=s.name and self.person(s.name), attributes=self.value(s.attributes))
                for s in transcript.speakers
            ),
            omissions=tuple(
                replace(o, text=self.text(o.text), reason=self.text(o.reason)) for o in transcript.omissions
            ),
            events=tuple(replace(e, text=self.text(e.text)) for e in transcript.events),
            provenance=tuple(self.value(p) for p in transcript.provenance),
            attributes={**self.value(transcript.attributes), MADE: done},
        ).validate()

    def _utterance(self, utterance: Utterance, mentions: Sequence[Mention], offset: int) -> Utterance:
        edits = []
        for mention in mentions:
            start, end = max(mention.start - offset, 0), min(mention.end - offset, len(utterance.text))
            edits.append((start, end, self.of(mention.label, utterance.text[start:end])))
        words = _words(utterance, edits) if edits and utterance.words else utterance.words
        original = self.text(utterance.original)
        return replace(utterance, text=edited(utterance.text, edits), words=words, original=original)


def _words(utterance: Utterance, edits: Sequence[tuple[int, int, str]]) -> tuple[Word, ...]:
    """Return the words of the new text; those of an edit share the time of the words that it touches."""
    places = _places(utterance)
    if places is None:  # the words are not those of the text
        return tuple(spread(edited(utterance.text, edits).split(), utterance.start, utterance.end))
    words: list[Word] = []
    place, edit = 0, 0
    while place < len(places):
        first, last = place, place
        begin, end = places[place]
        inside = list[tuple[int, int, str]]()
        while edit < len(edits) and edits[edit][0] < end:
            inside.append(edits[edit])
            while last + 1 < len(places) and places[last + 1][0] < edits[edit][1]:
                last += 1
            end = max(end, places[last][1])
            edit += 1
        if inside:
            local = [(max(s - begin, 0), min(e, end) - begin, new) for s, e, new in inside]
            new = edited(utterance.text[begin:end], local).split()
            words += _shared(utterance.words[first : last + 1], new)
        else:
            words.append(utterance.words[place])
        place = last + 1
    return tuple(words)


def _places(utterance: Utterance) -> list[tuple[int, int]] | None:
    """Return the characters of each word in the text; nothing if a word is not in it."""
    places, at = [], 0
    for word in utterance.words:
        text = word.text.strip()
        start = utterance.text.find(text, at)
        if start < 0 or utterance.text[at:start].strip():
            return None
        at = start + len(text)
        places.append((start, at))
    return places if not utterance.text[at:].strip() else None


def _shared(old: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    start = next((w.start for w in old if w.start is not None), None)
    end = next((w.end for w in reversed(old) if w.end is not None), None)
    like = replace(
        old[0], probability=None, confidence=min((w.confidence for w in old if w.confidence is not None), default=None)
    )
    if start is None or end is None:
        return [replace(like, text=text, start=None, end=None) for text in texts]
    return [
        replace(like, text=w.text, start=round(w.start or 0.0, 3), end=round(w.end or 0.0, 3))
        for w in spread(texts, start, max(start, end))
    ]
