"""What people do with words in a meeting, learned from labelled excerpts: they propose, agree, refuse, take a task.

A linear model reads each utterance with its neighbours and says which act it is and whether it supports a decision, an
action or an open question; a second one links the utterances of one item; a third one judges whether the item is one.
Written by hand, cues find what their author thought of; see ``corpora/comptes-rendus`` for the excerpts, and
``recipes/comptes_rendus`` for the training and the comparison.
"""

from dialogue.minutes.acts.finder import Finder, Finding

__all__ = ["Finder", "Finding"]
