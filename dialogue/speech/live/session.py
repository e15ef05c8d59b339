"""Recognition of what is being spoken: chunks of sound in, words out.

A session finds where utterances begin and end (:mod:`~dialogue.speech.live.endpoints`). While one grows, it is decoded
again and again, as often as the machine can (:class:`Partial`); when it has ended, once more (:class:`Final`). A pause
in it is decoded at once, so that the words are ready if it proves to be the end. Finals depend only on the sound: not
on how it was cut into chunks, nor on how fast the machine is.

A session has no thread. It may be fed from any, one at a time. Its memory does not grow with silence: it holds the
sound of the utterance that has begun, and what is kept for the transcript at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from dialogue.core.audio import RATE
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.speech.asr import ASRConfig, Recogniser, recognise
from dialogue.speech.asr.recognition import Found
from dialogue.speech.attribution import attribute
from dialogue.speech.live.agreement import Agreement, after
from dialogue.speech.live.detector import FRAMES, HOP, SAMPLES
from dialogue.speech.live.endpoints import EndpointConfig, Endpoints
from dialogue.speech.live.intake import Intake
from dialogue.speech.live.online_voices import OnlineVoices
from dialogue.speech.live.settling import Settling
from dialogue.speech.live.unpadded import Unpadded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHARE = 0.5  # of the time that decoding may take before partials get rarer
ATTEMPT = 0.5  # seconds of sound between two decodings of a growing utterance, at least
CONTEXT = 8.0  # seconds of an utterance and the speech before it, which is decoded again as its context
NEAR = 10.0  # seconds up to which earlier speech is a context
OWED = 3.0  # seconds of decoding up to which the words after a pause are still wanted early


@dataclass(frozen=True, slots=True)
class Partial:
    """What has been heard so far of an utterance that goes on.

    Attributes:
        text: its words. Later ones may change; the stable ones at the beginning do not.
        start, end: seconds from the start of the session.
        delta: the words that have become stable with this event, in ``text`` after those that were so before.
    """

    text: str
    start: float
    end: float
    delta: str = ""


@dataclass(frozen=True, slots=True)
class Final:
    """What was said, by one speaker, in an utterance that has ended.

    Attributes:
        text: its words.
        start, end: seconds from the start of the session.
        words: with their times.
        speaker: ``spk1``, ``spk2``... in order of first speech; ``None`` if voices are not told apart.
        provisional: the speaker is a first guess, which the transcript at the end may correct.
        delta: its last words, those that were stable in no :class:`Partial`.
        utterance: its number; finals of several speakers without a pause are of one.
    """

    text: str
    start: float
    end: float
    words: tuple[Word, ...]
    speaker: str | None = None
    provisional: bool = True
    delta: str = ""
    utterance: int = 0


Event: TypeAlias = Partial | Final


class Session:
    """One stream of speech.

    Args:
        recogniser: see :func:`dialogue.speech.asr.load`; sessions may share one.
        detector: see :class:`~dialogue.speech.live.detector.Detector`; each session has its own.
        asr: options of the recognition.
        rate: of the chunks, in hertz.
        endpoints: when an utterance ends.
        voices: tells speakers apart; ``None`` leaves finals without speaker.
        settling: keeps what :meth:`settle` needs; ``None`` keeps nothing.
        clock: seconds; measures how long decodings take.

    Raises:
        ConfigError: the rate is not accepted.
        ModuleNotFoundError: a package is not installed.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        detector: Callable[[NDArray[np.float32]], list[float]],
        asr: ASRConfig = ASRConfig(),
        *,
        rate: int = RATE,
        endpoints: EndpointConfig = EndpointConfig(),
        voices: OnlineVoices | None = None,
        settling: Settling | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        import numpy as np

        self.asr = replace(asr, passes=0, effort="normal" if asr.effort == "high" else asr.effort)
        self._recogniser = Unpadded(recogniser)
        self._intake, self._endpoints, self._voices, self._settling = (
            Intake(rate),
            Endpoints(endpoints),
            voices,
            settling,
        )
        self._detector = detector
        self._clock = clock
        self._sound = np.zeros(0, np.float32)  # from sample self._first on
        self._first = 0
        self._agreement = Agreement()
        self._decoded: tuple[tuple[int, int], Found] | None = None  # the last decoding that may serve as final
        self._context: list[tuple[int, NDArray[np.float32]]] = []  # last sample, and sound, of the utterances before
        self._attempted = 0  # sample up to which the growing utterance was decoded
        self._utterances = 0
        self._credit = 1.0  # seconds that decoding may still take

    @property
    def rate(self) -> int:
        """Hertz of the chunks."""
        return self._intake.rate

    @property
    def seconds(self) -> float:
        """Seconds of sound so far."""
        return (self._first + len(self._sound)) / RATE

    @property
    def speaking(self) -> bool:
        """Whether an utterance has begun and not ended."""
        return self._endpoints.open is not None

    def feed(self, chunk: bytes | NDArray[Any]) -> list[Event]:
        """Take the next sound, of any length; see :class:`~dialogue.speech.live.intake.Intake` for its forms.

        Returns:
            What it brings: the utterances that end in it, and what has been heard of the one that goes on.
        """
        events = self._advance(self._intake(chunk))
        if partial := self._partial():
            events.append(partial)
        return events

    def flush(self) -> list[Event]:
        """End the utterance that has begun, as if a pause followed. The session goes on."""
        import numpy as np

        rest = -(self._first + len(self._sound)) % HOP
        events = self._advance(np.zeros(rest, np.float32))  # the last frames are whole
        span = self._endpoints.flush()
        return [*events, *(self._final(span) if span else self._abandoned())]

    def finish(self) -> list[Event]:
        """End the sound."""
        return [*self._advance(self._intake.rest()), *self.flush()]

    def settle(self, recording: str = "live") -> Transcript:
        """Return the whole transcript, with speakers from the full diarization of what sound is kept.

        Raises:
            ConfigError: the session keeps nothing.
        """
        if self._settling is None:
            raise ValueError("the session keeps nothing to make a transcript of. Accepted: settling=Settling(...).")
        return self._settling.settle(recording, self.seconds, self.asr.language)

    def _advance(self, sound: NDArray[np.float32]) -> list[Event]:
        """Take samples, frame by frame."""
        import numpy as np

        self._sound = np.concatenate([self._sound, sound])
        self._credit = min(1.0, self._credit + SHARE * len(sound) / RATE)
        if self._settling:
            self._settling.add(sound)
        events: list[Event] = []
        while len(hop := self._at(self._endpoints.frame * SAMPLES, (self._endpoints.frame + FRAMES) * SAMPLES)) == HOP:
            for probability in self._detector(hop):
                was_open = self._endpoints.open
                if span := self._endpoints.feed(probability):
                    events += self._final(span)
                elif was_open and not self._endpoints.open:
                    events += self._abandoned()
        needed = self._endpoints.needed - self._first
        if needed > 0:
            self._sound, self._first = self._sound[needed:].copy(), self._first + needed
        return events

    def _at(self, first: int, last: int) -> NDArray[np.float32]:
        return self._sound[max(0, first - self._first) : max(0, last - self._first)]

    def _partial(self) -> Partial | None:
        """Decode the utterance that goes on, if there is something new in it and time for it."""
        span, pause = self._endpoints.span, self._endpoints.pause
        if span is None or self._attempted >= self._last_speech:
            return None
        around = self._endpoints.config.around
        if pause >= around and self._credit > -OWED:  # may be the end: what is found then is the final
            found = self._decode(span, self.asr)
            self._decoded = span, found
        elif self._credit > 0 and self._last_speech - self._attempted >= ATTEMPT * RATE:
            found = self._decode(span, replace(self.asr, effort="fast"))
        else:
            return None
        self._attempted = self._last_speech
        before = len(self._agreement.stable)
        self._agreement.add([w for u in found.utterances for w in u.words])
        words = [*self._agreement.stable, *self._agreement.tail]
        if not words:
            return None
        delta = _text(self._agreement.stable[before:])
        return Partial(_text(words), words[0].start or 0.0, words[-1].end or 0.0, delta)

    @property
    def _last_speech(self) -> int:
        """Sample after the last speech of the utterance that goes on."""
        return self._endpoints.open.last * SAMPLES if self._endpoints.open else 0

    def _final(self, span: tuple[int, int]) -> list[Event]:
        """Return what was said in an utterance that has ended, speaker by speaker."""
        found = self._decoded[1] if self._decoded and self._decoded[0] == span else self._decode(span, self.asr)
        if self.asr.language == "auto" and found.utterances:
            self.asr = replace(self.asr, language=found.language)  # detected once, as in a recording
        words = [w for u in found.utterances for w in u.words]
        stable = self._agreement.stable
        rest = {(w.start, w.text) for w in after(stable, words)}
        self._abandoned()
        self._agreement.stable = [w for w in stable if (w.start or 0.0) >= span[1] / RATE]
        self._utterances += 1
        self._context.append((span[1], self._at(*span).copy()))
        while sum(len(heard) for _, heard in self._context) > CONTEXT * RATE:
            self._context.pop(0)
        utterances = found.utterances
        if self._voices and words:
            began = self._clock()
            turns = self._voices.turns(self._at(*span), span[0] / RATE)
            self._credit -= self._clock() - began
            utterances = _attributed(found, turns, span[1] / RATE)
        if self._settling:
            self._settling.found(utterances, found.omissions)
        return [
            Final(
                u.text,
                u.start,
                u.end,
                u.words,
                u.speaker,
                delta=_text([w for w in u.words if (w.start, w.text) in rest]),
                utterance=self._utterances,
            )
            for u in utterances
        ]

    def _abandoned(self) -> list[Event]:
        """Forget what was decoded of an utterance that has ended, or was none."""
        self._agreement, self._decoded, self._attempted = Agreement(), None, 0
        return []

    def _decode(self, span: tuple[int, int], asr: ASRConfig) -> Found:
        """Recognise a span of samples; times are those of the session."""
        import numpy as np

        began = self._clock()
        sound = self._at(*span)
        before = [heard for last, heard in self._context if span[0] - last < NEAR * RATE]
        while before and sum(map(len, before)) + len(sound) > CONTEXT * RATE:
            before.pop(0)
        lead = sum(map(len, before)) / RATE
        heard = np.concatenate([*before, sound])
        parts = list(recognise(self._recogniser, heard, [(0.0, len(heard) / RATE)], asr))
        self._credit = max(-2 * OWED, self._credit - (self._clock() - began))
        offset = span[0] / RATE - lead
        omissions = [o for part in parts for o in part.omissions if o.start >= lead]
        return Found(
            tuple(moved for part in parts for u in part.utterances if (moved := _moved(u, offset, span[0] / RATE))),
            tuple(replace(o, start=o.start + offset, end=o.end + offset) for o in omissions),
            end=span[1] / RATE,
            speech=len(sound) / RATE,
            covered=sum(part.covered for part in parts),
            language=parts[0].language if parts else asr.language,
        )


def _attributed(found: Found, turns: list[Utterance], end: float) -> tuple[Utterance, ...]:
    speakers = tuple(Speaker(name) for name in sorted({str(t.speaker) for t in turns}))
    words = Transcript("", end, None, (), found.utterances)
    return attribute(words, Transcript("", end, None, speakers, tuple(turns))).utterances


def _moved(utterance: Utterance, offset: float, begin: float) -> Utterance | None:
    """Return an utterance ``offset`` seconds later, without its words before ``begin``; ``None`` if none is left."""
    words = tuple(
        replace(w, start=round(max(begin, (w.start or 0.0) + offset), 3), end=round((w.end or 0.0) + offset, 3))
        for w in utterance.words
        if ((w.start or 0.0) + (w.end or 0.0)) / 2 + offset >= begin
    )
    if not words:
        return None
    start, end = words[0].start or 0.0, max(w.end or 0.0 for w in words)
    return replace(utterance, start=start, end=max(start, end), text=_text(words), words=words)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
