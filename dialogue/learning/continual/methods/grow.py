"""Growing: new blocks that at first change nothing, the old ones frozen (see :mod:`dialogue.learning.continual.growth`)."""

from __future__ import annotations

from dialogue.learning.continual.methods import Method


class Grow(Method):
    """The learner has grown the network when it was loaded; nothing else is needed."""


make = Grow
