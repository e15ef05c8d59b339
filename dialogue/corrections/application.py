"""Apply corrections to the machine's transcript: exactly if they were made on it, otherwise as well as can be.

Where the recognition or the number of speakers is another one, a speaker is found by a vote weighted by seconds, and
words by time and alignment. What cannot be replayed is listed with its reason, and is tried again the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from dialogue.core.transcript import TOLERANCE, Omission, Transcript, Word
from dialogue.corrections.correction import OF_MINUTES, Correction, CorrectionError, SpeakerAnchor, WordAnchor
from dialogue.corrections.draft import Draft, DraftLine, Piece, end_of, start_of
from dialogue.corrections.finding import find_words, told, words_between
from dialogue.corrections.spans import Span, united, without
from dialogue.formats.lines import spread


@dataclass(frozen=True, slots=True)
class Unreplayed:
    """A correction that could not be replayed, and why."""

    correction: Correction
    reason: str

    def __str__(self) -> str:
        return f"{self.correction.id} ({self.correction}): {self.reason}"


def replayed(transcript: Transcript, corrections: Iterable[Correction]) -> tuple[Draft, tuple[Unreplayed, ...]]:
    """Apply corrections in order, without those of the minutes.

    Args:
        transcript: the machine's.
        corrections: those in effect (:attr:`dialogue.corrections.log.Log.active`).

    Returns:
        The draft, whose ``finished()`` is the corrected transcript, and what could not be replayed.
    """
    draft, known = Draft(transcript), tuple(corrections)
    left = []
    for correction in known:
        if correction.do not in OF_MINUTES:
            try:
                apply(draft, correction)
            except CorrectionError as error:
                left.append(Unreplayed(correction, str(error)))
    for name in draft.settle_names():
        made = [c for c in known if name in (c.after, c.into and c.into.name)]
        left += [Unreplayed(c, f"nobody speaks where {name} spoke.") for c in made[-1:]]
    return draft, tuple(left)


def corrected(transcript: Transcript, corrections: Iterable[Correction]) -> tuple[Transcript, tuple[Unreplayed, ...]]:
    """Return the transcript with corrections applied, and what could not be replayed; see :func:`replayed`."""
    draft, left = replayed(transcript, corrections)
    return draft.finished(), left


def apply(draft: Draft, correction: Correction) -> None:
    """Apply one correction.

    Raises:
        CorrectionError: it cannot be applied to this transcript.
    """
    ends = [w.end for w in correction.words] + [
        s[1] for a in (correction.speaker, correction.into) if a for s in a.spans
    ]
    if max(ends, default=0.0) > draft.transcript.duration + TOLERANCE:
        raise CorrectionError(
            f"at {max(ends):.2f} s, outside the recording. Accepted: 0 to {draft.transcript.duration:.2f} s."
        )
    APPLIED[correction.do](draft, correction)


def _speaker(draft: Draft, anchor: SpeakerAnchor | None) -> str:
    found = draft.find_speaker(anchor) if anchor else None
    if found is None:
        name = (anchor.name or anchor.id) if anchor else "nobody"
        if anchor and anchor.origin:
            raise CorrectionError(f"speaker {name} was made by {anchor.origin}, which is not in effect.")
        raise CorrectionError(f"nobody speaks where {name} spoke.")
    return found


def _pieces(draft: Draft, anchors: Iterable[WordAnchor], by_time: bool = False) -> list[Piece]:
    """Return the words of anchors, each once."""
    found: dict[tuple[int, int], Piece] = {}
    for anchor in anchors:
        pieces = find_words(draft, anchor) or (words_between(draft, anchor) if by_time else [])
        if not pieces:
            heard = " ".join(told(p.words) for p in words_between(draft, anchor))
            what = f"“{heard}” is there now" if heard else "no words are there now"
            raise CorrectionError(f"“{anchor.text}” is not at {anchor.start:.1f}-{anchor.end:.1f} s: {what}.")
        for piece in pieces:
            for place in range(piece.first, piece.last):
                found[id(piece.line), place] = Piece(piece.line, place, place + 1)
    united: list[Piece] = []
    for piece in sorted(found.values(), key=lambda p: (p.line.begin, id(p.line), p.first)):
        if united and united[-1].line is piece.line and united[-1].last == piece.first:
            united[-1] = replace(united[-1], last=piece.last)
        else:
            united.append(piece)
    return united


def _rename(draft: Draft, correction: Correction) -> None:
    assert correction.speaker
    assert correction.after
    speaker = _speaker(draft, correction.speaker)
    same = draft.called(correction.after)
    if same not in (None, speaker):
        raise CorrectionError(f"{correction.after} is the name of {same}. Accepted: another name, or merge the two.")
    if speaker in draft.given and not correction.speaker.name:
        raise CorrectionError(f"{correction.speaker.id} is {draft.speakers[speaker].name} now. Accepted: rename again.")
    draft.name(speaker, correction.after)
    draft.given[speaker] = list(correction.speaker.spans)


def _merge(draft: Draft, correction: Correction) -> None:
    assert correction.speaker
    assert correction.into
    kept = _speaker(draft, correction.into)
    gone = _speaker(draft, correction.speaker)
    if gone != kept:  # otherwise they are one voice already
        name, other = draft.speakers[gone].name, draft.speakers[kept].name
        if name and other and (name, other) != (correction.speaker.name, correction.into.name):
            raise CorrectionError(f"they are {name} and {other} now, whom nobody made one.")
        draft.remove(gone, kept)
        if name and not draft.speakers[kept].name:
            draft.name(kept, name)
    if kept in draft.given:
        draft.given[kept] = united([*correction.into.spans, *correction.speaker.spans])


def _move(draft: Draft, correction: Correction) -> None:
    anchor = correction.into
    into = draft.find_speaker(anchor) if anchor else draft.called(correction.after)
    pieces = _pieces(draft, correction.words, by_time=True)
    if anchor is None:
        into = into or _alone(draft, pieces) or draft.new_speaker(correction.after)
        draft.created[correction.id] = into
        if correction.after:
            draft.given.setdefault(into, [])
    elif into is None:  # what made this speaker may have been undone since: they are still somebody else
        into = draft.new_speaker(anchor.name, by=anchor.origin)
    moved = _heard(draft, correction, except_for=into)
    if into in draft.given:
        draft.given[into] = united([*(anchor.spans if anchor else draft.given[into]), *moved])
    draft.move([p for p in pieces if p.line.speaker != into], into)


def _heard(draft: Draft, correction: Correction, except_for: str | None = None) -> list[Span]:
    """Note that words are not said by those whom people heard there so far; return when they are said."""
    spans = united((w.start, w.end) for w in correction.words)
    draft.given = {id: own if id == except_for else without(own, spans) for id, own in draft.given.items()}
    return spans


def _alone(draft: Draft, pieces: Sequence[Piece]) -> str | None:
    """Return the speaker who says these words and nothing else, if there is one."""
    speakers = {p.line.speaker for p in pieces}
    if len(speakers) > 1:
        return None
    own = [line for line in draft.lines if line.speaker in speakers]
    return next(iter(speakers)) if sum(len(p.words) for p in pieces) == sum(len(line.words) for line in own) else None


def _text(draft: Draft, correction: Correction) -> None:
    assert correction.after is not None
    try:
        pieces = _pieces(draft, correction.words)
    except CorrectionError:
        if told([w for p in find_words(draft, _renewed(correction)) for w in p.words]) == correction.after:
            return  # it is right already
        raise
    rewrite(draft, pieces, correction.after.split())


def _renewed(correction: Correction) -> WordAnchor:
    return replace(correction.words[0], end=correction.words[-1].end, text=correction.after or "")


def _cut(draft: Draft, correction: Correction) -> None:
    [piece, *_] = _pieces(draft, correction.words[-1:])
    if piece.first:
        draft.cut(piece.line, piece.first)


def _join(draft: Draft, correction: Correction) -> None:
    lines: list[DraftLine] = []
    for anchor in correction.words:
        lines += [p.line for p in _pieces(draft, [anchor]) if p.line not in lines]
    speakers = {line.speaker for line in lines}
    if len(speakers) > 1:
        raise CorrectionError("the utterances are now of several speakers. Accepted: utterances of one speaker.")
    first, *others = sorted(lines, key=lambda line: line.begin)
    for line in others:
        first.words = sorted([*first.words, *line.words], key=start_of)
        end = max(first.utterance.end, line.utterance.end)
        first.utterance = replace(first.utterance, end=end, overlap=first.utterance.overlap and line.utterance.overlap)
        first.changed, first.spelt = True, first.spelt or line.spelt
        draft.discard(line)


def _omit(draft: Draft, correction: Correction) -> None:
    assert correction.after
    _heard(draft, correction)
    for anchor in correction.words:
        pieces = find_words(draft, anchor) or words_between(draft, anchor)
        draft.omit(pieces, correction.after)
        known = any(
            o.reason == correction.after and o.start <= anchor.end and anchor.start <= o.end for o in draft.omissions
        )
        if not known:  # this recognition heard nothing there, and readers should know all the same
            draft.omissions.append(Omission(anchor.start, anchor.end, correction.after))
            draft.touch()


def rewrite(draft: Draft, pieces: Sequence[Piece], texts: Sequence[str]) -> None:
    """Replace words; those that stay keep their times and probabilities, new ones share the time of those replaced."""
    old = [(p.line, place) for p in pieces for place in range(p.first, p.last)]
    words = [line.words[place] for line, place in old]
    new: list[list[Word]] = [[word] for word in words]
    for do, i, end, j, stop in SequenceMatcher(None, [w.text for w in words], texts, autojunk=False).get_opcodes():
        if do == "equal":
            continue
        if do == "insert":
            here = max(i - 1, 0)
            before = old[i - 1][0] if i else None
            since = end_of(words[i - 1]) if i else start_of(words[0])
            until = start_of(words[i]) if i < len(words) and before is old[i][0] else since
            added = _new(words[here], texts[j:stop], since, max(since, until))
            new[here] = [*new[here], *added] if i else [*added, *new[here]]
        elif end - i == stop - j:
            for place, text in zip(range(i, end), texts[j:stop], strict=True):
                new[place] = _new(words[place], [text], start_of(words[place]), end_of(words[place]))
        else:
            span = start_of(words[i]), max(end_of(w) for w in words[i:end])
            new[i:end] = [[] for _ in range(i, end)]
            new[i] = _new(words[i], texts[j:stop], *span)
    if all(content == [word] for content, word in zip(new, words, strict=True)):
        return
    for line in dict.fromkeys(line for line, _ in old):
        by_place = {place: content for (owner, place), content in zip(old, new, strict=True) if owner is line}
        line.words = [w for place, word in enumerate(line.words) for w in by_place.get(place, [word])]
        line.changed = True
        if not line.words:
            draft.discard(line)
    draft.touch()


def _new(like: Word, texts: Sequence[str], start: float, end: float) -> list[Word]:
    return [
        replace(like, text=w.text, start=round(start_of(w), 3), end=round(end_of(w), 3), probability=None)
        for w in spread(texts, start, end)
    ]


APPLIED: dict[str, Callable[[Draft, Correction], None]] = {
    "rename": _rename,
    "merge": _merge,
    "move": _move,
    "text": _text,
    "cut": _cut,
    "join": _join,
    "omit": _omit,
}
