"""As many more tokens as ``replay`` would add, of general text: tells whether past tasks are needed for what it gains.

The text is that of ``replay.public`` if it is given, otherwise the training data of the probe.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.methods.padded import Padded
from dialogue.learning.continual.options import ContinualError


class General(Padded):
    def text(self, new: Sequence[Encoded], seen: set[int], draw: random.Random) -> list[Encoded]:
        folder = self.stream.replay.public or self.stream.probe
        assert folder, "the stream of a run has one of them"
        found = [replace(e, old=True) for e in self._encoded(folder)]
        if not found:
            raise ContinualError(f"{folder / 'train.jsonl'}: no example. Accepted: at least one, for method general.")
        draw.shuffle(found)
        return found


make = General
