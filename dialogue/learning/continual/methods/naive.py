"""Plain finetuning, one task after the other: what the others are measured against."""

from __future__ import annotations

from dialogue.learning.continual.methods import Method


class Naive(Method):
    """Nothing but the new task."""


make = Naive
