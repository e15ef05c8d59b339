"""Sound that is too long for memory: kept in a temporary file and read slice by slice."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples: TypeAlias = "NDArray[np.float32] | Sound"


class Sound:
    """``(channel, sample)`` or ``(sample,)`` float32 on disk, read like an array: ``len``, ``shape`` and slices.

    A slice of samples is an array; a channel is another ``Sound`` on the same file. Stretches of digital silence take
    no room on a file system with sparse files.
    """

    def __init__(self, channels: int) -> None:
        self._file: Any = tempfile.TemporaryFile(prefix="dialogue-", suffix=".f32", buffering=0)  # noqa: SIM115
        self._channels = channels
        self._channel: int | None = None
        self._samples = 0
        self._gain, self._limit = 1.0, float("inf")

    def append(self, block: NDArray[np.float32]) -> None:
        """Add ``(channel, sample)`` sound.

        Raises:
            OSError: the folder for temporary files (``TMPDIR``) is full.
        """
        if block.any():
            self._file.seek(self._samples * self._channels * 4)
            data = memoryview(block.T.astype("<f4", order="C").tobytes())
            while data:
                data = data[self._file.write(data) :]
        self._samples += block.shape[1]
        self._file.truncate(self._samples * self._channels * 4)

    def correct(self, gain: float, limit: float) -> None:
        """Multiply by ``gain`` what is read from now on; what is then beyond ``limit`` is silence."""
        self._gain, self._limit = gain, limit

    def channel(self, number: int) -> Sound:
        """Return one channel as ``(sample,)`` sound."""
        one = object.__new__(Sound)
        one.__dict__ |= self.__dict__ | {"_channel": number}
        return one

    @property
    def shape(self) -> tuple[int, ...]:
        return (self._samples,) if self._channel is not None else (self._channels, self._samples)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Sound]:
        """Iterate over the channels."""
        return map(self.channel, range(self._channels))

    @overload
    def __getitem__(self, key: slice) -> NDArray[np.float32]: ...
    @overload
    def __getitem__(self, key: int) -> Sound: ...
    def __getitem__(self, key: slice | int) -> NDArray[np.float32] | Sound:
        """Return a slice of samples of ``(sample,)`` sound, or a channel of ``(channel, sample)`` sound."""
        if isinstance(key, slice) != (self._channel is not None):
            raise TypeError(f"{key!r}: sound of shape {self.shape} is read by channel, then by slice.")
        if not isinstance(key, slice):
            return self.channel(range(self._channels)[key])
        import os

        import numpy as np

        start, stop, step = key.indices(self._samples)
        size = self._channels * 4
        data = bytearray()
        while (missing := (stop - start) * size - len(data)) > 0:  # one call reads at most 2 GiB
            data += os.pread(self._file.fileno(), missing, start * size + len(data))
        frames = np.frombuffer(data, "<f4").reshape(-1, self._channels)
        found: NDArray[np.float32] = np.ascontiguousarray(frames[::step, self._channel])
        if self._gain != 1.0:
            found *= np.float32(self._gain)
        if self._limit < np.inf:
            found[np.abs(found) > self._limit] = 0.0
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        import numpy as np

        whole: Any = self[:] if self._channel is not None else np.stack([channel[:] for channel in self])
        return np.asarray(whole, dtype=dtype)
