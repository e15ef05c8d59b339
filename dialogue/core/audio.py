"""Read sound from any container or codec that FFmpeg's libraries support, through PyAV, without a system ffmpeg.

Sound inside the pipeline is ``(channel, sample)`` or ``(sample,)`` float32 at 16 kHz in [-1, 1].
"""

from __future__ import annotations

import logging
import math
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.core import containers
from dialogue.core.config import Number, Positive
from dialogue.core.containers import AUDIO, DAY, RATE, AudioError, Track
from dialogue.core.sound import Sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

__all__ = [
    "AUDIO",
    "DAY",
    "RATE",
    "AudioConfig",
    "AudioError",
    "Loudness",
    "Recording",
    "blocks",
    "load",
    "loudness",
    "peaks",
    "pieces",
    "probe",
    "recognition_gain",
    "recording_id",
    "save_wav",
    "unique_ids",
]

log = logging.getLogger("dialogue")

SHORTEST = 0.1  # seconds; shorter sound has nothing to recognise
LONGEST_ID = 200  # bytes; leaves room for the suffixes of file names
RESERVED_ID = "stage"  # stage.json holds a run's summary
IN_MEMORY = 15 * 60 * RATE  # samples of all channels; longer sound is kept in a temporary file
LOUDEST = 8.0  # full scale is 1; float files may exceed it a little, and files of integers stored as floats a lot
QUIET = -60.0  # decibels of full scale, below which a tenth of a second holds no voice
RARE = 1e-3  # share of samples beyond LOUDEST up to which they are damage, and not the file's scale


@dataclass(frozen=True)
class AudioConfig:
    """Options of the sound.

    Attributes:
        track: number of the audio track, 1 for the first; by default the file's default track, else the one with most
            speech.
        longest: seconds; longer recordings are refused.
    """

    track: Number | None = None
    longest: Positive = DAY


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
            ``agenda``, ``title``, ``channel_is_speaker``, ``track``...
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


def probe(
    path: str | Path,
    id: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    track: int | None = None,
) -> Recording:
    """Describe a file without decoding all of it.

    The duration comes from the container; if it has none or an impossible one, from decoding in blocks. Of several
    audio tracks, the one that ``track`` or an attribute of that name gives is used; else the default one, else the one
    with most speech. The choice is logged, and is the recording's attribute ``track``.

    Args:
        track: number of an audio track, 1 for the first.

    Raises:
        AudioError: the file is missing, empty, not media, or lacks that track.
    """
    path, known = Path(path), dict(attributes or {})
    found = containers.tracks(path)
    wanted = track or known.get("track")
    if wanted is not None and not (isinstance(wanted, int) and 1 <= wanted <= len(found)):
        accepted = f"1 to {len(found)}" if len(found) > 1 else "1, its only track"
        raise AudioError(f"{path.name}: track {wanted!r}. Accepted: {accepted}.")
    if wanted is None and len(found) > 1:
        wanted = _best_track(path, found)
        log.warning(
            "%s: %d audio tracks, %s; track %d is used (choose another with --track)",
            path.name,
            len(found),
            ", ".join(map(str, found)),
            wanted,
        )
    if wanted is not None and len(found) > 1:
        known["track"] = wanted
    chosen = found[(wanted or 1) - 1]
    duration = chosen.duration or sum(block.shape[1] for block in blocks(path, track=wanted or 1)) / RATE
    return Recording(id or recording_id(path), path, duration, chosen.sampling_rate, chosen.channels, known)


def _best_track(path: Path, found: Sequence[Track]) -> int:
    """Return the number of the default track if there is one and it has speech, else of the one with most speech."""
    speech = {track.number: _speech(path, track.number) for track in found}
    default = [track.number for track in found if track.default and speech[track.number] > 0]
    return default[0] if len(default) == 1 else max(speech, key=lambda number: (speech[number], -number))


def _speech(path: Path, track: int, longest: float = 300.0) -> float:
    """Return the seconds of speech in the beginning of a track, by a small voice activity detector."""
    import numpy as np

    heard: list[NDArray[np.float32]] = []
    left = longest * RATE
    for sound in containers.samples(path, track):
        heard.append(np.nan_to_num(sound.mean(axis=0), posinf=0.0, neginf=0.0))
        left -= sound.shape[1]
        if left < 0:
            break
    whole = np.concatenate(heard) if heard else np.zeros(0, np.float32)
    try:
        from faster_whisper.vad import get_speech_timestamps
    except ImportError:  # without it, the loudest track
        return float(np.square(whole).mean()) if len(whole) else 0.0
    return sum(float(span["end"] - span["start"]) for span in get_speech_timestamps(whole)) / RATE


