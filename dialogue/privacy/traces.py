"""What identifies a person or a recording in names of files and in texts, told apart from what only looks like it.

An id that holds a digit or a sign (``réunion-2024-03``) is found wherever it stands alone. One that is a plain word
(``réunion``) is found only where ids stand: in fields and keys, and in names of files. A name is found as whole words
in its own case: ``Claire`` is in neither ``claire`` nor ``Clairet`` nor ``Marie-Claire``, and it is not in the longer
names of others who are known, such as ``Claire Petit``.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from dialogue.corrections.spans import Span

MARK = "█████"  # in place of a name
IDENTITY = {"id", "recording", "recording_id", "recordings", "meeting", "meeting_id", "note_id", "speaker", "name"}
IDENTITY |= {"speakers", "participants", "person", "owner", "audio", "source"}
OF_RECORDING = ("recording", "recording_id", "note_id", "meeting", "id")
FILES = r"\.(?:\w{1,5}\b)"


@dataclass(frozen=True)
class SharedTurns:
    """What a person said in a recording with others.

    Attributes:
        labels: what they are called in files of this recording, if they have no name.
        spans: when they spoke, in seconds, sorted and separate.
        hashes: of the words of their utterances, as the rows of finetuning tasks have them.
    """

    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    hashes: tuple[str, ...] = ()

    def share(self, start: float, end: float) -> float:
        """Return the share of a span in which they speak, in [0, 1]."""
        if end <= start:
            return float(any(a <= start < b for a, b in self.spans))
        return sum(max(0.0, min(end, b) - max(start, a)) for a, b in self.spans) / (end - start)

    def holds(self, start: float | None, end: float | None) -> bool:
        """Tell whether they speak in most of a span; never in one whose times are unknown."""
        return start is not None and end is not None and self.share(start, end) >= 0.5


@dataclass(frozen=True)
class Traces:
    """What is looked for.

    Attributes:
        recordings: ids of recordings that are erased.
        names: names of the person, each in one spelling.
        people: their ids in the directory of voices.
        shared: recording with others -> what they said in it.
        sounds: SHA-256 of the recordings' files.
        others, other_names: recordings and people who stay.
    """

    recordings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    shared: dict[str, SharedTurns] = field(default_factory=dict)
    sounds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()

    # Names of files -----------------------------------------------------------------------------------------------

    def owner(self, name: str) -> str | None:
        """Return the recording whose id begins the name of a file or folder: ``r1`` for ``r1.json``."""
        bare = unicodedata.normalize("NFC", name).lstrip(".")
        return next((id for id in self._ids if bare == id or bare.startswith(f"{id}.")), None)

    def is_erased(self, text: str) -> bool:
        """Tell whether a text is the id of an erased recording, or begins with one: ``r1-u3``, ``r1_spk2``."""
        bare = unicodedata.normalize("NFC", text)
        for id in self._ids:
            if bare == id or (bare.startswith(id) and not bare[len(id)].isalnum()):
                return id in self.recordings
        return False

    def is_name(self, text: str) -> bool:
        """Tell whether a text is a name of the person; columns of files have ``_`` for spaces."""
        return _plain(text) in {_plain(name) for name in self.names}

    @cached_property
    def _ids(self) -> list[str]:
        known = {unicodedata.normalize("NFC", id) for id in (*self.recordings, *self.shared, *self.others)}
        return sorted(known, key=len, reverse=True)

    # Texts --------------------------------------------------------------------------------------------------------

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where a text holds names and ids: start, and end, exclusive."""
        found = self._pattern.finditer(text) if self._pattern else ()
        return [match.span() for match in found if match.lastgroup != "other"]

    def replaced(self, text: str) -> tuple[str, int]:
        """Return a text without the names and ids, and how many there were."""
        places = self.places(text)
        for start, end in reversed(places):
            text = f"{text[:start]}{MARK}{text[end:]}"
        return text, len(places)

    def mentions(self, text: str) -> int:
        """Return how often a text holds a name or an id."""
        return len(self.places(text))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        parts = [rf"(?<![^\W_])(?<!\w-){_spaced(name)}(?![^\W_])(?!-\w)" for name in self.names]
        longer = [_spaced(n) for n in self.other_names if any(_plain(o) in _plain(n) for o in self.names)]
        for id in self.recordings:
            exact = _forms(id)
            longer += [_forms(o) for o in (*self.others, *self.shared) if id in o and o != id]
            parts.append(rf"(?<!\w){exact}(?![^\W_])" if _is_distinctive(id) else rf"(?<![^\W_]){exact}(?={FILES})")
            if not _is_distinctive(id):
                parts.append(rf"(?<=[/\\]){exact}(?=[/\\]|$)")
        if not parts:
            return None
        others = "|".join(sorted({rf"(?<!\w){o}(?!\w)" for o in longer}, key=len, reverse=True))
        return re.compile((f"(?P<other>{others})|" if others else "") + "|".join(parts))

    @cached_property
    def parts(self) -> dict[str, Traces]:
        """The words of names of several, each as a name of its own."""
        words = {word for name in self.names for word in _plain(name).split() if len(_plain(name).split()) > 1}
        return {word: Traces(names=(word,), other_names=self.other_names) for word in sorted(words) if len(word) > 2}

    @cached_property
    def _needles(self) -> tuple[bytes, ...]:
        words = {word for name in self.names for word in re.split(r"[\s_]+", name) if word}
        words |= {*self.recordings, *self.shared, *self.people}
        words |= {h for turns in self.shared.values() for h in turns.hashes}
        found: set[bytes] = set()
        for word in words:
            for form in {unicodedata.normalize(n, word) for n in ("NFC", "NFD")}:
                escaped = json.dumps(form)[1:-1]
                numbered = form.encode("ascii", "xmlcharrefreplace").decode()
                for written in (form, escaped, html.escape(form), quote(form), numbered):
                    found |= {written.encode(), written.encode("utf-16-le"), written.encode("utf-16-be")}
                found.add(form.encode("latin-1", "replace"))
        return tuple(found)

    def may_be_in(self, content: bytes) -> bool:
        """Tell quickly whether a file may hold any of it, in whatever encoding."""
        return any(needle in content for needle in self._needles)

    # Values -------------------------------------------------------------------------------------------------------

    def is_row_of(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row is about an erased recording, or is something that the person said."""
        texts = {k: v for k, v in row.items() if isinstance(v, str)}
        if any(self.is_erased(texts[key]) for key in OF_RECORDING if key in texts):
            return True
        if any(self.is_name(texts[key]) for key in ("speaker", "name") if key in texts):
            return True
        if texts.get("person") in self.people or (texts.get("id") in self.people and texts.get("id")):
            return True
        turns = next((self.shared[texts[k]] for k in OF_RECORDING if texts.get(k) in self.shared), None)
        people = [p for p in row.get("speakers") or () if isinstance(p, str)] if "messages" in row else []
        if any(map(self.is_name, people)):
            return True
        if turns is None:
            return False
        if "chosen" in row or "note_text" in row:  # whole texts, theirs among them: pairs of minutes, mentions
            return True
        own = {texts.get("speaker"), *people} & set(turns.labels)
        return bool(own or set(turns.hashes) & set(map(str, row.get("hashes") or ())))

    def cleaned(self, value: Any, key: str = "") -> tuple[Any, int]:
        """Return plain values without what is looked for, and how many places were changed.

        Rows and entries that are about it are left out; in texts it is replaced by :data:`MARK`.
        """
        if isinstance(value, dict):
            return self._cleaned_object(value)
        if isinstance(value, list):
            kept: list[Any] = []
            count = 0
            for item in value:
                if self._goes(item, key):
                    count += 1
                    continue
                found, inside = self.cleaned(item, key)
                kept.append(found)
                count += inside
            return kept, count
        if isinstance(value, str):
            if (key in IDENTITY and self.is_erased(value)) or self._stands_alone(value):
                return MARK, 1
            return self.replaced(value)
        return value, 0

    def _goes(self, item: Any, key: str) -> bool:
        """Tell whether an item of a list is left out."""
        if isinstance(item, dict):
            return self.is_row_of(item)
        if not isinstance(item, str):
            return False
        gone = any(
            item in turns.hashes or (item in turns.labels and item.startswith(f"{recording}_"))
            for recording, turns in self.shared.items()
        )
        return gone or self.is_name(item) or (key in IDENTITY and self.is_erased(item)) or self._stands_alone(item)

    def _stands_alone(self, text: str) -> bool:
        return _is_distinctive(text) and not re.search(r"\s", text) and self.is_erased(text)

    def _cleaned_object(self, value: dict[str, Any]) -> tuple[dict[str, Any], int]:
        of_recordings = bool(value) and set(value) <= {*self.recordings, *self.others, *self.shared}
        kept: dict[str, Any] = {}
        count = 0
        for key, item in value.items():
            erased = (of_recordings and key in self.recordings) or self._stands_alone(key)
            if erased or self.mentions(key) or self.is_name(key):
                count += 1
                continue
            kept[key], inside = self.cleaned(item, key)
            count += inside
        return kept, count


def _is_distinctive(id: str) -> bool:
    """Tell whether an id is no plain word."""
    return not id.isalpha()


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).replace("_", " ").split())


def _spaced(name: str) -> str:
    return r"(?:[\s_]|\\_)+".join(_forms(part) for part in _plain(name).split())


def _forms(text: str) -> str:
    """Return the pattern of a text with its accents in one character or in two."""
    forms = dict.fromkeys(unicodedata.normalize(n, text) for n in ("NFC", "NFD"))
    return f"(?:{'|'.join(map(re.escape, forms))})"
