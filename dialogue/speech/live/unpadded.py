"""A recogniser that decodes short windows without the padding to thirty seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogue.speech.asr import Decoding, Recogniser, Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Unpadded:
    """The same recogniser, in a hurry; see :class:`~dialogue.speech.asr.Decoding`."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        return self.recogniser.decode(windows, replace(how, padded=False))

    def detect_language(self, window: NDArray[np.float32]) -> str:
        return self.recogniser.detect_language(window)
