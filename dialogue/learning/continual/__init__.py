"""Continual finetuning: a model visits tasks in turn, and what it forgets is measured beside what it learns.

``stream.py`` says what a run is, ``loop.py`` is the run from top to bottom, ``methods/`` is how it is kept from forgetting, ``matrix.py``
what comes out: ``R[i][j]``, bits per byte on task j after training on task i.
"""

from dialogue.learning.continual.options import ContinualError, Stream, load

__all__ = ["ContinualError", "Stream", "load"]
