"""Sound in which what identifies people is not heard: a bleep, silence or noise instead, and the rest untouched.

The file is decoded and written sample by sample at its own rate, without loss, so that all times stay valid and what is
outside the spans is bit for bit what was decoded.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dialogue.core import containers
from dialogue.core.containers import AUDIO, AudioError
from dialogue.core.files import replacing
from dialogue.core.transcript import Transcript, Utterance
from dialogue.corrections.spans import Span, united
from dialogue.french.text import cue, fold
from dialogue.privacy.mentions import Note, lines_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger("dialogue")

Sound = Literal["bleep", "silence", "noise"]
PADDING = 0.15  # seconds before and after a mention, since word times are not exact
GAP = 0.3  # seconds of sound between two masks that are masked too
PITCH, LEVEL = 1000, 0.1  # of the bleep: hertz, and of full scale
WINDOW, DOUBT = 8.0, 0.6  # seconds after an announcement, and mean probability below which its words are in doubt
UNHEARD = 0.3  # seconds of a turn after its last word in which something may have been said
ANNOUNCED = cue(
    "mon numero", "votre numero", "numero de telephone", "numero de portable", "numero de secu",
    "numero de securite sociale", "j'habite", "nous habitons", "on habite", "je m'appelle", "il s'appelle",
    "elle s'appelle", "mon nom", "son nom", "nee? le", "digicode", "mon adresse", "son adresse", "le code",
)  # fmt: skip
CODECS = {"s16": "pcm_s16le", "s32": "pcm_s32le", "flt": "pcm_f32le", "dbl": "pcm_f64le", "u8": "pcm_u8"}


def spans_to_mask(transcript: Transcript, note: Note, window: float = WINDOW, doubt: float = DOUBT) -> list[Span]:
    """Return the seconds in which people are identified, or may be.

    These are the words of mentions; and the rest of the turn after a phrase that announces a name or a number, if the
    recogniser was not sure of its words: no rule sees a telephone number in *le meuces, 2, 4, 5, 6*, and it is heard.

    Args:
        window: most seconds masked after an announcement.
        doubt: mean probability of words below which they are in doubt; words without one are not.
    """
    mentions = [m for m in note.mentions if not m.keep]
    spans = list[Span]()
    for index, ((start, end), utterance) in enumerate(zip(lines_of(transcript), transcript, strict=True)):
        for mention in mentions:
            if mention.start < end and start < mention.end:
                spans.append(_when(utterance, mention.start - start, mention.end - start))
        for found in ANNOUNCED.finditer(fold(utterance.text)):
            since = _when(utterance, found.start(), found.end())[1]
            spans += _doubtful(_turn(transcript.utterances, index), since, window, doubt)
    padded = [(max(0.0, s - PADDING), min(transcript.duration, e + PADDING)) for s, e in spans]
    joined = united((s, e + GAP) for s, e in padded)
    return [(s, e - GAP) for s, e in joined]


def _turn(utterances: Sequence[Utterance], first: int) -> list[Utterance]:
    """Return an utterance and those that follow it until another speaker holds the floor."""
    speaker, turn = utterances[first].speaker, [utterances[first]]
    for utterance in utterances[first + 1 :]:
        if utterance.speaker == speaker:
            turn.append(utterance)
        elif not utterance.overlap:
            break
    return turn


def _doubtful(turn: Sequence[Utterance], since: float, window: float, doubt: float) -> list[Span]:
    until = min(max(u.end for u in turn), since + window)
    words = [w for u in turn for w in u.words if w.start is not None and since <= w.start + 1e-6 and w.start < until]
    known = [w.probability for w in words if w.probability is not None]
    last = max((w.end or w.start or since for w in words), default=since)
    if known and sum(known) / len(known) < doubt:
        return [(since, until)]
    heard = any(u.words for u in turn)
    return [(last, until)] if heard and until - last > UNHEARD else []


def _when(utterance: Utterance, first: int, last: int) -> Span:
    """Return the seconds of characters of an utterance; all of it if its words have no times, or are not its text."""
    at, times = 0, list[float]()
    for word in utterance.words:
        start = utterance.text.find(word.text.strip(), at)
        if start < 0 or word.start is None or word.end is None:
            return utterance.start, utterance.end
        at = start + len(word.text.strip())
        if start < last and first < at:
            times += [word.start, word.end]
    return (min(times), max(times)) if times else (utterance.start, utterance.end)


def mask(path: Path, spans: Sequence[Span], target: Path, sound: Sound = "bleep", track: int = 1) -> None:
    """Write a recording with a bleep, silence or noise in some spans; the rest is bit for bit what was decoded.

    Args:
        path: any container with an audio track.
        spans: seconds, in order, as :func:`spans_to_mask` gives them.
        target: ``.wav`` or ``.flac``, which lose nothing. FLAC has no floats: a lossy file goes to WAV.

    Raises:
        AudioError: the file has no sound, or the target is of another kind.
    """
    import av

    if target.suffix.lower() not in (".wav", ".flac"):
        raise AudioError(f"{target.name}: found {target.suffix or 'no ending'}. Accepted: .wav, .flac (no loss).")
    containers.tracks(path)  # refuses what is no sound, and says so
    with replacing(target) as part, av.open(str(path)) as source:
        stream = source.streams.audio[track - 1]
        begin = (source.start_time or 0) / 1e6
        timed = bool(set(source.format.name.split(",")) & containers.TIMED)
        kind = target.suffix[1:].lower()
        with av.open(str(part), "w", format=kind) as written:
            writer: _MaskedFile | None = None
            damaged = 0
            for packet in source.demux(stream):
                try:
                    frames = packet.decode()
                except av.FFmpegError:
                    damaged += 1
                    continue
                for frame in frames:
                    writer = writer or _MaskedFile(written, stream, frame, kind, spans, sound)
                    late = frame.time - begin if timed and frame.time is not None else None
                    writer.add(frame, late)
            if writer is None:
                raise AudioError(f"{path.name}: no sound could be decoded from it. Accepted: {AUDIO}.")
            writer.close()
            if damaged:
                log.warning("%s: %d damaged packets are left out", path.name, damaged)


class _MaskedFile:
    """Frames of a file -> the same frames, masked, in another file."""

    def __init__(self, written: Any, stream: Any, frame: Any, kind: str, spans: Sequence[Span], sound: Sound) -> None:
        import av
        import numpy as np

        name = frame.format.packed.name
        if kind == "flac" and name not in ("s16", "s32"):
            raise AudioError(f"samples are {name}, which FLAC cannot hold without loss. Accepted: .wav.")
        codec = "flac" if kind == "flac" else CODECS.get(name)
        if kind == "wav" and stream.codec_context.name == "pcm_s24le":
            codec = "pcm_s24le"
        if codec is None:
            raise AudioError(f"samples are {name}. Accepted: {', '.join(CODECS)}.")
        self._written, self._form = written, (name, frame.layout.name, frame.sample_rate)
        self._stream = written.add_stream(codec, rate=frame.sample_rate, layout=frame.layout.name, format=name)
        self._convert = av.AudioResampler(format=name, layout=frame.layout.name, rate=frame.sample_rate)
        self._spans, self._sound, self._position = spans, sound, 0
        self._noise = np.random.default_rng(0)

    def add(self, frame: Any, time: float | None) -> None:
        rate = self._form[2]
        if time is not None and time - self._position / rate > containers.DRIFT:  # silence where the container has none
            self._write(self._silence(round(time * rate) - self._position))
        if (frame.format.name, frame.layout.name, frame.sample_rate) == self._form:
            self._write(frame.to_ndarray())
            return
        frame.pts = None
        for converted in self._convert.resample(frame):
            self._write(converted.to_ndarray())

    def _silence(self, samples: int) -> NDArray[Any]:
        import av
        import numpy as np

        channels = len(av.AudioLayout(self._form[1]).channels)
        kinds = {"s16": np.int16, "s32": np.int32, "flt": np.float32, "dbl": np.float64, "u8": np.uint8}
        zero = 128 if self._form[0] == "u8" else 0
        return np.full((1, samples * channels), zero, kinds[self._form[0]])

    def _write(self, packed: NDArray[Any]) -> None:
        """Write ``(1, sample * channel)`` interleaved samples."""
        import av

        name, layout, rate = self._form
        channels = len(av.AudioLayout(layout).channels)
        samples = packed.shape[1] // channels
        first = self._position / rate
        packed = packed.copy()
        for start, end in self._spans:
            if start < first + samples / rate and first < end:
                a = max(0, math.floor(start * rate) - self._position)
                b = min(samples, math.ceil(end * rate) - self._position)
                packed[0, a * channels : b * channels] = self._covering(a, b, channels, packed.dtype)
        frame = av.AudioFrame.from_ndarray(packed, format=name, layout=layout)
        frame.sample_rate, frame.pts = rate, self._position
        self._position += samples
        for packet in self._stream.encode(frame):
            self._written.mux(packet)

    def _covering(self, start: int, end: int, channels: int, kind: Any) -> NDArray[Any]:
        import numpy as np

        places = np.arange(self._position + start, self._position + end)
        if self._sound == "bleep":
            one = LEVEL * np.sin(2 * np.pi * PITCH * places / self._form[2])
        else:
            one = self._noise.normal(0, LEVEL / 4, len(places)) if self._sound == "noise" else np.zeros(len(places))
        if np.issubdtype(kind, np.integer):
            info = np.iinfo(kind)
            one = np.clip(one, -1, 1) * min(info.max, 128 if kind == np.uint8 else info.max)
            one = one + 128 if kind == np.uint8 else one
        return np.repeat(one.astype(kind), channels)

    def close(self) -> None:
        for packet in self._stream.encode(None):
            self._written.mux(packet)
