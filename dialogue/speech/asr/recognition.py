"""Detected speech to words, so that no speech is dropped silently.

Decoding in batches is fast but drops speech: a window may end early, and a voice-activity filter may miss a voice.
Therefore the speech comes from the diarization, and after each batch the words found are compared with it. Speech
without words is decoded again, first with the speech before it and then alone; what still has no words is
marked, and text that the recogniser invented is recorded.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogue.core.audio import RATE, recognition_gain
from dialogue.core.transcript import Omission, Utterance, Word
from dialogue.speech.asr import guard
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Recogniser, Segment
from dialogue.speech.asr.voting import vote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

WINDOW = 29.0  # seconds: Whisper's thirty, less a margin for the last timestamp
OTHERS = (24.0, 20.0)  # seconds: lengths of the windows of the decodings that vote beside the first
BEAM = 5  # hypotheses kept while decoding
PAD = 0.2  # seconds of context around speech
CONTEXT = 8.0  # seconds of earlier speech added to what is decoded again
JOIN = 1.0  # seconds of silence kept inside a piece; longer silences are cut out
NEAR = 0.35  # seconds around a word in which speech counts as covered, about the accuracy of word times
LOST = 0.3  # seconds of speech without words, next to speech with words, that are worth another pass
SHORTEST = 0.2  # seconds of isolated speech that may hold a word

Span = tuple[float, float]  # seconds in the recording


@dataclass(frozen=True, slots=True)
class Found:
    """What :func:`recognise` yields for each batch of windows, in order of time.

    Attributes:
        end: seconds up to which the recording is done.
        speech, covered: seconds of detected speech, and how many of them are near a word.
        language: language that was decoded.
    """

    utterances: tuple[Utterance, ...]
    omissions: tuple[Omission, ...]
    end: float
    speech: float
    covered: float
    language: str


Kept = Callable[[Callable[[], Found]], Found]  # returns what the batch found in an earlier run, else calls it


def unkept(batch: Callable[[], Found]) -> Found:
    """Recognise a batch without keeping what it found."""
    return batch()


def recognise(
    engine: Recogniser, sound: Samples, speech: Sequence[Span], config: ASRConfig, kept: Kept = unkept
) -> Iterator[Found]:
    """Transcribe the speech of a recording, batch by batch.

    Args:
        engine: see :func:`dialogue.speech.asr.load`.
        sound: ``(sample,)`` float32 at 16 kHz.
        speech: spans in seconds, in any order; they may overlap.
        kept: called for each batch, in order; see :class:`dialogue.speech.asr.batches.Batches`.

    Yields:
        Utterances with neither speakers nor ids, and omissions: each second of ``speech`` is near a word of the
        former or in one of the latter.
    """
    spans = merge(speech)
    windows = pack(spans, sound, WINDOW)
    gain = recognition_gain(sound)
    language = config.language
    if language == "auto" and windows:
        language = engine.detect_language(cut(sound, windows[0], gain))
    how = Decoding(
        language=language,
        beam_size=1 if config.effort == "fast" else BEAM,
        prompt=config.prompt,
        hotwords=", ".join(config.hotwords) or None,
    )
    high = config.effort == "high"
    for first in range(0, len(windows), config.batch_size):
        batch = windows[first : first + config.batch_size]
        own = clip(spans, batch[0][0][0], batch[-1][-1][1])
        decode = functools.partial(_recognise_batch, engine, sound, gain, speech=own, how=how, config=config)
        yield kept(functools.partial(_voted, decode, batch, sound, own) if high else functools.partial(decode, batch))


def _voted(
    decode: Callable[[list[list[Span]]], Found], windows: list[list[Span]], sound: Samples, speech: list[Span]
) -> Found:
    """Return the words with the most support in windows of several lengths, in the utterances of the first."""
    decodings = [decode(each) for each in (windows, *(pack(speech, sound, length) for length in OTHERS))]
    first = decodings[0]
    words = vote([sorted((w for u in found.utterances for w in u.words), key=_middle) for found in decodings])
    starts = [u.start for u in first.utterances]
    groups = [list(g) for _, g in itertools.groupby(words, key=lambda w: bisect.bisect_right(starts, _middle(w)))]
    spoken = [_extent(group) for group in groups]
    rejected = [o for o in first.omissions if o.reason != "not transcribed" and not clip(spoken, o.start, o.end)]
    return _found(groups, rejected, speech, first.language)


def _recognise_batch(
    engine: Recogniser,
    sound: Samples,
    gain: float,
    windows: list[list[Span]],
    speech: list[Span],
    how: Decoding,
    config: ASRConfig,
) -> Found:
    words: list[list[Word]] = []  # by utterance
    doubtful: list[list[list[Word]]] = []  # by attempt
    omissions: list[Omission] = []
    missing = speech
    for attempt in range(config.passes + 1):
        doubtful.append([])
        if attempt:
            heard = _with_context(missing, speech) if attempt == 1 else missing
            windows = pack(heard, sound, WINDOW / 2)
            how = replace(how, padded=False)  # half of the window would be padding
        if not windows:
            break
        found = engine.decode([cut(sound, window, gain) for window in windows], how)
        for window, segments in zip(windows, found, strict=True):
            for segment in segments:
                for group in _place(segment, window):
                    if attempt:  # keep only what was missing: its context already has words
                        group = [w for w in group if _inside(w, missing)]
                    if not group:
                        continue
                    reason = _reject(" ".join(w.text for w in group), group, speech, config)
                    if reason:
                        omissions.append(Omission(*_extent(group), reason, " ".join(w.text for w in group)))
                    elif segment.log_probability < config.log_probability and attempt < config.passes:
                        doubtful[attempt].append(group)
                    else:
                        words.append(group)
        missing = uncovered(speech, words)
        if not missing:
            break
    for groups in doubtful:  # nothing better was found, so they are kept with their low probabilities
        words += [kept for group in groups if (kept := [w for w in group if _inside(w, missing)])]
        missing = uncovered(speech, words)
    return _found(words, omissions, speech, how.language)


def _found(words: Sequence[list[Word]], rejected: Sequence[Omission], speech: Sequence[Span], language: str) -> Found:
    """Return the groups of words as utterances, and what has no words as omissions."""
    missing = uncovered(speech, words)
    omissions = [*rejected, *(Omission(start, end, "not transcribed") for start, end in missing)]
    total = sum(e - s for s, e in speech)
    return Found(
        utterances=tuple(
            Utterance("", None, *_extent(group), " ".join(w.text for w in group), tuple(group))
            for group in sorted(words, key=lambda g: _extent(g))
        ),
        omissions=tuple(sorted(omissions, key=lambda o: o.start)),
        end=speech[-1][1] if speech else 0.0,
        speech=total,
        covered=total - sum(e - s for s, e in missing),
        language=language,
    )


def merge(spans: Sequence[Span]) -> list[Span]:
    """Sort spans by time and join those that touch or overlap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif end > start:
            joined.append((start, end))
    return joined


