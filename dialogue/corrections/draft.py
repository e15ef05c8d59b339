"""A transcript while it is corrected: lines of timed words that can be found again, cut, moved and rewritten."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance, Word
from dialogue.corrections.correction import SpeakerAnchor, WordAnchor
from dialogue.corrections.spans import Span, length, likeness, shared, united, without
from dialogue.formats.lines import timed_words

NEAR = 0.9  # share of the most votes from which a speaker is as likely as the first
SHORTER = 3.0  # times that a turn is longer than a reply inside it
# Likeness of the spans of two anchors from which they are one person, although the names differ because a naming was
# undone or redone in between:
RENAMED = 0.5  # both had a name
NAMED_SINCE = 0.9  # one had none, as somebody else who is now in the same cluster


@dataclass(slots=True, eq=False)
class DraftLine:
    """An utterance with its words, all of which have times.

    Attributes:
        spelt: the utterance has words of its own; otherwise only its text is known.
        changed: its words or its span are no longer those of the utterance.
    """

    utterance: Utterance
    words: list[Word]
    spelt: bool
    changed: bool = False

    @property
    def speaker(self) -> str | None:
        return self.utterance.speaker

    @property
    def begin(self) -> float:
        return min(self.utterance.start, start_of(self.words[0])) if self.words else self.utterance.start

    def finished(self) -> Utterance:
        if not self.changed:
            return self.utterance
        return replace(
            self.utterance,
            text=" ".join(w.text for w in self.words),
            words=tuple(self.words) if self.spelt else (),
            original="",
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Successive words of a line: ``line.words[first:last]``."""

    line: DraftLine
    first: int
    last: int

    @property
    def words(self) -> list[Word]:
        return self.line.words[self.first : self.last]

    @property
    def whole(self) -> bool:
        return self.last - self.first == len(self.line.words)

    def anchor(self) -> WordAnchor:
        """Return where the words are now, so that they can be found again."""
        start, end = start_of(self.words[0]), max(end_of(w) for w in self.words)
        return WordAnchor(round(start, 3), round(end, 3), " ".join(w.text for w in self.words), self.line.speaker)


