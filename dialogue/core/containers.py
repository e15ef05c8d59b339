"""What a container of sound holds: its tracks, and their samples at the times that the container gives them.

Containers in the field are worse than their specifications. A track may start long after the picture or contain gaps
where packets were lost, the sampling rate may change in the middle, and Ogg files may be several files one after the
other. Each part is decoded as what it is; nothing is allocated because a header says so.
"""

from __future__ import annotations

import io
import logging
import mmap
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dialogue.core.errors import DialogueError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger("dialogue")

RATE = 16_000  # hertz; the rate that Whisper and the segmentation and embedding models were trained at
RATES = 1_000, 1_000_000  # hertz; outside, a header is damaged
DAY = 86_400.0  # seconds
DRIFT = 0.1  # seconds that a time stamp may be ahead of the samples before it before this is a gap
AUDIO = "any container with an audio track (wav, flac, mp3, m4a, ogg, opus, webm, mp4, mkv...)"
# Containers that store time stamps. In others they are counted from a header, which may be wrong.
TIMED = {"matroska", "mov", "mpegts", "mpeg", "ogg", "asf", "flv", "nut", "mxf", "rm", "wtv"}


# Playlists and descriptions of streams, by which a file would have others of this machine read
REFERRING = {
    "hls",
    "concat",
    "dash",
    "imf",
    "sdp",
    "rtp",
    "rtsp",
    "sap",
    "image2",
    "image2pipe",
    "lavfi",
    "webm_dash_manifest",
    "rtp_mpegts",
}


class AudioError(DialogueError, ValueError):
    """A file without usable sound; the message says what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class Track:
    """An audio track of a container.

    Attributes:
        number: 1 for the first.
        default: the container says that players take it.
        start, duration: seconds from the start of the container; a duration of 0 is unknown.
    """

    number: int
    default: bool
    sampling_rate: int
    channels: int
    start: float
    duration: float
    language: str = ""
    title: str = ""

    def __str__(self) -> str:
        known = ", ".join(filter(None, [self.title, self.language, "default" if self.default else ""]))
        return f"{self.number} ({known})" if known else str(self.number)


def tracks(path: Path) -> list[Track]:
    """Return the audio tracks of a file.

    Raises:
        AudioError: the file is missing, empty, not media, or has no audio track.
    """
    found: list[Track] = []
    for part in _parts(path):
        with _open(path, part) as container:
            begin = (container.start_time or 0) / 1e6
            here = []
            for number, stream in enumerate(_audio_streams(container, path), start=1):
                start = float(stream.start_time * stream.time_base) - begin if stream.start_time else 0.0
                if stream.duration and stream.time_base:
                    duration = start + float(stream.duration * stream.time_base)
                else:
                    duration = (container.duration or 0) / 1e6
                here.append(
                    Track(
                        number,
                        bool(stream.disposition & type(stream.disposition).default),
                        stream.rate or RATE,
                        stream.channels or 1,
                        start,
                        duration if 0 < duration <= DAY else 0.0,
                        stream.metadata.get("language", ""),
                        stream.metadata.get("title", ""),
                    )
                )
        for earlier, track in zip(found, here, strict=False):  # the links of a chained file follow one another
            here[track.number - 1] = replace(earlier, duration=track.duration and earlier.duration + track.duration)
        found = here
    return found


def samples(path: Path, track: int = 1) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of a track, frame by frame, as ``(channel, sample)`` float32 at 16 kHz.

    Silence stands where the container has no sound: before a track that starts late, and in gaps. Damaged packets are
    skipped, and a truncated file ends where its good part ends. Levels are as in the file: NaN and infinity included.

    Raises:
        AudioError: as for :func:`tracks`, or a sampling rate that no recording has.
    """
    for part in _parts(path):
        with _open(path, part) as container:
            streams = _audio_streams(container, path)
            yield from _samples(container, streams[min(track, len(streams)) - 1], path)


class _Resampler:
    """Frames of one format -> arrays at 16 kHz, a second at a time: frames are so short that each call counts."""

    def __init__(self, form: tuple[str, Any, int]) -> None:
        import av

        self.form, self._rate = form, form[2]
        self._frames = av.AudioFifo()
        # packed, because PyAV reads at most seven planes
        self._convert = av.AudioResampler(format="flt", layout=form[1], rate=RATE)

    def add(self, frame: Any) -> Iterator[NDArray[np.float32]]:
        frame.pts = None  # the queue accepts no other times than those that follow from the samples
        self._frames.write(frame)
        while self._frames.samples >= self._rate:
            yield from self._converted(self._frames.read(self._rate))

    def rest(self) -> Iterator[NDArray[np.float32]]:
        if self._frames.samples:
            yield from self._converted(self._frames.read())
        yield from self._converted(None)

    def _converted(self, frame: Any) -> Iterator[NDArray[np.float32]]:
        import numpy as np

        for piece in self._convert.resample(frame):
            channels = piece.layout.nb_channels
            plane: Any = piece.planes[0]
            packed = np.frombuffer(plane, np.float32, piece.samples * channels)
            yield np.array(packed.reshape(-1, channels).T, order="C")


