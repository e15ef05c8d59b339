"""Corrections as data: what people change in a transcript and its minutes, kept in a log and replayed.

The transcript that everything reads is the machine's with the corrections of its log. Another recognition, or another
number of speakers, loses nothing: the log is replayed.
"""

from dialogue.corrections.application import Unreplayed, corrected, replayed
from dialogue.corrections.correction import Correction, CorrectionError
from dialogue.corrections.edits import Editor
from dialogue.corrections.log import NAME, Log, append, read

__all__ = [
    "NAME",
    "Correction",
    "CorrectionError",
    "Editor",
    "Log",
    "Unreplayed",
    "append",
    "corrected",
    "read",
    "replayed",
]
