"""All tasks learned together, mixed from the first update on: the bound of what a sequence could keep.

It sees the same examples as ``naive``, in as many updates, at one learning rate schedule. A row of R is the model after
a part of them; nothing is forgotten, so only the last row's average is a figure.
"""

from __future__ import annotations

from dialogue.learning.continual.methods import Method


class Joint(Method):
    """The curriculum mixes the tasks; nothing else is needed."""


make = Joint
