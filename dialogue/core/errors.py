"""The base class of all errors that this package raises."""

from __future__ import annotations


class DialogueError(Exception):
    """An error whose message says what was found, where, what is accepted, and what to do.

    Each subject has its own class. It is a ``ValueError`` too, or a ``RuntimeError`` if the machine is at fault rather
    than the input.
    """
