"""Methods against forgetting: one file per method, one protocol, combined with ``+``.

A method may add old examples to an update, add to the loss of a row or of an update, and act when a task ends. It
saves the state it needs for the next tasks in the task's folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
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

    def old(self, task: int, tokens: Sequence[int]) -> Sequence[Sequence[Encoded]]:
        """Return extra examples for each update, given their new tokens, after :meth:`begin`; a task that resumes gets
        the same."""
        return [()] * len(tokens)

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


def added(tokens: Sequence[int], share: float, text: Iterator[Encoded]) -> list[list[Encoded]]:
    """Return what is added to each update of a task; up to every update, the total is right within half an example.

    Args:
        tokens: new tokens of each update.
        share: tokens to add for each of these.
        text: what is added, without end unless it is empty.
    """
    extra: list[list[Encoded]] = [[] for _ in tokens]
    owed, following = 0.0, next(text, None)
    for update, new in zip(extra, tokens, strict=True):
        owed += share * new
        while following and owed >= following.size / 2:
            update.append(following)
            owed -= following.size
            following = next(text, None)
    return extra


def make(stream: Stream, learner: Learner) -> list[Method]:
    """Return the methods of a stream, in its order; ``ewc`` last, since others change the weights when a task ends."""
    return [
        importlib.import_module(f"dialogue.learning.continual.methods.{name}").make(stream, learner)
        for name in sorted(stream.methods, key=lambda name: name == "ewc")
    ]
