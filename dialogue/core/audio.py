"""Sound in: any container or codec that FFmpeg's libraries read, through PyAV, without a system ffmpeg.

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

RATE = 16_000  # hertz; what Whisper and the segmentation and embedding models were trained at
SHORTEST = 0.1  # seconds of sound below which there is nothing to recognise
LONGEST_ID = 200  # bytes; leaves room for what is added to make file names
RESERVED_ID = "stage"  # stage.json is a run's summary
AUDIO = "any container with an audio track (wav, flac, mp3, m4a, ogg, opus, webm, mp4, mkv...)"


class AudioError(ValueError):
    """A file that holds no usable sound; the message says what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a manifest.

    Attributes:
        id: unique, and safe as a file name.
        path: the sound.
        duration: seconds.
        sampling_rate: hertz, of the file.
        channels: of the file.
        attributes: what else is known: ``speakers``, ``min_speakers``, ``max_speakers``, ``date``, ``participants``,
            ``agenda``, ``title``, ``channel_is_speaker``...
    """

    id: str
    path: Path
    duration: float
    sampling_rate: int = RATE
    channels: int = 1
    attributes: Mapping[str, Any] = field(default_factory=dict)


def recording_id(path: str | Path) -> str:
    """A file's name without its extension, safe as a file name, e.g. ``réunion d'équipe.m4a`` -> ``réunion_d_équipe``.

    Letters of any script and digits are kept (NFC); whatever else becomes ``_``. A leading dash is dropped, so that
    no tool takes the id for an option. A very long name is cut, because file systems allow 255 bytes.
    """
    stem = unicodedata.normalize("NFC", Path(path).stem)
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in stem).strip("-_.")
    safe = safe.encode()[:LONGEST_ID].decode(errors="ignore").rstrip("-_.")
    return f"{safe}_" if safe == RESERVED_ID else safe or "recording"


def unique_ids(paths: Sequence[Path]) -> list[str]:
    """Ids of files, in their order.

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
    """Describe a file without decoding it whole.

    The duration comes from the container; where it has none (raw or damaged streams), from decoding in blocks.

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

    A damaged stretch ends the sound there if something was decoded before (a truncated file is what its good part
    holds), and is an error otherwise.

    Args:
        path: any container with an audio track.
        seconds: length of a block; the last one is shorter.
        channels: keep the channels apart instead of averaging them.

    Yields:
        ``(1, sample)`` float32 at 16 kHz, or ``(channel, sample)`` with ``channels``.

    Raises:
        AudioError: as :func:`probe`, or nothing can be decoded.
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
        # A packet that cannot be decoded is skipped as players do; only a file with nothing to hear is refused.
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
    """Decode a whole file to 16 kHz, in one buffer that is filled block by block.

    The last sound decoded is kept, so that the steps of one process decode a recording once; nobody may write to it.

    Args:
        source: any container with an audio track; a :class:`Recording` need not be probed again.
        channels: ``(channel, sample)`` instead of the ``(sample,)`` average of all channels.

    Raises:
        AudioError: as :func:`blocks`, or the sound is shorter than 0.1 s.
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
    """``(sample,)``, or ``(channel, sample)`` when ``channels`` is not 0; ``stamp`` tells a file from what it was before."""
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
    """What quiet ``(sample,)`` sound is multiplied by before speech recognition, window by window; 1 at a usual level.

    Only for ASR. Diarization takes the sound as it is: levelling it was measured to triple the diarization error.
    """
    import numpy as np

    if not sound.size:
        return 1.0
    loud = float(np.quantile(np.abs(sound[:: max(1, sound.size // 1_000_000)]), 0.999))
    return 0.3 / loud if 1e-4 < loud < 0.1 else 1.0  # silence stays silence


def pieces(sound: NDArray[np.float32], seconds: float = 30.0) -> Iterator[NDArray[np.float32]]:
    """``(sample,)`` sound in pieces of ``(sample,)``; the last one is shorter."""
    size = int(seconds * RATE)
    return (sound[start : start + size] for start in range(0, len(sound), size))


def peaks(sound: NDArray[np.float32], buckets: int = 1200) -> list[float]:
    """Loudest sample of each of ``buckets`` slices of ``(sample,)`` sound, in [0, 1], for drawing a waveform."""
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
        # file: keeps FFmpeg from reading a name such as "concat:a|b" or "http://..." as a protocol
        return av.open(f"file:{path}", metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise AudioError(
            f"{path.name}: not a media file, or one whose end is cut off ({_reason(error)}). Accepted: {AUDIO}."
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
        except av.FFmpegError:  # the container is cut short: what came before is kept
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
