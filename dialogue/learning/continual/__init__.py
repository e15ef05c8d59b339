"""Continual finetuning: a model learns tasks in turn, and both what it learns and what it forgets are measured.

``options.py`` describes a run, ``loop.py`` performs it, ``methods/`` holds the methods against forgetting, and
``matrix.py`` the result: ``R[i][j]``, bits per byte on task j after training on task i.
"""

from dialogue.learning.continual.options import ContinualError, Stream, load

__all__ = ["ContinualError", "Stream", "load"]
