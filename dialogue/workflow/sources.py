"""Sound as a program has it: a path, bytes, an open file, or samples."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from dialogue.core import audio
from dialogue.core.audio import AudioError, Recording

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Source: TypeAlias = str | Path | bytes | IO[bytes] | tuple[NDArray[Any], int] | Recording

ACCEPTED = "a path, bytes, a file opened in binary mode, (samples, rate), or a Recording"
COPIED = 1 << 20  # bytes of an open file read at once


@contextmanager
def opened(source: Source, track: int | None = None) -> Iterator[Recording]:
    """Yield a source as a recording; what is not a file becomes a temporary one.

    Args:
        source: a path, the bytes of a file, an open file, a :class:`Recording`, or samples and their rate in hertz:
            ``(sample,)`` or ``(channel, sample)``, floats in [-1, 1] or integers.

    Raises:
        AudioError: it is none of these, or holds no usable sound.
    """
    if isinstance(source, Recording):
        yield source
    elif isinstance(source, (str, Path)):
        yield audio.probe(source, track=track)
    else:
        with tempfile.TemporaryDirectory(prefix="dialogue-") as folder:
            yield audio.probe(_written(source, Path(folder)), track=track)


def _written(source: Any, folder: Path) -> Path:
    """Write a source into a folder; returns the file."""
    path = folder / "recording"
    if isinstance(source, (bytes, bytearray, memoryview)):
        path.write_bytes(source)
    elif isinstance(source, tuple) and len(source) == 2:
        _write_samples(path, *source)
    elif hasattr(source, "read"):
        name = getattr(source, "name", None)
        path = folder / (audio.recording_id(name) if isinstance(name, str) else path.name)
        with path.open("wb") as file:
            while block := source.read(COPIED):
                if isinstance(block, str):
                    raise AudioError(f"a file opened as text. Accepted: {ACCEPTED}.")
                file.write(block)
    else:
        raise AudioError(f"a {type(source).__name__} is no sound. Accepted: {ACCEPTED}.")
    return path


def _write_samples(path: Path, samples: Any, rate: Any) -> None:
    import numpy as np
    from scipy.io import wavfile

    found = np.asarray(samples)
    if found.ndim not in (1, 2) or found.dtype.kind not in "fiu" or not isinstance(rate, (int, np.integer)):
        raise AudioError(
            f"samples of shape {found.shape} and type {found.dtype}, at a rate of {rate!r}. Accepted: (sample,) or "
            f"(channel, sample), floats in [-1, 1] or integers, and the rate in hertz as a whole number."
        )
    if found.dtype.kind != "f":
        found = (found - (128 if found.dtype == np.uint8 else 0)) / float(np.iinfo(found.dtype).max)
    wavfile.write(path, int(rate), found.T.astype(np.float32))
