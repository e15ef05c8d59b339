"""Words and turns -> who said what.

A word goes to the speaker whose turns overlap it most, not to the one speaking at its start: when word times are off
by a tenth of a second, using starts attributes three to six times as many words wrongly near a change of turn.

The exclusive turns (one speaker at a time) carry the text. Where turns overlap, a stretch made up only of backchannel
words ("oui", "d'accord") between two punctuation marks goes to the overlapping speaker, and becomes an utterance of
its own inside the other one. Otherwise punctuation matters only for a word that straddles a change of turn with a low
margin: a majority vote over each sentence would also repair such words, but it swallows short backchannels.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.french.text import unaccented

PAUSE = 1.5  # seconds of silence that end an utterance
REPLY = 0.5  # seconds that another channel's speaker must hold the floor to end an utterance
LONG = 15.0  # seconds after which an utterance ends with its sentence
MARGIN = 0.4  # lead, as a share of a word's overlap, below which punctuation decides
SHORT_TURN = 1.0  # seconds; punctuation never moves a word into or out of a shorter turn
REACH = 2.0  # seconds from the nearest turn at which the confidence has fallen from a half to a quarter
ENDS = (".", "!", "?", "…")
MARKS = (*ENDS, ",", ";", ":")
BACKCHANNELS = frozenset(
    "oui ouais ok okay d accord voila exactement exact non si hum hm mm mhm ah oh eh bien sur tout a fait super "
    "parfait absolument effectivement c est ca vrai tres".split()
)


def attribute(asr: Transcript, diarization: Transcript) -> Transcript:
    """Join the words of one transcript with the turns of another.

    Linear in the number of words and turns. No word is dropped: a word without times is placed between its neighbours,
    a word outside all turns goes to the nearest turn with a low confidence, and a word that already has a speaker (from
    its channel) keeps it.

    Args:
        asr: words, sorted by time within utterances.
        diarization: turns; ``overlap`` marks those during which somebody else holds the floor.

    Returns:
        The diarization's speakers, and the words in utterances of one speaker each. A word's ``confidence`` is the
        share of its overlap that goes to the chosen speaker, times the turn's own confidence.
    """
    words = sorted(_timed(asr), key=lambda w: (w.start, w.end))
    floor = sorted((t for t in diarization if not t.overlap), key=lambda t: t.start)
    backchannels = sorted((t for t in diarization if t.overlap), key=lambda t: t.start)
    placed = [_place(word, near) for word, near in zip(words, _overlapping(words, floor), strict=True)]
    if floor:
        starts = [t.start for t in floor]
        for word in placed:
            if word.turn is None:
                _to_nearest(word, floor, starts)
        _choose(placed, floor)
    for this in placed:
        if this.word.speaker is not None:
            this.speaker, this.confidence = this.word.speaker, 1.0
    _move_backchannels(placed, backchannels, _overlapping(words, backchannels))
    utterances = sorted(_utterances(placed), key=lambda u: (u.start, u.end))
    return Transcript(
        recording=asr.recording,
        duration=asr.duration,
        language=asr.language,
        speakers=diarization.speakers,
        utterances=tuple(replace(u, id=f"u{i}") for i, u in enumerate(utterances, start=1)),
        omissions=asr.omissions,
        provenance=(*diarization.provenance, *asr.provenance),
    )


@dataclass(slots=True)
class _Placed:
    """A word and the turn, speaker and confidence chosen for it so far."""

    word: Word
    turn: int | None = None  # index among the exclusive turns
    speaker: str | None = None
    confidence: float = 0.0
    rival: int | None = None  # the turn with the second largest overlap
    overlap: bool = False
    shares: dict[int, float] = field(default_factory=dict)


def _timed(asr: Transcript) -> Iterator[Word]:
    """Yield words with times; a word without times is placed at the end of the word before it."""
    for utterance in asr:
        last = utterance.start
        words = utterance.words or tuple(Word(t) for t in utterance.text.split())
        for word in words:
            start = word.start if word.start is not None else last
            end = word.end if word.end is not None else start
            last = max(last, end)
            yield replace(word, start=start, end=max(start, end))


def _span(word: Word) -> tuple[float, float]:
    """Return a word's times; a word shorter than 20 ms is widened, so that it overlaps the turn around it."""
    start, end = word.start or 0.0, word.end or 0.0
    return (start, end) if end - start >= 0.02 else (start - 0.01, start + 0.01)


def _overlapping(words: Sequence[Word], turns: Sequence[Utterance]) -> Iterator[dict[int, float]]:
    """Yield for each word the turns it overlaps, with the seconds. Both are sorted by start; one pass over each."""
    open_turns: list[int] = []
    following = 0
    for word in words:
        start, end = _span(word)
        while following < len(turns) and turns[following].start < end:
            open_turns.append(following)
            following += 1
        # a word may start before the previous one ends, so turns stay open for another second
        open_turns = [t for t in open_turns if turns[t].end > start - 1.0]
        overlaps = {t: min(end, turns[t].end) - max(start, turns[t].start) for t in open_turns}
        yield {t: seconds for t, seconds in overlaps.items() if seconds > 0}


