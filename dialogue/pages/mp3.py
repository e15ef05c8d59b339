"""The sound embedded in a page: mono MP3, which every browser can play and seek."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from dialogue.core.audio import RATE, pieces

if TYPE_CHECKING:
    from dialogue.core.sound import Samples

BIT_RATE = 32_000  # bits per second: speech at 16 kHz; three hours are 43 MB
LONGEST = 6 * 3600  # seconds; a page with more sound would not open in most browsers


def mp3(sound: Samples, bit_rate: int = BIT_RATE) -> bytes:
    """Encode ``(sample,)`` sound at 16 kHz as MP3."""
    file = io.BytesIO()
    encode_mp3(sound, file, bit_rate)
    return file.getvalue()


def encode_mp3(sound: Samples, file: IO[bytes], bit_rate: int = BIT_RATE) -> None:
    """Write ``(sample,)`` sound at 16 kHz as MP3, piece by piece."""
    import av
    import numpy as np

    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.bit_rate = bit_rate
        stream.codec_context.layout = "mono"
        stream.codec_context.format = "s16p"
        position = 0
        for piece in pieces(sound):
            samples = (np.clip(piece[None], -1, 1) * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16p", layout="mono")
            frame.sample_rate, frame.pts = RATE, position
            position += samples.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