class Draft:
    """A transcript while it is corrected.

    Attributes:
        lines: in order of time.
        speakers: by id.
        given: ids of the speakers whom a correction named, with the spans in which people heard them.
        created: correction -> the speaker that it made.
    """

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.lines = [DraftLine(u, _words(u), bool(u.words)) for u in transcript.utterances]
        self.lines.sort(key=lambda line: line.begin)
        self.speakers: dict[str, Speaker] = {s.id: s for s in transcript.speakers}
        self.events = list(transcript.events)
        self.omissions = list(transcript.omissions)
        self.given: dict[str, list[Span]] = {}
        self.created: dict[str, str] = {}
        self._spans: dict[str | None, list[Span]] | None = None
        self._parted_from: set[str] = set()
        self._changed = False

    # People ---------------------------------------------------------------------------------------------------------

    def spans(self, speaker: str) -> list[Span]:
        """Return when somebody speaks, with the neighbouring utterances of one speaker united."""
        if self._spans is None:
            found: dict[str | None, list[Span]] = {}
            latest: str | None = None
            for line in self.lines:
                own = found.setdefault(line.speaker, [])
                start, end = round(line.utterance.start, 3), round(line.utterance.end, 3)
                if own and (line.speaker == latest or start <= own[-1][1]):
                    own[-1] = (own[-1][0], max(own[-1][1], end))
                else:
                    own.append((start, end))
                latest = line.speaker
            self._spans = found
        return self._spans.get(speaker, [])

    def anchor(self, speaker: str) -> SpeakerAnchor:
        """Return who a speaker is now, so that they can be found again."""
        origin = next((c for c, id in self.created.items() if id == speaker), None)
        return SpeakerAnchor(tuple(self.spans(speaker)), speaker, self.speakers[speaker].name, origin)

    def find_speaker(self, anchor: SpeakerAnchor) -> str | None:
        """Return the id of a speaker: by who made or named them, otherwise by a vote, weighted by seconds.

        A speaker with the name of somebody else is not the one: if both are one voice now, the words of the one who is
        looked for become a speaker of their own.
        """
        if anchor.origin is not None:
            return self.created.get(anchor.origin)
        if named := self.called(anchor.name):
            return named
        votes = {id: shared(anchor.spans, self.spans(id)) for id in self.speakers}
        votes = {id: seconds for id, seconds in votes.items() if seconds > 0}
        if not votes:
            return None
        likely = [id for id, seconds in votes.items() if seconds >= NEAR * max(votes.values())]
        # who speaks over somebody else has all of these seconds too, and others besides
        best = max(
            likely, key=lambda id: (votes[id] / (length(self.spans(id)) + length(anchor.spans)), id == anchor.id)
        )
        same = likeness(anchor.spans, self.given.get(best, anchor.spans))
        if same >= (RENAMED if anchor.name else NAMED_SINCE):
            return best
        free = {id: seconds for id, seconds in votes.items() if id not in self.given}
        likeliest = max(free, key=lambda id: free[id], default=None)
        if likeliest and free[likeliest] >= length(anchor.spans) / 2:
            return likeliest
        return self._parted(best, anchor.spans) or likeliest

    def called(self, name: str | None) -> str | None:
        """Return the one who speaks under a name."""
        found = [id for id, s in self.speakers.items() if name and s.name == name and self.spans(id)]
        return found[0] if len(found) == 1 else None

    def _parted(self, speaker: str, spans: Sequence[Span]) -> str | None:
        """Make the words of a speaker that are within spans a speaker of their own, but for those of the named one.

        ``None`` if there are no such words.
        """
        known = self.given.get(speaker, ())
        pieces = []
        for line in [line for line in self.lines if line.speaker == speaker]:
            # a short reply inside a long turn is whose it was
            theirs = [inside(spans, w) <= SHORTER * inside(known, w) and inside(spans, w) < inf for w in line.words]
            pieces += runs(line, theirs)
        if not pieces:
            return None
        new = self.new_speaker()
        self.given[speaker] = without(known, spans)
        self.move(pieces, new)
        self._parted_from.add(speaker)
        return new

    def new_speaker(self, name: str | None = None, by: str | None = None) -> str:
        """Add a speaker, and return their id."""
        numbers = [int(id[3:]) for id in self.speakers if id.startswith("spk") and id[3:].isdecimal()]
        new = f"spk{max(numbers, default=0) + 1}"
        self.speakers[new] = Speaker(new)
        if name:
            self.name(new, name)
        if by:
            self.created[by] = new
        return new

    def name(self, speaker: str, name: str) -> None:
        """Name a speaker, as a person said."""
        known = self.speakers[speaker]
        self.speakers[speaker] = replace(known, name=name, attributes={**known.attributes, "name_source": "manual"})
        self._changed = True

    def remove(self, speaker: str, instead: str) -> None:
        """Give everything of a speaker to another one."""
        for line in self.lines:
            if line.speaker == speaker:
                _give(line, instead)
        self.events = [replace(e, speaker=instead) if e.speaker == speaker else e for e in self.events]
        self.created = {c: instead if id == speaker else id for c, id in self.created.items()}
        if speaker in self.given:
            self.given[instead] = united([*self.given.pop(speaker), *self.given.get(instead, ())])
        del self.speakers[speaker]
        self.touch()

    def settle_names(self) -> list[str]:
        """Give the names once more, by what is now known of all: to those who say most of what these people said.

        Nothing changes where each one says at least half of it, as in the transcript that was corrected.

        Returns:
            The names of those who say nothing now, although no correction took their words from them.
        """
        names = [id for id in self.given if self.spans(id) or id in self._parted_from]
        if all(2 * shared(self.given[id], self.spans(id)) >= length(self.given[id]) for id in names):
            return []
        from scipy.optimize import linear_sum_assignment

        free = [id for id, s in self.speakers.items() if id in names or not s.name]
        votes = [
            [shared(self.given[name], self.spans(id)) / (NEAR if id == name else 1) for id in free] for name in names
        ]
        chosen = [
            (names[row], free[column]) for row, column in zip(*linear_sum_assignment(votes, maximize=True), strict=True)
        ]
        known = {id: self.speakers[id] for id in free}
        for id in names:
            self.speakers[id] = replace(self.speakers[id], name=None, attributes={})
        for name, id in chosen:
            attributes = {**known[id].attributes, "name_source": "manual"}
            self.speakers[id] = replace(known[id], name=known[name].name, attributes=attributes)
        self.given = {id: self.given[name] for name, id in chosen}
        self._changed = True
        return [str(known[name].name) for name, id in chosen if not self.spans(id)]

    # Words ----------------------------------------------------------------------------------------------------------

    def near(self, start: float, end: float) -> Iterator[DraftLine]:
        """Yield the lines that overlap a span."""
        after = bisect.bisect_right(self.lines, end, key=lambda line: line.begin)
        for line in self.lines[:after]:
            if line.words and max(line.utterance.end, end_of(line.words[-1])) >= start:
                yield line

    def move(self, pieces: Iterable[Piece], speaker: str | None) -> None:
        """Give words to a speaker; what is part of a line becomes a line of its own."""
        for line in self.separated(pieces):
            _give(line, speaker)
        self.touch()

    def separated(self, pieces: Iterable[Piece]) -> list[DraftLine]:
        """Cut lines so that each piece is a line of its own, and return these lines."""
        found = []
        for piece in sorted(pieces, key=lambda p: -p.first):  # the last first: the indices of the others hold
            line = piece.line
            if piece.last < len(line.words):
                self.cut(line, piece.last)
            found.append(self.cut(line, piece.first) if piece.first else line)
        return found

    def cut(self, line: DraftLine, index: int) -> DraftLine:
        """Cut a line before a word, and return the second part; the first one keeps the id."""
        second = DraftLine(line.utterance, line.words[index:], line.spelt, changed=True)
        line.words, line.changed = line.words[:index], True
        begin, end = start_of(second.words[0]), max(end_of(w) for w in line.words)
        second.utterance = replace(line.utterance, id=self._free_id(line.utterance.id), start=begin)
        line.utterance = replace(line.utterance, end=max(line.utterance.start, end))
        second.utterance = replace(second.utterance, end=max(begin, second.utterance.end))
        self.lines.insert(self.lines.index(line) + 1, second)
        self.touch()
        return second

    def discard(self, line: DraftLine) -> None:
        self.lines = [other for other in self.lines if other is not line]
        self.touch()

    def _free_id(self, id: str) -> str:
        taken = {line.utterance.id for line in self.lines} | {u.id for u in self.transcript.utterances}
        return next(new for n in range(2, len(taken) + 3) if (new := f"{id}-{n}") not in taken)

    def touch(self) -> None:
        """Note that lines changed."""
        self.lines.sort(key=lambda line: line.begin)
        self._spans, self._changed = None, True

    # The result -----------------------------------------------------------------------------------------------------

    def finished(self) -> Transcript:
        """Return the corrected transcript: the same object if nothing changed."""
        if not self._changed:
            return self.transcript
        utterances = sorted((line.finished() for line in self.lines), key=lambda u: u.start)
        first = {u.speaker: n for n, u in reversed(list(enumerate(utterances)))}
        before = {u.speaker for u in self.transcript.utterances}
        kept = {e.speaker for e in self.events} | set(first)
        silent = {s.id for s in self.transcript.speakers} - before  # without words from the start
        speakers = [s for s in self.speakers.values() if s.id in kept | silent]
        return replace(
            self.transcript,
            speakers=tuple(sorted(speakers, key=lambda s: first.get(s.id, len(utterances)))),
            utterances=tuple(utterances),
            omissions=tuple(sorted(self.omissions, key=lambda o: (o.start, o.end))),
            events=tuple(self.events),
        ).validate()

    def omit(self, pieces: Iterable[Piece], reason: str) -> None:
        """Take words out of the transcript, and say why where they were."""
        for line in self.separated(pieces):
            self.discard(line)
            start, end = start_of(line.words[0]), max(end_of(w) for w in line.words)
            self.omissions.append(Omission(round(start, 3), round(end, 3), reason))


