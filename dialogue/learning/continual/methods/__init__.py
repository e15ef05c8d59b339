"""How a model is kept from forgetting: one method a file, behind one protocol, joined by ``+``.

A method may add old examples to an update, add to the loss of a row or to the loss of an update, and do something when a
task ends. What it keeps between tasks it saves in the task's folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.learning.continual.encoding import Encoded, Packed
from dialogue.learning.continual.options import Stream

if TYPE_CHECKING:
    from dialogue.learning.continual.learner import Learner


class Method:
    """What every method does unless it says otherwise: nothing."""

    def __init__(self, stream: Stream, learner: Learner) -> None:
        self.stream, self.learner = stream, learner

    def begin(self, task: int) -> None:
        """Before a task, from 0: the weights are those at its beginning, also when a run then goes on within it."""

    def old(self, task: int, step: int, tokens: int) -> Sequence[Encoded]:
        """Examples beside those of an update that holds so many new tokens; the same at each call."""
        return ()

    def prepare_row(self, row: Packed) -> Any:
        """What the row's loss needs, computed before its forward pass."""
        return None

    def row_loss(self, row: Packed, logits: Any, prepared: Any) -> Any:
        """Added to the sum of cross-entropies of a row, in nats; ``logits`` is ``(token, vocabulary)``."""
        return None

    def loss(self) -> Any:
        """Added to the mean loss of an update."""
        return None

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        """After the last update of a task, whose training examples are given."""

    def save(self, folder: Path) -> None:
        """What the next tasks need."""

    def restore(self, folder: Path) -> None:
        """The inverse of :meth:`save`."""


def make(stream: Stream, learner: Learner) -> list[Method]:
    """The methods of a stream, in its order."""
    return [
        importlib.import_module(f"dialogue.learning.continual.methods.{name}").make(stream, learner)
        for name in stream.methods
    ]