def clip(spans: Sequence[Span], start: float, end: float) -> list[Span]:
    """Return the parts of sorted, disjoint spans that lie in [start, end]."""
    first = bisect.bisect_right([e for _, e in spans], start)
    inside = itertools.takewhile(lambda span: span[0] < end, spans[first:])
    return [(max(s, start), min(e, end)) for s, e in inside]


def _with_context(missing: Sequence[Span], speech: Sequence[Span]) -> list[Span]:
    """Extend missing spans with the speech before them: a few words alone are recognised badly."""
    return merge([span for start, end in missing for span in clip(speech, start - CONTEXT, end)])


def pack(spans: Sequence[Span], sound: Samples, longest: float) -> list[list[Span]]:
    """Fill windows with speech: each is a list of pieces whose lengths add up to ``longest`` seconds at most.

    A window costs the same whatever it holds, so long silences are cut out, and there are few windows. They are cut
    where it is quiet: a cut costs as much as a window where people talk, and nothing in a silence. The cheapest of all
    divisions is found by dynamic programming (:func:`fill`).
    """
    parts: list[Span] = []
    costs: list[float] = []
    for start, end in _pieces(spans, len(sound) / RATE):
        cuts = _cuts(sound, start, end)
        parts += itertools.pairwise([start, *(time for time, _ in cuts), end])
        costs += [0.0, *(cost for _, cost in cuts)]
    return fill(parts, costs, longest)


def fill(parts: Sequence[Span], costs: Sequence[float], longest: float) -> list[list[Span]]:
    """Put parts of speech, in order, into windows of ``longest`` seconds at most; parts that touch become one piece.

    Args:
        costs: what a cut before each part costs, 1 being a window.
    """
    best, begins = [0.0], [0]  # of the windows of the first parts: what they cost, and where the last one begins
    for last in range(1, len(parts) + 1):
        choices, first, filled = [], last, 0.0
        while first and (filled := filled + parts[first - 1][1] - parts[first - 1][0]) <= longest + 1e-6:
            first -= 1
            choices.append((best[first] + 1 + costs[first], first))
        cost, begin = min(choices)
        best.append(cost)
        begins.append(begin)
    windows: list[list[Span]] = []
    last = len(parts)
    while last:
        windows.append(merge(parts[begins[last] : last]))
        last = begins[last]
    return windows[::-1]


