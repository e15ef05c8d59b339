"""As many more tokens as ``replay`` would add, of the task itself: tells what replay gains from what more text gains.

The share is that of :class:`~dialogue.learning.continual.options.ReplayOptions`. The text is first that which the
task's updates do not see, then all of it again; nothing is repeated before everything was seen.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from dialogue.learning import tasks
from dialogue.learning.continual.curriculum import plan_of
from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.methods import Method, added


class Padded(Method):
    def old(self, task: int, tokens: Sequence[int]) -> list[list[Encoded]]:
        new = self._encoded(self.stream.tasks[task])
        seen = {i for update in plan_of(self.stream, task, new) for i in update}
        draw = random.Random(f"{self.stream.training.seed}/{task}/padded")
        share = self.stream.replay
        wanted = share.general * bool(self.stream.probe) + share.ratio * bool(task)  # the first task has no past
        return added(tokens, wanted, cycle(self.text(new, seen, draw)))

    def text(self, new: Sequence[Encoded], seen: set[int], draw: random.Random) -> list[Encoded]:
        """Return the text to add, in order; ``seen`` are the places of the examples that the task's updates see."""
        unseen, again = [e for i, e in enumerate(new) if i not in seen], [new[i] for i in sorted(seen)]
        draw.shuffle(unseen)
        draw.shuffle(again)
        return [*unseen, *again]

    def _encoded(self, folder: Path) -> list[Encoded]:
        return [self.learner.encoder(e) for e in tasks.read(folder / "train.jsonl")]


make = Padded