def blocks(
    path: str | Path, *, seconds: float = 30.0, channels: bool = False, track: int = 1
) -> Iterator[NDArray[np.float32]]:
    """Decode and resample a file block by block, in memory that does not grow with its length.

    Times are those of the container: where it has no sound, there is silence. Damaged packets are skipped, and a
    truncated file ends where its good part ends. Only a file without any sound is an error.

    Args:
        path: any container with an audio track.
        seconds: length of a block; the last one, and one before the number of channels changes, are shorter.
        channels: keep the channels separate instead of mixing them.
        track: number of the audio track, 1 for the first.

    Yields:
        ``(1, sample)`` float32 at 16 kHz, or ``(channel, sample)`` with ``channels``.

    Raises:
        AudioError: as for :func:`probe`, or nothing can be decoded, or no sample is a number.
    """
    import numpy as np

    path, size = Path(path), int(seconds * RATE)
    pending: list[NDArray[np.float32]] = []
    waiting, decoded, damaged, inverted, rows = 0, 0, 0, 0, 0

    def taken(least: int) -> Iterator[NDArray[np.float32]]:
        """Take blocks from what is pending, and leave less than ``least`` samples."""
        nonlocal pending, waiting, decoded, damaged, inverted
        if waiting < least:
            return
        whole = np.concatenate(pending, axis=1)
        end, waiting = waiting - waiting % least, waiting % least
        pending = [whole[:, end:]] if waiting else []
        for start in range(0, end, size):
            block = np.ascontiguousarray(whole[:, start : min(start + size, end)])
            invalid = ~np.isfinite(block)
            if invalid.any():
                block[invalid] = 0.0
                damaged += int(invalid.sum())
            decoded += block.size
            if not channels:
                block, opposite = _mix(block)
                inverted += block.shape[1] if opposite else 0
            yield block

    for sound in containers.samples(path, track):
        rows = rows or len(sound)
        if channels:
            sound = _with_rows(sound, rows)
        elif pending and len(pending[0]) != len(sound):
            yield from taken(1)
        pending.append(sound)
        waiting += sound.shape[1]
        yield from taken(size)
    yield from taken(1)
    if not decoded:
        raise AudioError(f"{path.name}: no sound could be decoded from it. Accepted: {AUDIO}.")
    if damaged == decoded:
        raise AudioError(f"{path.name}: every sample is NaN, infinite or beyond float32. Accepted: {AUDIO}.")
    if damaged:
        share = 100 * damaged / decoded
        log.warning("%s: %d samples (%.2g %%) are NaN or infinite; taken as silence", path.name, damaged, share)
    if inverted:
        log.warning(
            "%s: in %.0f s of it, channels are in opposite phase and would cancel out; they are inverted for the mix",
            path.name,
            inverted / RATE,
        )


def _mix(sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], bool]:
    """Average ``(channel, sample)`` to ``(1, sample)``, after inverting channels in opposite phase to the loudest."""
    import numpy as np

    if len(sound) == 1:
        return sound, False
    with np.errstate(over="ignore", invalid="ignore"):  # levels far beyond full scale are corrected later
        power = np.einsum("cs,cs->c", sound, sound)
        opposite = sound @ sound[power.argmax()] < -0.5 * np.sqrt(power * power.max())
    if opposite.any():
        sound = np.where(opposite[:, None], -sound, sound)
    return sound.mean(axis=0, keepdims=True, dtype=np.float32), bool(opposite.any())