def _place(word: Word, near: dict[int, float]) -> _Placed:
    if not near:
        return _Placed(word)
    ranked = sorted(near, key=lambda t: (-near[t], t))
    return _Placed(word, turn=ranked[0], rival=ranked[1] if len(ranked) > 1 else None, shares=near)


def _to_nearest(placed: _Placed, floor: Sequence[Utterance], starts: Sequence[float]) -> None:
    """Assign a word outside all turns to the turn nearest in time."""
    start, end = _span(placed.word)
    index = bisect.bisect_right(starts, start)
    candidates = [i for i in (index - 1, index) if 0 <= i < len(floor)]
    gaps = {i: max(floor[i].start - end, start - floor[i].end, 0.0) for i in candidates}
    placed.turn = min(gaps, key=lambda i: gaps[i])
    placed.confidence = 0.5 * 2 ** (-gaps[placed.turn] / REACH)


def _choose(placed: Sequence[_Placed], floor: Sequence[Utterance]) -> None:
    """Give each word its speaker and confidence; a word that straddles a turn change narrowly follows its sentence."""
    for index, this in enumerate(placed):
        assert this.turn is not None
        total = sum(this.shares.values())
        if this.rival is not None and (this.shares[this.turn] - this.shares[this.rival]) / total < MARGIN:
            early, late = sorted((this.turn, this.rival))
            if min(floor[early].duration, floor[late].duration) >= SHORT_TURN:
                if index and placed[index - 1].word.text.endswith(ENDS):
                    this.turn = late
                elif this.word.text.endswith(ENDS):
                    this.turn = early
        turn = floor[this.turn]
        if this.shares:
            same = sum(seconds for t, seconds in this.shares.items() if floor[t].speaker == turn.speaker)
            this.confidence = same / total * (1.0 if turn.confidence is None else turn.confidence)
        this.speaker = turn.speaker


def _move_backchannels(
    placed: Sequence[_Placed], backchannels: Sequence[Utterance], near: Iterable[dict[int, float]]
) -> None:
    """Give backchannels in overlap to the overlapping speaker (see the module's docstring)."""
    phrase: list[tuple[_Placed, dict[int, float]]] = []
    for this, overlaps in zip(placed, near, strict=True):
        phrase.append((this, overlaps))
        if not this.word.text.endswith(MARKS):
            continue
        words = [token for p, _ in phrase for token in _plain(p.word.text)]
        if any(p.word.speaker is not None for p, _ in phrase):
            words = []  # the channel already gives the speaker
        if words and len(words) <= 4 and BACKCHANNELS.issuperset(words):
            shared = set.intersection(
                *(
                    {t for t, seconds in o.items() if seconds >= 0.5 * (_span(p.word)[1] - _span(p.word)[0])}
                    for p, o in phrase
                )
            )
            others = [t for t in sorted(shared) if backchannels[t].speaker != phrase[0][0].speaker]
            for p, _ in phrase if others else ():
                p.speaker, p.overlap, p.confidence = backchannels[others[0]].speaker, True, 0.5
        phrase = []


def _utterances(placed: Iterable[_Placed]) -> Iterator[Utterance]:
    """Group words, in order of time, into utterances; overlap or speech in another channel does not cut one."""
    lanes: dict[tuple[bool, str | None], list[_Placed]] = {}  # words of the utterances still open
    for this in placed:
        start, lane = this.word.start or 0.0, (this.overlap, this.word.speaker)
        if group := lanes.get(lane):
            last = group[-1]
            long = (last.word.end or 0.0) - (group[0].word.start or 0.0) > LONG
            if (
                this.speaker != last.speaker
                or start - (last.word.end or 0.0) > PAUSE
                or (long and last.word.text.endswith(ENDS))
            ):
                yield _utterance(lanes.pop(lane))
        if this.word.speaker is not None:  # utterances of other channels end once this one has the floor alone
            for other in [k for k, g in lanes.items() if k != lane and start - (g[-1].word.end or 0.0) > REPLY]:
                yield _utterance(lanes.pop(other))
        lanes.setdefault(lane, []).append(this)
    for group in lanes.values():
        yield _utterance(group)


def _utterance(group: Sequence[_Placed]) -> Utterance:
    words = tuple(replace(p.word, speaker=p.speaker, confidence=round(p.confidence, 3)) for p in group)
    return Utterance(
        id="",
        speaker=group[0].speaker,
        start=words[0].start or 0.0,
        end=max(w.end or 0.0 for w in words),
        text=" ".join(w.text for w in words),
        words=words,
        overlap=group[0].overlap,
        confidence=round(sum(p.confidence for p in group) / len(group), 3),
    )


def _plain(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in unaccented(text.lower())).split()
