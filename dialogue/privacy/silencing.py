"""Silence parts of a recording, in its own format, so that everything else keeps its place and its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.files import replacing
from dialogue.corrections.spans import Span

ENCODERS = {"mp3": "libmp3lame", "mp3float": "libmp3lame", "opus": "libopus", "vorbis": "libvorbis"}
AROUND = 0.1  # seconds of silence before and after, since words begin before they are heard


class SilencingError(DialogueError, ValueError):
    """A recording that cannot be decoded, or written in its own format."""


def silence(path: Path, spans: Sequence[Span]) -> None:
    """Replace parts of all audio tracks of a file by digital silence; video is left out.

    Formats that lose something (MP3, AAC, Opus) are encoded again, at the same bit rate.

    Args:
        spans: in seconds.

    Raises:
        SilencingError: the file cannot be decoded, or its format cannot be written.
    """
    import av

    try:
        with replacing(path) as part, av.open(str(path)) as source:
            target = part.with_suffix(path.suffix)  # the suffix names the format
            try:
                with av.open(str(target), "w") as written:
                    _copied(source, written, [(a - AROUND, b + AROUND) for a, b in spans])
                target.replace(part)
            finally:
                target.unlink(missing_ok=True)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise SilencingError(f"{path.name}: {error}. It cannot be decoded, or written in its own format.") from error


def _copied(source: Any, written: Any, spans: Sequence[Span]) -> None:
    pairs = {}
    for stream in source.streams.audio:
        codec = stream.codec_context
        new = written.add_stream(ENCODERS.get(codec.name, codec.name), rate=codec.sample_rate)
        new.codec_context.layout = codec.layout.name
        new.codec_context.format = codec.format.name
        if codec.bit_rate and not codec.name.startswith(("pcm", "flac", "alac")):
            new.codec_context.bit_rate = codec.bit_rate
        pairs[stream.index] = new
    if not pairs:
        raise ValueError("no audio track")
    begin = (source.start_time or 0) / 1e6
    for frame_source in source.demux(*source.streams.audio):
        new = pairs[frame_source.stream.index]
        for frame in frame_source.decode():
            written.mux(new.encode(_silenced(frame, spans, begin)))
    for new in pairs.values():
        written.mux(new.encode(None))


def _silenced(frame: Any, spans: Sequence[Span], begin: float) -> Any:
    import av

    start = (frame.time or 0.0) - begin
    rate = frame.sample_rate
    inside = [
        (max(0, round((a - start) * rate)), min(frame.samples, round((b - start) * rate)))
        for a, b in spans
        if b > start and a < start + frame.samples / rate
    ]
    inside = [(a, b) for a, b in inside if a < b]
    if not inside:
        return frame
    samples = frame.to_ndarray()  # (channel, sample), or (1, sample * channel) if interleaved
    step = 1 if frame.format.is_planar else len(frame.layout.channels)
    zero = 128 if frame.format.name.startswith("u8") else 0
    for a, b in inside:
        samples[:, a * step : b * step] = zero
    new = av.AudioFrame.from_ndarray(samples, format=frame.format.name, layout=frame.layout.name)
    new.sample_rate, new.pts, new.time_base = rate, frame.pts, frame.time_base
    return new