def _with_rows(sound: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Return sound with that many channels: missing ones are silent, the last one is a mix of what is left over."""
    import numpy as np

    if len(sound) > rows:
        return np.concatenate([sound[: rows - 1], _mix(sound[rows - 1 :])[0]])
    return np.concatenate([sound, np.zeros((rows - len(sound), sound.shape[1]), np.float32)])


def load(source: str | Path | Recording, *, channels: bool = False, longest: float = math.inf) -> Samples:
    """Decode a whole file to 16 kHz: into memory, or into a temporary file if it is longer than a quarter of an hour.

    The result of the last call is cached, so that the steps of one process decode a recording once; do not modify it.

    Args:
        source: any container with an audio track; a :class:`Recording` is not probed again.
        channels: return ``(channel, sample)`` instead of the ``(sample,)`` mix of all channels.
        longest: seconds; longer sound is refused.

    Raises:
        AudioError: as for :func:`blocks`, or the sound is shorter than 0.1 s or longer than ``longest``, or there is
            no room for it.
    """
    recording = source if isinstance(source, Recording) else probe(source)
    try:
        state = recording.path.stat()
    except OSError as error:
        raise AudioError(f"{recording.path}: {error.strerror or error}. Accepted: {AUDIO}.") from error
    track = recording.attributes.get("track", 1)
    key = (recording.path, channels, track, state.st_size, state.st_mtime_ns)
    if key not in _last:
        _last.clear()
        _last[key] = _decode(recording.path, channels, track, longest)
    return _last[key]


_last: dict[Any, Samples] = {}  # what load returned last


def _decode(path: Path, channels: bool, track: int, longest: float) -> Samples:
    import numpy as np

    memory = np.empty((0, 0), np.float32)
    stored: Sound | None = None
    samples, extreme, peak = 0, 0.0, 0.0
    for block in blocks(path, channels=channels, track=track):
        first, samples = samples, samples + block.shape[1]
        if samples > longest * RATE:
            raise AudioError(
                f"{path.name}: longer than {longest / 3600:.3g} h. Cut it, or allow more: --set audio.longest=SECONDS."
            )
        level = np.abs(block)
        extreme += int((level > LOUDEST).sum()) / len(block)
        peak = max(peak, float(level.max()))
        if not first:
            memory = np.empty((len(block), IN_MEMORY // len(block)), np.float32)  # untouched pages take no memory
        if samples <= memory.shape[1]:
            memory[:, first:samples] = block
            continue
        if stored is None:
            stored = Sound(len(block))
            _store(path, memory[:, :first], stored)
        _store(path, block, stored)
    if samples < SHORTEST * RATE:
        raise AudioError(f"{path.name}: {samples / RATE:.3f} s of sound. Accepted: at least {SHORTEST} s.")
    sound: Samples = stored if stored is not None else memory[:, :samples]
    if extreme:
        scale = extreme > RARE * samples
        done = f"divided by {peak:.3g}" if scale else "taken as silence"
        log.warning("%s: samples up to %.3g, beyond full scale (1); %s", path.name, peak, done)
        gain = 1 / peak if scale else 1.0
        if isinstance(sound, Sound):
            sound.correct(gain, LOUDEST)
        else:
            sound *= np.float32(gain)
            sound[np.abs(sound) > LOUDEST] = 0.0
    return sound if channels else sound[0]


def _store(path: Path, block: NDArray[np.float32], stored: Sound) -> None:
    try:
        stored.append(block)
    except OSError as error:
        raise AudioError(
            f"{path.name}: no room for its sound in {tempfile.gettempdir()} ({error.strerror}); an hour takes "
            f"{len(block) * 3600 * RATE * 4 / 1e6:.0f} MB. Make room, or set TMPDIR to another folder."
        ) from error


class Loudness(NamedTuple):
    """How loud sound is.

    Attributes:
        seconds: its length.
        quiet: seconds below :data:`QUIET`.
        loudest: level of its loudest tenth of a second, in decibels of full scale.
    """

    seconds: float
    quiet: float
    loudest: float

    def __str__(self) -> str:
        return (
            f"{self.quiet:.1f} of {self.seconds:.1f} s below {QUIET:.0f} dB, "
            f"the loudest tenth of a second at {self.loudest:.0f} dB"
        )


def loudness(sound: Samples) -> Loudness:
    """Measure how loud sound is.

    Args:
        sound: ``(sample,)``, or ``(channel, sample)``, of which the loudest channel counts.
    """
    import numpy as np

    size = RATE // 10
    powers = []
    for channel in [sound] if sound.ndim == 1 else sound:
        whole = (piece[: len(piece) // size * size].reshape(-1, size) for piece in pieces(channel))
        powers.append(np.concatenate([np.square(tenths).mean(axis=1) for tenths in whole]))
    levels = 10 * np.log10(np.maximum(np.max(powers, axis=0), 1e-12))
    return Loudness(sound.shape[-1] / RATE, float((levels < QUIET).sum()) / 10, float(levels.max()))


def recognition_gain(sound: Samples) -> float:
    """Return the gain for quiet ``(sample,)`` sound before speech recognition, per window; 1 at a usual level.

    Only for ASR. Diarization uses the sound as it is: levelling it tripled the diarization error in measurements.
    """
    import numpy as np

    if not len(sound):
        return 1.0
    step = max(1, len(sound) // 1_000_000)
    whole_steps = step * max(1, 30 * RATE // step)
    some = np.concatenate([piece[::step].copy() for piece in pieces(sound, whole_steps / RATE)])
    loud = float(np.quantile(np.abs(some), 0.999))
    return 0.3 / loud if 1e-4 < loud < 0.1 else 1.0  # silence stays silence


def pieces(sound: Samples, seconds: float = 30.0) -> Iterator[NDArray[np.float32]]:
    """Split ``(sample,)`` sound into ``(sample,)`` pieces; the last one is shorter."""
    size = round(seconds * RATE)
    return (sound[start : start + size] for start in range(0, len(sound), size))


def peaks(sound: Samples, buckets: int = 1200) -> list[float]:
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
