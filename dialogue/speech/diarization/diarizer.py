"""The inputs and outputs of a diarization engine, and how voices are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from dialogue.core.config import Amount, ConfigError
from dialogue.core.files import replacing
from dialogue.core.transcript import Transcript, Utterance, order_speakers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

Voices = Mapping[str, "NDArray[Any]"]  # what listen() found; only arrays, so that it can be stored without pickle
VOICES = 2  # version of these arrays
Progress = Callable[[float], None]  # called with the share done, in [0, 1]


@dataclass(frozen=True)
class DiarizationConfig:
    """Options of the diarization.

    Attributes:
        model: ``embedded`` (segmentation 3.0 and CAM++, no network needed), ``community-1``, ``diarization-3.1``, or
            the folder of a pyannote pipeline.
        step: seconds between the starts of two ten-second windows; the embedded model's cost is roughly inversely
            proportional to it.
        fill: pauses of one speaker up to this many seconds belong to the turn.
        channels: ``mix`` averages the channels; ``speakers`` treats each channel as one speaker.
        device: ``auto`` takes a GPU when there is one.
    """

    model: str = "embedded"
    step: float = 2.0
    fill: Amount = 0.75
    channels: Literal["mix", "speakers"] = "mix"
    device: Literal["auto", "cpu", "cuda"] = "auto"

    def __post_init__(self) -> None:
        if not 0.5 <= self.step <= 10:
            raise ConfigError(f"step: found {self.step}. Accepted: 0.5 to 10 seconds.")


@dataclass(frozen=True)
class SpeakerCount:
    """How many speakers there are; by default, as many as are heard.

    Attributes:
        speakers: exactly so many, or fewer if fewer voices can be told apart.
        min_speakers, max_speakers: at least, at most so many.
    """

    speakers: int | None = None
    min_speakers: int | None = None
    max_speakers: int | None = None

    def __post_init__(self) -> None:
        for name in ("speakers", "min_speakers", "max_speakers"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < 1):
                raise ConfigError(f"{name}: found {value!r}. Accepted: 1 or more.")
        if self.speakers and not (self.min_speakers or 1) <= self.speakers <= (self.max_speakers or self.speakers):
            raise ConfigError(
                f"speakers is {self.speakers}, outside min_speakers {self.min_speakers} and max_speakers "
                f"{self.max_speakers}. Accepted: speakers alone, or min_speakers and max_speakers."
            )
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise ConfigError(
                f"min_speakers is {self.min_speakers}, above max_speakers, {self.max_speakers}. "
                "Accepted: min_speakers <= max_speakers."
            )

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The fewest and the most speakers; ``None`` is no upper bound."""
        if self.speakers:
            return self.speakers, self.speakers
        return self.min_speakers or 1, self.max_speakers

    def for_recording(self, attributes: Mapping[str, Any]) -> SpeakerCount:
        """Return the count that the manifest gives for a recording, unless the user gave one."""
        if self != SpeakerCount():
            return self
        return SpeakerCount(*(attributes.get(k) for k in ("speakers", "min_speakers", "max_speakers")))


class Clustering(NamedTuple):
    """What a diarization engine found.

    Attributes:
        turns: who speaks when; speaker labels are arbitrary.
        runner_up: the likeliest other number of speakers, within what was asked; ``None`` if none was tried.
    """

    turns: list[Utterance]
    runner_up: int | None = None


class Diarizer(Protocol):
    """A diarization engine."""

    def listen(self, sound: Samples, progress: Progress | None = None) -> Voices:
        """Run the networks over ``(sample,)`` float32 at 16 kHz."""

    def cluster(self, voices: Voices, count: SpeakerCount) -> Clustering:
        """Cluster voices into turns."""


def transcript(recording: str, duration: float, turns: Sequence[Utterance], *, fill: float = 0.0) -> Transcript:
    """Build a diarization from turns: pauses filled, speakers ``spk1``, ``spk2``... in order of first speech.

    Args:
        fill: pauses of one speaker up to this many seconds are filled if nobody else takes the floor.
    """
    floor = sorted((t for t in turns if not t.overlap), key=lambda t: t.start)
    joined: list[Utterance] = []
    for turn in floor:
        last = joined[-1] if joined else None
        if last and last.speaker == turn.speaker and turn.start - last.end <= fill:
            weight = last.duration + turn.duration
            confidence = None
            if last.confidence is not None and turn.confidence is not None and weight > 0:
                confidence = (last.confidence * last.duration + turn.confidence * turn.duration) / weight
            joined[-1] = replace(last, end=max(last.end, turn.end), confidence=confidence)
        else:
            joined.append(turn)
    speakers, ordered = order_speakers([*joined, *(t for t in turns if t.overlap)])
    return Transcript(
        recording=recording,
        duration=duration,
        speakers=tuple(replace(s, name=None) for s in speakers),
        utterances=tuple(
            replace(t, id=f"t{i}", start=max(0.0, t.start), end=min(t.end, duration))
            for i, t in enumerate((t for t in ordered if t.start < duration), start=1)
        ),
    )


def save_voices(path: Path, voices: Voices) -> None:
    """Write voices as ``.npz`` without pickle, completely or not at all."""
    import numpy as np

    arrays: dict[str, Any] = dict(voices)
    with replacing(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def load_voices(path: Path) -> Voices:
    """Read what :func:`save_voices` wrote.

    Raises:
        ValueError: the file is damaged.
    """
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path}: damaged ({error}). Delete it; the next `dialogue diarize` creates it again."
        ) from error
