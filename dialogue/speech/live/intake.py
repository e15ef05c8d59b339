"""Chunks of sound of any size and rate, as they come, to (sample,) float32 at 16 kHz."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATES = 8000, 192_000  # hertz that are accepted


class Intake:
    """Makes samples of chunks; how the sound is cut into chunks has no effect.

    Args:
        rate: of the chunks, in hertz.

    Raises:
        ConfigError: the rate is not accepted.
    """

    def __init__(self, rate: int = RATE) -> None:
        if not isinstance(rate, int) or isinstance(rate, bool) or not RATES[0] <= rate <= RATES[1]:
            raise ConfigError(f"rate: found {rate!r}. Accepted: {RATES[0]} to {RATES[1]} Hz.")
        self.rate = rate
        self._half = b""  # of a sample, that waits for the other half
        self._resampler: Any = None
        if rate != RATE:
            from av import AudioResampler

            self._resampler = AudioResampler(format="flt", layout="mono", rate=RATE)

    def __call__(self, chunk: bytes | NDArray[Any]) -> NDArray[np.float32]:
        """Return the samples that a chunk completes.

        Args:
            chunk: bytes of 16-bit PCM (little endian, mono), or ``(sample,)`` in integers of 16 bits or in floats.
        """
        import numpy as np

        if isinstance(chunk, bytes | bytearray | memoryview):
            data = self._half + bytes(chunk)
            whole = len(data) // 2 * 2
            self._half = data[whole:]
            chunk = np.frombuffer(data[:whole], "<i2")
        if chunk.ndim != 1:
            raise ConfigError(f"chunk: found an array of shape {chunk.shape}. Accepted: (sample,), one channel.")
        integers = np.issubdtype(chunk.dtype, np.integer)
        sound = chunk.astype(np.float32) / np.float32(32768) if integers else np.nan_to_num(chunk.astype(np.float32))
        if self._resampler is None or not len(sound):
            return sound
        from av import AudioFrame

        frame = AudioFrame.from_ndarray(sound[None], format="flt", layout="mono")
        frame.sample_rate = self.rate
        return self._resampled(frame)

    def rest(self) -> NDArray[np.float32]:
        """Return the samples that the resampler still holds, at the end of the sound."""
        import numpy as np

        return self._resampled(None) if self._resampler is not None else np.zeros(0, np.float32)

    def _resampled(self, frame: Any) -> NDArray[np.float32]:
        import numpy as np

        found = [each.to_ndarray()[0] for each in self._resampler.resample(frame)]
        return np.concatenate(found) if found else np.zeros(0, np.float32)
