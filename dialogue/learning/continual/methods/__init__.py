"""Methods against forgetting: one file per method, one protocol, combined with ``+``.

A method may add old examples to an update, add to the loss of a row or of an update, and act when a task ends. It
saves the state it needs for the next tasks in the task's folder.
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
    """Base of all methods; every step does nothing by default."""

    def __init__(self, stream: Stream, learner: Learner) -> None:
        self.stream, self.learner = stream, learner

    def begin(self, task: int) -> None:
        """Prepare a task, from 0. The weights are those at its beginning, even if a run then resumes within it."""

    def meet(self, examples: Sequence[Encoded]) -> None:
        """Prepare for the examples that the updates of the task see, its own and old ones, after :meth:`begin`."""

    def old(self, task: int, step: int, tokens: int) -> Sequence[Encoded]:
        """Return extra examples for an update with ``tokens`` new tokens; every call returns the same."""
        return ()

    def prepare_row(self, row: Packed) -> Any:
        """Compute what :meth:`row_loss` needs, before the row's forward pass."""
        return None

    def row_loss(self, row: Packed, logits: Any, prepared: Any) -> Any:
        """Return nats to add to a row's summed cross-entropy, or ``None``; ``logits`` is ``(token, vocabulary)``."""
        return None

    def loss(self) -> Any:
        """Return a term to add to the mean loss of an update, or ``None``."""
        return None

    def stepped(self, step: int, steps: int, optimizer: Any) -> None:
        """Act after an update; what must survive a resumption goes into the optimizer's state of a parameter."""

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        """Act after the last update of a task, with its training examples."""

    def save(self, folder: Path) -> None:
        """Write what the next tasks need."""

    def restore(self, folder: Path) -> None:
        """Read what :meth:`save` wrote."""


def make(stream: Stream, learner: Learner) -> list[Method]:
    """Return the methods of a stream, in its order."""
    return [
        importlib.import_module(f"dialogue.learning.continual.methods.{name}").make(stream, learner)
        for name in stream.methods
    ]
