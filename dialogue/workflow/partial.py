"""The transcript of a meeting while it is recognised, for people who read it meanwhile."""

from __future__ import annotations

from pathlib import Path

from dialogue.core.transcript import Transcript
from dialogue.speech import steps
from dialogue.speech.asr.batches import found_in


def so_far(out: Path, id: str) -> Transcript | None:
    """Return what has been recognised of a recording; ``None`` before the first words.

    Args:
        out: as given to :func:`dialogue.workflow.meeting.run`.
    """
    work = out / ".stages"
    turns = work / "diarization" / f"{id}.json"
    if not turns.exists() or not (found := found_in(work / "asr" / "unfinished" / f"{id}.jsonl")):
        return None
    heard = Transcript.load(turns)
    said = steps.joined([(None, part) for part in found], heard, "auto")
    return steps.attributed(said, heard, ()) if said.utterances else None