def _words(utterance: Utterance) -> list[Word]:
    """Return the words with times to the millisecond, as they are on the disk."""
    if utterance.words and all(w.start is not None and w.end is not None for w in utterance.words):
        return list(utterance.words)
    return [replace(w, start=round(start_of(w), 3), end=round(end_of(w), 3)) for w in timed_words(utterance)]


def _give(line: DraftLine, speaker: str | None) -> None:
    """Give a line to a speaker; a person is sure of it."""
    sure = 1.0 if line.utterance.confidence is not None else None
    line.words = [
        replace(w, speaker=speaker, confidence=1.0 if w.confidence is not None else None) if w.speaker else w
        for w in line.words
    ]
    words = tuple(line.words) if line.spelt and not line.changed else line.utterance.words
    line.utterance = replace(line.utterance, speaker=speaker, confidence=sure, words=words)


def runs(line: DraftLine, chosen: Sequence[bool]) -> list[Piece]:
    """Return the longest pieces of a line whose words are all chosen."""
    edges = [n for n in range(len(chosen) + 1) if (n and chosen[n - 1]) != (n < len(chosen) and chosen[n])]
    return [Piece(line, first, last) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def start_of(word: Word) -> float:
    return word.start or 0.0


def end_of(word: Word) -> float:
    return word.end or 0.0


def middle_of(word: Word) -> float:
    return (start_of(word) + end_of(word)) / 2


def inside(spans: Sequence[Span], word: Word) -> float:
    """Return the length of the shortest span around the middle of a word; infinity without one."""
    middle = middle_of(word)
    return min((end - start for start, end in spans if start <= middle <= end), default=inf)
