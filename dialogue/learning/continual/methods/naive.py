"""Plain finetuning, one task after the other: the baseline of the other methods."""

from __future__ import annotations

from dialogue.learning.continual.methods import Method


class Naive(Method):
    """Train on the new task only."""


make = Naive
