"""What a job of pyannoteAI's interface brings: turns, words, a voiceprint, or who they are."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dialogue.core.transcript import Transcript
from dialogue.gateway import voice_routes
from dialogue.gateway.openai_routes import numbered
from dialogue.gateway.recordings import Recordings
from dialogue.library.voice_samples import LEAST, SampleError, of_turns
from dialogue.library.voiceprints import Scorer, Voiceprint, model_id, posteriors


def output(recordings: Recordings, owner: str, id: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the output of a job that is done.

    Args:
        about: ``kind`` (``diarize``, ``transcribe``, ``voiceprint`` or ``identify``) and what else was asked.

    Raises:
        SampleError: no voiceprint can be made of the recording.
    """
    if about["kind"] == "voiceprint":
        return {"voiceprint": recordings.background.run(sampled, recordings.folder, id)}
    told = about["kind"] == "transcribe"
    found = numbered(recordings.transcript(owner, id) if told else recordings.turns(owner, id))
    name = {s.id: s.name for s in found.speakers}
    made: dict[str, Any] = {"diarization": [_turn(u, name) for u in found]}
    if about["exclusive"]:
        made["exclusiveDiarization"] = [_turn(u, name) for u in found if not u.overlap]
    if told:
        made["turnLevelTranscription"] = [{**_turn(u, name), "text": u.text} for u in found if u.text]
        words = [w for u in found for w in u.words if w.start is not None]
        made["wordLevelTranscription"] = [{**_turn(w, name), "text": w.text} for w in words]
    if about["kind"] == "identify":
        made |= recordings.background.run(identified, recordings.folder, id, found, dict(about))
    return made


def _turn(spoken: Any, name: Mapping[str, str | None]) -> dict[str, Any]:
    speaker = spoken.speaker and (name.get(spoken.speaker) or spoken.speaker)
    return {"speaker": speaker, "start": round(spoken.start, 3), "end": round(spoken.end, 3)}


def sampled(library: Path, id: str) -> str:
    """Return the voiceprint of the only voice of a recording, as text.

    Raises:
        SampleError: it holds too little speech, or two voices.
    """
    voice = voice_routes.sampled(library, id)
    return base64.b64encode(model_id().encode() + b"\n" + voice.vector.astype("<f4").tobytes()).decode()


def vector(text: object) -> Any:
    """Return the vector (192,) of a voiceprint that :func:`sampled` wrote.

    Raises:
        ValueError: it is none of this model.
    """
    import numpy as np

    try:
        model, _, data = base64.b64decode(text if isinstance(text, str) else "", validate=True).partition(b"\n")
        found = np.frombuffer(data, "<f4").astype(np.float32)
    except (binascii.Error, ValueError):
        model, found = b"", np.zeros(0, np.float32)
    if model.decode("utf-8", "replace") != model_id() or found.shape != (192,) or not np.isfinite(found).all():
        raise ValueError("accepted: one that this server made with its present model.")
    return found


def identified(library: Path, id: str, found: Transcript, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return which voices speak when, and how likely each speaker is each of them, from 0 to 100."""
    known = {label: Voiceprint(vector(text), LEAST, model_id()) for label, text in about["voices"].items()}
    heard, scorer = of_turns(library / ".stages/diarization", id), Scorer.default()
    likely: dict[str, dict[str, float]] = {}
    for speaker in found.speakers:
        with contextlib.suppress(SampleError):  # too little is heard of them
            ratios = scorer.ratios([[voice] for voice in known.values()], [heard.sample(speaker.id, LEAST)])[:, 0]
            likely[speaker.id] = dict(zip(known, posteriors(ratios), strict=True))
    match = matched(likely, about["threshold"], about["alone"])
    name = {s.id: s.name for s in found.speakers}
    turns = []
    for u in found:
        turn, label = _turn(u, name), match.get(str(u.speaker))
        turns.append(
            {**turn, "speaker": label or turn["speaker"], "diarizationSpeaker": turn["speaker"], "match": label}
        )
    voices = [
        {
            "speaker": s.name,
            "match": match.get(s.id),
            "confidence": {label: round(100 * p) for label, p in likely.get(s.id, {}).items()},
        }
        for s in found.speakers
    ]
    return {"identification": turns, "voiceprints": voices}


def matched(likely: Mapping[str, Mapping[str, float]], threshold: float, alone: bool) -> dict[str, str]:
    """Return the label of each speaker whom it is likely enough, the likeliest first.

    Args:
        likely: speaker -> label -> probability.
        alone: a label is given to one speaker only.
    """
    found: dict[str, str] = {}
    for probability, speaker, label in sorted(
        ((p, speaker, label) for speaker, row in likely.items() for label, p in row.items()), reverse=True
    ):
        if probability >= threshold and speaker not in found and not (alone and label in found.values()):
            found[speaker] = label
    return found
