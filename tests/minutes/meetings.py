"""Small meetings for the tests, from ``Name: text`` lines, and the development meeting if it is available."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from dialogue.core.transcript import Transcript, Utterance, order_speakers

DEVELOPMENT = Path(os.environ.get("DIALOGUE_DEV_DATA") or Path(__file__).parents[2] / "../shared/data/dev")


def meeting(text: str, *, anonymous: bool = False, recording: str = "m") -> Transcript:
    """Build a transcript from ``Name: text`` lines; each word lasts 0.3 s, and 0.3 s of silence follows each turn."""
    utterances, clock = [], 0.0
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        speaker, said = line.split(":", 1)
        end = clock + 0.3 * len(said.split())
        utterances.append(Utterance(f"u{number}", speaker.strip(), clock, end, said.strip()))
        clock = end + 0.3
    speakers, ordered = order_speakers(utterances)
    result = Transcript(recording, clock, "fr", speakers, ordered)
    if anonymous:
        from dataclasses import replace

        result = replace(result, speakers=tuple(replace(s, name=None) for s in speakers))
    return result.validate()


def as_recognised(transcript: Transcript) -> Transcript:
    """Return the same without punctuation or capitals, as some recognisers write."""
    from dataclasses import replace

    def bare(text: str) -> str:
        return " ".join(re.sub(r"[.,;:?!…]", " ", text).lower().split())

    return replace(transcript, utterances=tuple(replace(u, text=bare(u.text), words=()) for u in transcript.utterances))


def development_meeting() -> Transcript:
    """Return the reference transcript of reunion_corpus, from its STM."""
    path = DEVELOPMENT / "meetings/reunion_corpus/reunion_corpus.stm"
    if not path.exists():
        pytest.skip(f"no development data (looked for {path.name} beside the repository; set DIALOGUE_DEV_DATA)")
    utterances = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        _, _, speaker, start, end, rest = line.split(" ", 5)
        text = re.sub(r"^<[^>]*>\s*", "", rest)
        utterances.append(Utterance(f"u{number}", speaker, float(start), float(end), text))
    speakers, ordered = order_speakers(utterances)
    return Transcript("reunion_corpus", max(u.end for u in ordered), "fr", speakers, ordered)