def _samples(container: Any, stream: Any, path: Path) -> Iterator[NDArray[np.float32]]:
    import numpy as np

    timed = not TIMED.isdisjoint(container.format.name.split(","))
    begin = (container.start_time or 0) / 1e6  # times count from the start of the container, as in players
    known = (container.duration or 0) / 1e6
    end = known + 1.0 if 0 < known <= DAY else DAY  # no silence is added beyond it
    stream.codec_context.thread_count = 1  # threads cost more than they save
    resampler: _Resampler | None = None
    position, last = 0.0, -np.inf  # seconds decoded, and the last frame's time stamp
    shift = 0.0  # seconds from the container's times to ours: time stamps may start again in the middle
    for frame in _frames(container, stream):
        if not RATES[0] <= frame.sample_rate <= RATES[1]:
            raise AudioError(
                f"{path.name}: a sampling rate of {frame.sample_rate} Hz. Accepted: {RATES[0]} to {RATES[1]} Hz."
            )
        gap = 0.0
        if timed and frame.pts is not None:
            time = frame.time - begin
            if time < last or time + shift > max(end, position):  # the clock was set anew, or is damaged
                shift = position - time
            last, gap = time, time + shift - position
        form = (frame.format.name, frame.layout, frame.sample_rate)
        if resampler and (gap > DRIFT or resampler.form != form):
            yield from resampler.rest()
            resampler = None
        if gap > DRIFT:
            for size in _split(round(gap * RATE)):
                yield np.zeros((frame.layout.nb_channels, size), np.float32)
            position += gap
        resampler = resampler or _Resampler(form)
        position += frame.samples / frame.sample_rate
        yield from resampler.add(frame)
    if resampler:
        yield from resampler.rest()


def _split(size: int, most: int = 30 * RATE) -> Iterator[int]:
    yield from [most] * (size // most)
    if size % most:
        yield size % most


def _open(path: Path, part: BinaryIO | None = None) -> Any:
    import av

    try:
        # "file:" keeps FFmpeg from reading a name such as "concat:a|b" or "http://..." as a protocol
        allowed = {"format_whitelist": ",".join(sorted(av.formats_available - REFERRING))}
        return av.open(part or f"file:{path}", metadata_errors="ignore", options=allowed)
    except (av.FFmpegError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AudioError(
            f"{path.name}: not a media file, or its end is cut off ({reason}). Accepted: {AUDIO}."
        ) from error


def _audio_streams(container: Any, path: Path) -> Any:
    if not container.streams.audio:
        kinds = sorted({s.type for s in container.streams}) or ["nothing"]
        raise AudioError(f"{path.name}: no audio stream ({', '.join(kinds)} only). Accepted: {AUDIO}.")
    streams = [stream for stream in container.streams.audio if stream.codec_context is not None]
    if not streams:
        raise AudioError(f"{path.name}: its sound is in a format that cannot be decoded. Accepted: {AUDIO}.")
    return streams


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


class _Part(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, path: Path, start: int, end: int) -> None:
        self._file = path.open("rb")
        self._start, self._end = start, end
        self._file.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(min(len(buffer), max(0, self._end - self._file.tell())))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: self._start, io.SEEK_CUR: self._file.tell(), io.SEEK_END: self._end}[whence]
        return self._file.seek(max(self._start, origin + offset)) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start

    def close(self) -> None:
        self._file.close()
        super().close()


def _parts(path: Path) -> Iterator[BinaryIO | None]:
    """Yield ``None`` for a whole file, which FFmpeg opens by its name, or the parts of a chained Ogg or FLAC.

    Raises:
        AudioError: the file is missing, empty or no file but a pipe, a device or a folder.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "a pipe" if path.is_fifo() else "a device or a socket"
            raise AudioError(f"{path}: it is {kind}. Accepted: {AUDIO}.")
        with path.open("rb") as file:
            start = file.read(4)
            links = _ogg_links(file) if start == b"OggS" else _flac_links(file) if start == b"fLaC" else []
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror or error}. Accepted: {AUDIO}.") from error
    if not start:
        raise AudioError(f"{path.name}: the file is empty. Accepted: {AUDIO}.")
    if len(links) < 2 and str(path).isprintable():
        yield None
    else:  # a name that FFmpeg cannot be given is opened here, too
        yield from (
            _Part(path, first, last)  # type: ignore[misc]
            for first, last in zip(links or [0], [*links[1:], path.stat().st_size], strict=True)
        )


def _ogg_links(file: BinaryIO) -> list[int]:
    """Return the offsets at which the links of a chained Ogg begin (RFC 3533, section 4).

    FFmpeg reads on over a link of the same format only; of others it drops or slows the sound.
    """
    links: list[int] = []
    headers, offset = False, 0
    while True:
        file.seek(offset)
        head = file.read(27)
        if len(head) < 27 or not head.startswith(b"OggS"):
            return links
        first = bool(head[5] & 2)  # beginning of a logical stream
        if first and not headers:
            links.append(offset)
        headers = first
        offset += 27 + head[26] + sum(file.read(head[26]))


def _flac_links(file: BinaryIO) -> list[int]:
    """Return the offsets at which FLAC files that were joined begin (RFC 9639, section 6: magic and STREAMINFO)."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return [found.start() for found in re.finditer(rb"fLaC[\x00\x80]\x00\x00\x22", data)]
