"""Read sound from any container or codec that FFmpeg's libraries support, through PyAV, without a system ffmpeg.

Sound inside the pipeline is ``(channel, sample)`` or ``(sample,)`` float32 at 16 kHz in [-1, 1].
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000  # hertz; the rate that Whisper and the segmentation and embedding models were trained at
SHORTEST = 0.1  # seconds; shorter sound has nothing to recognise
LONGEST_ID = 200  # bytes; leaves room for the suffixes of file names
RESERVED_ID = "stage"  # stage.json holds a run's summary
AUDIO = "any container with an audio track (wav, flac, mp3, m4a, ogg, opus, webm, mp4, mkv...)"


class AudioError(ValueError):
    """A file without usable sound; the message says what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a manifest.

    Attributes:
        id: unique id, safe as a file name.
        path: the audio file.
        duration: seconds.
        sampling_rate: sampling rate of the file, hertz.
        channels: number of channels in the file.
        attributes: other known facts: ``speakers``, ``min_speakers``, ``max_speakers``, ``date``, ``participants``,
            ``agenda``, ``title``, ``channel_is_speaker``...
    """

    id: str
    path: Path
    duration: float
    sampling_rate: int = RATE
    channels: int = 1
    attributes: Mapping[str, Any] = field(default_factory=dict)


def recording_id(path: str | Path) -> str:
    """Return a file's name without extension, made safe: ``réunion d'équipe.m4a`` gives ``réunion_d_équipe``.

    Letters of any script and digits are kept (NFC); other characters become ``_``. A leading dash is dropped, so that
    no tool mistakes the id for an option. A very long name is cut, because file systems allow 255 bytes.
    """
    stem = unicodedata.normalize("NFC", Path(path).stem)
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in stem).strip("-_.")
    safe = safe.encode()[:LONGEST_ID].decode(errors="ignore").rstrip("-_.")
    return f"{safe}_" if safe == RESERVED_ID else safe or "recording"


def unique_ids(paths: Sequence[Path]) -> list[str]:
    """Return the ids of files, in the same order.

    Raises:
        AudioError: two files would share an id, and so their outputs.
    """
    seen: dict[str, Path] = {}
    for path in paths:
        name = recording_id(path)
        if name in seen:
            raise AudioError(
                f"{seen[name]} and {path} would both be recording {name!r}. "
                "Rename one, or process them into two output folders."
            )
        seen[name] = path
    return list(seen)


def probe(path: str | Path, id: str | None = None, attributes: Mapping[str, Any] | None = None) -> Recording:
    """Describe a file without decoding all of it.

    The duration comes from the container; if it has none (raw or damaged streams), from decoding in blocks.

    Raises:
        AudioError: the file is missing, empty, not media, or has no audio track.
    """
    path = Path(path)
    with _open(path) as container:
        stream = _audio_stream(container, path)
        rate, channels = stream.rate or RATE, stream.channels or 1
        if stream.duration and stream.time_base:
            duration = float(stream.duration * stream.time_base)
        else:
            duration = (container.duration or 0) / 1e6
    if duration <= 0:
        duration = sum(block.shape[1] for block in blocks(path)) / RATE
    return Recording(id or recording_id(path), path, duration, rate, channels, dict(attributes or {}))


def blocks(path: str | Path, *, seconds: float = 30.0, channels: bool = False) -> Iterator[NDArray[np.float32]]:
    """Decode and resample a file block by block.

    Damaged packets are skipped, and a truncated file ends where its good part ends. Only a file without any sound is an
    error.

    Args:
        path: any container with an audio track.
        seconds: length of a block; the last one is shorter.
        channels: keep the channels separate instead of averaging them.

    Yields:
        ``(1, sample)`` float32 at 16 kHz, or ``(channel, sample)`` with ``channels``.

    Raises:
        AudioError: as for :func:`probe`, or nothing can be decoded.
    """
    import av
    import numpy as np

    path, size, decoded = Path(path), int(seconds * RATE), 0
    pending: list[NDArray[np.float32]] = []
    waiting = 0

    def sound_of(part: Any) -> NDArray[np.float32]:
        sound = np.nan_to_num(part.to_ndarray(), posinf=0.0, neginf=0.0)  # (channel, sample); float files may hold NaN
        mixed: NDArray[np.float32] = sound if channels else sound.mean(axis=0, keepdims=True, dtype=np.float32)
        return mixed

    with _open(path) as container:
        stream = _audio_stream(container, path)
        stream.thread_type = "AUTO"
        resampler = None
        # A packet that cannot be decoded is skipped, as in players; only a file without any sound is refused.
        for frame in _frames(container, stream):
            if resampler is None:
                resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=RATE)
            for part in resampler.resample(frame):
                sound = sound_of(part)
                decoded += sound.shape[1]
                pending.append(sound)
                waiting += sound.shape[1]
                if waiting >= size:
                    joined = np.concatenate(pending, axis=1)
                    for start in range(0, waiting - waiting % size, size):
                        yield np.ascontiguousarray(joined[:, start : start + size])
                    pending, waiting = [joined[:, waiting - waiting % size :]], waiting % size
        if resampler is not None:
            for part in resampler.resample(None):
                pending.append(sound_of(part))
                decoded += pending[-1].shape[1]
    if decoded == 0:
        raise AudioError(f"{path.name}: no sound could be decoded from it. Accepted: {AUDIO}.")
    rest = np.concatenate(pending, axis=1)
    if rest.shape[1]:
        yield rest


def load(source: str | Path | Recording, *, channels: bool = False) -> NDArray[np.float32]:
    """Decode a whole file to 16 kHz, into one buffer that is filled block by block.

    The result of the last call is cached, so that the steps of one process decode a recording once; do not modify it.

    Args:
        source: any container with an audio track; a :class:`Recording` is not probed again.
        channels: return ``(channel, sample)`` instead of the ``(sample,)`` average of all channels.

    Raises:
        AudioError: as for :func:`blocks`, or the sound is shorter than 0.1 s.
    """
    recording = source if isinstance(source, Recording) else probe(source)
    try:
        stat = recording.path.stat()
    except OSError as error:
        raise AudioError(f"{recording.path}: {error.strerror or error}. Accepted: {AUDIO}.") from error
    kept = recording.channels if channels else 0
    return _decoded(recording.path, recording.duration, kept, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=1)
def _decoded(path: Path, duration: float, channels: int, *stamp: int) -> NDArray[np.float32]:
    """Return ``(sample,)``, or ``(channel, sample)`` unless ``channels`` is 0; ``stamp`` changes when the file does."""
    import numpy as np

    rows = channels or 1
    sound = np.zeros((rows, int(duration * RATE) + RATE), dtype=np.float32)
    filled = 0
    for block in blocks(path, channels=bool(channels)):
        if filled + block.shape[1] > sound.shape[1]:  # the container understated its duration
            sound = np.concatenate([sound, np.zeros((rows, max(sound.shape[1], block.shape[1])), np.float32)], axis=1)
        sound[:, filled : filled + block.shape[1]] = block
        filled += block.shape[1]
    if filled < SHORTEST * RATE:
        raise AudioError(f"{path.name}: {filled / RATE:.3f} s of sound. Accepted: at least {SHORTEST} s.")
    sound = sound[:, :filled]
    return sound if channels else sound[0]


def recognition_gain(sound: NDArray[np.float32]) -> float:
    """Return the gain for quiet ``(sample,)`` sound before speech recognition, per window; 1 at a usual level.

    Only for ASR. Diarization uses the sound as it is: levelling it tripled the diarization error in measurements.
    """
    import numpy as np

    if not sound.size:
        return 1.0
    loud = float(np.quantile(np.abs(sound[:: max(1, sound.size // 1_000_000)]), 0.999))
    return 0.3 / loud if 1e-4 < loud < 0.1 else 1.0  # silence stays silence


def pieces(sound: NDArray[np.float32], seconds: float = 30.0) -> Iterator[NDArray[np.float32]]:
    """Split ``(sample,)`` sound into ``(sample,)`` pieces; the last one is shorter."""
    size = int(seconds * RATE)
    return (sound[start : start + size] for start in range(0, len(sound), size))


def peaks(sound: NDArray[np.float32], buckets: int = 1200) -> list[float]:
    """Return the loudest sample in each of ``buckets`` slices of ``(sample,)`` sound, in [0, 1], to draw a waveform."""
    import numpy as np

    levels = [
        float(np.abs(part).max())
        for piece in pieces(sound)
        for part in np.array_split(piece, max(1, len(piece) // 800))
    ]
    top = max(levels) or 1.0
    return [round(float(piece.max()) / top, 3) for piece in np.array_split(np.array(levels), min(buckets, len(levels)))]


def save_wav(path: str | Path, sound: NDArray[np.float32]) -> None:
    """Write ``(sample,)`` float32 at 16 kHz as 16-bit PCM."""
    import wave

    import numpy as np

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def _open(path: Path) -> Any:
    import av

    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror or error}. Accepted: {AUDIO}.") from error
    if empty:
        raise AudioError(f"{path.name}: the file is empty. Accepted: {AUDIO}.")
    try:
        # "file:" keeps FFmpeg from reading a name such as "concat:a|b" or "http://..." as a protocol
        return av.open(f"file:{path}", metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise AudioError(
            f"{path.name}: not a media file, or its end is cut off ({_reason(error)}). Accepted: {AUDIO}."
        ) from error


def _audio_stream(container: Any, path: Path) -> Any:
    if not container.streams.audio:
        kinds = sorted({s.type for s in container.streams}) or ["nothing"]
        raise AudioError(f"{path.name}: no audio stream ({', '.join(kinds)} only). Accepted: {AUDIO}.")
    return container.streams.audio[0]


def _frames(container: Any, stream: Any) -> Iterable[Any]:
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:  # the container is truncated: keep what came before
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
