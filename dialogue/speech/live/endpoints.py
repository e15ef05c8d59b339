"""Where utterances begin and end, from the probability of speech in each frame, while sound comes in.

An utterance ends after a pause. The longer it is, the shorter the pause that ends it; at the longest, it is cut where
speech was least probable. Nothing here depends on how the sound is cut into chunks, nor on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.speech.live.detector import SAMPLES

FRAME = SAMPLES / RATE  # seconds


@dataclass(frozen=True)
class EndpointConfig:
    """When an utterance begins and ends.

    Attributes:
        begin: probability from which a frame begins an utterance.
        stay: probability from which a frame belongs to one that has begun.
        shortest: seconds of speech below which it was a click.
        pause: seconds without speech that end an utterance.
        soft: seconds from which the pause that is needed shrinks, to ``least`` at ``longest``.
        least: seconds of the shortest pause that ends one.
        longest: seconds after which an utterance is cut.
        around: seconds kept before and after speech.
    """

    begin: float = 0.5
    stay: float = 0.4
    shortest: float = 0.2
    pause: float = 0.5
    soft: float = 2.5
    least: float = 0.2
    longest: float = 12.0
    around: float = 0.2

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.pause:
            raise ConfigError(f"pause: found {self.pause}. Accepted: {self.least} s, the least, or more.")
        if not self.soft < self.longest <= 28:
            raise ConfigError(f"longest: found {self.longest}. Accepted: more than {self.soft}, 28 s at most.")


@dataclass
class Open:
    """An utterance that has begun.

    Attributes:
        first: its first frame.
        last: frame after the last one with speech.
        probabilities: of its frames.
    """

    first: int
    last: int
    probabilities: list[float] = field(default_factory=list)


class Endpoints:
    """Finds utterances in frames. Spans are in samples, with a little sound around the speech.

    Attributes:
        open: the utterance that has begun, if any.
        frame: number of the next frame.
    """

    def __init__(self, config: EndpointConfig = EndpointConfig()) -> None:
        self.config = config
        self.open: Open | None = None
        self.frame = 0
        self._least = config.shortest / FRAME
        self._around = round(config.around / FRAME)
        self._end = 0  # frame after the last utterance: what follows does not reach into it

    def feed(self, probability: float) -> tuple[int, int] | None:
        """Take the probability of speech in the next frame; return the utterance that ends with it, if one does."""
        config, number = self.config, self.frame
        self.frame += 1
        if self.open is None:
            if probability < config.begin:
                return None
            self.open = Open(number, number)
        now = self.open
        now.probabilities.append(probability)
        if probability >= config.stay:
            now.last = number + 1
        length = len(now.probabilities) * FRAME
        late = min(max(0.0, (length - config.soft) / (config.longest - config.soft)), 1.0)
        if self.pause >= config.pause + late * (config.least - config.pause) - FRAME / 2:
            return self.flush()
        if length < config.longest:
            return None
        last = range(len(now.probabilities) * 3 // 4, len(now.probabilities))  # so that words are not late
        quiet = min(last, key=now.probabilities.__getitem__)
        first, cut = max(now.first - self._around, self._end), now.first + quiet
        self._end = cut
        self.open = Open(cut, max(now.last, cut), now.probabilities[quiet:])
        return first * SAMPLES, cut * SAMPLES

    def flush(self) -> tuple[int, int] | None:
        """End the utterance that has begun, and return it; ``None`` if there is none, or it was a click."""
        now, span = self.open, self.span
        self.open = None
        if now is None or span is None:
            return None
        self._end = now.last
        return span

    @property
    def pause(self) -> float:
        """Seconds since the last speech of the utterance that has begun."""
        return (self.frame - self.open.last) * FRAME if self.open else 0.0

    @property
    def span(self) -> tuple[int, int] | None:
        """The utterance that has begun, as it would be if it ended here; ``None`` if it would be a click."""
        if self.open is None or sum(p >= self.config.stay for p in self.open.probabilities) < self._least:
            return None
        first, last = max(self.open.first - self._around, self._end), min(self.open.last + self._around, self.frame)
        return first * SAMPLES, last * SAMPLES

    @property
    def needed(self) -> int:
        """The first sample that an utterance may still need."""
        first = self.open.first if self.open else self.frame
        return max(first - self._around, self._end) * SAMPLES
