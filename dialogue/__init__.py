"""Spoken dialogue in French: who said what, when, and minutes that point back to it.

>>> import dialogue
>>> t = dialogue.transcribe("meeting.m4a", speakers=3)      # doctest: +SKIP
>>> print(dialogue.dumps([t], "srt"))                        # doctest: +SKIP
>>> m = dialogue.write_minutes(t)                            # doctest: +SKIP

Heavy packages are imported only when needed, so that importing this one is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.core.errors import DialogueError
from dialogue.core.transcript import Omission, Speaker, Transcript, TranscriptError, Utterance, Word
from dialogue.core.version import VERSION as __version__  # noqa: F401

if TYPE_CHECKING:
    from dialogue.formats import dumps, read, write
    from dialogue.formats.exchange import to_datasets, to_linto, to_openai, to_whisperx
    from dialogue.minutes import Minutes, write_minutes
    from dialogue.workflow.config import Config
    from dialogue.workflow.listening import alisten, listen
    from dialogue.workflow.pipeline import Pipeline, Stopped, atranscribe, transcribe, utterances

__all__ = [
    "Config",
    "DialogueError",
    "Minutes",
    "Omission",
    "Pipeline",
    "Speaker",
    "Stopped",
    "Transcript",
    "TranscriptError",
    "Utterance",
    "Word",
    "alisten",
    "atranscribe",
    "dumps",
    "listen",
    "read",
    "to_datasets",
    "to_linto",
    "to_openai",
    "to_whisperx",
    "transcribe",
    "utterances",
    "write",
    "write_minutes",
]

_HOMES = {
    "Config": "dialogue.workflow.config",
    "Pipeline": "dialogue.workflow.pipeline",
    "Stopped": "dialogue.workflow.pipeline",
    "atranscribe": "dialogue.workflow.pipeline",
    "alisten": "dialogue.workflow.listening",
    "listen": "dialogue.workflow.listening",
    "transcribe": "dialogue.workflow.pipeline",
    "utterances": "dialogue.workflow.pipeline",
    "Minutes": "dialogue.minutes",
    "write_minutes": "dialogue.minutes",
    "dumps": "dialogue.formats",
    "read": "dialogue.formats",
    "write": "dialogue.formats",
    **dict.fromkeys(("to_datasets", "to_linto", "to_openai", "to_whisperx"), "dialogue.formats.exchange"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dialogue' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