def _pieces(spans: Sequence[Span], duration: float) -> list[Span]:
    """Return the speech with a little of what is around it; silences up to :data:`JOIN` seconds stay."""
    pieces: list[Span] = []
    for start, end in spans:
        start, end = max(0.0, start - PAD), min(duration, end + PAD)
        if pieces and start - pieces[-1][1] <= JOIN:
            pieces[-1] = pieces[-1][0], max(end, pieces[-1][1])
        elif end > start:
            pieces.append((start, end))
    return pieces


def _cuts(sound: Samples, start: float, end: float) -> list[tuple[float, float]]:
    """Return where a piece may be cut: the middle of the quietest fifth of each second, and what a cut there costs.

    That is 0 where it is as quiet as in pauses (the 5th percentile of the piece), and 1 where people talk (the 75th).
    """
    import numpy as np

    size, second = RATE // 20, 20
    piece = sound[int(start * RATE) : int(end * RATE)]
    powers = np.square(piece[: len(piece) // size * size].reshape(-1, size)).mean(axis=1)
    if len(powers) < 2 * second:
        return []
    levels = 10 * np.log10(np.convolve(powers, np.ones(4) / 4, mode="valid") + 1e-10)
    quiet, loud = np.percentile(levels, [5, 75])
    quiet = min(quiet, loud - 6)  # dB: where nobody pauses, no place is quiet
    whole = levels[: len(levels) // second * second].reshape(-1, second)
    frames = whole.argmin(axis=1) + second * np.arange(len(whole))
    costs = np.clip((levels[frames] - quiet) / (loud - quiet), 0, 1)
    return [(start + (int(n) + 2) * size / RATE, float(c)) for n, c in zip(frames, costs, strict=True)]


def uncovered(speech: Sequence[Span], words: Sequence[Sequence[Word]]) -> list[Span]:
    """Return the stretches of speech with no word near them. Linear in both."""
    near = merge(
        [(w.start - NEAR, w.end + NEAR) for g in words for w in g if w.start is not None and w.end is not None]
    )
    missing, index = [], 0
    for start, end in speech:
        while index < len(near) and near[index][1] <= start:
            index += 1
        look, begin = index, start
        while look < len(near) and near[look][0] < end:
            if near[look][0] - begin >= LOST:
                missing.append((begin, near[look][0]))
            begin = max(begin, near[look][1])
            look += 1
        if end - begin >= (SHORTEST if begin == start else LOST):
            missing.append((begin, end))
    return missing


def cut(sound: Samples, window: Sequence[Span], gain: float) -> NDArray[np.float32]:
    """Return the sound of a window, amplified."""
    import numpy as np

    joined = np.concatenate([sound[int(start * RATE) : int(end * RATE)] for start, end in window])
    return joined if gain == 1.0 else np.clip(joined * np.float32(gain), -1, 1)


def _place(segment: Segment, window: Sequence[Span]) -> Iterator[list[Word]]:
    """Yield a segment's words at their times in the recording, one list for each piece of the window that has any."""
    offsets = [0.0, *itertools.accumulate(end - start for start, end in window)]

    def piece(word: Word) -> int:
        return min(max(bisect.bisect_right(offsets, _middle(word)) - 1, 0), len(window) - 1)

    for index, group in itertools.groupby(segment.words, key=piece):
        start, end = window[index]
        shift = start - offsets[index]
        yield [
            replace(
                w,
                start=round(min(max((w.start or 0.0) + shift, start), end), 3),
                end=round(min(max((w.end or 0.0) + shift, start), end), 3),
            )
            for w in group
        ]


def _inside(word: Word, spans: Sequence[Span]) -> bool:
    middle = _middle(word)
    index = bisect.bisect_right([s for s, _ in spans], middle) - 1
    return index >= 0 and middle < spans[index][1]


def _middle(word: Word) -> float:
    return ((word.start or 0.0) + (word.end or 0.0)) / 2


def _extent(words: Sequence[Word]) -> Span:
    return words[0].start or 0.0, max(w.end or 0.0 for w in words)


def _reject(text: str, words: Sequence[Word], speech: Sequence[Span], config: ASRConfig) -> str | None:
    """Return the reason why a text cannot have been said, or ``None``."""
    if guard.boilerplate(text):
        return "boilerplate"
    if guard.repetition(text, config.compression_ratio):
        return "repetition"
    start, end = _extent(words)
    heard = sum(e - s for s, e in clip(speech, start - NEAR, end + NEAR))
    return "no speech" if heard == 0 else None
