"""Growing: new blocks that change nothing at first; the old ones are frozen.

See :mod:`dialogue.learning.continual.growth`.
"""

from __future__ import annotations

from dialogue.learning.continual.methods import Method


class Grow(Method):
    """The learner grows the network when it loads it; nothing else is needed."""


make = Grow
