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
from dialogue.learning.continual.methods import Method


class Padded(Method):
    def begin(self, task: int) -> None:
        new = self._encoded(self.stream.tasks[task])
        plan = plan_of(self.stream, task, new)
        draw = random.Random(f"{self.stream.training.seed}/{task}/padded")
        text = cycle(self.text(new, {i for update in plan for i in update}, draw))
        share = self.stream.replay
        wanted = share.general * bool(self.stream.probe) + share.ratio * bool(task)  # the first task has no past
        owed = 0.0
        self.extra: list[list[Encoded]] = []
        following = next(text)
        for update in plan:
            owed += wanted * sum(new[i].size for i in update)
            self.extra.append([])
            while owed >= following.size / 2:  # so that the total is right within half an example
                self.extra[-1].append(following)
                owed -= following.size
                following = next(text)

    def old(self, task: int, step: int, tokens: int) -> Sequence[Encoded]:
        return self.extra[step]

    def text(self, new: Sequence[Encoded], seen: set[int], draw: random.Random) -> list[Encoded]:
        """Return the text to add, in order; ``seen`` are the places of the examples that the task's updates see."""
        unseen, again = [e for i, e in enumerate(new) if i not in seen], [new[i] for i in sorted(seen)]
        draw.shuffle(unseen)
        draw.shuffle(again)
        return [*unseen, *again]

    def _encoded(self, folder: Path) -> list[Encoded]:
        return [self.learner.encoder(e) for e in tasks.read(folder / "train.jsonl")]


make = Padded
