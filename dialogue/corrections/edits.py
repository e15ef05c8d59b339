"""Make a correction from what a person wants changed in the current transcript.

A place is written ``u12`` (an utterance), ``u12:3`` or ``u12:3-5`` (some of its words, the first is 1), or
``61.2-63`` or ``1:01.2-1:03`` (the words between two times).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.corrections.correction import Correction, CorrectionError, Do, one_name
from dialogue.corrections.draft import Draft, Piece, middle_of, runs
from dialogue.corrections.finding import told

TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)"
TIMES = re.compile(rf"{TIME}-{TIME}")
WORDS = re.compile(r"(.+):(\d+)(?:-(\d+))?")
PLACES = "an utterance (u12), words of it (u12:3-5) or two times (61.2-63 or 1:01-1:03)"


@dataclass(frozen=True, slots=True)
class Editor:
    """Makes corrections of a draft; they are neither applied nor written.

    Attributes:
        draft: the current transcript (:func:`dialogue.corrections.application.replayed`).
        by: who corrects.
    """

    draft: Draft
    by: str

    def rename(self, speaker: str, name: str, lines: Sequence[str] = ()) -> Correction:
        """Name a speaker in all that they say, or say that some lines of theirs are somebody else's."""
        who, name = self._speaker(speaker), one_name(name)
        if lines:
            others = [p.line.utterance.id for p in self._pieces(lines) if p.line.speaker != who]
            if others:
                raise CorrectionError(
                    f"{', '.join(others)}: not by {speaker}. Accepted: places where {speaker} speaks."
                )
            return self.move(lines, name)
        same = self.draft.called(name)
        if same not in (None, who):
            raise CorrectionError(f"{name} is the name of {same}. Accepted: another name, or merge the two.")
        return self._made("rename", speaker=self.draft.anchor(who), before=self.draft.speakers[who].name, after=name)

    def merge(self, speaker: str, into: str) -> Correction:
        """Make two speakers one: all that the first one says is the second one's."""
        gone, kept = self._speaker(speaker), self._speaker(into)
        if gone == kept:
            raise CorrectionError(f"{speaker} and {into} are one speaker. Accepted: two speakers.")
        return self._made("merge", speaker=self.draft.anchor(gone), into=self.draft.anchor(kept))

    def move(self, places: Sequence[str], speaker: str) -> Correction:
        """Give words to another speaker, or to a new one of that name."""
        pieces = self._pieces(places)
        known = self._known(speaker)
        if known is None and re.fullmatch(r"spk\d+", speaker):
            self._speaker(speaker)  # says who there is
        return self._made(
            "move",
            words=tuple(p.anchor() for p in pieces),
            into=self.draft.anchor(known) if known else None,
            before=self._who(pieces),
            after=None if known else one_name(speaker),
        )

    def split(self, places: Sequence[str], name: str | None = None) -> Correction:
        """Give words to a new speaker, with a name or without."""
        pieces = self._pieces(places)
        if name is not None and (same := self.draft.called(one_name(name))):
            raise CorrectionError(f"{name} is the name of {same}. Accepted: the name of somebody new, or move.")
        after = one_name(name) if name is not None else None
        return self._made("move", words=tuple(p.anchor() for p in pieces), before=self._who(pieces), after=after)

    def text(self, place: str, text: str) -> Correction:
        """Rewrite words; those that stay keep their times."""
        pieces = self._pieces([place])
        if len(pieces) > 1:
            found = ", ".join(f"{p.line.utterance.id}:{p.first + 1}-{p.last}" for p in pieces)
            raise CorrectionError(f"{place}: words of {len(pieces)} utterances. Accepted: one of {found}.")
        after = " ".join(text.split())
        if not after:
            raise CorrectionError("text: nothing to write. Accepted: words; to take words out, omit them.")
        return self._made("text", words=(pieces[0].anchor(),), before=told(pieces[0].words), after=after)

    def cut(self, place: str) -> Correction:
        """Split an utterance before a word (``u12:4``)."""
        [piece, *_] = self._pieces([place])
        if not piece.first:
            raise CorrectionError(f"{place}: no word before it. Accepted: a word that is not the first, as u12:4.")
        line = piece.line
        both = (Piece(line, 0, piece.first).anchor(), Piece(line, piece.first, len(line.words)).anchor())
        return self._made("cut", words=both)

    def join(self, first: str, second: str) -> Correction:
        """Make two successive utterances of one speaker one."""
        pieces = sorted((self._utterance(id) for id in (first, second)), key=lambda p: p.line.begin)
        one, other = (p.line for p in pieces)
        between = [
            n.utterance.id for n in self.draft.lines if n.speaker == one.speaker and one.begin < n.begin < other.begin
        ]
        if one is other or one.speaker != other.speaker or between:
            why = f"{', '.join(between)} between them" if between else "not two, or of two speakers"
            raise CorrectionError(f"{first}, {second}: {why}. Accepted: two successive utterances of one speaker.")
        return self._made("join", words=tuple(p.anchor() for p in pieces))

    def omit(self, places: Sequence[str], reason: str) -> Correction:
        """Mark words as not to be used: readers see the reason instead of them."""
        pieces = self._pieces(places)
        before = " ".join(told(p.words) for p in pieces)
        return self._made("omit", words=tuple(p.anchor() for p in pieces), before=before, after=one_name(reason))

    def _made(self, do: Do, **fields: object) -> Correction:
        return Correction("", "", self.by, self.draft.transcript.recording, do, **fields)  # type: ignore[arg-type]

    def _known(self, speaker: str) -> str | None:
        if speaker in self.draft.speakers and self.draft.spans(speaker):
            return speaker
        return self.draft.called(" ".join(speaker.split()))

    def _speaker(self, speaker: str) -> str:
        if (known := self._known(speaker)) is None:
            people = [
                f"{id} ({s.name})" if s.name else id for id, s in self.draft.speakers.items() if self.draft.spans(id)
            ]
            raise CorrectionError(f"no speaker {speaker}. Accepted: {', '.join(people) or 'none: nobody speaks'}.")
        return known

    def _who(self, pieces: Sequence[Piece]) -> str | None:
        people = dict.fromkeys(p.line.speaker for p in pieces)
        return ", ".join(self.draft.speakers[s].name or s for s in people if s) or None

    def _utterance(self, id: str) -> Piece:
        for line in self.draft.lines:
            if line.utterance.id == id and line.words:
                return Piece(line, 0, len(line.words))
        last = self.draft.lines[-1].utterance.id if self.draft.lines else "none"
        raise CorrectionError(f"no utterance {id}. Accepted: {PLACES}; the last utterance is {last}.")

    def _pieces(self, places: Sequence[str]) -> list[Piece]:
        found = [piece for place in places for piece in self._at(place)]
        if not found:
            raise CorrectionError(f"no place. Accepted: {PLACES}.")
        return found

    def _at(self, place: str) -> list[Piece]:
        if times := TIMES.fullmatch(place):
            start, end = (_seconds(times.groups()[n : n + 3]) for n in (0, 3))
            last = self.draft.transcript.duration
            if not start < end <= last + 0.5:
                raise CorrectionError(f"{place}: {start:g} to {end:g} s. Accepted: within 0 to {last:.2f} s.")
            lines = self.draft.near(start, end)
            pieces = [p for line in lines for p in runs(line, [start <= middle_of(w) <= end for w in line.words])]
            if not pieces:
                raise CorrectionError(f"{place}: no words there. Accepted: {PLACES}.")
            return pieces
        ids = {line.utterance.id for line in self.draft.lines}
        if place not in ids and (words := WORDS.fullmatch(place)):
            piece = self._utterance(words[1])
            first, last = int(words[2]), int(words[3] or words[2])
            if not 1 <= first <= last <= piece.last:
                raise CorrectionError(f"{place}: {words[1]} has {piece.last} words. Accepted: 1 to {piece.last}.")
            return [Piece(piece.line, first - 1, last)]
        return [self._utterance(place)]


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds = (float(p or 0) for p in parts)
    return hours * 3600 + minutes * 60 + seconds
